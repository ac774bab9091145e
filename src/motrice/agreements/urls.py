"""Addresses of agreements."""

from django.urls import path

from motrice.agreements.views import acts, entry, lists, record

app_name = "agreements"
urlpatterns = [
    path("", lists.agreements, name="agreements"),
    path("assets/", lists.pick_asset, name="pick_asset"),
    path("licences/new/", entry.licence_new, name="licence_new"),
    path("licences/<str:reference>/edit/", entry.licence_edit, name="licence_edit"),
    path("<str:reference>/", record.agreement_page, name="agreement"),
    path("<str:reference>/<str:act>/", acts.agreement_act, name="agreement_act"),
]
