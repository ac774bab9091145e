"""What holds for agreements of every kind: brought into force, ended, opened or closed to readers, handed over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.agreements import rules
from motrice.agreements.models import Agreement
from motrice.agreements.transitions import AGREEMENT
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed, label_in, last_change, require_read


def bring_into_force(
    *,
    agreement: Agreement,
    signed_on: date,
    starts_on: date,
    actor: Any,
    ends_on: date | None = None,
    at: datetime | None = None,
) -> Agreement:
    """Record that an agreement was signed, and from which day to which it holds."""
    AGREEMENT.require("bring_into_force", agreement, actor)
    today = timezone.localdate(at)
    rules.require_dates(today=today, signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, is_signed=True)
    with audit.operation(actor, "agreement.bring_into_force", subject=agreement, at=at) as op:
        AGREEMENT.apply(op, "bring_into_force", agreement, signed_on=signed_on, starts_on=starts_on, ends_on=ends_on)
    return agreement


def give_up_agreement(*, agreement: Agreement, actor: Any, reason: str, at: datetime | None = None) -> Agreement:
    """Close a draft that will not be signed."""
    return _close("give_up", agreement, timezone.localdate(at), actor, reason, at)


def end_agreement(
    *, agreement: Agreement, closed_on: date, actor: Any, reason: str = "", at: datetime | None = None
) -> Agreement:
    """Record that an agreement has run its course."""
    return _close("end", agreement, closed_on, actor, reason, at)


def terminate_agreement(
    *, agreement: Agreement, closed_on: date, actor: Any, reason: str, at: datetime | None = None
) -> Agreement:
    """Record that an agreement was stopped before its term, and why."""
    return _close("terminate", agreement, closed_on, actor, reason, at)


def _close(
    move: str, agreement: Agreement, closed_on: date, actor: Any, reason: str, at: datetime | None
) -> Agreement:
    AGREEMENT.require(move, agreement, actor)
    if closed_on > timezone.localdate(at):
        raise RuleViolation(_("It cannot have been closed on a day to come."), field="closed_on")
    if agreement.signed_on is not None and closed_on < agreement.signed_on and move != "give_up":
        raise RuleViolation(_("It cannot be closed before it was signed."), field="closed_on")
    if move != "end" and not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    with audit.operation(actor, f"agreement.{move}", subject=agreement, reason=reason.strip(), at=at) as op:
        AGREEMENT.apply(op, move, agreement, closed_on=closed_on)
    return agreement


def set_agreement_level(
    *, agreement: Agreement, level: str, actor: Any, reason: str, read: Read = None, at: datetime | None = None
) -> Agreement:
    """Open an agreement to more people or close it, with the reason; its assets stay as closed as they are."""
    require(actor, "edit", agreement)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    with audit.operation(actor, "agreement.level", subject=agreement, reason=reason.strip(), at=at) as op:
        op.update(agreement, guard=("level",), **heed(agreement, {"level": level}, read=read, actor=actor))
    return agreement


def hand_over_agreement(
    *,
    agreement: Agreement,
    officer: Any,
    actor: Any,
    reason: str = "",
    read: Read = None,
    at: datetime | None = None,
) -> Agreement:
    """Give an agreement another officer."""
    require(actor, "edit", agreement)
    if officer.pk == agreement.officer_id:
        raise RuleViolation(_("This person is in charge of it already."), field="officer")
    require_read(
        "officer",
        agreement.officer,
        read=read,
        label=label_in(agreement, "officer"),
        theirs=str(agreement.officer),
        changed=lambda: last_change(Agreement, Q(object_pk=agreement.pk), ("officer",)),
        actor=actor,
    )
    with audit.operation(actor, "agreement.hand_over", subject=agreement, reason=reason.strip(), at=at) as op:
        op.update(agreement, guard=("officer",), officer=officer, officer_since=timezone.localdate(at))
    return agreement
