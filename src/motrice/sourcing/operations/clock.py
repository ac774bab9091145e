"""The desk's clock: reminders, escalations and new owners for the needs of who left; each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import StaleState
from motrice.core.policies import SITE
from motrice.directory.policies import LABEL
from motrice.sourcing import rules
from motrice.sourcing.enums import ClockNoticeKind, EventKind
from motrice.sourcing.models import ClockNotice, Need, Referral
from motrice.sourcing.operations.routing import coordinators_on, reroute_need
from motrice.sourcing.operations.timeline import notify, tell
from motrice.sourcing.operations.visitors import expire_submissions
from motrice.sourcing.queries import team_readers


@dataclass
class ClockReport:
    """What one run of the clock did."""

    reminders: int = 0
    escalations: int = 0
    team_reminders: int = 0
    team_overdue: int = 0
    rerouted: int = 0
    expired: int = 0


def run_clock(*, now: datetime | None = None, is_silent: bool = False) -> ClockReport:
    """Do what is due by now; safe to run twice, at once from two places, and after a stop of any length.

    After a stop only the latest step is sent: an escalation that is due makes its reminder needless. `is_silent` is
    for generators of past history: rows are written, no mail is sent.
    """
    at, now = (now or timezone.now()) if is_silent else None, now or timezone.now()
    actor, report = system_user(), ClockReport()
    for need in Need.objects.unanswered().select_related("promise", "owner").order_by("due_at"):
        if need.due_at <= now:
            report.escalations += _escalate(need, actor, now, at)
        elif rules.promise_from(need.promise).reminder_at(need.due_at) <= now:
            report.reminders += _send(need, None, ClockNoticeKind.REMINDER, actor, now, at, [need.owner])
    _remind_teams(actor, now, at, report)
    for need in _orphans(now):
        reroute_need(need=need, actor=actor, at=at)
        report.rerouted += 1
    report.expired = expire_submissions(actor=actor, now=now, at=at)
    return report


def _remind_teams(actor: Any, now: datetime, at: datetime | None, report: ClockReport) -> None:
    pending = Referral.objects.pending().select_related("need__promise", "need__owner", "organisation", "person")
    for referral in pending.order_by("due_at"):
        need = referral.need
        if referral.due_at <= now:
            report.team_overdue += _send(need, referral, ClockNoticeKind.TEAM_OVERDUE, actor, now, at, [need.owner])
        elif rules.promise_from(need.promise).team_reminder_at(referral.due_at) <= now:
            readers = team_readers(referral)
            report.team_reminders += _send(need, referral, ClockNoticeKind.TEAM_REMINDER, actor, now, at, readers)


def _escalate(need: Need, actor: Any, now: datetime, at: datetime | None) -> int:
    def mark(op: audit.Recorder) -> None:
        op.update(need, escalated_at=now, guard=("first_answer_at",))

    return _send(
        need, None, ClockNoticeKind.ESCALATION, actor, now, at, coordinators_on(timezone.localdate(now)), mark
    )


def _send(
    need: Need,
    referral: Referral | None,
    kind: str,
    actor: Any,
    now: datetime,
    at: datetime | None,
    readers: Iterable[User],
    mark: Callable[[audit.Recorder], None] | None = None,
) -> int:
    due_at = need.due_at if referral is None else referral.due_at
    if ClockNotice.objects.filter(need=need, referral=referral, kind=kind, due_at=due_at).exists():
        return 0
    escalates = kind == ClockNoticeKind.ESCALATION
    people = list(readers)
    row = ClockNotice(
        need=need,
        referral=referral,
        kind=kind,
        due_at=due_at,
        sent_at=now,
        sent_to=people[0] if len(people) == 1 else None,
    )
    try:
        with audit.operation(actor, f"clock.{kind}", subject=need, at=at) as op:
            op.create_many([row])
            if mark is not None:
                mark(op)
            tell(
                op,
                need,
                EventKind.ESCALATED if escalates else EventKind.REMINDED,
                at=now,
                referral=referral,
                teams=kind == ClockNoticeKind.TEAM_REMINDER,
                notice=kind,
                readers=[str(reader) for reader in people],
            )
            notify(kind, people, need, at=at, referral=referral)
    except (IntegrityError, StaleState):
        return 0  # another run of the clock, or an answer, came first
    return 1


def _orphans(now: datetime) -> list[Need]:
    """Open needs whose officer holds no desk role any more, or whose account is closed."""
    held = RoleAssignment.objects.current(timezone.localdate(now)).filter(
        kind__in=["officer", "coordinator"], scope_label__in=[SITE, LABEL], user__is_active=True
    )
    return list(Need.objects.open().exclude(owner__in=held.values("user_id")).select_related("owner", "promise"))
