"""Reads of the accounts app that others use."""

from __future__ import annotations

from motrice.accounts.models import FeedAddress, User
from motrice.core.secret_digest import digest


def feed_owner(kind: str, secret: str) -> User | None:
    """The open account whose feed has this secret address, or None when it is unknown, revoked or closed."""
    address = (
        FeedAddress.objects.filter(kind=kind, digest=digest(secret), revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return address.user if address else None
