"""Reads of the accounts app that others use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motrice.accounts.models import ApiToken, CalendarAddress, EmergencyAccess, Follow, RoleAssignment
from motrice.accounts.records import address_of, models_with_reference, record_of, words_for
from motrice.core.mailing import REASONS
from motrice.core.models import AuditEntry
from motrice.core.policies import SITE, allows


@dataclass(frozen=True)
class RoleInWords:
    """A role, what it is held on, since when and until when."""

    role: RoleAssignment
    kind: str
    held_on: str
    url: str
    starts_on: date
    ends_on: date | None


def roles_in_words(roles: Iterable[RoleAssignment], *, actor: Any) -> list[RoleInWords]:
    """Roles with the names of the records they are held on, where the reader may see the record."""
    shown = []
    for role in roles:
        record = record_of(role.scope_label, role.scope_pk)
        name = words_for(record)
        if role.scope_label != SITE and (record is None or not allows(actor, "view", record)):
            record, name = None, _("a record that you may not see")
        shown.append(
            RoleInWords(
                role,
                role.get_kind_display(),
                name,
                address_of(record),
                role.starts_on,
                role.ends_on,
            )
        )
    return shown


def own_data(user: Any) -> dict[str, Any]:
    """What the site keeps about an account: for its owner, who may ask to see and correct it."""
    day = lambda value: value.isoformat() if value else None  # noqa: E731 - used four lines below, nowhere else
    return {
        "account": {
            "reference": user.reference,
            "email": user.email,
            "name": user.display_name,
            "language": user.language,
            "joined": day(user.date_joined),
            "last_sign_in": day(user.last_login),
        },
        "roles": [
            {
                "role": role.kind,
                "held_on": role.scope_label,
                "record": words_for(record_of(role.scope_label, role.scope_pk)),
                "from": day(role.starts_on),
                "to": day(role.ends_on),
            }
            for role in RoleAssignment.objects.filter(user=user)
        ],
        "tokens": [
            {
                "name": token.name,
                "scopes": token.scopes,
                "made": day(token.created_at),
                "used": day(token.last_used_at),
            }
            for token in ApiToken.objects.filter(user=user)
        ],
        "calendars": [
            {
                "kind": address.kind,
                "made": day(address.made_at),
                "used": day(address.last_used_at),
                "revoked": day(address.revoked_at),
            }
            for address in CalendarAddress.objects.filter(user=user)
        ],
        "followed": Follow.objects.filter(user=user).count(),
        "acts": [
            {"at": day(entry.at), "what": entry.verb}
            for entry in AuditEntry.objects.filter(actor=user).order_by("-sequence")[:1000]
        ],
    }


def calendar_addresses(actor: Any, kind: str) -> list[CalendarAddress]:
    """The addresses of somebody's calendar that still answer, the newest first."""
    return list(CalendarAddress.objects.permitted(actor).valid().filter(kind=kind))


def follows(actor: Any, record: models.Model) -> bool:
    """Whether somebody follows a record."""
    rows = Follow.objects.permitted(actor)
    return rows.filter(label=record._meta.label_lower, object_pk=record.pk).exists()


def followed_rows(actor: Any) -> dict[str, dict[int, Any]]:
    """The records that somebody follows and may still see, by kind and key."""
    if not actor.pk:
        return {}
    kinds, keys = models_with_reference(), Follow.objects.permitted(actor).values_list("label", "object_pk")
    found: dict[str, dict[int, Any]] = {}
    for label in sorted({label for label, _pk in keys} & set(kinds)):
        wanted = [pk for each, pk in keys if each == label]
        found[label] = kinds[label].objects.permitted(actor).in_bulk(wanted)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Followed:
    """A followed record as the home page shows it."""

    label: str
    reference: str
    words: str
    kind: str
    url: str


def followed_records(actor: Any) -> list[Followed]:
    """What somebody follows, by name, each with its page."""
    rows = [(label, row) for label, found in followed_rows(actor).items() for row in found.values()]
    shown = [
        Followed(label, row.reference, words_for(row), str(row._meta.verbose_name), address_of(row))
        for label, row in rows
    ]
    return sorted(shown, key=lambda row: (row.words, row.reference))


def missed_notices(access: EmergencyAccess) -> list[str]:
    """Who was not told of a break-glass access, and why: to be told by another way."""
    words = _("%(who)s was not told: %(why)s")
    return [words % {"who": row["name"], "why": REASONS.get(row["reason"], "")} for row in access.missed]


def untold_accesses(actor: Any, since: datetime) -> QuerySet:
    """The break-glass accesses begun since then of which somebody was not told, as far as the actor sees them."""
    rows = EmergencyAccess.objects.permitted(actor).filter(starts_at__gte=since).exclude(missed=[])
    return rows.select_related("user").order_by("-starts_at")
