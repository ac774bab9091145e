"""The desk's report as its readers get it: on the page, on paper and by mail, from one set of figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.core.errors import NotPermitted
from motrice.core.mailing import REASONS
from motrice.sourcing import marts, rules
from motrice.sourcing.lists import LABELS
from motrice.sourcing.models import Referral, ReportMail
from motrice.sourcing.policies import reads_report, reads_totals_only
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.charts import Chart, Series
from motrice.web.lists.declare import NONE
from motrice.web.printed import Figure, Paper, Part, Table

TEAMS_SHOWN = 50
PERIOD = ("received_from", "received_to")


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


def period_in(asked: Any) -> dict[str, str]:
    """The days that an address asks for; what is no day is passed over."""
    found = {name: asked.get(name, "") for name in PERIOD}
    return {name: value for name, value in found.items() if _day(value)}


def report_for(actor: Any, period: dict[str, str]) -> dict[str, Any]:
    """The figures over the needs that somebody may count, received in a period, with the words and lists of each."""
    if not reads_report(actor):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    outside = reads_totals_only(actor)
    needs, referrals = marts.perimeter(actor, **{name: _day(value) for name, value in period.items()})
    figures = marts.need_report(needs, rules.current_promise().calendar.working_days_between)
    return _context(figures, referrals, period, outside)


def paper_of(found: dict[str, Any]) -> Paper:
    """The report on paper: the same figures in the same order, each chart with its numbers beside it in words."""
    lead = [_period_words(found["period"])]
    if found["hides_all"]:
        return Paper(
            "report", found["title"], (), [*lead, _("Too few needs to show figures without telling of each.")]
        )
    received = formats.number_text(found["total"].value)
    lead.append(_("Needs received in the period: %(n)s.") % {"n": received})
    lines = [*found["headline"], *found["promise"], *found["ends"]]
    spent = [(of, days, now.value) for of, days, now in found["spent"]]
    parts = [
        Part(_("In short"), figures=[Figure(line.value, line.label) for line in lines], charts=found["charts"]),
        Part(
            _("Whom a need waits for"),
            found["spent_note"],
            tables=[Table([_("Waiting for"), _("Per need"), _("Needs that wait now")], spent, numbers=(1, 2))],
        ),
        _refusal_part(_("Why teams refuse, by sector"), _("Sector"), found["refusals"]),
    ]
    if not found["is_outside"]:
        parts.append(_refusal_part(_("Why teams refuse, by team"), _("Team"), found["team_refusals"]))
    return Paper("report", found["title"], parts, lead)


def missed_words(mail: ReportMail) -> str:
    """What a reader is told of the report that did not reach them; nothing when the last one went."""
    if not mail.missed:
        return ""
    days = {"first": formats.day_text(mail.missed_from), "last": formats.day_text(mail.missed_to)}
    words = _("the mail of the report from %(first)s to %(last)s did not arrive: %(why)s")
    return words % {**days, "why": REASONS.get(mail.missed, "")}


def missed_url(mail: ReportMail) -> str:
    """Where that report is read instead."""
    days = {"received_from": mail.missed_from, "received_to": mail.missed_to}
    return f"{path_to('sourcing:report')}?{urlencode(days)}"


def export_rows(found: dict[str, Any]) -> list[tuple[str, str, str, Any]]:
    """The same figures for a spreadsheet, each under the title that the page gives its part."""
    waits = [
        *((of, _("per need"), days) for of, days, _now in found["spent"]),
        *((now.label, "", now.value) for _of, _days, now in found["spent"]),
    ]
    parts = {
        _("In short"): _figures(*found["headline"], *found["promise"], *found["ends"]),
        _("Time to the first answer of a person"): _figures(*found["times"]),
        _("Whom a need waits for"): waits,
        _("What became of the needs"): _figures(*found["funnel"]),
        _("Why teams refuse, by sector"): [(row.reason, row.of, row.count) for row in found["refusals"]],
        _("Why teams refuse, by team"): [(row.reason, row.of, row.count) for row in found["team_refusals"]],
    }
    return [(part, *row) for part, rows in parts.items() for row in rows]


def _figures(*lines: Line) -> list[tuple[str, str, Any]]:
    return [(line.label, "", line.value) for line in lines]


def _period_words(period: dict[str, str]) -> str:
    first, last = (_day(period.get(name, "")) for name in PERIOD)
    days = {"first": formats.day_text(first) if first else "", "last": formats.day_text(last) if last else ""}
    if first and last:
        return _("Needs received from %(first)s to %(last)s.") % days
    if first:
        return _("Needs received since %(first)s.") % days
    return _("Needs received until %(last)s.") % days if last else _("All needs received so far.")


def _refusal_part(title: str, of: str, rows: list[RefusalLine]) -> Part:
    table = Table(
        [_("Reason"), of, _("Refusals")],
        [(row.reason, row.of or _("not stated"), row.count) for row in rows],
        numbers=(2,),
        empty=_("No team has refused in this period."),
    )
    return Part(title, tables=[table])


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
        if (url := _refusal_url(outside, period, refusal=code, segment=segment or NONE)) is not None
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
        "spent_note": _(
            "From its receipt to its end, or to this moment, in working days of the French calendar; each hour counts "
            "once, for the company first, then for the teams asked, for the desk otherwise."
        ),
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
        "paper_url": f"{path_to('sourcing:report_paper')}?{urlencode(period)}",
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
            unit=_("Working days per need"),
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
