"""Figures over the list of the portfolio as it is filtered: where it is protected, its age, its filings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.portfolio.lists.assets import PORTFOLIO
from motrice.portfolio.marts.protection import Protection, protection
from motrice.portfolio.models import Asset
from motrice.portfolio.views.costs import curves, owners_of
from motrice.portfolio.views.steering import list_url, year_chart
from motrice.portfolio.words.offices import office_name
from motrice.web.charts import Chart, Series
from motrice.web.guards import signed_in
from motrice.web.lists.state import read_state
from motrice.web.plots import Country, TileMap

PAGING = ("kind", "page", "order", "sort", "size", "columns", "part")


@signed_in
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of exactly the assets that the list shows under the same filters."""
    rows = Asset.objects.permitted(request.user)
    state = read_state(request.GET, PORTFOLIO.columns, PORTFOLIO.facets, rows)
    found = PORTFOLIO.filtered(rows, state, request.user)
    held = protection(found, timezone.localdate())
    chosen = {key: values for key, values in request.GET.lists() if any(values) and key not in PAGING}
    base = {**chosen, "kind": "patent_family"}
    part = request.GET.get("part", "")
    context = {
        "title": _("Figures of the portfolio"),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Figures of the portfolio"), "")],
        "protection": held,
        "list_url": list_url(**base),
        "tile_map": _map(held, base),
        "costs": curves(request.user, {**base, "part": part} if part else base),
        "owners": owners_of(request.user, found),
        "part": part,
        "carried": [(key, value) for key, values in chosen.items() for value in values],
        "charts": [chart for chart in (_ages(held), _years(held, base)) if chart is not None],
    }
    return render(request, "portfolio/figures.html", context)


def _map(held: Protection, base: dict[str, Any]) -> TileMap:
    countries = [
        Country(code, office_name(code), count, list_url(**{**base, "country": code}))
        for code, count in held.countries
    ]
    return TileMap(_("Where the families are protected, or protection is asked for"), countries)


def _ages(held: Protection) -> Chart | None:
    if not any(count for _age, count in held.remaining):
        return None
    names = [_("%(low)d to %(high)d years") % {"low": age - 5, "high": age} for age, _count in held.remaining]
    series = Series(_("Families"), [count for _age, count in held.remaining])
    return Chart(
        "bar", _("Years that remain of the longest right"), names, [series], category_label=_("Remaining"),
        element_id="remaining",
    )  # fmt: skip


def _years(held: Protection, base: dict[str, Any]) -> Chart | None:
    plain = {key: value for key, value in base.items() if key not in ("filed_from", "filed_to")}
    return year_chart(_("First filings by year"), held.by_year, plain, outside=False)
