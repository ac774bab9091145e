"""Opinions on a disclosure: asked of an account, given, corrected, declined, called off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, last_change, require_read
from motrice.inventions import rules
from motrice.inventions.enums import WITH_OFFICE, DecisionKind, DeclineKind, EventKind
from motrice.inventions.models import Disclosure, Evaluator, Opinion, OpinionDraft
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_evaluator, tell

MAX_TYPED = 20_000


@one_at_a_time
def invite_evaluator(
    *, disclosure: Disclosure, user: User, actor: Any, question: str = "", at: datetime | None = None
) -> Evaluator:
    """Ask somebody who has an account for an opinion: they read this one disclosure; never one of its inventors."""
    require(actor, "handle", disclosure)
    require_asked_now(disclosure)
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
        notify_evaluator("opinion", row, at=at)
    return row


def require_asked_now(disclosure: Disclosure) -> None:
    """Opinions are asked while the office works on a disclosure; refused before and after."""
    if disclosure.status not in WITH_OFFICE:
        raise InvalidTransition(_("Opinions are asked while a disclosure is received or evaluated."))


@one_at_a_time
def remind_evaluator(*, evaluator: Evaluator, actor: Any, at: datetime | None = None) -> Evaluator:
    """Ask once more for an opinion that has not come; once a day, so that nobody is pressed."""
    require(actor, "handle", evaluator)
    require_asked_now(evaluator.disclosure)
    when = moment(at)
    if evaluator.ended_at is not None:
        raise InvalidTransition(_("Nothing is asked of this evaluator any more."))
    if Opinion.objects.filter(evaluator=evaluator).exists():
        raise InvalidTransition(_("This evaluator has answered already."))
    if evaluator.is_outside and not evaluator.is_open(timezone.localdate(when)):
        raise InvalidTransition(_("The address is closed: give it a later day first."))
    last = evaluator.reminded_at or evaluator.invited_at
    if timezone.localdate(last) == timezone.localdate(when):
        raise InvalidTransition(_("This evaluator was written to today: wait until tomorrow."))
    with audit.operation(actor, "disclosure.remind_evaluator", subject=evaluator.disclosure, at=at) as op:
        op.update(evaluator, reminded_at=when, guard=("ended_at",))
        tell(
            op,
            evaluator.disclosure,
            EventKind.REMINDED,
            at=when,
            inventors=False,
            notice="opinion",
            name=str(evaluator),
        )
        notify_evaluator("opinion_reminder", evaluator, at=at)
    return evaluator


@one_at_a_time
def end_evaluator(*, evaluator: Evaluator, actor: Any, at: datetime | None = None) -> None:
    """Call an evaluator off: they no longer read the disclosure; the opinion they gave stays."""
    require(actor, "handle", evaluator)
    if evaluator.ended_at is not None:
        raise InvalidTransition(_("This evaluator was called off already, or declined."))
    with audit.operation(actor, "disclosure.end_evaluator", subject=evaluator.disclosure, at=at) as op:
        op.update(evaluator, ended_at=moment(at))
        tell(op, evaluator.disclosure, EventKind.EVALUATOR_ENDED, at=moment(at), inventors=False, name=str(evaluator))
        if evaluator.is_outside:
            notify_evaluator("opinion_ended", evaluator, at=at)
    OpinionDraft.objects.filter(evaluator=evaluator).delete()


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


def save_opinion_draft(*, evaluator: Evaluator, answers: dict[str, str], actor: Any) -> None:
    """Keep an opinion that is being written, as it is: it may be unfinished."""
    require(actor, "answer", evaluator)
    keep_draft(evaluator, answers)


def keep_draft(evaluator: Evaluator, answers: dict[str, str]) -> None:
    """Keep what an evaluator types; the caller has checked who they are."""
    if evaluator.disclosure.status not in WITH_OFFICE:
        return
    kept = {name: str(value)[:MAX_TYPED] for name, value in answers.items()}
    OpinionDraft.objects.update_or_create(
        evaluator=evaluator, defaults={"answers": kept, "changed_at": timezone.now()}
    )


def give_opinion(
    *,
    evaluator: Evaluator,
    scores: Mapping[str, Mapping[str, Any]],
    summary: str,
    advice: str,
    actor: Any,
    read: Read = None,
    at: datetime | None = None,
) -> Opinion:
    """Give one's opinion, or correct it while nothing is decided; what it was before stays in the history.

    `StaleState` when it is no longer what was `read`.
    """
    require(actor, "answer", evaluator)
    given: dict[str, Any] = {"scores": scores, "summary": summary, "advice": advice, "read": read}
    return record_opinion(evaluator=evaluator, actor=actor, at=at, **given)


def _require_as_read(held: Opinion, mine: Opinion, *, read: Read, actor: Any) -> None:
    """Refuse to write over an opinion that is not what was read, unless it says the same."""
    if as_given(mine) == as_given(held):
        return
    require_read(
        "opinion",
        as_given(held),
        read=read,
        label=_("opinion"),
        theirs=f"{held.get_advice_display()}. {held.summary}",
        changed=lambda: last_change(Opinion, Q(object_pk=held.pk)),
        actor=actor,
    )


def as_given(held: Opinion | None) -> list[Any]:
    """An opinion as it is compared: its scores with their reasons, the whole in short, the advice."""
    if held is None:
        return []
    return [[[row["criterion"], row["score"], row["reason"]] for row in held.scores], held.summary, held.advice]


@one_at_a_time
def record_opinion(
    *,
    evaluator: Evaluator,
    scores: Mapping[str, Mapping[str, Any]],
    summary: str,
    advice: str,
    actor: Any,
    read: Read = None,
    at: datetime | None = None,
) -> Opinion:
    """Record an opinion; the caller has checked who gives it."""
    disclosure, when = evaluator.disclosure, moment(at)
    if disclosure.status not in WITH_OFFICE:
        raise InvalidTransition(_("This disclosure is not evaluated now: an opinion comes too late, or too early."))
    if not summary.strip():
        raise RuleViolation(_("Say in short what you think."), field="summary")
    if advice not in DecisionKind.values:
        raise RuleViolation(_("Choose what you advise."), field="advice")
    checked = checked_scores(scores)
    held = Opinion.objects.filter(evaluator=evaluator).first()
    if held is not None:
        mine = Opinion(scores=checked, summary=summary.strip(), advice=advice)
        _require_as_read(held, mine, read=read, actor=actor)
    with audit.operation(actor, "disclosure.opinion", subject=disclosure, at=at) as op:
        if held is not None:
            op.update(held, scores=checked, summary=summary.strip(), advice=advice, changed_at=when)
        else:
            held = op.create(
                Opinion(evaluator=evaluator, scores=checked, summary=summary.strip(), advice=advice, given_at=when)
            )
            tell(
                op,
                disclosure,
                EventKind.OPINION,
                at=when,
                inventors=False,
                name=str(evaluator),
                outside=evaluator.is_outside,
            )
            notify("opinion_given", [disclosure.owner], disclosure, at=at)
    OpinionDraft.objects.filter(evaluator=evaluator).delete()
    return held


def decline_opinion(
    *, evaluator: Evaluator, kind: str, actor: Any, reason: str = "", at: datetime | None = None
) -> Evaluator:
    """Say that one gives no opinion, and why; a conflict of interest can be declared after it was given, too."""
    require(actor, "answer", evaluator)
    return record_decline(evaluator=evaluator, kind=kind, reason=reason, actor=actor, at=at)


@one_at_a_time
def record_decline(
    *, evaluator: Evaluator, kind: str, reason: str, actor: Any, at: datetime | None = None
) -> Evaluator:
    """End an invitation by the wish of who was asked; the caller has checked who they are."""
    disclosure, when, reason = evaluator.disclosure, moment(at), reason.strip()
    if kind not in DeclineKind.values:
        raise RuleViolation(_("Choose a reason of the list."), field="kind")
    if kind in (DeclineKind.OTHER, DeclineKind.CONFLICT) and not reason:
        raise RuleViolation(_("Say in a few words what it is."), field="reason")
    if kind != DeclineKind.CONFLICT and Opinion.objects.filter(evaluator=evaluator).exists():
        raise RuleViolation(_("You have given your opinion: only a conflict of interest can be declared now."))
    if evaluator.ended_at is not None:
        raise InvalidTransition(_("Nothing is asked of you any more."))
    with audit.operation(actor, "disclosure.decline_opinion", subject=disclosure, at=at) as op:
        op.update(evaluator, declined_at=when, ended_at=when, decline=kind, decline_reason=reason[:4000])
        tell(
            op,
            disclosure,
            EventKind.DECLINED,
            at=when,
            inventors=False,
            name=str(evaluator),
            decline=kind,
            outside=evaluator.is_outside,
        )
        notify("opinion_declined", [disclosure.owner], disclosure, at=at)
    OpinionDraft.objects.filter(evaluator=evaluator).delete()
    return evaluator


def typed_so_far(evaluator: Evaluator) -> dict[str, str]:
    """What an evaluator has written and not yet given."""
    row = OpinionDraft.objects.filter(evaluator=evaluator).first()
    return row.answers if row is not None else {}
