"""Deciding what becomes of a disclosure: proposed by one, approved by another where the catalogue asks for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.core.policies import require
from motrice.inventions import rules
from motrice.inventions.enums import DecisionStatus, DisclosureStatus, EventKind
from motrice.inventions.models import Decision, Disclosure
from motrice.inventions.operations.alerts import raise_alerts
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.routing import approvers
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_inventors, tell
from motrice.inventions.transitions import DISCLOSURE


@one_at_a_time
def propose_decision(
    *,
    disclosure: Disclosure,
    kind: str,
    reasons: str,
    actor: Any,
    next_step: str = "",
    next_step_on: date | None = None,
    at: datetime | None = None,
) -> Decision:
    """Propose a decision with its reasons; it is taken at once unless the catalogue asks for a second person."""
    DISCLOSURE.require("decide", disclosure, actor)
    rule, when = rules.decision_rule(kind), moment(at)
    if not reasons.strip():
        raise RuleViolation(_("Give the reasons: the inventors will read them."), field="reasons")
    if Decision.objects.filter(disclosure=disclosure, status=DecisionStatus.PROPOSED).exists():
        raise InvalidTransition(_("A decision is proposed already: have it approved or refused first."))
    _require_no_conflict(disclosure, actor)
    promise = rules.promise_from(disclosure.promise)
    usual = promise.calendar.add_working_days(when, rule.data["next_step_days"])
    promised_on = next_step_on or timezone.localdate(usual)
    if promised_on < timezone.localdate(when):
        raise RuleViolation(_("The day of the next step is past: give one to come."), field="next_step_on")
    row = Decision(
        disclosure=disclosure,
        kind=kind,
        status=DecisionStatus.PROPOSED,
        reasons=reasons.strip(),
        next_step=next_step.strip() or rules.in_words(rule.data["next_step"]),
        next_step_on=promised_on,
        rule=rule,
        needs_approval=rule.data["needs_approval"],
        proposed_by_id=actor.pk,
        proposed_at=when,
    )
    with audit.operation(actor, "disclosure.propose", subject=disclosure, at=at) as op:
        op.create(row)
        if row.needs_approval:
            people = approvers(disclosure, but=actor)
            if not people and at is None:
                raise RuleViolation(
                    _("Nobody else of the office can approve this decision: ask for a second officer or a director.")
                )
            tell(op, disclosure, EventKind.PROPOSED, at=when, inventors=False, decision=kind)
            notify("proposed", people, disclosure, at=at)
        else:
            _take(op, row, when, at, approved_by=None)
    return row


def _require_no_conflict(disclosure: Disclosure, actor: Any) -> None:
    if any(row.person is not None and row.person.user_id == actor.pk for row in inventors_of(disclosure)):
        raise NotPermitted(_("An inventor does not decide on their own result."))


@one_at_a_time
def approve_decision(*, decision: Decision, actor: Any, at: datetime | None = None) -> Decision:
    """Approve a decision that somebody else proposed: it is taken now."""
    require(actor, "approve", decision)
    _require_open(decision)
    if decision.proposed_by_id == actor.pk:
        raise NotPermitted(_("Somebody else than who proposed it approves a decision."))
    _require_no_conflict(decision.disclosure, actor)
    with audit.operation(actor, "disclosure.approve", subject=decision.disclosure, at=at) as op:
        _take(op, decision, moment(at), at, approved_by=actor)
    return decision


@one_at_a_time
def refuse_decision(*, decision: Decision, reason: str, actor: Any, at: datetime | None = None) -> Decision:
    """Refuse a proposed decision with the reason, or take back one's own: the office proposes again."""
    require(actor, "approve", decision)
    _require_open(decision)
    if not reason.strip():
        raise RuleViolation(_("Say why it is not approved."), field="reason")
    _require_no_conflict(decision.disclosure, actor)
    when = moment(at)
    with audit.operation(actor, "disclosure.refuse", subject=decision.disclosure, reason=reason, at=at) as op:
        op.update(decision, status=DecisionStatus.REFUSED, refusal=reason.strip(), closed_at=when, guard=("status",))
        tell(op, decision.disclosure, EventKind.REFUSED, at=when, inventors=False, reason=reason.strip())
        notify("refused", [decision.proposed_by], decision.disclosure, at=at)
    return decision


def _require_open(decision: Decision) -> None:
    if decision.status != DecisionStatus.PROPOSED or decision.disclosure.status != DisclosureStatus.EVALUATION:
        raise InvalidTransition(_("This decision does not wait for an approval now."))


def _take(
    op: audit.Recorder, decision: Decision, when: datetime, at: datetime | None, *, approved_by: User | None
) -> None:
    disclosure = decision.disclosure
    calendar = rules.promise_from(disclosure.promise).calendar
    op.update(
        decision,
        status=DecisionStatus.TAKEN,
        approved_by_id=approved_by.pk if approved_by is not None else None,
        closed_at=when,
        guard=("status",),
    )
    DISCLOSURE.apply(
        op,
        "decide",
        disclosure,
        decision=decision.kind,
        decided_at=when,
        decision_days=round(calendar.working_days_between(disclosure.received_at or when, when), 2),
        state_since=when,
    )
    tell(op, disclosure, EventKind.DECIDED, at=when, decision=decision.kind, next=decision.next_step)
    notify_inventors("decided", inventors_of(disclosure), at=at)
    notify("decided", [disclosure.author, disclosure.owner], disclosure, at=at)
    raise_alerts(op, disclosure, at=at)


@one_at_a_time
def reopen_disclosure(*, disclosure: Disclosure, reason: str, actor: Any, at: datetime | None = None) -> Disclosure:
    """Take a decided disclosure up again, after more work or for a wrong decision, which stays in the history."""
    DISCLOSURE.require("reopen", disclosure, actor)
    if not reason.strip():
        raise RuleViolation(_("Say why it is taken up again."), field="reason")
    when = moment(at)
    promise = rules.promise_from(disclosure.promise)
    with audit.operation(actor, "disclosure.reopen", subject=disclosure, reason=reason, at=at) as op:
        for row in Decision.objects.filter(disclosure=disclosure, status=DecisionStatus.TAKEN):
            op.update(row, status=DecisionStatus.SUPERSEDED, guard=("status",))
        DISCLOSURE.apply(
            op,
            "reopen",
            disclosure,
            decision="",
            decided_at=None,
            decision_days=None,
            due_at=promise.after(when, "decision_days"),
            state_since=when,
            level="circle",
        )
        tell(op, disclosure, EventKind.REOPENED, at=when, reason=reason.strip())
        notify_inventors("reopened", inventors_of(disclosure), at=at)
    return disclosure


@one_at_a_time
def withdraw_disclosure(
    *, disclosure: Disclosure, actor: Any, reason: str = "", at: datetime | None = None
) -> Disclosure:
    """Withdraw a disclosure that is not decided; it can be taken up again as a draft."""
    DISCLOSURE.require("withdraw", disclosure, actor)
    when = moment(at)
    if disclosure.status != DisclosureStatus.DRAFT and not reason.strip():
        raise RuleViolation(_("Say why it is withdrawn."), field="reason")
    with audit.operation(actor, "disclosure.withdraw", subject=disclosure, reason=reason, at=at) as op:
        for row in Decision.objects.filter(disclosure=disclosure, status=DecisionStatus.PROPOSED):
            op.update(row, status=DecisionStatus.REFUSED, refusal=_("withdrawn"), closed_at=when)
        DISCLOSURE.apply(op, "withdraw", disclosure, state_since=when)
        tell(op, disclosure, EventKind.WITHDRAWN, at=when, reason=reason.strip())
        if disclosure.submitted_at is not None:
            notify("withdrawn", [disclosure.owner], disclosure, at=at)
            notify_inventors("withdrawn", inventors_of(disclosure), at=at, but=actor)
    return disclosure


@one_at_a_time
def restore_disclosure(*, disclosure: Disclosure, actor: Any, at: datetime | None = None) -> Disclosure:
    """Take a withdrawn disclosure up again as a draft: its inventors will sign it anew."""
    DISCLOSURE.require("restore", disclosure, actor)
    when = moment(at)
    with audit.operation(actor, "disclosure.restore", subject=disclosure, at=at) as op:
        DISCLOSURE.apply(op, "restore", disclosure, state_since=when)
        for inventor in inventors_of(disclosure):
            for row in inventor.signatures.filter(void_at=None):
                op.update(row, void_at=when)
        tell(op, disclosure, EventKind.RESTORED, at=when)
    return disclosure
