"""Creating and editing people, and their affiliations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, require
from motrice.core.reading import Read, heed, require_unchanged
from motrice.directory.models import Affiliation, Organisation, Person
from motrice.directory.operations.guards import (
    in_days,
    locked,
    overlapping,
    require_create,
    require_last_day,
    require_live,
    require_seen,
)
from motrice.directory.tasks import search_changed, send_linked

EDITABLE = ("given_name", "family_name", "email", "description", "level")
PLACE = ("role", "starts_on", "ends_on")


def create_person(
    *, actor: Any, given_name: str, family_name: str, reason: str = "", source: str = "", **fields: Any
) -> Person:
    """Add somebody of the field."""
    require_create(actor, Person)
    unknown = set(fields) - {*EDITABLE, "user"}
    if unknown:
        raise RuleViolation(_("A person has no field “%(name)s”.") % {"name": min(unknown)}, field=min(unknown))
    person = Person(given_name=given_name.strip(), family_name=family_name.strip(), source=source, **fields)
    with audit.operation(actor, "person.create", reason=reason) as op:
        op.create(person)
        require_seen(actor, person)
    search_changed(person)
    return person


def edit_person(*, person: Person, actor: Any, reason: str = "", read: Read = None, **fields: Any) -> Person:
    """Correct named fields of a person's record; `StaleState` when others changed what was `read` of it."""
    require(actor, "edit", person)
    require_live(person)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise RuleViolation(_("A person has no field “%(name)s”.") % {"name": min(unknown)}, field=min(unknown))
    with audit.operation(actor, "person.edit", subject=person, reason=reason) as op:
        op.update(person, **heed(person, fields, read=read, actor=actor))
        require_seen(actor, person)
    search_changed(person)
    return person


def link_account(*, person: Person, user: Any, actor: Any, reason: str = "") -> Person:
    """Say whose account is this person's: from then on it signs, answers and is asked in their name.

    Refused when the account or the person has another already, and to whoever would give themselves a record whose
    address is not theirs. The owner of the account is told by mail.
    """
    require(actor, "merge", person)
    with audit.operation(actor, "person.account", subject=person, reason=reason) as op:
        (held,) = locked(person)
        require_live(held)
        _check_account(held, user, actor)
        if held.user_id != user.pk:
            op.update(person, user=user)
            send_linked.enqueue(person.pk)
    search_changed(person)
    return person


def _check_account(person: Person, user: Any, actor: Any) -> None:
    if person.user_id is not None and person.user_id != user.pk:
        raise RuleViolation(
            _("%(person)s has another account already: take that one away first.") % {"person": person}, field="user"
        )
    if not user.is_active or user.is_system:
        raise RuleViolation(_("This account is closed."), field="user")
    other = Person.objects.filter(user=user).exclude(pk=person.pk).first()
    if other is not None:
        seen = str(other) if allows(actor, "view", other) else _("somebody else")
        raise RuleViolation(_("This account is that of %(name)s already.") % {"name": seen}, field="user")
    if user.pk == actor.pk and person.email.strip().lower() != user.email:
        raise RuleViolation(
            _("This is your own account, and the record has another address: somebody else must link them."),
            field="user",
        )


def unlink_account(*, person: Person, actor: Any, reason: str) -> Person:
    """Take the account away from a record: it no longer acts in this person's name; what it did stays."""
    require(actor, "merge", person)
    with audit.operation(actor, "person.account", subject=person, reason=reason) as op:
        (held,) = locked(person)
        if held.user_id is not None:
            op.update(person, user=None)
    search_changed(person)
    return person


def account_opened(*, user: Any, actor: Any) -> Person | None:
    """Link a new account, whose address its mail has proved, to the one record of a person with that address.

    Nothing is linked when none or several have it, or when that record has an account.
    """
    found = list(Person.objects.live().filter(email__iexact=user.email)[:2])
    if len(found) != 1 or found[0].user_id is not None:
        return None
    with audit.operation(actor, "person.account", subject=found[0], reason="the address of the invitation") as op:
        (person,) = locked(found[0])
        if person.user_id is None:
            op.update(person, user=user)
    search_changed(person)
    return person


def affiliate(
    *,
    person: Person,
    organisation: Organisation,
    role: str,
    actor: Any,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Affiliation:
    """Place a person in an organisation for a time; refuses the same role there twice on one day."""
    _require_place(actor, organisation, person)
    row = Affiliation(person=person, organisation=organisation, role=role, starts_on=starts_on, ends_on=ends_on)
    with audit.operation(actor, "affiliation.add", subject=organisation, reason=reason) as op:
        require_live(*locked(person), *locked(organisation))
        _refuse_twice(row, "role")
        op.create(row)
    search_changed(person, organisation)
    return row


def end_affiliation(
    *, affiliation: Affiliation, actor: Any, on: date | None, reason: str = "", read: Read = None
) -> Affiliation:
    """Say on which day somebody left, or that they are there still; `StaleState` when others wrote another day."""
    person, organisation = affiliation.person, affiliation.organisation
    _require_place(actor, organisation, person)
    require_last_day(affiliation, on)
    with audit.operation(actor, "affiliation.end", subject=organisation, reason=reason) as op:
        locked(person)
        op.update(affiliation, **heed(affiliation, {"ends_on": on}, read=read, actor=actor, say=in_days))
        _refuse_twice(affiliation, "on")
    return affiliation


def remove_affiliation(*, affiliation: Affiliation, actor: Any, reason: str, read: Read = None) -> None:
    """Remove a place that was never held; one that was held is ended instead."""
    _require_place(actor, affiliation.organisation, affiliation.person)
    require_unchanged(affiliation, PLACE, read=read, actor=actor, say=in_days)
    person, organisation = affiliation.person, affiliation.organisation
    with audit.operation(actor, "affiliation.remove", subject=organisation, reason=reason) as op:
        op.delete(affiliation)
    search_changed(person, organisation)


def _refuse_twice(row: Affiliation, field: str) -> None:
    """Nobody has the same role twice in one organisation on one day."""
    same = Affiliation.objects.filter(person=row.person, organisation=row.organisation, role=row.role)
    if overlapping(same.exclude(pk=row.pk), row.starts_on, row.ends_on):
        raise RuleViolation(
            _("%(person)s has this role there already on these dates.") % {"person": row.person}, field=field
        )


def _require_place(actor: Any, organisation: Organisation, person: Person) -> None:
    """Whoever keeps the organisation's record places people in it: nobody places themselves."""
    if not allows(actor, "edit", organisation) or not allows(actor, "view", person):
        raise NotPermitted(
            _("Only those who keep the record of %(what)s place people in it.") % {"what": organisation}
        )
