"""Addresses of the directory."""

from django.urls import path, re_path

from motrice.directory.views import imports, keeping, lists, mechanisms, merge, organisation, past, person, search

app_name = "directory"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("search/pick/", search.pick, name="pick"),
    path("mechanisms/", mechanisms.mechanisms, name="mechanisms"),
    path("mechanisms/finder/", mechanisms.finder, name="finder"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<str:reference>/", imports.import_run, name="import"),
    path("imports/<str:reference>/decide/", imports.import_decide, name="import_decide"),
    path("imports/<str:reference>/proposals/<int:pk>/", imports.proposal_decide, name="proposal_decide"),
    re_path(r"^imports/(?P<reference>[^/]+)/(?P<act>write|undo|resume)/$", imports.import_act, name="import_act"),
    path("merges/<int:sequence>/undo/", merge.merge_undo, name="merge_undo"),
    path("laboratories/", lists.units, name="units"),
    path("organisations/", lists.organisations, name="organisations"),
    path("organisations/new/", organisation.organisation_new, name="organisation_new"),
    path("companies/", lists.companies, name="companies"),
    path("people/", lists.people, name="people"),
    path("organisations/<str:reference>/", organisation.organisation, name="organisation"),
    path("organisations/<str:reference>/edit/", organisation.organisation_edit, name="organisation_edit"),
    path("organisations/<str:reference>/address/", organisation.address_edit, name="address_edit"),
    path("organisations/<str:reference>/links/", organisation.links, name="links"),
    path("organisations/<str:reference>/links/add/", organisation.link_add, name="link_add"),
    path("organisations/<str:reference>/links/<int:pk>/end/", organisation.link_end, name="link_end"),
    path("organisations/<str:reference>/people/add/", organisation.affiliation_add, name="affiliation_add"),
    path("organisations/<str:reference>/names/", keeping.names, name="names"),
    path("organisations/<str:reference>/names/add/", keeping.name_add, name="name_add"),
    path("organisations/<str:reference>/names/<int:pk>/end/", keeping.name_end, name="name_end"),
    path("organisations/<str:reference>/names/<int:pk>/remove/", keeping.name_remove, name="name_remove"),
    path("organisations/<str:reference>/identifiers/", keeping.identifiers, name="identifiers"),
    path("organisations/<str:reference>/identifiers/add/", keeping.identifier_add, name="identifier_add"),
    path("organisations/<str:reference>/identifiers/<int:pk>/end/", keeping.identifier_end, name="identifier_end"),
    path(
        "organisations/<str:reference>/identifiers/<int:pk>/remove/",
        keeping.identifier_remove,
        name="identifier_remove",
    ),
    path("organisations/<str:reference>/history/", past.organisation_history, name="organisation_history"),
    path("organisations/<str:reference>/merge/", merge.organisation_merge, name="organisation_merge"),
    path("people/<str:reference>/merge/", merge.person_merge, name="person_merge"),
    path("people/<str:reference>/", person.person, name="person"),
    path("people/<str:reference>/edit/", person.person_edit, name="person_edit"),
    path("people/<str:reference>/identifiers/", keeping.person_identifiers, name="person_identifiers"),
    path("people/<str:reference>/identifiers/add/", keeping.person_identifier_add, name="person_identifier_add"),
    path(
        "people/<str:reference>/identifiers/<int:pk>/end/", keeping.person_identifier_end, name="person_identifier_end"
    ),
    path(
        "people/<str:reference>/identifiers/<int:pk>/remove/",
        keeping.person_identifier_remove,
        name="person_identifier_remove",
    ),
    path("people/<str:reference>/history/", past.person_history, name="person_history"),
]
