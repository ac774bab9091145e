"""The desk's report: time to a first answer, the funnel, refusals by sector and team; each number opens its list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.core import audit
from motrice.core.errors import NotPermitted
from motrice.sourcing import marts, rules
from motrice.sourcing.lists import LABELS
from motrice.sourcing.models import Referral
from motrice.sourcing.policies import reads_report, reads_totals_only
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.charts import Chart, Series
from motrice.web.guards import signed_in
from motrice.web.lists.export import safe_cell

TEAMS_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One figure: its words, its number, and the list it counts."""

    label: str
    value: Any
    url: str = ""


@dataclass(frozen=True)
class RefusalLine:
    """How often one reason was given, in one sector or by one team."""

    reason: str
    of: str
    count: Any
    url: str


@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """The report over the needs that the reader may count."""
    if not reads_report(request.user):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    outside = reads_totals_only(request.user)
    period = {name: request.GET.get(name, "") for name in ("received_from", "received_to")}
    period = {name: value for name, value in period.items() if _day(value)}
    needs, referrals = marts.perimeter(request.user, **{name: _day(value) for name, value in period.items()})
    figures = marts.need_report(needs, rules.current_promise().calendar.working_days_between)
    context = _context(figures, referrals, period, outside)
    if request.GET.get("format") == "csv":
        return _csv(request, context)
    return render(request, "sourcing/report.html", context)


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _context(
    figures: marts.Report, referrals: QuerySet[Referral], period: dict[str, str], outside: bool
) -> dict[str, Any]:
    hides_all = outside and figures.total < marts.SMALL
    segments = dict(rules.choices(rules.SEGMENT))
    reasons = dict(rules.choices(rules.REFUSAL))

    def line(key: str) -> Line:
        count = figures.counts[key]
        if outside:
            return Line(str(LABELS[key]), _hidden(count))
        return Line(str(LABELS[key]), count, f"{path_to('sourcing:queue')}?{urlencode({'report': key, **period})}")

    times, funnel = [line(key) for key in marts.TIMES], [line(key) for key in marts.FUNNEL]
    refusals = [
        RefusalLine(reasons.get(code, code), segments.get(segment, segment), _hidden(n) if outside else n, url)
        for code, segment, n in marts.refusals_by(referrals, "need__segment")
        if (url := _refusal_url(outside, period, refusal=code, segment=segment)) is not None
    ]
    by_team = ("organisation__name", "organisation_id")
    teams = [] if outside else marts.refusals_by(referrals, *by_team, limit=TEAMS_SHOWN)
    return {
        "title": _("Report of the desk"),
        "hides_all": hides_all,
        "is_outside": outside,
        "total": Line("", figures.total, "" if outside else f"{path_to('sourcing:queue')}?{urlencode(period)}"),
        "period": period,
        "headline": _headline(figures, line, "" if outside else _answers_url(period)),
        "spent": _spent(figures.spent, line),
        "promise": [line("in-time"), line("after-promise")],
        "times": times,
        "funnel": funnel,
        "ends": [line("fruitless")],
        "refusals": refusals,
        "team_refusals": [
            RefusalLine(reasons.get(code, code), team, n, _refusal_url(False, period, refusal=code, organisation=pk))
            for code, team, pk, n in teams
        ],
        "charts": [] if hides_all else _charts(times, funnel, figures.spent),
        "export_url": f"?{urlencode({'format': 'csv', **period})}",
    }


def _hidden(count: int) -> Any:
    return count if count == 0 or count >= marts.SMALL else _("fewer than %(n)d") % {"n": marts.SMALL}


def _refusal_url(outside: bool, period: dict[str, str], **chosen: Any) -> str:
    if outside:
        return ""
    sent = {f"need_{name}": value for name, value in period.items()}
    return f"{path_to('sourcing:referrals')}?{urlencode({'status': 'refused', **chosen, **sent})}"


def _answers_url(period: dict[str, str]) -> str:
    sent = {f"need_{name}": value for name, value in period.items()}
    return f"{path_to('sourcing:referrals')}?{urlencode({'when': 'answers', **sent})}"


def days_words(days: float) -> str:
    """A length in working days, in the reader's language: French counts 1.9 as singular, English 0.5 as plural."""
    count = int(days) if days != 1 else 1
    return ngettext("%(days)s working day", "%(days)s working days", count) % {
        "days": formats.number_text(round(days, 1))
    }


def _headline(figures: marts.Report, line: Callable[[str], Line], answers_url: str) -> list[Line]:
    """The figures in short, each over the list that it is computed on."""
    none = _("no figure yet")
    days, share, per_need = figures.median_days, figures.share_in_time, figures.introductions_per_need
    return [
        Line(
            _("median time to the first answer of a person"),
            none if days is None else days_words(days),
            line("answered").url,
        ),
        Line(
            _("of the needs answered were answered in time"),
            none if share is None else formats.share_text(share),
            line("in-time").url,
        ),
        Line(
            _("introductions per need"),
            none if per_need is None else formats.number_text(round(per_need, 2)),
            line("introduced").url,
        ),
        Line(_("answers of teams, joint ones counted once"), figures.answers, answers_url),
    ]


def _spent(spent: marts.Spent, line: Callable[[str], Line]) -> list[tuple[str, str, Line]]:
    """Whom the needs waited for: in words, working days per need, and those that wait now."""
    parts = (_("the company"), spent.company), (_("the laboratories"), spent.laboratories), (_("the desk"), spent.desk)
    return [(of, days_words(days), line(key)) for (of, days), key in zip(parts, marts.NOW, strict=True)]


def _charts(times: list[Line], funnel: list[Line], spent: marts.Spent) -> list[Chart]:
    def values(lines: list[Line]) -> list[float | None]:
        return [line.value if isinstance(line.value, int) else None for line in lines]

    return [
        Chart(
            "bar",
            _("Time to the first answer of a person"),
            [line.label for line in times],
            [Series(_("Needs"), values(times), links=[line.url for line in times])],
            element_id="chart-times",
            category_label=_("Time"),
        ),
        Chart(
            "bar",
            _("Whom a need waits for"),
            [_("the company"), _("the laboratories"), _("the desk")],
            [Series(_("Working days per need"), [round(days, 2) for days in vars(spent).values()])],
            element_id="chart-spent",
            category_label=_("Waiting for"),
        ),
        Chart(
            "funnel",
            _("What became of the needs"),
            [line.label for line in funnel],
            [Series(_("Needs"), values(funnel), links=[line.url for line in funnel])],
            element_id="chart-funnel",
            category_label=_("Step"),
        ),
    ]


def _csv(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Part"), _("Figure"), _("Of"), _("Value")])
    if not context["hides_all"]:
        for part in ("headline", "promise", "times", "funnel", "ends"):
            writer.writerows([part, safe_cell(line.label), "", line.value] for line in context[part])
        writer.writerows(["spent", of, _("per need"), days] for of, days, _now in context["spent"])
        writer.writerows(["waiting", safe_cell(now.label), "", now.value] for _of, _days, now in context["spent"])
        for part in ("refusals", "team_refusals"):
            writer.writerows([part, safe_cell(row.reason), safe_cell(row.of), row.count] for row in context[part])
    audit.trace(request.user, "list.export", list="sourcing.report", rows=context["total"].value)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="report.csv"'
    return response
