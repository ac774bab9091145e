"""The docket as a month: each day its deadlines with their count, by the policy and the filters of the list."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.portfolio.enums import DeadlineState
from motrice.portfolio.links import deadline_url
from motrice.portfolio.lists.docket import DOCKET, docket_rows, docket_span
from motrice.portfolio.models import Deadline
from motrice.portfolio.words.docket import rule_name
from motrice.web.guards import signed_in
from motrice.web.lists.state import ListState, read_state

SHOWN = 3


@dataclass
class Day:
    """One cell of the month."""

    on: date
    is_other: bool
    is_today: bool
    count: int = 0
    url: str = ""
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not named in the cell."""
        return self.count - len(self.lines)


@require_safe
@signed_in
def docket_calendar(request: HttpRequest) -> HttpResponse:
    """A month of the docket; without a month, that of today."""
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    rows = docket_rows(request.user)
    state = read_state(request.GET, DOCKET.columns, DOCKET.facets, rows)
    state.periods["due"] = (None, None)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    within = rows.filter(due_on__gte=month, due_on__lte=last)
    total, facets = DOCKET.counts(within, state, request.user)
    first_day, last_day = docket_span()
    context = {
        "title": _("Calendar of the docket"),
        "month": month,
        "today": today,
        "state": state,
        "list": DOCKET,
        "counted": DOCKET.counted(total),
        "facets": [shown for shown in facets if not shown.is_period],
        "chips": DOCKET.chips(state, facets),
        "weeks": _weeks(DOCKET.filtered(within, state, request.user), month, today, state),
        "weekdays": [date_format(date(2024, 1, number), "l") for number in range(1, 8)],  # a Monday first
        "before": _link(state, _moved(month, -1), first_day, last_day),
        "after": _link(state, _moved(month, 1), first_day, last_day),
        "list_url": _list_url(state, None, None),
        "crumbs": [
            (_("Portfolio"), reverse("portfolio:assets")),
            (_("Docket"), reverse("portfolio:docket")),
            (_("Calendar"), ""),
        ],
    }
    return render(request, "portfolio/docket_calendar.html", context)


def _month(text: str, today: date) -> date:
    if not text:
        return today.replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error


def _moved(month: date, by: int) -> date:
    years, place = divmod(month.month - 1 + by, 12)
    return date(month.year + years, place + 1, 1)


def _link(state: ListState, month: date, first_day: date, last_day: date) -> tuple[str, date] | None:
    """A neighbouring month, unless the docket lists nothing there."""
    if not first_day.replace(day=1) <= month <= last_day:
        return None
    query = "&".join(filter(None, (state.query(), f"month={month:%Y-%m}")))
    return f"?{query}", month


def _list_url(state: ListState, first: date | None, last: date | None) -> str:
    query = state.query()
    days = f"due_from={first}&due_to={last}" if first else ""
    return f"{reverse('portfolio:docket')}?{'&'.join(filter(None, (query, days)))}".rstrip("?")


def _weeks(rows: QuerySet[Deadline], month: date, today: date, state: ListState) -> list[list[Day]]:
    counts = dict(rows.order_by().values_list("due_on").annotate(Count("pk")))
    place = Window(RowNumber(), partition_by="due_on", order_by=[F("state").desc(), F("pk").asc()])
    named: dict[date, list[tuple[str, str, str]]] = {}
    for row in rows.annotate(place=place).filter(place__lte=SHOWN).order_by("due_on", "place"):
        named.setdefault(row.due_on, []).append((deadline_url(row), rule_name(row), _of(row)))
    return [
        [
            Day(
                on=day,
                is_other=day.month != month.month,
                is_today=day == today,
                count=counts.get(day, 0),
                url=_list_url(state, day, day) if day in counts else "",
                lines=named.get(day, []),
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _of(row: Any) -> str:
    parts = [row.application.office, row.asset.docket_number or row.asset.title]
    if row.state != DeadlineState.OPEN:
        parts.append(row.get_state_display())
    return " · ".join(parts)
