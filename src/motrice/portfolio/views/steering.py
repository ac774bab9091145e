"""What the pages of steering share: which organisation is looked at, and numbers that open their list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.directory.models import Organisation
from motrice.portfolio.marts.domains import SMALL
from motrice.web import formats
from motrice.web.charts import Chart, Series

FILED = ("filed_from", "filed_to")


@dataclass(frozen=True)
class Number:
    """A number as shown, and the list behind it."""

    shown: str
    url: str = ""


def number(count: int, url: str = "", *, outside: bool = False) -> Number:
    """A count with its list; for a reader of totals without the list, and small ones hidden."""
    if outside and 0 < count < SMALL:
        return Number(_("fewer than %(n)d") % {"n": SMALL})
    return Number(str(formats.number_text(count)), "" if outside else url)


def list_url(**chosen: Any) -> str:
    """The list of the portfolio under these filters."""
    return f"{reverse('portfolio:assets')}?{urlencode(chosen, doseq=True)}"


def chosen_organisation(
    request: HttpRequest, rows: QuerySet, action: str
) -> tuple[Organisation | None, list[Organisation]]:
    """The organisation asked for among those that have rows or that the reader steers, and all of these."""
    steered = Organisation.objects.permitted(request.user, action)
    held = Organisation.objects.filter(pk__in=rows.order_by().values("organisation_id"))
    every = sorted({*steered, *held}, key=lambda body: body.name)
    mine = set(steered.values_list("pk", flat=True))
    wanted = request.GET.get("organisation", "")
    chosen = next((body for body in every if body.reference == wanted), None)
    return chosen or next((body for body in every if body.pk in mine), every[0] if every else None), every


@dataclass(frozen=True)
class Bar:
    """A count of families, and the days of first filing that it counts."""

    name: str
    first: date
    last: date
    count: int


def filing_links(bars: Iterable[Bar], base: dict[str, Any]) -> list[str]:
    """The list of each bar: its days, within those that the address asks for already."""
    low, high = (_bound(base, name) for name in FILED)
    plain = {key: value for key, value in base.items() if key not in FILED}
    return [
        list_url(**plain, filed_from=max(bar.first, low or bar.first), filed_to=min(bar.last, high or bar.last))
        for bar in bars
    ]


def _bound(base: dict[str, Any], name: str) -> date | None:
    values = base.get(name, "")
    try:
        return date.fromisoformat(values if isinstance(values, str) else values[-1])
    except ValueError:
        return None


def year_chart(
    title: str, years: Iterable[tuple[int, int]], base: dict[str, Any], *, outside: bool, element_id: str = "by-year"
) -> Chart | None:
    """Counts by year, each opening its list; the years between without any are shown as nothing."""
    found = dict(years)
    if not found:
        return None
    span = range(min(found), max(found) + 1)
    bars = [Bar(str(year), date(year, 1, 1), date(year, 12, 31), found.get(year, 0)) for year in span]
    if outside:
        series = Series(_("Families"), [bar.count if bar.count == 0 or bar.count >= SMALL else None for bar in bars])
    else:
        series = Series(_("Families"), [bar.count for bar in bars], filing_links(bars, base))
    return Chart("bar", title, [bar.name for bar in bars], [series], category_label=_("Year"), element_id=element_id)
