"""The desk itself through the API: its segments and its figures."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from motrice.core import policies
from motrice.core.errors import NotPermitted
from motrice.sourcing import marts, rules
from motrice.sourcing.api.shapes import actor_of
from motrice.sourcing.models import Need
from motrice.sourcing.policies import is_desk

router = Router()


class SegmentOut(Schema):
    """A market segment."""

    code: str
    name: dict[str, str]
    naf: list[str]


class ReportOut(Schema):
    """The figures of the desk."""

    at: datetime
    total: int
    counts: dict[str, int]
    median_days: float | None
    share_in_time: float | None
    introductions_per_need: float | None
    answers: int


@router.get("/segments", response=list[SegmentOut])
def segment_list(request: HttpRequest) -> Any:
    """The market segments and their NAF codes."""
    return [{"code": row.code, "name": row.data["name"], "naf": row.data["naf"]} for row in rules.segments()]


@router.get("/report", response=ReportOut)
def report(request: HttpRequest) -> Any:
    """The figures of the desk, over the needs that the caller may see."""
    actor = actor_of(request)
    if not (is_desk(actor) or policies.holds(actor, "auditor")):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    calendar = rules.current_promise().calendar
    figures = marts.need_report(Need.objects.permitted(actor), calendar.working_days_between)
    return {**vars(figures), "at": timezone.now()}
