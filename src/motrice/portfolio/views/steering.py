"""What the pages of steering share: which organisation is looked at, and numbers that open their list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def year_chart(
    title: str, years: Iterable[tuple[int, int]], base: dict[str, Any], *, outside: bool, element_id: str = "by-year"
) -> Chart | None:
    """Counts by year, each opening its list; the years between without any are shown as nothing."""
    found = dict(years)
    if not found:
        return None
    span = list(range(min(found), max(found) + 1))
    values = [found.get(year, 0) for year in span]
    if outside:
        series = Series(_("Families"), [n if n == 0 or n >= SMALL else None for n in values])
    else:
        links = [list_url(**base, filed_from=f"{year}-01-01", filed_to=f"{year}-12-31") for year in span]
        series = Series(_("Families"), values, links)
    return Chart("bar", title, [str(year) for year in span], [series], category_label=_("Year"), element_id=element_id)
