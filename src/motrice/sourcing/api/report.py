"""The desk's figures through the API: each with the address of the list that it counts."""

from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from motrice.core import audit
from motrice.core.errors import NotPermitted
from motrice.core.policies import require_own_view
from motrice.directory.models import Organisation
from motrice.sourcing import marts, rules
from motrice.sourcing.api.shapes import actor_of
from motrice.sourcing.enums import ReportRhythm
from motrice.sourcing.lists import LABELS
from motrice.sourcing.models import ReportMail
from motrice.sourcing.operations.report_mails import ask_for_report, stop_report
from motrice.sourcing.policies import reads_report, reads_totals_only
from motrice.sourcing.report import paper_of, report_for
from motrice.web import printed
from motrice.web.rest import BINARY, Strict

router = Router()


class FigureOut(Schema):
    """A count: `value` is null when it is so small that it could name somebody, `list` where its rows are read."""

    key: str
    label: str
    value: int | None
    list: str | None


class RefusalOut(Schema):
    """How often one reason was given, in one market segment or by one team."""

    reason: str
    segment: str | None = None
    team: str | None = None
    value: int | None
    list: str | None


class ReportOut(Schema):
    """The figures of the desk over the needs that the caller may count."""

    at: datetime
    total: int | None
    median_days: float | None
    share_in_time: float | None
    introductions_per_need: float | None
    answers: int | None
    figures: list[FigureOut]
    refusals: list[RefusalOut]


def _value(count: int, outside: bool) -> int | None:
    return None if outside and 0 < count < marts.SMALL else count


def _address(name: str, **query: Any) -> str:
    return f"{reverse(f'api:desk_{name}')}?{urlencode({key: value for key, value in query.items() if value})}"


@router.get("/report", response=ReportOut)
def report(request: HttpRequest, received_from: date | None = None, received_to: date | None = None) -> Any:
    """The figures of the desk, over needs received in a period; totals only for who may not read the needs."""
    actor = actor_of(request)
    if not reads_report(actor):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    outside = reads_totals_only(actor)
    needs, referrals = marts.perimeter(actor, received_from=received_from, received_to=received_to)
    figures = marts.need_report(needs, rules.current_promise().calendar.working_days_between)
    if outside and figures.total < marts.SMALL:
        return _nothing_told()
    period = {"received_from": received_from, "received_to": received_to}
    listed = [
        {
            "key": key,
            "label": str(label),
            "value": _value(figures.counts[key], outside),
            "list": None if outside else _address("needs", report=key, **period),
        }
        for key, label in LABELS.items()
    ]
    kept = ("total", "median_days", "share_in_time", "introductions_per_need", "answers")
    told = {name: getattr(figures, name) for name in kept}
    return {**told, "at": timezone.now(), "figures": listed, "refusals": _refusals(referrals, period, outside)}


@router.get("/report.pdf", openapi_extra=BINARY)
def report_paper(
    request: HttpRequest, received_from: date | None = None, received_to: date | None = None
) -> HttpResponse:
    """The same figures as a PDF with their charts, in the caller's language."""
    actor = actor_of(request)
    asked = {"received_from": received_from, "received_to": received_to}
    found = report_for(actor, {name: day.isoformat() for name, day in asked.items() if day})
    require_own_view(actor)
    audit.trace(actor, "list.export", list="sourcing.report", format="pdf", rows=found["total"].value)
    return printed.response(paper_of(found), author=str(actor))


class ReportMailOut(Schema):
    """How often the report is mailed to the caller, and when next; nothing is mailed when `rhythm` is null."""

    rhythm: ReportRhythm | None = None
    next_on: date | None = None
    missed: Literal["", "refused", "unreachable"] = Field("", description="why the last one did not arrive")
    missed_from: date | None = Field(None, description="the first day told in the one that did not arrive")
    missed_to: date | None = Field(None, description="the last day told in the one that did not arrive")


class ReportMailIn(Strict):
    """Each week or each month."""

    rhythm: ReportRhythm


@router.get("/report/mail", response=ReportMailOut)
def report_mail(request: HttpRequest) -> Any:
    """Whether the report is mailed to the caller."""
    return ReportMail.objects.permitted(actor_of(request)).first() or ReportMailOut()


@router.put("/report/mail", response=ReportMailOut)
def report_mail_ask(request: HttpRequest, payload: ReportMailIn) -> Any:
    """Have the report mailed to the caller's address: on Mondays, or on the first of each month."""
    return ask_for_report(rhythm=payload.rhythm, today=timezone.localdate(), actor=actor_of(request))


@router.delete("/report/mail", response={204: None})
def report_mail_stop(request: HttpRequest) -> Any:
    """Have it mailed no more."""
    stop_report(actor=actor_of(request))
    return Status(204, None)


def _nothing_told() -> dict[str, Any]:
    """So few needs that any figure would tell of one, even how many there are."""
    empty = dict.fromkeys(("total", "median_days", "share_in_time", "introductions_per_need", "answers"))
    return {**empty, "at": timezone.now(), "figures": [], "refusals": []}


def _refusals(referrals: Any, period: dict[str, Any], outside: bool) -> list[dict[str, Any]]:
    sent = {f"need_{name}": value for name, value in period.items()}
    found = [
        {
            "reason": reason,
            "segment": segment,
            "value": _value(count, outside),
            "list": None if outside else _address("referrals", refusal=reason, segment=segment, **sent),
        }
        for reason, segment, count in marts.refusals_by(referrals, "need__segment")
    ]
    if outside:
        return found
    teams = marts.refusals_by(referrals, "organisation_id")
    names = Organisation.objects.in_bulk([pk for _reason, pk, _count in teams])
    return found + [
        {
            "reason": reason,
            "team": names[pk].reference,
            "value": count,
            "list": _address("referrals", refusal=reason, organisation=names[pk].reference, **sent),
        }
        for reason, pk, count in teams
    ]
