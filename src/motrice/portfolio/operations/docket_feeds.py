"""Secret addresses of a calendar of deadlines: made, read by their hash, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.portfolio.models import DocketFeed

PER_USER = 5


def hash_token(token: str) -> str:
    """What is kept of a secret address: a reader of the database cannot rebuild it."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_docket_feed(*, actor: User) -> tuple[DocketFeed, str]:
    """Make a new address of somebody's own deadlines; the secret is shown once."""
    if DocketFeed.objects.filter(user=actor, revoked_at=None).count() >= PER_USER:
        raise RuleViolation(_("You have %(n)d addresses already: revoke one first.") % {"n": PER_USER})
    token = secrets.token_urlsafe(32)
    feed = DocketFeed(user=actor, token_hash=hash_token(token), made_at=timezone.now())
    with audit.operation(actor, "docket_feed.make", subject=actor) as op:
        op.create(feed)
    return feed, token


def revoke_docket_feed(*, feed: DocketFeed, actor: User) -> DocketFeed:
    """Close an address: calendars that still ask it get nothing."""
    require(actor, "edit", feed)
    with audit.operation(actor, "docket_feed.revoke", subject=feed) as op:
        op.update(feed, revoked_at=timezone.now())
    return feed


def docket_feed_user(token: str) -> User | None:
    """Whose calendar a secret address opens: nobody's when revoked, or when the account is closed."""
    feed = DocketFeed.objects.select_related("user").filter(token_hash=hash_token(token), revoked_at=None).first()
    return feed.user if feed is not None and feed.user.is_active else None
