"""Secret addresses of one's own calendars: made, found by their hash, revoked."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import CalendarAddress
from motrice.accounts.operations.tokens import note_use
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import require
from motrice.core.secret_digest import digest
from motrice.web.calendars import declared

PER_KIND = 5


def make_calendar_address(*, kind: str, actor: Any) -> tuple[CalendarAddress, str]:
    """Make a new address of one's own calendar; the second value is its secret, which nothing can show again."""
    if not actor.is_authenticated or actor.pk is None:
        raise NotPermitted(_("Sign in to make an address of your calendar."))
    if kind not in declared():
        raise RuleViolation(_("Choose one of %(kinds)s.") % {"kinds": ", ".join(sorted(declared()))}, field="kind")
    if CalendarAddress.objects.valid().filter(user=actor, kind=kind).count() >= PER_KIND:
        raise RuleViolation(_("You have %(n)d addresses already: revoke one first.") % {"n": PER_KIND})
    token = secrets.token_urlsafe(32)
    address = CalendarAddress(user=actor, kind=kind, digest=digest(token))
    with audit.operation(actor, "calendar.create", subject=actor) as op:
        op.create(address)
    return address, token


def revoke_calendar_address(*, address: CalendarAddress, actor: Any) -> CalendarAddress:
    """Close an address: calendars that still ask it get nothing."""
    require(actor, "edit", address)
    with audit.operation(actor, "calendar.revoke", subject=address) as op:
        op.update(address, revoked_at=address.revoked_at or timezone.now())
    return address


def find_calendar_address(token: str) -> CalendarAddress | None:
    """The address that a secret opens, its use noted; none when revoked, or when the account is closed."""
    address = CalendarAddress.objects.valid().select_related("user").filter(digest=digest(token)).first()
    if address is not None:
        note_use(address)
    return address
