"""Identifiers that registers give to organisations and people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.identifiers import normalise, shown
from motrice.core.policies import allows, require
from motrice.core.reading import Read, heed, require_unchanged
from motrice.directory.models import Identifier, Organisation, Person
from motrice.directory.operations.guards import in_days, require_last_day, require_live
from motrice.directory.tasks import search_changed


def add_identifier(
    *,
    holder: Organisation | Person,
    actor: Any,
    scheme: str,
    value: str,
    source: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Identifier:
    """Give a record a number of a register; refuses a wrong number, and one that another record holds."""
    require(actor, "edit", holder)
    require_live(holder)
    number = normalise(scheme, value)
    held = Identifier.objects.filter(scheme=scheme, value=number).select_related("organisation", "person").first()
    if held is not None:
        raise RuleViolation(_held_by(held, holder, actor), field="value")
    row = Identifier(
        organisation=holder if isinstance(holder, Organisation) else None,
        person=holder if isinstance(holder, Person) else None,
        scheme=scheme,
        value=number,
        source=source,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with audit.operation(actor, "identifier.add", subject=holder, reason=reason) as op:
        op.create(row)
    search_changed(holder)
    return row


def _held_by(held: Identifier, holder: Organisation | Person, actor: Any) -> str:
    number = shown(held.scheme, held.value)
    other = held.organisation or held.person
    if other is not None and type(other) is type(holder) and other.pk == holder.pk:
        return _("This record has %(number)s already.") % {"number": number}
    if other is not None and allows(actor, "view", other):
        return _("%(other)s holds %(number)s already: if both are the same, merge them.") % {
            "other": other,
            "number": number,
        }
    return _("Another record holds this identifier already.")


def end_identifier(
    *, identifier: Identifier, actor: Any, on: date | None, reason: str = "", read: Read = None
) -> Identifier:
    """Say until which day a number was in force, or that it still is."""
    holder = identifier.organisation or identifier.person
    require(actor, "edit", holder)  # type: ignore[arg-type]
    require_live(holder)
    require_last_day(identifier, on)
    with audit.operation(actor, "identifier.end", subject=holder, reason=reason) as op:
        op.update(identifier, **heed(identifier, {"ends_on": on}, read=read, actor=actor, say=in_days))
    return identifier


def remove_identifier(*, identifier: Identifier, actor: Any, reason: str, read: Read = None) -> None:
    """Take away a number that was never this record's."""
    holder = identifier.organisation or identifier.person
    require(actor, "edit", holder)  # type: ignore[arg-type]
    require_live(holder)
    require_unchanged(identifier, read or (), read=read, actor=actor, say=in_days)
    with audit.operation(actor, "identifier.remove", subject=holder, reason=reason) as op:
        op.delete(identifier)
    search_changed(holder)  # type: ignore[arg-type]
