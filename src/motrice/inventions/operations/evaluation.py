"""Judging a disclosure with its inventors: begun by the office, discussed, given back to correct, opened to others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import allows, require
from motrice.core.references import new_reference
from motrice.inventions.enums import DecisionStatus, DisclosureLevel, DisclosureStatus, EventKind
from motrice.inventions.models import Decision, Disclosure, Message
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.signing import void_signatures
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_inventors, tell
from motrice.inventions.transitions import DISCLOSURE

PRESSED_TWICE = timedelta(minutes=2)


@one_at_a_time
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


@one_at_a_time
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


@one_at_a_time
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


@one_at_a_time
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
