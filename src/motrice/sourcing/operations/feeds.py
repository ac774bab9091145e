"""Secret addresses of the desk's calendar: made, read by their hash, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.sourcing.models import DeskFeed

PER_USER = 5


def hash_token(token: str) -> str:
    """What is kept of a secret address: a reader of the database cannot rebuild it."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(*, user: User) -> tuple[DeskFeed, str]:
    """Make a new address of somebody's own calendar; the secret is shown once."""
    if DeskFeed.objects.filter(user=user, revoked_at=None).count() >= PER_USER:
        raise RuleViolation(_("You have %(n)d addresses already: revoke one first.") % {"n": PER_USER})
    token = secrets.token_urlsafe(32)
    feed = DeskFeed(user=user, token_hash=hash_token(token), made_at=timezone.now())
    with audit.operation(user, "feed.make", subject=user) as op:
        op.create(feed)
    return feed, token


def revoke_feed(*, feed: DeskFeed, actor: User) -> DeskFeed:
    """Close an address: calendars that still ask it get nothing."""
    require(actor, "edit", feed)
    with audit.operation(actor, "feed.revoke", subject=feed) as op:
        op.update(feed, revoked_at=timezone.now())
    return feed


def feed_user(token: str) -> User | None:
    """Whose calendar a secret address opens: nobody's when revoked, or when the account is closed."""
    feed = DeskFeed.objects.select_related("user").filter(token_hash=hash_token(token), revoked_at=None).first()
    return feed.user if feed is not None and feed.user.is_active else None
