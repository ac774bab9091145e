"""Addresses of the portfolio."""

from django.urls import path

from motrice.portfolio.views import acts, entry, lists, record

app_name = "portfolio"
urlpatterns = [
    path("", lists.assets, name="assets"),
    path("applications/", lists.filings, name="filings"),
    path("new/", entry.asset_new, name="asset_new"),
    path("applications/<str:reference>/<str:act>/", acts.application_act, name="application_act"),
    path("events/<str:reference>/<str:act>/", acts.event_act, name="event_act"),
    path("assets/<str:reference>/", record.asset_page, name="asset"),
    path("assets/<str:reference>/<str:act>/", acts.asset_act, name="asset_act"),
]
