"""Figures over the list of the portfolio as it is filtered: where it is protected, its age, its filings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motrice.core import audit
from motrice.core.policies import require_own_view
from motrice.portfolio.lists.assets import assets_under
from motrice.portfolio.marts.protection import Protection, protection
from motrice.portfolio.views.costs import CurrencyCosts, curves, owners_of
from motrice.portfolio.views.steering import Bar, filing_links, list_url, year_chart
from motrice.portfolio.words.offices import office_name
from motrice.web import printed
from motrice.web.charts import Chart, Series
from motrice.web.formats import day_text, number_text
from motrice.web.guards import signed_in
from motrice.web.plots import Country, TileMap
from motrice.web.printed import Paper, Part, Table

PAGING = ("kind", "page", "order", "sort", "size", "columns", "part")


@require_safe
@signed_in
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of exactly the assets that the list shows under the same filters."""
    return render(request, "portfolio/figures.html", _figures_for(request))


@require_safe
@signed_in
def figures_paper(request: HttpRequest) -> HttpResponse:
    """The same figures on paper: what the map shows stands there as a table."""
    require_own_view(request.user)
    found = _figures_for(request)
    held: Protection = found["protection"]
    parts = [_countries_part(held), *(_costs_part(one) for one in found["costs"]), Part(charts=found["charts"])]
    audit.trace(request.user, "list.export", list="portfolio.figures", format="pdf", rows=held.family_count)
    paper = Paper("portfolio", found["title"], parts, [_families_words(held.family_count)])
    return printed.response(paper, author=str(request.user))


def _figures_for(request: HttpRequest) -> dict[str, Any]:
    found = assets_under(request.user, request.GET)
    held = protection(found, timezone.localdate())
    chosen = {key: values for key, values in request.GET.lists() if any(values) and key not in PAGING}
    base = {**chosen, "kind": "patent_family"}
    part = request.GET.get("part", "")
    asked = {**chosen, "part": part} if part else chosen
    return {
        "title": _("Figures of the portfolio"),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Figures of the portfolio"), "")],
        "protection": held,
        "families": _families_words(held.family_count),
        "map_note": _map_note(),
        "list_url": list_url(**base),
        "paper_url": f"{reverse('portfolio:figures_paper')}?{urlencode(asked, doseq=True)}",
        "tile_map": _map(held, base),
        "costs": curves(request.user, {**base, "part": part} if part else base),
        "owners": owners_of(request.user, found),
        "part": part,
        "carried": [(key, value) for key, values in chosen.items() for value in values],
        "charts": [chart for chart in (_ages(held, base), _years_left(held), _years(held, base)) if chart is not None],
    }


def _families_words(count: int) -> str:
    words = ngettext(
        "%(n)s patent family under the filters of the list",
        "%(n)s patent families under the filters of the list",
        count,
    )
    return words % {"n": number_text(count)}


def _map_note() -> str:
    return _(
        "Rights that live or are asked for, counted once a family and country; a European application that is not "
        "granted yet is in none. A unitary patent counts in each state where the Unified Patent Court had "
        "jurisdiction on the day of its registration."
    )


def _countries_part(held: Protection) -> Part:
    rows = [
        (office_name(one.code), one.count, one.by_unitary)
        for one in sorted(held.countries, key=lambda one: (-one.count, one.code))
    ]
    table = Table(
        [_("Country"), _("Families"), _("by the unitary patent")],
        rows,
        numbers=(1, 2),
        empty=_("Nothing is protected."),
    )
    return Part(_("Where the families are protected, or protection is asked for"), _map_note(), tables=[table])


def _costs_part(costs: CurrencyCosts) -> Part:
    rows = [(line.name, line.paid, line.to_come) for line in (*costs.offices, costs.total)]
    table = Table([_("Office of the fee"), _("Paid"), _("To come")], rows, _("Fees by office"), numbers=(1, 2))
    return Part(charts=[costs.chart], tables=[table])


def _map(held: Protection, base: dict[str, Any]) -> TileMap:
    chosen = base.get("country", ())
    countries = [
        # Beside a country that is asked for, no address lists what is protected in both.
        Country(
            one.code,
            office_name(one.code),
            one.count,
            list_url(**{**base, "country": one.code}) if not chosen or one.code in chosen else "",
            note=_("%(n)s by the unitary patent") % {"n": number_text(one.by_unitary)} if one.by_unitary else "",
        )
        for one in held.countries
    ]
    return TileMap(_("Where the families are protected, or protection is asked for"), countries)


def _ages(held: Protection, base: dict[str, Any]) -> Chart | None:
    if not held.ages:
        return None
    bars = [Bar(str(age.years), age.first, age.last, age.count) for age in held.ages]
    series = Series(_("Families"), [bar.count for bar in bars], filing_links(bars, base))
    note = _("Whole years on %(day)s since the first filing of the family or the priority it claims.")
    words = [note % {"day": day_text(timezone.localdate())}]
    if n := held.without_filing:
        text = ngettext("%(n)s family is not filed yet.", "%(n)s families are not filed yet.", n)
        words.append(text % {"n": number_text(n)})
    return Chart(
        "bar", _("Age of the families, in years since filing"), [bar.name for bar in bars], [series],
        unit=_("families"), category_label=_("Years since filing"), element_id="ages", note=" ".join(words),
    )  # fmt: skip


def _years_left(held: Protection) -> Chart | None:
    if not any(count for _upper, count in held.years_left):
        return None
    names = [
        _("%(low)d to %(high)d years left") % {"low": upper - 5, "high": upper} for upper, _count in held.years_left
    ]
    series = Series(_("Families"), [count for _upper, count in held.years_left])
    words = [_("Years from now to the end of the term of the right that ends last, pending rights included.")]
    if n := held.without_term:
        text = ngettext("The term of %(n)s family is not known.", "The term of %(n)s families is not known.", n)
        words.append(text % {"n": number_text(n)})
    return Chart(
        "bar", _("Term left of the longest right"), names, [series],
        unit=_("families"), category_label=_("Years left"), element_id="years-left", note=" ".join(words),
    )  # fmt: skip


def _years(held: Protection, base: dict[str, Any]) -> Chart | None:
    return year_chart(_("First filings by year"), held.by_year, base, outside=False)
