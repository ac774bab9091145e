"""Opinions from outside: asked by a secret address, given by somebody who has promised secrecy and has no account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed, in_own_words
from motrice.inventions import rules
from motrice.inventions.enums import EventKind, ShownPart
from motrice.inventions.models import Attachment, Disclosure, Evaluator, Opinion
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.opinions import keep_draft, record_decline, record_opinion, require_asked_now
from motrice.inventions.operations.timeline import inventors_of, moment, notify_evaluator, tell

LANGUAGES = ("fr", "en")


@one_at_a_time
def invite_outside(
    *,
    disclosure: Disclosure,
    name: str,
    email: str,
    actor: Any,
    language: str = "fr",
    question: str = "",
    topic: str = "",
    shown: Sequence[str] = (),
    files: Sequence[str] = (),
    open_until: date | None = None,
    at: datetime | None = None,
) -> Evaluator:
    """Ask somebody who has no account for an opinion, by a secret address that closes on a day.

    They read the title, what it is, and what is chosen here, once they have promised secrecy. Refused for an inventor,
    for who prepared the disclosure, and for an address that has an account: its holder is asked there.
    """
    require(actor, "handle", disclosure)
    require_asked_now(disclosure)
    name, email, when = name.strip(), email.strip().lower(), moment(at)
    if not name:
        raise RuleViolation(_("Give the evaluator's name."), field="name")
    _check_address(disclosure, email)
    if language not in LANGUAGES:
        raise RuleViolation(_("Choose one of the languages."), field="language")
    row = Evaluator(
        disclosure=disclosure,
        name=name,
        email=email,
        language=language,
        question=question.strip(),
        topic=topic.strip(),
        shown=_checked_parts(shown),
        shown_files=_checked_files(disclosure, files),
        invited_by_id=actor.pk,
        invited_at=when,
        due_at=rules.promise_from(disclosure.promise).after(when, "opinion_days"),
        open_until=_checked_day(open_until or default_day(disclosure, when), when),
    )
    with audit.operation(actor, "disclosure.invite_outside", subject=disclosure, at=at) as op:
        op.create(row)
        tell(op, disclosure, EventKind.EVALUATOR, at=when, inventors=False, name=name)
        notify_evaluator("opinion_outside", row, at=at)
    return row


def default_day(disclosure: Disclosure, when: datetime) -> date:
    """Until when a secret address opens unless the officer says otherwise: some days after the opinion is awaited."""
    due_at = rules.promise_from(disclosure.promise).after(when, "opinion_days")
    return timezone.localdate(due_at) + timedelta(days=rules.current_undertaking().data["open_days"])


def _check_address(disclosure: Disclosure, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise RuleViolation(_("Give a whole e-mail address."), field="email") from error
    if any(row.address.lower() == email for row in inventors_of(disclosure)):
        raise RuleViolation(_("This address is that of one of its inventors."), field="email")
    if disclosure.author.email.lower() == email:
        raise RuleViolation(_("%(person)s prepared it.") % {"person": disclosure.author}, field="email")
    if User.objects.active().filter(email__iexact=email).exists():
        raise RuleViolation(_("This address has an account: ask for the opinion there."), field="email")


def _checked_parts(shown: Sequence[str]) -> list[str]:
    unknown = sorted(set(shown) - set(ShownPart.values))
    if unknown:
        raise RuleViolation(_("%(names)s is no part of a disclosure.") % {"names": ", ".join(unknown)}, field="shown")
    return [part for part in ShownPart.values if part in shown]


def _checked_files(disclosure: Disclosure, files: Sequence[str]) -> list[str]:
    held = Attachment.objects.filter(disclosure=disclosure, removed_at=None).order_by("added_at", "pk")
    references = list(held.values_list("reference", flat=True))
    if set(files) - set(references):
        raise RuleViolation(_("Choose among the files of this disclosure."), field="files")
    return [reference for reference in references if reference in files]


def _checked_day(day: date, when: datetime) -> date:
    today, most = timezone.localdate(when), rules.current_undertaking().data["most_days"]
    if day <= today:
        raise RuleViolation(_("This day is past, or today: give one to come."), field="open_until")
    if day > today + timedelta(days=most):
        raise RuleViolation(_("An address opens for %(days)d days at most.") % {"days": most}, field="open_until")
    return day


@one_at_a_time
def change_outside(
    *,
    evaluator: Evaluator,
    actor: Any,
    question: str | None = None,
    shown: Sequence[str] | None = None,
    files: Sequence[str] | None = None,
    open_until: date | None = None,
    read: Read = None,
    at: datetime | None = None,
) -> Evaluator:
    """Change what an evaluator from outside reads or is asked, or until when; the address stays the same.

    Of what was `read`, what others changed since is refused with `StaleState`, and what was left alone stays theirs.
    """
    require(actor, "handle", evaluator)
    require_asked_now(evaluator.disclosure)
    if not evaluator.is_outside:
        raise InvalidTransition(_("This evaluator has an account, and reads the disclosure there."))
    if evaluator.ended_at is not None:
        raise InvalidTransition(_("Nothing is asked of this evaluator any more."))
    when = moment(at)
    fields: dict[str, Any] = {}
    if question is not None:
        fields["question"] = question.strip()
    if shown is not None:
        fields["shown"] = _checked_parts(shown)
    if files is not None:
        fields["files"] = _checked_files(evaluator.disclosure, files)
    if open_until is not None:
        fields["open_until"] = open_until
    fields = heed(evaluator, fields, read=read, actor=actor, say=_say)
    if "files" in fields:
        fields["shown_files"] = fields.pop("files")
    if fields.get("open_until", evaluator.open_until) != evaluator.open_until:
        _checked_day(fields["open_until"], when)
    with audit.operation(actor, "disclosure.change_outside", subject=evaluator.disclosure, at=at) as op:
        if op.update(evaluator, guard=("ended_at",), **fields):
            tell(
                op,
                evaluator.disclosure,
                EventKind.EVALUATOR_CHANGED,
                at=when,
                inventors=False,
                name=str(evaluator),
            )
    return evaluator


def _say(evaluator: Evaluator, name: str) -> tuple[str, str]:
    """What an invitation is asked or shows, in words."""
    label, said = in_own_words(evaluator, name)
    if name == "shown":
        said = ", ".join(str(ShownPart(part).label) for part in evaluator.shown)
    elif name == "files":
        rows = Attachment.objects.filter(disclosure=evaluator.disclosure, reference__in=evaluator.shown_files)
        label, said = _("files they read"), ", ".join(rows.order_by("added_at", "pk").values_list("name", flat=True))
    elif name == "open_until" and evaluator.open_until is not None:
        said = date_format(evaluator.open_until)
    return label, said


def require_open(evaluator: Evaluator, at: datetime | None = None) -> None:
    """Refuse whatever comes by an address that is closed: called off, over, declined, or the office has decided."""
    if not evaluator.is_outside:
        raise NotPermitted(_("This evaluator has an account: please sign in, and answer there."))
    if not evaluator.is_open(timezone.localdate(moment(at))):
        raise InvalidTransition(_("This address is closed."))


def require_promised(evaluator: Evaluator, at: datetime | None = None) -> None:
    """Refuse, too, whoever has not promised secrecy."""
    require_open(evaluator, at)
    if evaluator.undertaken_at is None:
        raise NotPermitted(_("Promise secrecy first."))


def note_opening(*, evaluator: Evaluator, at: datetime | None = None) -> None:
    """Note the first time that the secret address was opened."""
    require_open(evaluator, at)
    if evaluator.opened_at is None:
        _record(evaluator, "disclosure.open_outside", at, opened_at=moment(at))


def _record(evaluator: Evaluator, verb: str, at: datetime | None, **fields: Any) -> None:
    """Write what somebody did by a secret address: nobody is signed in, the invitation tells who."""
    with audit.operation(system_user(), verb, subject=evaluator.disclosure, at=at) as op:
        op.update(evaluator, guard=("ended_at",), **fields)
        if "undertaken_at" in fields:
            disclosure, name = evaluator.disclosure, str(evaluator)
            tell(op, disclosure, EventKind.UNDERTAKEN, at=moment(at), inventors=False, name=name)


@one_at_a_time
def promise_secrecy(
    *,
    evaluator: Evaluator,
    typed_name: str,
    promises: bool,
    is_free: bool,
    version: int | None = None,
    at: datetime | None = None,
) -> Evaluator:
    """Accept the undertaking of today's catalogue under one's name; nothing of the result is told before."""
    require_open(evaluator, at)
    if evaluator.undertaken_at is not None:
        return evaluator
    if not promises:
        raise RuleViolation(_("Nothing can be shown to you without this promise."), field="promises")
    if not is_free:
        raise RuleViolation(_("If you are bound by a conflict of interest, decline below."), field="is_free")
    if not typed_name.strip():
        raise RuleViolation(_("Type your name."), field="typed_name")
    undertaking = rules.current_undertaking()
    if version is not None and version != undertaking.version:
        raise RuleViolation(_("The text changed while you were reading it: please read it again."), field="promises")
    _record(
        evaluator,
        "disclosure.promise_secrecy",
        at,
        opened_at=evaluator.opened_at or moment(at),
        undertaking=undertaking,
        undertaken_at=moment(at),
        undertaken_as=" ".join(typed_name.split())[:200],
    )
    return evaluator


def save_outside_draft(*, evaluator: Evaluator, answers: dict[str, str], at: datetime | None = None) -> None:
    """Keep an opinion that is being written by the secret address."""
    require_promised(evaluator, at)
    keep_draft(evaluator, answers)


def give_outside_opinion(
    *,
    evaluator: Evaluator,
    scores: Mapping[str, Mapping[str, Any]],
    summary: str,
    advice: str,
    read: Read = None,
    at: datetime | None = None,
) -> Opinion:
    """Give an opinion by the secret address, or correct it while the address is open.

    `StaleState` when the opinion is no longer what was `read`.
    """
    require_promised(evaluator, at)
    given: dict[str, Any] = {"scores": scores, "summary": summary, "advice": advice, "read": read}
    return record_opinion(evaluator=evaluator, actor=system_user(), at=at, **given)


def decline_outside(*, evaluator: Evaluator, kind: str, reason: str = "", at: datetime | None = None) -> Evaluator:
    """Decline by the secret address, before or after secrecy is promised: it is closed at once."""
    require_open(evaluator, at)
    return record_decline(evaluator=evaluator, kind=kind, reason=reason, actor=system_user(), at=at)


def files_shown(evaluator: Evaluator) -> list[Attachment]:
    """The files that an evaluator from outside may read now: those chosen, unless removed since."""
    rows = Attachment.objects.filter(
        disclosure=evaluator.disclosure, reference__in=evaluator.shown_files, removed_at=None
    )
    return list(rows.order_by("added_at", "pk"))
