"""Addresses of the directory."""

from django.urls import path

from motrice.directory.views import lists, organisation, person

app_name = "directory"
urlpatterns = [
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
    path("organisations/<str:reference>/identifiers/add/", organisation.identifier_add, name="identifier_add"),
    path("organisations/<str:reference>/history/", organisation.organisation_history, name="organisation_history"),
    path("people/<str:reference>/", person.person, name="person"),
    path("people/<str:reference>/edit/", person.person_edit, name="person_edit"),
]
