"""The clock of disclosures: reminders, escalations, alerts, and new officers for those of who left; each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.inventions import rules
from motrice.inventions.enums import DecisionStatus, DisclosureStatus, EventKind, NoticeKind
from motrice.inventions.models import ClockNotice, Decision, Disclosure, Divulgation, Evaluator, Signature
from motrice.inventions.operations.alerts import due_alerts, raise_alerts
from motrice.inventions.operations.routing import approvers, reroute_disclosure
from motrice.inventions.operations.timeline import inventors_of, notify, notify_evaluator, notify_inventors, tell


@dataclass
class ClockReport:
    """What one run of the clock did, by kind of notice."""

    sent: Counter = field(default_factory=Counter)
    rerouted: int = 0
    without_office: int = 0


@dataclass(frozen=True)
class _Run:
    actor: Any
    now: datetime
    at: datetime | None
    report: ClockReport

    def once(
        self,
        disclosure: Disclosure,
        kind: str,
        about: str,
        send: Callable[[audit.Recorder], None],
    ) -> None:
        """Write the notice and send it, unless it was sent for this due time already, or the disclosure moved on."""
        if ClockNotice.objects.filter(disclosure=disclosure, kind=kind, about=about).exists():
            return
        row = ClockNotice(disclosure=disclosure, kind=kind, about=about, sent_at=self.now)
        try:
            with transaction.atomic():
                held = Disclosure.objects.select_for_update(of=("self",)).filter(pk=disclosure.pk)
                if not held.filter(status=disclosure.status).exists():
                    return
                with audit.operation(self.actor, f"disclosure_clock.{kind}", subject=disclosure, at=self.at) as op:
                    op.create_many([row])
                    send(op)
        except (IntegrityError, StaleState):
            return  # another run of the clock came first
        self.report.sent[str(kind)] += 1

    def mail(self, kind: str, readers: Iterable[User | None], disclosure: Disclosure, **facts: str) -> None:
        """Send a notice to accounts."""
        notify(kind, readers, disclosure, at=self.at, **facts)


def run_clock(*, now: datetime | None = None, is_silent: bool = False) -> ClockReport:
    """Do what is due by now; safe to run twice, at once from two places, and after a stop of any length.

    `is_silent` is for generators of past history: rows are written, no mail is sent.
    """
    at, now = (now or timezone.now()) if is_silent else None, now or timezone.now()
    run = _Run(system_user(), now, at, ClockReport())
    _reroute(run)
    rows = Disclosure.objects.select_related("promise", "owner", "author", "unit", "office").order_by("pk")
    for disclosure in rows.filter(status=DisclosureStatus.SUBMITTED):
        _signatures(run, disclosure)
    for disclosure in rows.filter(status__in=[DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION]):
        _promises(run, disclosure)
    asked = Evaluator.objects.filter(
        ended_at=None, opinion=None, disclosure__status__in=[DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION]
    )
    for evaluator in asked.select_related("user", "disclosure__promise", "disclosure__owner").order_by("pk"):
        _opinion(run, evaluator)
    today = timezone.localdate(now)
    planned = Divulgation.objects.filter(dated_on__gte=today, is_under_secrecy=False)
    for disclosure in rows.filter(pk__in=planned.values("disclosure_id")):
        _alerts(run, disclosure)
    steps = Decision.objects.filter(status=DecisionStatus.TAKEN, next_step_on__lte=today)
    for decision in steps.select_related("disclosure__owner").order_by("pk"):
        _next_step(run, decision)
    return run.report


def _due(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _signatures(run: _Run, disclosure: Disclosure) -> None:
    if disclosure.sign_due_at is None:
        return
    promise = rules.promise_from(disclosure.promise)
    signed = Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).values_list("inventor", flat=True)
    waiting = [row for row in inventors_of(disclosure) if row.pk not in set(signed)]
    if disclosure.sign_due_at <= run.now:

        def late(op: audit.Recorder) -> None:
            tell(op, disclosure, EventKind.REMINDED, at=run.now, notice=NoticeKind.UNSIGNED)
            run.mail("unsigned", [disclosure.owner, disclosure.author], disclosure)

        run.once(disclosure, NoticeKind.UNSIGNED, _due(disclosure.sign_due_at), late)
    elif promise.before(disclosure.sign_due_at, "sign_reminder_days") <= run.now:

        def remind(op: audit.Recorder) -> None:
            tell(op, disclosure, EventKind.REMINDED, at=run.now, notice=NoticeKind.SIGN)
            notify_inventors("sign", waiting, at=run.at)

        run.once(disclosure, NoticeKind.SIGN, _due(disclosure.sign_due_at), remind)


def _promises(run: _Run, disclosure: Disclosure) -> None:
    promise = rules.promise_from(disclosure.promise)
    if disclosure.status == DisclosureStatus.RECEIVED and disclosure.take_due_at and disclosure.take_due_at <= run.now:

        def take(op: audit.Recorder) -> None:
            tell(op, disclosure, EventKind.REMINDED, at=run.now, inventors=False, notice=NoticeKind.TAKE)
            run.mail("take", [disclosure.owner], disclosure)

        run.once(disclosure, NoticeKind.TAKE, _due(disclosure.take_due_at), take)
    if disclosure.due_at is None:
        return
    if disclosure.due_at <= run.now:

        def escalate(op: audit.Recorder) -> None:
            tell(op, disclosure, EventKind.ESCALATED, at=run.now)
            readers = [disclosure.owner, *approvers(disclosure, but=disclosure.owner)]
            run.mail("overdue", readers, disclosure)

        run.once(disclosure, NoticeKind.OVERDUE, _due(disclosure.due_at), escalate)
    elif promise.before(disclosure.due_at, "decision_reminder_days") <= run.now:

        def remind(op: audit.Recorder) -> None:
            tell(op, disclosure, EventKind.REMINDED, at=run.now, inventors=False, notice=NoticeKind.DECIDE)
            run.mail("decide", [disclosure.owner], disclosure)

        run.once(disclosure, NoticeKind.DECIDE, _due(disclosure.due_at), remind)


def _opinion(run: _Run, evaluator: Evaluator) -> None:
    disclosure = evaluator.disclosure
    promise = rules.promise_from(disclosure.promise)
    if promise.before(evaluator.due_at, "opinion_reminder_days") > run.now:
        return
    if evaluator.is_outside and not evaluator.is_open(timezone.localdate(run.now)):
        return

    def remind(op: audit.Recorder) -> None:
        words = {"notice": NoticeKind.OPINION, "name": str(evaluator)}
        tell(op, disclosure, EventKind.REMINDED, at=run.now, inventors=False, **words)
        notify_evaluator("opinion_reminder", evaluator, at=run.at)

    run.once(disclosure, NoticeKind.OPINION, f"{evaluator.reference}:{_due(evaluator.due_at)}", remind)


def _alerts(run: _Run, disclosure: Disclosure) -> None:
    if not due_alerts(disclosure, when=run.now):
        return
    try:
        with audit.operation(run.actor, "disclosure_clock.alert", subject=disclosure, at=run.at) as op:
            run.report.sent["alert"] += raise_alerts(op, disclosure, at=run.at, when=run.now)
    except (IntegrityError, StaleState):
        return  # another run of the clock came first


def _next_step(run: _Run, decision: Decision) -> None:
    disclosure = decision.disclosure

    def remind(op: audit.Recorder) -> None:
        tell(op, disclosure, EventKind.REMINDED, at=run.now, inventors=False, notice=NoticeKind.NEXT_STEP)
        run.mail("next_step", [disclosure.owner], disclosure, day=decision.next_step_on.isoformat())

    run.once(disclosure, NoticeKind.NEXT_STEP, f"{decision.reference}:{decision.next_step_on.isoformat()}", remind)


def _reroute(run: _Run) -> None:
    """Undecided disclosures whose officer holds no such role any more, or whose account is closed."""
    held = RoleAssignment.objects.current(timezone.localdate(run.now)).filter(kind="officer", user__is_active=True)
    orphans = Disclosure.objects.undecided().exclude(owner__in=held.values("user_id")).select_related("unit", "owner")
    for disclosure in orphans.order_by("pk"):
        try:
            reroute_disclosure(disclosure=disclosure, actor=run.actor, at=run.at)
            run.report.rerouted += 1
        except RuleViolation:
            run.report.without_office += 1
