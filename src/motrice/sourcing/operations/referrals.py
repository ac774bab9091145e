"""Putting a need to teams, and their answers: each in one step, safe against a second click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, fingerprint, last_change, require_read, require_unchanged
from motrice.directory.models import Organisation, Person
from motrice.sourcing import rules
from motrice.sourcing.enums import (
    CandidateStatus,
    EventKind,
    JointStatus,
    MessageKind,
    NeedStatus,
    ReferralStatus,
)
from motrice.sourcing.models import JointAnswer, Message, Need, Referral
from motrice.sourcing.operations.candidates import Standing, check_team, set_candidate
from motrice.sourcing.operations.needs import sent_just_now, write_to_company
from motrice.sourcing.operations.timeline import moment, notify, tell
from motrice.sourcing.queries import team_readers
from motrice.sourcing.transitions import NEED, REFERRAL

STATED = ("title", "problem", "tried", "constraints", "trl")
"""What a team reads of a need before it answers: who acts on a text that was corrected meanwhile is told."""
LONGEST_WAIT = timedelta(days=2 * 366)


def check_due(due: datetime, when: datetime, *, field: str) -> None:
    """Refuse a date that is past, or further away than a team is ever waited for."""
    if due <= when:
        raise RuleViolation(_("The date until which you await an answer is past."), field=field)
    if due > when + LONGEST_WAIT:
        raise RuleViolation(_("The date until which you await an answer is more than two years away."), field=field)


@dataclass(frozen=True)
class Target:
    """A team to put the need to, or one person in it, with how they stood in the ranking."""

    organisation: Organisation
    person: Person | None = None
    standing: Standing | None = None


def refer_need(
    *,
    need: Need,
    targets: Sequence[Target],
    message: str,
    actor: Any,
    due_at: datetime | None = None,
    read: Read = None,
    at: datetime | None = None,
) -> list[Referral]:
    """Put a need to one or several teams with a message; all are asked, or none when one of them is refused.

    `StaleState` when the statement no longer is what was `read` of it.
    """
    move = "refer_again" if need.status == NeedStatus.ANSWERED else "refer"
    NEED.require(move, need, actor)
    require_unchanged(need, STATED, read=read, actor=actor)
    when = moment(at)
    if not targets:
        raise RuleViolation(_("Choose at least one team."), field="targets")
    if not message.strip():
        raise RuleViolation(_("Write to the team what you ask of it."), field="message")
    due = due_at or rules.promise_from(need.promise).team_due(when)
    check_due(due, when, field="due_at")
    for target in targets:
        check_team(target.organisation, target.person, actor)
    with audit.operation(actor, "need.refer", subject=need, at=at) as op:
        referrals = [_refer(op, need, target, message.strip(), when, due, at) for target in targets]
        NEED.apply(op, move, need)
    return referrals


def _refer(
    op: audit.Recorder,
    need: Need,
    target: Target,
    message: str,
    when: datetime,
    due: datetime,
    at: datetime | None,
) -> Referral:
    asked = Referral.objects.filter(need=need, organisation=target.organisation)
    if asked.exclude(status=ReferralStatus.WITHDRAWN).exists():
        raise RuleViolation(
            _("This need was referred to %(team)s already.") % {"team": target.organisation}, field="targets"
        )
    candidate = set_candidate(
        op,
        need=need,
        organisation=target.organisation,
        person=target.person,
        status=CandidateStatus.REFERRED,
        when=when,
        standing=target.standing,
    )
    referral = op.create(
        Referral(
            need=need,
            organisation=target.organisation,
            person=target.person,
            candidate=candidate,
            message=message,
            sent_by_id=op.actor.pk,
            sent_at=when,
            due_at=due,
        )
    )
    tell(op, need, EventKind.REFERRED, at=when, referral=referral, company=True, teams=True, team=str(candidate))
    for joint in JointAnswer.objects.filter(
        lead__need=need, partner_team=target.organisation, partner=None, status=JointStatus.PROPOSED
    ):
        op.update(joint, partner=referral)
    notify("referral_sent", team_readers(referral), need, at=at, referral=referral)
    return referral


def settle_need(op: audit.Recorder, need: Need) -> None:
    """Move the need after a team's answer: answered by the first to accept, back in analysis when all refused.

    The row is locked first (on SQLite the whole write is alone anyway), so that two teams that answer at once both
    count, and the last of several refusals is seen as the last.
    """
    Need.objects.select_for_update().get(pk=need.pk)
    need.refresh_from_db()
    statuses = list(Referral.objects.filter(need=need).values_list("status", flat=True))
    if need.status == NeedStatus.REFERRED and ReferralStatus.ACCEPTED in statuses:
        NEED.apply(op, "answer", need)
    elif need.status == NeedStatus.REFERRED and not {*statuses} & {"sent", "questioned", "joint"}:
        NEED.apply(op, "fall_back", need)


def accept_referral(
    *, referral: Referral, answer: str, actor: Any, read: Read = None, at: datetime | None = None
) -> Referral:
    """A team accepts to answer the need, and says how; `StaleState` when the need is not what was `read` of it."""
    REFERRAL.require("accept", referral, actor)
    require_unchanged(referral.need, STATED, read=read, actor=actor)
    when = moment(at)
    if not answer.strip():
        raise RuleViolation(_("Say in a few words how your team can help."), field="answer")
    with audit.operation(actor, "referral.accept", subject=referral, at=at) as op:
        _drop_joints(op, referral, when)
        mark_accepted(op, referral, "accept", answer.strip(), when)
        settle_need(op, referral.need)
        tell(
            op,
            referral.need,
            EventKind.ACCEPTED,
            at=when,
            referral=referral,
            teams=True,
            team=referral.organisation.name,
        )
        notify("referral_answered", [referral.need.owner], referral.need, at=at, referral=referral)
    return referral


def mark_accepted(op: audit.Recorder, referral: Referral, move: str, answer: str, when: datetime) -> None:
    """Write that a team accepted, alone or with another."""
    REFERRAL.apply(op, move, referral, answer=answer, answered_by_id=op.actor.pk, answered_at=when)


def refuse_referral(
    *,
    referral: Referral,
    refusal: str,
    actor: Any,
    text: str = "",
    read: Read = None,
    at: datetime | None = None,
) -> Referral:
    """A team refuses, with a reason from the list: without one the refusal itself is refused.

    `StaleState` when the need is not what was `read` of it.
    """
    REFERRAL.require("refuse", referral, actor)
    require_unchanged(referral.need, STATED, read=read, actor=actor)
    if not refusal:
        raise RuleViolation(_("Choose the reason of the refusal."), field="refusal")
    rules.require_code(rules.REFUSAL, refusal, field="refusal")
    when = moment(at)
    with audit.operation(actor, "referral.refuse", subject=referral, reason=text, at=at) as op:
        _drop_joints(op, referral, when)
        REFERRAL.apply(
            op,
            "refuse",
            referral,
            refusal=refusal,
            answer=text.strip(),
            answered_by_id=actor.pk,
            answered_at=when,
        )
        tell(
            op,
            referral.need,
            EventKind.REFUSED,
            at=when,
            referral=referral,
            teams=True,
            team=referral.organisation.name,
            refusal=refusal,
        )
        settle_need(op, referral.need)
        notify("referral_answered", [referral.need.owner], referral.need, at=at, referral=referral)
    return referral


def _drop_joints(op: audit.Recorder, referral: Referral, when: datetime) -> None:
    """A team that answers alone ends the joint answer it was asked to confirm."""
    for joint in JointAnswer.objects.filter(partner=referral, status=JointStatus.PROPOSED).select_related("lead"):
        decline_joint_row(op, joint, when)


def decline_joint_row(op: audit.Recorder, joint: JointAnswer, when: datetime) -> None:
    """Write that a joint answer was given up: the lead team has its referral back to answer alone."""
    op.update(joint, status=JointStatus.DECLINED, settled_at=when)
    REFERRAL.apply(op, "drop_joint", joint.lead)
    tell(op, joint.lead.need, EventKind.JOINT_DECLINED, at=when, referral=joint.lead, teams=True)


def ask_question(*, referral: Referral, text: str, actor: Any, at: datetime | None = None) -> Message:
    """A team asks before it answers; the officer answers, or forwards the question to the company."""
    REFERRAL.require("ask", referral, actor)
    when = moment(at)
    sent = sent_just_now(referral.need, MessageKind.TEAM_TO_DESK, text.strip(), when, actor, referral=referral)
    if sent is not None:
        return sent
    with audit.operation(actor, "referral.ask", subject=referral, at=at) as op:
        REFERRAL.apply(op, "ask", referral)
        message = _post(op, referral, MessageKind.TEAM_TO_DESK, text, when)
        tell(
            op,
            referral.need,
            EventKind.QUESTION,
            at=when,
            referral=referral,
            teams=True,
            team=referral.organisation.name,
        )
        notify("question_asked", [referral.need.owner], referral.need, at=at, referral=referral)
    return message


def answer_question(*, referral: Referral, text: str, actor: Any, at: datetime | None = None) -> Message:
    """The officer answers a team's question; the referral waits for the team again."""
    REFERRAL.require("reply", referral, actor)
    when = moment(at)
    with audit.operation(actor, "referral.reply", subject=referral, at=at) as op:
        REFERRAL.apply(op, "reply", referral)
        message = _post(op, referral, MessageKind.DESK_TO_TEAM, text, when)
        tell(op, referral.need, EventKind.REPLY, at=when, referral=referral, teams=True)
        notify("question_answered", team_readers(referral), referral.need, at=at, referral=referral)
    return message


def forward_question(
    *, question: Message, actor: Any, text: str = "", read: Read = None, at: datetime | None = None
) -> Message:
    """Put a team's question to the company, in its words or the officer's, without naming the team.

    `StaleState` when the team's last question is not the one that was `read`.
    """
    if question.referral is None or question.kind != MessageKind.TEAM_TO_DESK:
        raise RuleViolation(_("Only a team's question can be forwarded to the company."))
    require_read(
        "text",
        question.text,
        read=read,
        label=_("question of the team"),
        theirs=question.text,
        changed=lambda: last_change(Message, Q(object_pk=question.pk)),
        actor=actor,
    )
    if Message.objects.filter(forwards=question).exists():
        raise RuleViolation(_("This question was forwarded to the company already."))
    return write_to_company(
        need=question.need, text=text or question.text, actor=actor, awaits_reply=True, forwards=question, at=at
    )


def _post(op: audit.Recorder, referral: Referral, kind: str, text: str, when: datetime) -> Message:
    if not text.strip():
        raise RuleViolation(_("Write the message."), field="text")
    return op.create(
        Message(
            need_id=referral.need_id,
            referral=referral,
            kind=kind,
            text=text.strip(),
            author_id=op.actor.pk,
            sent_at=when,
        )
    )


def call_back(*, referral: Referral, reason: str, actor: Any, at: datetime | None = None) -> Referral:
    """Take a referral back before the team answered: the team no longer sees the need."""
    REFERRAL.require("call_back", referral, actor)
    if not reason.strip():
        raise RuleViolation(_("Say why the referral is called back."), field="reason")
    when = moment(at)
    readers = team_readers(referral)
    with audit.operation(actor, "referral.call_back", subject=referral, reason=reason, at=at) as op:
        _drop_joints(op, referral, when)
        for joint in JointAnswer.objects.filter(lead=referral, status=JointStatus.PROPOSED):
            op.update(joint, status=JointStatus.DECLINED, settled_at=when)
        REFERRAL.apply(op, "call_back", referral)
        free_candidate(op, referral, actor, when)
        tell(
            op,
            referral.need,
            EventKind.CALLED_BACK,
            at=when,
            referral=referral,
            team=referral.organisation.name,
            reason=reason.strip(),
        )
        settle_need(op, referral.need)
        notify("called_back", readers, referral.need, at=at, referral=referral)
    return referral


def free_candidate(op: audit.Recorder, referral: Referral, actor: Any, when: datetime) -> None:
    """Put the team of a referral that was taken back on the shortlist again: it can be asked another time."""
    candidate = referral.candidate
    if candidate is not None:
        op.update(candidate, status=CandidateStatus.SHORTLISTED, changed_by_id=actor.pk, changed_at=when)
        op.update(referral, candidate=None)


def set_due(
    *, referral: Referral, due_at: datetime, actor: Any, read: Read = None, at: datetime | None = None
) -> Referral:
    """Give a team more or less time; refused once it has answered, or when the day is not the one that was `read`."""
    require(actor, "handle", referral)
    if not referral.is_pending:
        raise InvalidTransition(_("The team has answered already."))
    check_due(due_at, moment(at), field="due_at")
    day = timezone.localdate(referral.due_at)
    if fingerprint(timezone.localdate(due_at)) != (read or {}).get("due_at"):
        require_read(
            "due_at",
            day,
            read=read,
            label=_("answer awaited by"),
            theirs=date_format(day),
            changed=lambda: last_change(Referral, Q(object_pk=referral.pk), ("due_at",)),
            actor=actor,
        )
    with audit.operation(actor, "referral.set_due", subject=referral, at=at) as op:
        op.update(referral, due_at=due_at, guard=("status", "due_at"))
    return referral
