"""Creating, editing, renaming and closing organisations and units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.identifiers import normalise
from motrice.core.policies import require
from motrice.core.reading import Read, heed, last_change, of_subject, require_read, require_unchanged
from motrice.directory.enums import NameKind, RelationKind
from motrice.directory.models import Address, Identifier, Organisation, OrganisationName, Topic, YearProfile
from motrice.directory.operations.guards import (
    in_days,
    require_create,
    require_last_day,
    require_live,
    require_seen,
)
from motrice.directory.tasks import search_changed

EDITABLE = (
    "kind",
    "name",
    "short_name",
    "description",
    "website",
    "legal_form",
    "starts_on",
    "ends_on",
    "country",
    "region",
    "city",
    "level",
)


def create_organisation(
    *,
    actor: Any,
    kind: str,
    name: str,
    identifiers: Iterable[tuple[str, str]] = (),
    reason: str = "",
    source: str = "",
    **fields: Any,
) -> Organisation:
    """Add an organisation or a unit with its identifiers; refuses an identifier that another record holds."""
    require_create(actor, Organisation)
    _known(fields)
    organisation = Organisation(kind=kind, name=" ".join(name.split()), source=source, **fields)
    with audit.operation(actor, "organisation.create", subject=None, reason=reason) as op:
        op.create(organisation)
        for scheme, value in identifiers:
            op.create(
                Identifier(organisation=organisation, scheme=scheme, value=normalise(scheme, value), source=source)
            )
        require_seen(actor, organisation)
    search_changed(organisation)
    return organisation


def edit_organisation(
    *, organisation: Organisation, actor: Any, reason: str = "", read: Read = None, **fields: Any
) -> Organisation:
    """Correct named fields; a new name that is not a correction goes through `rename_organisation`.

    `StaleState` when others changed what was `read` of it.
    """
    require(actor, "edit", organisation)
    require_live(organisation)
    _known(fields)
    with audit.operation(actor, "organisation.edit", subject=organisation, reason=reason) as op:
        op.update(organisation, **heed(organisation, fields, read=read, actor=actor))
        require_seen(actor, organisation)
    search_changed(organisation)
    return organisation


def rename_organisation(
    *,
    organisation: Organisation,
    actor: Any,
    name: str,
    short_name: str | None = None,
    on: date,
    reason: str = "",
    read: Read = None,
) -> Organisation:
    """Give a new name from a date; the old one stays as a former name and still finds the record.

    `StaleState` when it was given another since it was `read`.
    """
    require(actor, "edit", organisation)
    require_live(organisation)
    require_unchanged(organisation, ("name", "short_name"), read=read, actor=actor)
    name = " ".join(name.split())
    if name == organisation.name and short_name in (None, organisation.short_name):
        raise RuleViolation(_("It bears this name already: type the new one."), field="name")
    if organisation.starts_on is not None and on <= organisation.starts_on:
        raise RuleViolation(
            _("It exists since %(day)s: a new name begins after that day.")
            % {"day": date_format(organisation.starts_on)},
            field="on",
        )
    last_day = on - timedelta(days=1)
    with audit.operation(actor, "organisation.rename", subject=organisation, reason=reason) as op:
        for old, new, kind in (
            (organisation.name, name, NameKind.FORMER),
            (organisation.short_name, short_name, NameKind.ACRONYM),
        ):
            if new is not None and old and old != new:
                op.create(OrganisationName(organisation=organisation, kind=kind, value=old, ends_on=last_day))
        changes = {"name": name} if short_name is None else {"name": name, "short_name": short_name}
        op.update(organisation, **changes)
    search_changed(organisation)
    return organisation


def close_organisation(
    *, organisation: Organisation, actor: Any, on: date, reason: str = "", read: Read = None
) -> Organisation:
    """Say on which day it ended; the links that still run end with it, successions excepted.

    `StaleState` when others wrote another last day since it was `read`.
    """
    require(actor, "edit", organisation)
    require_live(organisation)
    if organisation.starts_on is not None and on < organisation.starts_on:
        raise RuleViolation(_("It cannot close before it started."), field="on")
    with audit.operation(actor, "organisation.close", subject=organisation, reason=reason) as op:
        op.update(organisation, **heed(organisation, {"ends_on": on}, read=read, actor=actor, say=in_days))
        links = [*organisation.links_out.on(on), *organisation.links_in.on(on)]
        running = [link for link in links if link.kind != RelationKind.SUCCEEDED_BY]
        for row in [*running, *organisation.affiliations.on(on)]:
            if row.ends_on is None:
                op.update(row, ends_on=on)
    search_changed(organisation)
    return organisation


def _known(fields: dict[str, Any]) -> None:
    for name in fields:
        if name not in EDITABLE:
            raise RuleViolation(
                _("An organisation has no field “%(name)s” that can be set.") % {"name": name}, field=name
            )


def add_name(
    *,
    organisation: Organisation,
    actor: Any,
    kind: str,
    value: str,
    language: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> OrganisationName:
    """Add another name, acronym, former name or translation; refuses one that the record bears already."""
    require(actor, "edit", organisation)
    require_live(organisation)
    text = " ".join(value.split())
    row = OrganisationName(
        organisation=organisation, kind=kind, value=text, language=language, starts_on=starts_on, ends_on=ends_on
    )
    with audit.operation(actor, "organisation.name.add", subject=organisation, reason=reason) as op:
        if organisation.names.filter(kind=kind, value=text, language=language).exists():
            raise RuleViolation(_("It bears the name “%(name)s” already.") % {"name": text}, field="value")
        op.create(row)
    search_changed(organisation)
    return row


def end_name(
    *, name: OrganisationName, actor: Any, on: date | None, reason: str = "", read: Read = None
) -> OrganisationName:
    """Say until which day a name was borne, or that it still is; it finds the record all the same."""
    require(actor, "edit", name.organisation)
    require_live(name.organisation)
    require_last_day(name, on)
    with audit.operation(actor, "organisation.name.end", subject=name.organisation, reason=reason) as op:
        op.update(name, **heed(name, {"ends_on": on}, read=read, actor=actor, say=in_days))
    return name


def remove_name(*, name: OrganisationName, actor: Any, reason: str, read: Read = None) -> None:
    """Remove a name that was never right; a name that was borne once is ended instead."""
    require(actor, "edit", name.organisation)
    organisation = name.organisation
    require_live(organisation)
    require_unchanged(name, read or (), read=read, actor=actor, say=in_days)
    with audit.operation(actor, "organisation.name.remove", subject=organisation, reason=reason) as op:
        op.delete(name)
    search_changed(organisation)


def set_address(
    *, organisation: Organisation, actor: Any, reason: str = "", read: Read = None, **fields: Any
) -> Address:
    """Write where it is: changes the address that holds today, or adds the first one; `StaleState` as in editing."""
    require(actor, "edit", organisation)
    require_live(organisation)
    with audit.operation(actor, "organisation.address", subject=organisation, reason=reason) as op:
        held = organisation.addresses.on().first()
        if held is None:
            return op.create(Address(organisation=organisation, **fields))
        op.update(held, **heed(held, fields, read=read, actor=actor))
    return held


def set_profile(
    *,
    organisation: Organisation,
    actor: Any,
    year: int,
    source: str,
    reason: str = "",
    read: Read = None,
    **fields: Any,
) -> YearProfile:
    """Write size and sector of one year, with where that was read; `StaleState` as in editing."""
    require(actor, "edit", organisation)
    require_live(organisation)
    with audit.operation(actor, "organisation.profile", subject=organisation, reason=reason) as op:
        held = organisation.profiles.filter(year=year).first()
        if held is None:
            return op.create(YearProfile(organisation=organisation, year=year, source=source, **fields))
        op.update(held, **heed(held, {"source": source, **fields}, read=read, actor=actor))
    return held


def remove_profile(*, profile: YearProfile, actor: Any, reason: str, read: Read = None) -> None:
    """Take away a year that was never right, such as one of another body."""
    require(actor, "edit", profile.organisation)
    require_live(profile.organisation)
    require_unchanged(profile, read or (), read=read, actor=actor)
    with audit.operation(actor, "organisation.profile.remove", subject=profile.organisation, reason=reason) as op:
        op.delete(profile)


def set_topics(
    *, organisation: Organisation, actor: Any, scheme: str, codes: Iterable[str], reason: str = "", read: Read = None
) -> list[Topic]:
    """State the fields of one scheme anew: adds the new ones and removes those no longer stated.

    `StaleState` when they are no longer the `codes` that were `read`, in the order of their characters.
    """
    require(actor, "edit", organisation)
    require_live(organisation)
    wanted = set(codes)
    with audit.operation(actor, "organisation.topics", subject=organisation, reason=reason) as op:
        held = {topic.code: topic for topic in organisation.topics.filter(scheme=scheme)}
        require_read(
            "codes",
            sorted(held),
            read=read,
            label=_("Fields of work"),
            theirs=", ".join(sorted(held)),
            changed=lambda: last_change(Topic, of_subject(organisation)),
            actor=actor,
        )
        for code in sorted(held.keys() - wanted):
            op.delete(held[code])
        for code in sorted(wanted - held.keys()):
            op.create(Topic(organisation=organisation, scheme=scheme, code=code))
    search_changed(organisation)
    return list(organisation.topics.filter(scheme=scheme))
