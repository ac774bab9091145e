"""Secret addresses of personal feeds: one at a time for each feed, replaced or revoked at will."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import FeedAddress
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted
from motrice.core.secret_digest import digest


def create_feed(*, actor: Any, kind: str) -> tuple[FeedAddress, str]:
    """Make a new secret for a feed; the one before stops working. The secret is shown once."""
    if not actor.is_authenticated or actor.pk is None:
        raise NotPermitted(_("Sign in to have a feed."))
    secret = secrets.token_urlsafe(32)
    address = FeedAddress(user=actor, kind=kind, digest=digest(secret))
    with audit.operation(actor, "feed.create", subject=actor) as op:
        for old in FeedAddress.objects.filter(user=actor, kind=kind, revoked_at__isnull=True):
            op.update(old, revoked_at=timezone.now())
        op.create(address)
    return address, secret


def revoke_feed(*, address: FeedAddress, actor: Any) -> FeedAddress:
    """Stop a feed: whoever has its address gets nothing more."""
    policies.require(actor, "revoke", address)
    with audit.operation(actor, "feed.revoke", subject=address.user) as op:
        op.update(address, revoked_at=address.revoked_at or timezone.now())
    return address
