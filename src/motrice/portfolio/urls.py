"""Addresses of the portfolio."""

from django.urls import path

from motrice.portfolio.views import (
    acts,
    co_owners,
    docket,
    docket_calendar,
    docket_section,
    docket_steering,
    domains,
    entry,
    figures,
    imports,
    landscape,
    lists,
    owner_acts,
    owner_sections,
    ranking,
    record,
)

owner_sections.register()

app_name = "portfolio"
urlpatterns = [
    path("", lists.assets, name="assets"),
    path("applications/", lists.filings, name="filings"),
    path("imports/", imports.imports, name="imports"),
    path("new/", entry.asset_new, name="asset_new"),
    path("applications/<str:reference>/<str:act>/", acts.application_act, name="application_act"),
    path("events/<str:reference>/<str:act>/", acts.event_act, name="event_act"),
    path("figures/", figures.figures, name="figures"),
    path("domains/", domains.domains, name="domains"),
    path("domains/of/<str:reference>/new/", domains.domain_new, name="domain_new"),
    path("domains/of/<str:reference>/state/", domains.headline_new, name="headline_new"),
    path("domains/<str:reference>/", domains.domain_page, name="domain"),
    path("domains/<str:reference>/edit/", domains.domain_edit, name="domain_edit"),
    path("domains/<str:reference>/<str:act>/", domains.domain_act, name="domain_act"),
    path("ranking/", ranking.ranking, name="ranking"),
    path("ranking/of/<str:reference>/load/", ranking.ranking_load, name="ranking_load"),
    path("ranking/<str:reference>/", ranking.published_ranking, name="published_ranking"),
    path("ranking/<str:reference>/remove/", ranking.ranking_remove, name="ranking_remove"),
    path("landscape/", landscape.landscape, name="landscape"),
    path("landscape/of/<str:reference>/compute/", landscape.landscape_compute, name="landscape_compute"),
    path("landscape/of/<str:reference>/documents/", landscape.landscape_documents, name="landscape_documents"),
    path("docket/", docket.docket, name="docket"),
    path("docket/calendar/", docket_calendar.docket_calendar, name="docket_calendar"),
    path("docket/forecast/", docket_steering.forecast, name="forecast"),
    path("docket/review/", docket_steering.review, name="review"),
    path("docket/mine/", docket_steering.my_docket, name="my_docket"),
    path("docket/mine/<str:reference>/revoke/", docket_steering.docket_feed_revoke, name="docket_feed_revoke"),
    path("docket/calendar/<str:token>.ics", docket_steering.docket_feed, name="docket_feed"),
    path("docket/mails/", docket_steering.docket_mails, name="docket_mails"),
    path("docket/mails/<str:reference>/", docket_steering.docket_mail, name="docket_mail"),
    path("docket/mails/<str:reference>/retry/", docket_steering.docket_mail_retry, name="docket_mail_retry"),
    path("docket/<str:reference>/", docket.deadline_page, name="deadline"),
    path("docket/<str:reference>/<str:act>/", docket.deadline_act, name="deadline_act"),
    path("my-titles/", co_owners.my_titles, name="my_titles"),
    path("agents/", co_owners.agent_list, name="agents"),
    path("agents/new/", co_owners.agent_new, name="agent_new"),
    path("agents/<str:reference>/", co_owners.agent, name="agent"),
    path("agents/<str:reference>/end/", co_owners.agent_end, name="agent_end"),
    path("notices/<str:reference>/", co_owners.notice_page, name="notice"),
    path("notices/<str:reference>/<str:act>/", owner_acts.notice_act, name="notice_act"),
    path("abandonments/<str:reference>/<str:act>/", owner_acts.abandonment_act, name="abandonment_act"),
    path("details/<str:reference>/", owner_acts.asset_detail, name="asset_detail"),
    path("assets/<str:reference>/", record.asset_page, name="asset"),
    path("assets/<str:reference>/<str:act>/", acts.asset_act, name="asset_act"),
]

__all__ = ["app_name", "docket_section", "urlpatterns"]
