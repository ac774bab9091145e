"""Judging a disclosure with its inventors: begun by the office, opinions of several, a discussion, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import allows, require
from motrice.core.references import new_reference
from motrice.inventions import rules
from motrice.inventions.enums import DecisionKind, DecisionStatus, DisclosureLevel, DisclosureStatus, EventKind
from motrice.inventions.models import Decision, Disclosure, Evaluator, Message, Opinion
from motrice.inventions.operations.signing import void_signatures
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_inventors, tell
from motrice.inventions.transitions import DISCLOSURE

PRESSED_TWICE = timedelta(minutes=2)


def begin_evaluation(
    *, disclosure: Disclosure, actor: Any, message: str = "", at: datetime | None = None
) -> Disclosure:
    """Take a received disclosure in hand; the inventors are told, with the officer's first words if there are any."""
    DISCLOSURE.require("evaluate", disclosure, actor)
    when = moment(at)
    with audit.operation(actor, "disclosure.evaluate", subject=disclosure, at=at) as op:
        DISCLOSURE.apply(op, "evaluate", disclosure, evaluated_at=when, state_since=when)
        tell(op, disclosure, EventKind.EVALUATION, at=when)
        notify_inventors("evaluation", inventors_of(disclosure), at=at)
        if message.strip():
            _post(op, disclosure, message.strip(), actor, when, is_from_office=True)
    return disclosure


def return_disclosure(*, disclosure: Disclosure, reason: str, actor: Any, at: datetime | None = None) -> Disclosure:
    """Give a disclosure back to its inventors to correct, with what is missing; they sign the corrected text anew."""
    DISCLOSURE.require("return", disclosure, actor)
    if not reason.strip():
        raise RuleViolation(_("Say what is to be corrected."), field="reason")
    if Decision.objects.filter(disclosure=disclosure, status=DecisionStatus.PROPOSED).exists():
        raise InvalidTransition(_("A decision waits for its approval: have it refused first."))
    when = moment(at)
    with audit.operation(actor, "disclosure.return", subject=disclosure, reason=reason, at=at) as op:
        DISCLOSURE.apply(op, "return", disclosure, state_since=when, take_due_at=None, due_at=None)
        void_signatures(op, disclosure, when)
        tell(op, disclosure, EventKind.RETURNED, at=when, reason=reason.strip())
        notify_inventors("returned", inventors_of(disclosure), at=at)
        notify("returned", [disclosure.author], disclosure, at=at)
    return disclosure


def invite_evaluator(
    *, disclosure: Disclosure, user: User, actor: Any, question: str = "", at: datetime | None = None
) -> Evaluator:
    """Ask somebody who has an account for an opinion: they read this one disclosure; never one of its inventors."""
    require(actor, "handle", disclosure)
    if disclosure.status not in (DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION):
        raise InvalidTransition(_("Opinions are asked while a disclosure is received or evaluated."))
    if not user.is_active or user.is_system:
        raise RuleViolation(_("This account is closed."), field="user")
    if any(row.person is not None and row.person.user_id == user.pk for row in inventors_of(disclosure)):
        raise RuleViolation(_("%(person)s is one of its inventors.") % {"person": user}, field="user")
    if user.pk == disclosure.author_id:
        raise RuleViolation(_("%(person)s prepared it.") % {"person": user}, field="user")
    when = moment(at)
    row = Evaluator(
        disclosure=disclosure,
        user=user,
        question=question.strip(),
        invited_by_id=actor.pk,
        invited_at=when,
        due_at=rules.promise_from(disclosure.promise).after(when, "opinion_days"),
    )
    with audit.operation(actor, "disclosure.invite_evaluator", subject=disclosure, at=at) as op:
        op.create(row)
        tell(op, disclosure, EventKind.EVALUATOR, at=when, inventors=False, name=str(user))
        notify("opinion", [user], disclosure, at=at, opinion_due=row.due_at.date().isoformat())
    return row


def end_evaluator(*, evaluator: Evaluator, actor: Any, at: datetime | None = None) -> None:
    """Call an evaluator off: they no longer read the disclosure; the opinion they gave stays."""
    require(actor, "handle", evaluator)
    if evaluator.ended_at is not None:
        raise InvalidTransition(_("This evaluator was called off already."))
    with audit.operation(actor, "disclosure.end_evaluator", subject=evaluator.disclosure, at=at) as op:
        op.update(evaluator, ended_at=moment(at))
        tell(
            op,
            evaluator.disclosure,
            EventKind.EVALUATOR_ENDED,
            at=moment(at),
            inventors=False,
            name=str(evaluator.user),
        )


def checked_scores(scores: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A score and a reason for every criterion of today's catalogue, with the version, scale and weight they had."""
    entries = rules.ordered(rules.CRITERION)
    unknown = sorted(set(scores) - {entry.code for entry in entries})
    if unknown:
        raise RuleViolation(_("%(names)s is no criterion.") % {"names": ", ".join(unknown)}, field="scores")
    found = []
    for entry in entries:
        given = scores.get(entry.code)
        name = rules.in_words(entry.data["name"])
        if given is None or given.get("score") is None:
            raise RuleViolation(_("Give a score for “%(name)s”.") % {"name": name}, field=f"score_{entry.code}")
        score, reason = given["score"], str(given.get("reason", "")).strip()
        if type(score) is not int or not 0 <= score <= entry.data["scale"]:
            raise RuleViolation(
                _("The score for “%(name)s” runs from 0 to %(scale)d.") % {"name": name, "scale": entry.data["scale"]},
                field=f"score_{entry.code}",
            )
        if not reason:
            raise RuleViolation(_("Say why, for “%(name)s”.") % {"name": name}, field=f"reason_{entry.code}")
        found.append(
            {
                "criterion": entry.code,
                "version": entry.version,
                "score": score,
                "scale": entry.data["scale"],
                "weight": str(entry.data["weight"]),
                "reason": reason[:4000],
            }
        )
    return found


def give_opinion(
    *,
    evaluator: Evaluator,
    scores: Mapping[str, Mapping[str, Any]],
    summary: str,
    advice: str,
    actor: Any,
    at: datetime | None = None,
) -> Opinion:
    """Give one's opinion, or correct it while nothing is decided; what it was before stays in the history."""
    require(actor, "answer", evaluator)
    disclosure, when = evaluator.disclosure, moment(at)
    if disclosure.status not in (DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION):
        raise InvalidTransition(_("This disclosure is not evaluated now: an opinion comes too late, or too early."))
    if not summary.strip():
        raise RuleViolation(_("Say in short what you think."), field="summary")
    if advice not in DecisionKind.values:
        raise RuleViolation(_("Choose what you advise."), field="advice")
    checked = checked_scores(scores)
    held = Opinion.objects.filter(evaluator=evaluator).first()
    with audit.operation(actor, "disclosure.opinion", subject=disclosure, at=at) as op:
        if held is not None:
            op.update(held, scores=checked, summary=summary.strip(), advice=advice, changed_at=when)
        else:
            held = op.create(
                Opinion(evaluator=evaluator, scores=checked, summary=summary.strip(), advice=advice, given_at=when)
            )
            tell(op, disclosure, EventKind.OPINION, at=when, inventors=False, name=str(evaluator.user))
            notify("opinion_given", [disclosure.owner], disclosure, at=at)
    return held


def write_message(*, disclosure: Disclosure, text: str, actor: Any, at: datetime | None = None) -> Message:
    """Write in the discussion between inventors and office; the same words sent twice at once are one message."""
    require(actor, "write", disclosure)
    if disclosure.status in (DisclosureStatus.DRAFT, DisclosureStatus.WITHDRAWN):
        raise InvalidTransition(_("There is nobody to write to: the disclosure was not sent, or was withdrawn."))
    text, when = text.strip(), moment(at)
    if not text:
        raise RuleViolation(_("Write the message."), field="text")
    recent = Message.objects.filter(disclosure=disclosure, author_id=actor.pk, sent_at__gte=when - PRESSED_TWICE)
    same = recent.filter(text=text).last()
    if same is not None:
        return same
    is_from_office = allows(actor, "handle", disclosure) and not allows(actor, "edit", disclosure)
    with audit.operation(actor, "disclosure.write", subject=disclosure, at=at) as op:
        row = _post(op, disclosure, text, actor, when, is_from_office=is_from_office)
        if is_from_office:
            notify_inventors("message", inventors_of(disclosure), at=at, but=actor)
        else:
            notify("message", [disclosure.owner], disclosure, at=at)
    return row


def _post(
    op: audit.Recorder, disclosure: Disclosure, text: str, actor: Any, when: datetime, *, is_from_office: bool
) -> Message:
    row = Message(
        reference=new_reference(),
        disclosure=disclosure,
        author_id=actor.pk,
        is_from_office=is_from_office,
        text=text[:20_000],
        sent_at=when,
    )
    op.create(row)
    tell(op, disclosure, EventKind.MESSAGE, at=when, office=is_from_office)
    return row


def change_level(*, disclosure: Disclosure, level: str, reason: str, actor: Any, at: datetime | None = None) -> None:
    """Open a decided disclosure to its laboratory and the office's organisation, or close it again; never before."""
    require(actor, "handle", disclosure)
    if disclosure.status != DisclosureStatus.DECIDED:
        raise InvalidTransition(_("A disclosure stays with its named circle until it is decided."))
    if level not in DisclosureLevel.values:
        raise RuleViolation(_("Choose one of the levels."), field="level")
    if not reason.strip():
        raise RuleViolation(_("Say why: filed, published, or closed again."), field="reason")
    with audit.operation(actor, "disclosure.level", subject=disclosure, reason=reason, at=at) as op:
        if op.update(disclosure, level=level, guard=("status",)):
            tell(op, disclosure, EventKind.LEVEL, at=moment(at), level=level, reason=reason.strip())
