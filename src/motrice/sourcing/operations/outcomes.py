"""What a need led to: outcomes by date, the end with its reason, and the way back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.sourcing import rules
from motrice.sourcing.enums import EventKind, MessageKind, NeedStatus, OutcomeKind, ReferralStatus
from motrice.sourcing.models import JointAnswer, Message, Need, Outcome, Referral, Wait
from motrice.sourcing.operations.needs import first_answer, tell_company
from motrice.sourcing.operations.referrals import free_candidate
from motrice.sourcing.operations.timeline import moment, notify, tell
from motrice.sourcing.queries import team_readers
from motrice.sourcing.transitions import NEED, REFERRAL


def record_outcome(
    *,
    need: Need,
    kind: str,
    dated_on: date,
    actor: Any,
    referral: Referral | None = None,
    agreement: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Record an introduction, an NDA or a contract; a contract follows an introduction and gives its reference."""
    require(actor, "handle", need)
    when = moment(at)
    _check_outcome(need, kind, dated_on, referral, when)
    same = {"kind": kind, "referral": referral, "dated_on": dated_on, "agreement": agreement.strip()}
    if Outcome.objects.filter(need=need, **same).exists():
        raise RuleViolation(_("This outcome is recorded already."), field="kind")
    outcome = Outcome(
        need=need,
        referral=referral,
        kind=kind,
        dated_on=dated_on,
        agreement=agreement.strip(),
        note=note.strip(),
        recorded_by_id=actor.pk,
        recorded_at=when,
    )
    with audit.operation(actor, "need.record_outcome", subject=need, at=at) as op:
        op.create(outcome)
        if kind == OutcomeKind.INTRODUCTION and need.status == NeedStatus.ANSWERED:
            NEED.apply(op, "introduce", need, **first_answer(need, when))
        team = "" if referral is None else referral.organisation.name
        tell(
            op, need, EventKind.OUTCOME, at=when, referral=referral, company=True, teams=True, outcome=kind, team=team
        )
        if kind == OutcomeKind.INTRODUCTION:
            tell_company("introduced", need, at=at)
            if referral is not None:
                notify("team_introduced", team_readers(referral), need, at=at, referral=referral)
    return outcome


def _check_outcome(need: Need, kind: str, dated_on: date, referral: Referral | None, when: datetime) -> None:
    if kind not in (OutcomeKind.INTRODUCTION, OutcomeKind.NDA, OutcomeKind.CONTRACT):
        raise RuleViolation(_("An end without outcome is recorded by closing the need."), field="kind")
    if referral is not None and referral.need_id != need.pk:
        raise RuleViolation(_("This team was asked about another need."), field="referral")
    legal = (NeedStatus.ANSWERED, NeedStatus.INTRODUCED)
    if need.status not in legal:
        raise InvalidTransition(_("An outcome is recorded once a team has accepted, and until the need is closed."))
    if kind == OutcomeKind.INTRODUCTION and (referral is None or referral.status != ReferralStatus.ACCEPTED):
        raise RuleViolation(_("Say which team that accepted is introduced to the company."), field="referral")
    if kind == OutcomeKind.INTRODUCTION and Outcome.objects.filter(kind=kind, referral=referral).exists():
        raise RuleViolation(_("The introduction of this team is recorded already."), field="referral")
    if kind == OutcomeKind.CONTRACT and need.status != NeedStatus.INTRODUCED:
        raise RuleViolation(_("Record the introduction before the contract."), field="kind")
    received = timezone.localdate(need.received_at)
    if not received <= dated_on <= timezone.localdate(when):
        raise RuleViolation(
            _("The date lies between the day the need was received (%(day)s) and today.") % {"day": received},
            field="dated_on",
        )


def close_need(*, need: Need, actor: Any, ending: str = "", note: str = "", at: datetime | None = None) -> Need:
    """Close a need with what it led to; when it led to nothing, with the reason from the list."""
    NEED.require("close", need, actor)
    when = moment(at)
    kinds = set(Outcome.objects.filter(need=need).values_list("kind", flat=True))
    found = bool(kinds & {OutcomeKind.INTRODUCTION, OutcomeKind.CONTRACT})
    if found and ending:
        raise RuleViolation(_("This need led to something: leave the reason empty."), field="ending")
    if not found:
        if not ending:
            raise RuleViolation(_("Nothing came of this need: choose the reason."), field="ending")
        rules.require_code(rules.ENDING, ending, field="ending")
    with audit.operation(actor, "need.close", subject=need, reason=note, at=at) as op:
        if not found:
            op.create(
                Outcome(
                    need=need,
                    kind=OutcomeKind.NONE,
                    dated_on=timezone.localdate(when),
                    ending=ending,
                    note=note.strip(),
                    recorded_by_id=actor.pk,
                    recorded_at=when,
                )
            )
        NEED.apply(op, "close", need, ended_at=when, **first_answer(need, when))
        _end_pending(op, need, actor, when, at)
        tell(op, need, EventKind.CLOSED, at=when, company=True, teams=True, ending=ending)
        tell_company("need_closed", need, at=at)
    return need


def decline_need(*, need: Need, message: str, actor: Any, at: datetime | None = None) -> Need:
    """Tell the company that the network cannot take this need, and why; the message is the desk's answer."""
    NEED.require("decline", need, actor)
    when = moment(at)
    if not message.strip():
        raise RuleViolation(_("Tell the company why, and where else it may ask."), field="message")
    with audit.operation(actor, "need.decline", subject=need, at=at) as op:
        NEED.apply(op, "decline", need, ended_at=when, **first_answer(need, when))
        op.create(
            Message(
                need=need,
                kind=MessageKind.DESK_TO_COMPANY,
                text=message.strip(),
                author_id=actor.pk,
                sent_at=when,
            )
        )
        _end_pending(op, need, actor, when, at)
        tell(op, need, EventKind.DECLINED, at=when, company=True)
        tell_company("need_declined", need, at=at)
    return need


def withdraw_need(*, need: Need, actor: Any, reason: str = "", at: datetime | None = None) -> Need:
    """End a need because its company no longer has it; teams still asked are told."""
    NEED.require("withdraw", need, actor)
    when = moment(at)
    with audit.operation(actor, "need.withdraw", subject=need, reason=reason, at=at) as op:
        NEED.apply(op, "withdraw", need, ended_at=when)
        _end_pending(op, need, actor, when, at)
        tell(op, need, EventKind.WITHDRAWN, at=when, company=True, teams=True)
        notify("need_withdrawn", [need.owner], need, at=at)
    return need


def _end_pending(op: audit.Recorder, need: Need, actor: Any, when: datetime, at: datetime | None) -> None:
    for joint in JointAnswer.objects.filter(lead__need=need, status="proposed"):
        op.update(joint, status="declined", settled_at=when)
    for referral in Referral.objects.filter(need=need).pending().select_related("organisation", "candidate"):
        readers = team_readers(referral)
        REFERRAL.apply(op, "call_back", referral)
        free_candidate(op, referral, actor, when)
        tell(op, need, EventKind.CALLED_BACK, at=when, referral=referral, team=referral.organisation.name)
        notify("called_back", readers, need, at=at, referral=referral)
    for wait in Wait.objects.filter(need=need, ended_at=None):
        op.update(wait, ended_at=when)


def reopen_need(*, need: Need, actor: Any, reason: str, at: datetime | None = None) -> Need:
    """Take an ended need up again; one never answered gets a new promised time."""
    NEED.require("reopen", need, actor)
    when = moment(at)
    if not reason.strip():
        raise RuleViolation(_("Say why the need is taken up again."), field="reason")
    changes: dict[str, Any] = {"ended_at": None}
    if need.first_answer_at is None:
        promise = rules.promise_from(need.promise)
        changes |= {"due_at": promise.first_answer_due(when), "escalated_at": None}
    with audit.operation(actor, "need.reopen", subject=need, reason=reason, at=at) as op:
        NEED.apply(op, "reopen", need, **changes)
        tell(op, need, EventKind.REOPENED, at=when, company=True, reason=reason.strip())
        tell_company("need_reopened", need, at=at)
    return need
