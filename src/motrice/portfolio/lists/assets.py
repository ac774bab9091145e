"""The lists of the portfolio, declared once for the pages and for the API."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy, ngettext

from motrice.core.confidentiality import Level
from motrice.portfolio.enums import LIVE_STATUSES, AssetKind, AssetStatus, FeeCategory, FilingStatus, Route
from motrice.portfolio.links import asset_url
from motrice.portfolio.lists import steering as steering_lists
from motrice.portfolio.models import Asset
from motrice.portfolio.policies.assets import keeps_portfolio
from motrice.portfolio.rules import share_words
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet
from motrice.web.lists.state import read_state


def _assets(n: int) -> str:
    return ngettext("%(n)s asset", "%(n)s assets", n) % {"n": formats.number_text(n)}


def _filings(n: int) -> str:
    return ngettext("%(n)s application", "%(n)s applications", n) % {"n": formats.number_text(n)}


HELD = [
    Option("live", gettext_lazy("prepared or in force"), lambda actor: Q(status__in=LIVE_STATUSES)),
    Option("mine", gettext_lazy("in my charge"), lambda actor: Q(officer_id=actor.pk) | Q(engineer_id=actor.pk)),
    Option(
        "unpublished",
        gettext_lazy("families not published yet"),
        lambda actor: Q(kind=AssetKind.PATENT_FAMILY, family__first_published_on=None),
    ),
]


PORTFOLIO = ListPage(
    name="portfolio.assets",
    counted=_assets,
    columns=[
        Column("title", gettext_lazy("Title"), kind="main", sort="title"),
        Column("docket_number", gettext_lazy("Our reference"), kind="code", sort="docket_number"),
        Column("reference", gettext_lazy("Reference"), default=False),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column(
            "first_filed_on",
            gettext_lazy("First filed"),
            value="family.first_filed_on",
            kind="day",
            sort="family__first_filed_on",
        ),
        Column(
            "first_published_on",
            gettext_lazy("Published"),
            value="family.first_published_on",
            kind="day",
            sort="family__first_published_on",
            default=False,
        ),
        Column("unit", gettext_lazy("Laboratory"), value="unit.name", sort="unit__name", default=False),
        Column("office", gettext_lazy("Office"), value="office.name", sort="office__name", default=False),
        Column("officer", gettext_lazy("Officer"), value="officer.display_name", sort="officer__display_name"),
        Column("trl", gettext_lazy("TRL"), kind="number", sort="trl", default=False),
        Column("level", gettext_lazy("Confidentiality"), value="get_level_display", sort="level", default=False),
        Column("starts_on", gettext_lazy("Since"), kind="day", sort="starts_on", default=False),
    ],
    search=("title", "summary", "docket_number", "reference"),
    facets=[
        OptionFacet("held", gettext_lazy("Progress"), HELD),
        Facet("kind", gettext_lazy("Kind"), choices=AssetKind.choices),
        Facet("status", gettext_lazy("State"), choices=AssetStatus.choices),
        Facet("office", gettext_lazy("Office"), label_field="office__name"),
        Facet("unit", gettext_lazy("Laboratory"), label_field="unit__name"),
        Facet("officer", gettext_lazy("Officer"), label_field="officer__display_name"),
        Facet("trl", gettext_lazy("TRL")),
        Facet("level", gettext_lazy("Confidentiality"), choices=Level.choices),
        DateFacet("filed", gettext_lazy("First filed"), field="family__first_filed_on"),
        DateFacet("published", gettext_lazy("Published"), field="family__first_published_on"),
        *steering_lists.FACETS,
    ],
    empty=Empty(
        gettext_lazy("Nothing in the portfolio yet"),
        gettext_lazy("Patent families, software, know-how, materials, designs and marks are listed here."),
        gettext_lazy("Enter an asset"),
        "portfolio:asset_new",
        allowed=keeps_portfolio,
    ),
    row_url=asset_url,
    order=["-starts_on"],
)


def assets_under(actor: Any, params: QueryDict) -> QuerySet[Asset]:
    """The assets that the reader may see under the filters of an address."""
    rows = Asset.objects.permitted(actor)
    state = read_state(params, PORTFOLIO.columns, PORTFOLIO.facets, rows)
    return PORTFOLIO.filtered(rows, state, actor)


FILINGS = ListPage(
    name="portfolio.filings",
    counted=_filings,
    columns=[
        Column("asset", gettext_lazy("Asset"), value="asset.title", kind="main", sort="asset__title"),
        Column("office", gettext_lazy("Office"), sort="office"),
        Column("route", gettext_lazy("Route"), value="get_route_display", sort="route"),
        Column("number", gettext_lazy("Application number"), sort="number"),
        Column("filed_on", gettext_lazy("Filed"), kind="day", sort="filed_on"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("granted_on", gettext_lazy("Granted"), kind="day", sort="granted_on"),
        Column("docket_number", gettext_lazy("Our reference"), value="asset.docket_number", default=False),
        Column("agent_reference", gettext_lazy("Agent's reference"), default=False),
        Column(
            "fee_category",
            gettext_lazy("Rate of fees"),
            value="get_fee_category_display",
            sort="fee_category",
            default=False,
        ),
    ],
    search=("number", "grant_number", "asset__title", "asset__docket_number", "publications__number"),
    facets=[
        Facet("status", gettext_lazy("State"), choices=FilingStatus.choices),
        Facet("office", gettext_lazy("Office")),
        Facet("route", gettext_lazy("Route"), choices=Route.choices),
        Facet("fee_category", gettext_lazy("Rate of fees"), choices=FeeCategory.choices),
        DateFacet("filed", gettext_lazy("Filed"), field="filed_on"),
        DateFacet("granted", gettext_lazy("Granted"), field="granted_on"),
    ],
    empty=Empty(
        gettext_lazy("No application yet"),
        gettext_lazy("Applications of every family, design and mark that you may see are listed here."),
    ),
    row_url=lambda application: asset_url(application.asset),
    order=["-filed_on"],
    export_action="export",
)


def _titles(n: int) -> str:
    return ngettext("%(n)s share", "%(n)s shares", n) % {"n": formats.number_text(n)}


def _agents(n: int) -> str:
    return ngettext("%(n)s designation", "%(n)s designations", n) % {"n": formats.number_text(n)}


MY_TITLES = ListPage(
    name="portfolio.my_titles",
    counted=_titles,
    columns=[
        Column("title", gettext_lazy("Title"), value="asset.title", kind="main", sort="asset__title"),
        Column("kind", gettext_lazy("Kind"), value="asset.get_kind_display", sort="asset__kind"),
        Column("status", gettext_lazy("State"), value="asset.get_status_display", sort="asset__status"),
        Column("organisation", gettext_lazy("Owner"), value="organisation.name", sort="organisation__name"),
        Column("share", gettext_lazy("Our share"), render=lambda row: share_words(row.share), export="share"),
        Column("starts_on", gettext_lazy("Since"), kind="day", sort="starts_on"),
    ],
    search=("asset__title", "asset__docket_number"),
    facets=[
        Facet("kind", gettext_lazy("Kind"), field="asset__kind", choices=AssetKind.choices),
        Facet("status", gettext_lazy("State"), field="asset__status", choices=AssetStatus.choices),
    ],
    empty=Empty(
        gettext_lazy("No title yet"),
        gettext_lazy("The titles of which your organisation owns a part today are listed here."),
    ),
    row_url=lambda row: asset_url(row.asset),
    order=["asset__title"],
    row_key="pk",
    export_action="",
)

AGENTS = ListPage(
    name="portfolio.agents",
    counted=_agents,
    columns=[
        Column("unit", gettext_lazy("Unit"), value="unit.name", kind="main", sort="unit__name"),
        Column("agent", gettext_lazy("Single agent"), value="agent.name", sort="agent__name"),
        Column("field", gettext_lazy("Field"), sort="field"),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on"),
        Column("ends_on", gettext_lazy("To"), kind="day", sort="ends_on"),
        Column("ground", gettext_lazy("By what act"), default=False),
    ],
    search=("unit__name", "unit__short_name", "agent__name", "agent__short_name", "field"),
    facets=[Facet("agent", gettext_lazy("Single agent"), label_field="agent__name")],
    empty=Empty(
        gettext_lazy("No agent yet"),
        gettext_lazy("The single agents of the research units, for all their results or for one field."),
    ),
    row_url=lambda row: path_to("portfolio:agent", row.reference),
    order=["unit__name"],
    export_action="",
)
