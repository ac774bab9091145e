"""Access tokens of the API: made, used and revoked; the secret itself is shown once and never kept."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import ApiToken, CalendarAddress
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.secret_digest import digest

MAX_DAYS = 366
USE_RECORDED_EVERY = timedelta(minutes=1)


def create_token(*, actor: Any, name: str, scopes: list[str], expires_on: date) -> tuple[ApiToken, str]:
    """Make a token for oneself; the second value is its secret, which nothing can show again."""
    if not actor.is_authenticated or actor.pk is None:
        raise NotPermitted(_("Sign in to make an access token."))
    unknown = sorted(set(scopes) - set(known_scopes()))
    if unknown or not scopes:
        raise RuleViolation(
            _("Choose among these scopes: %(scopes)s.") % {"scopes": ", ".join(known_scopes())}, field="scopes"
        )
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=MAX_DAYS):
        raise RuleViolation(_("A token is valid from today for a year at most."), field="expires_on")
    token = ApiToken(user=actor, name=name.strip(), scopes=sorted(set(scopes)), expires_on=expires_on)
    secret = f"motrice_{token.reference}_{secrets.token_urlsafe(32)}"
    token.digest = digest(secret)
    with audit.operation(actor, "token.create", subject=actor) as op:
        op.create(token)
    return token, secret


def revoke_token(*, token: ApiToken, actor: Any, reason: str = "") -> ApiToken:
    """Close a token at once; it stays in the list with its last use. One that is closed stays as it was closed."""
    policies.require(actor, "revoke", token)
    with transaction.atomic():
        now = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if now.revoked_at is None:
            with audit.operation(actor, "token.revoke", subject=token.user, reason=reason) as op:
                op.update(now, revoked_at=timezone.now())
    token.revoked_at = now.revoked_at
    return token


def find_token(secret: str) -> ApiToken | None:
    """The valid token of this secret, its use noted at most once a minute."""
    token = ApiToken.objects.valid().select_related("user").filter(digest=digest(secret)).first()
    if token is not None:
        note_use(token)
    return token


def note_use(row: ApiToken | CalendarAddress) -> None:
    """Say that a secret opened something now, at most once a minute; a time outside the log, like a sign-in's."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_RECORDED_EVERY)
    type(row)._base_manager.filter(stale, pk=row.pk).update(last_used_at=now)


@cache
def known_scopes() -> list[str]:
    """What a token can be limited to: reading and writing in each app that has an `api` package."""
    areas = [config.label for config in apps.get_app_configs() if has_api(config)]
    return sorted(f"{area}:{act}" for area in areas for act in ("read", "write"))


def has_api(config: AppConfig) -> bool:
    """Whether an app of Motrice declares addresses of the API."""
    return config.name.startswith("motrice.") and find_spec(f"{config.name}.api") is not None
