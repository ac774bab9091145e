"""The cost curve: fees paid and to come by year and office, and the lists of fees behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.portfolio.lists.costs import (
    AHEAD,
    PAID,
    ahead_rows,
    fees_under,
    filtered,
    paid_rows,
    share_of,
    share_words,
)
from motrice.portfolio.marts.costs import PAID_ASSET, Costs, costs_of
from motrice.portfolio.models import Ownership
from motrice.portfolio.words.offices import office_name
from motrice.web.charts import Chart, Series
from motrice.web.formats import amount_text, day_text
from motrice.web.guards import signed_in

CHOICES = 40


@dataclass(frozen=True)
class OfficeLine:
    """One office with its sums as shown, and the lists of fees that they open."""

    name: str
    paid: str
    paid_url: str
    to_come: str
    to_come_url: str


@dataclass(frozen=True)
class CurrencyCosts:
    """What the page shows of one currency."""

    chart: Chart
    total: OfficeLine
    offices: list[OfficeLine]


def curves(actor: Any, base: Mapping[str, Any]) -> list[CurrencyCosts]:
    """The costs of the assets under the filters of the portfolio, a chart and a table in each currency."""
    found = fees_under(actor, QueryDict(urlencode(base, doseq=True)))
    return [_shown(costs, base, place) for place, costs in enumerate(found)]


def _url(name: str, base: Mapping[str, Any], **more: Any) -> str:
    return f"{reverse(f'portfolio:{name}')}?{urlencode({**base, **more}, doseq=True)}"


def _shown(costs: Costs, base: Mapping[str, Any], place: int) -> CurrencyCosts:
    currency, years = costs.currency, costs.by_year()
    base = {**base, "currency": currency}
    periods = [(f"{year}-01-01", f"{year}-12-31") for year, _paid, _ahead in years]
    series = [
        Series(_("Paid"), [float(paid) or None for _year, paid, _ahead in years],
               [_url("fees_paid", base, paid_from=first, paid_to=last) for first, last in periods]),
        Series(_("To come"), [float(due) or None for _year, _paid, due in years],
               [_url("fees_ahead", base, due_from=first, due_to=last) for first, last in periods]),
    ]  # fmt: skip
    chart = Chart(
        "stacked",
        _("Fees by year, %(currency)s") % {"currency": currency},
        [str(year) for year, _paid, _ahead in years],
        series,
        unit=currency,
        category_label=_("Year"),
        element_id=f"costs-{place}",
        note=_("Fees of the titles that you work on, on %(day)s: what is to come is at the fees of today's tables.")
        % {"day": day_text(timezone.localdate())},
    )
    total = _line(_("All offices"), currency, costs.paid, costs.to_come, base)
    lines = [
        _line(_office(office), currency, paid, due, {**base, "fee_office": office})
        for office, paid, due in costs.by_office()
    ]
    return CurrencyCosts(chart, total, lines)


def _office(code: str) -> str:
    return _("European Patent Office") if code == "EP" else office_name(code)


def _line(name: str, currency: str, paid: Any, to_come: Any, base: Mapping[str, Any]) -> OfficeLine:
    return OfficeLine(
        name,
        amount_text(paid, currency),
        _url("fees_paid", base) if paid else "",
        amount_text(to_come, currency),
        _url("fees_ahead", base) if to_come else "",
    )


def owners_of(actor: Any, assets: QuerySet) -> list[tuple[str, str]]:
    """Who owns a part today of the assets shown, for a choice: those of most titles, by name."""
    held = Ownership.objects.on().permitted(actor).filter(asset__in=assets.order_by().values("pk")).order_by()
    rows = held.values_list("organisation__reference", "organisation__name").annotate(found=Count("pk"))
    return sorted(((row[0], row[1]) for row in rows.order_by("-found")[:CHOICES]), key=lambda row: row[1])


def _total(costs: list[Costs], part: list[str]) -> str:
    sums = " + ".join(amount_text(one.paid + one.to_come, one.currency) for one in costs)
    if not sums:
        return ""
    if part:
        return _("part of %(owner)s: %(sums)s") % {"owner": share_words(part), "sums": sums}
    return _("in all %(sums)s") % {"sums": sums}


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [
        (_("Portfolio"), reverse("portfolio:assets")),
        (_("Figures of the portfolio"), reverse("portfolio:figures")),
        (title, ""),
    ]


@signed_in
def fees_paid(request: HttpRequest) -> HttpResponse:
    """The fees paid, under the filters of the portfolio and their own."""
    rows = paid_rows(request.user)
    found, part = filtered(PAID, rows, request.GET, request.user)
    title, note = _("Fees paid"), _total(costs_of(found, None, share_of(part)), part)
    context = {"title": title, "crumbs": _crumbs(title), "list_note": note}
    return PAID.respond(request, rows.select_related(PAID_ASSET), context=context)


@signed_in
def fees_ahead(request: HttpRequest) -> HttpResponse:
    """The fees to come, under the filters of the portfolio and their own."""
    rows = ahead_rows(request.user)
    found, part = filtered(AHEAD, rows, request.GET, request.user)
    title, note = _("Fees to come"), _total(costs_of(None, found, share_of(part)), part)
    context = {"title": title, "crumbs": _crumbs(title), "list_note": note}
    return AHEAD.respond(request, rows.select_related("asset", "application"), context=context)
