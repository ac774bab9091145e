"""Creating and editing people, and their affiliations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, require
from motrice.core.reading import Read, heed
from motrice.directory.models import Affiliation, Organisation, Person
from motrice.directory.operations.guards import locked, overlapping, require_create, require_live, require_seen
from motrice.directory.tasks import search_changed

EDITABLE = ("given_name", "family_name", "email", "description", "level")


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
    """Say whose account is this person's; refused when the account or the person has another already."""
    require(actor, "merge", person)
    require_live(person)
    if person.user_id is not None and person.user_id != user.pk:
        raise RuleViolation(_("%(person)s has another account already.") % {"person": person}, field="user")
    with audit.operation(actor, "person.account", subject=person, reason=reason) as op:
        op.update(person, user=user)
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
        same = Affiliation.objects.filter(person=person, organisation=organisation, role=role)
        if overlapping(same, starts_on, ends_on):
            raise RuleViolation(
                _("%(person)s has this role there already on these dates.") % {"person": person}, field="role"
            )
        op.create(row)
    search_changed(person, organisation)
    return row


def end_affiliation(*, affiliation: Affiliation, actor: Any, on: date, reason: str = "") -> Affiliation:
    """Say on which day somebody left."""
    _require_place(actor, affiliation.organisation, affiliation.person)
    with audit.operation(actor, "affiliation.end", subject=affiliation.organisation, reason=reason) as op:
        op.update(affiliation, ends_on=on)
    return affiliation


def remove_affiliation(*, affiliation: Affiliation, actor: Any, reason: str) -> None:
    """Remove a place that was never held; one that was held is ended instead."""
    _require_place(actor, affiliation.organisation, affiliation.person)
    person, organisation = affiliation.person, affiliation.organisation
    with audit.operation(actor, "affiliation.remove", subject=organisation, reason=reason) as op:
        op.delete(affiliation)
    search_changed(person, organisation)


def _require_place(actor: Any, organisation: Organisation, person: Person) -> None:
    """Whoever keeps the organisation's record places people in it: nobody places themselves."""
    if not allows(actor, "edit", organisation) or not allows(actor, "view", person):
        raise NotPermitted(
            _("Only those who keep the record of %(what)s place people in it.") % {"what": organisation}
        )
