"""Creating and closing accounts."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import ApiToken, EmergencyAccess, Invitation, RoleAssignment, User
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.core.policies import holds

SYSTEM_EMAIL = "system@motrice.invalid"


def system_user() -> User:
    """Motrice itself, as the actor of jobs and of the first start; made once, however many start at once."""
    user = User.objects.filter(is_system=True).first()
    return user if user is not None else _first_start()


def _first_start() -> User:
    user = User(
        username="system",
        email=SYSTEM_EMAIL,
        display_name="Motrice",
        is_system=True,
        is_active=False,
        password=make_password(None),
    )
    try:
        with audit.operation(None, "user.create", reason="first start") as op:
            return op.create(user)
    except (RuleViolation, StaleState):  # its name and its address are unique: another process made it meanwhile
        made = User.objects.filter(is_system=True).first()
        if made is None:
            raise
        return made


def create_user(
    *, email: str, display_name: str, actor: Any, password: str | None = None, language: str = "fr", reason: str = ""
) -> User:
    """Open an account; without a password its owner sets one through the mail."""
    if not (getattr(actor, "is_system", False) or holds(actor, "administrator", "officer", "coordinator")):
        raise NotPermitted(_("You may not open accounts."))
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise RuleViolation(_("There is an account for %(email)s already.") % {"email": address}, field="email")
    user = User(
        username=address,
        email=address,
        display_name=display_name.strip(),
        language=language,
        password=make_password(password),
    )
    with audit.operation(actor, "user.create", reason=reason) as op:
        op.create(user)
    return user


def close_user(*, user: User, actor: Any, reason: str) -> User:
    """Close an account the same day: it can no longer sign in, and its roles end; its history stays."""
    if not (getattr(actor, "is_system", False) or holds(actor, "administrator")):
        raise NotPermitted(_("You may not close accounts."))
    with audit.operation(actor, "user.close", subject=user, reason=reason) as op:
        op.update(user, is_active=False)
        today = timezone.localdate()
        for role in RoleAssignment.objects.current().filter(user=user):
            op.update(role, ends_on=max(today, role.starts_on))
        for coming in RoleAssignment.objects.filter(user=user, starts_on__gt=today):
            op.delete(coming)
        now = timezone.now()
        for token in ApiToken.objects.filter(user=user, revoked_at__isnull=True):
            op.update(token, revoked_at=now)
        for invitation in Invitation.objects.open().filter(Q(email=user.email) | Q(invited_by=user)):
            op.update(invitation, revoked_at=now)
        for access in EmergencyAccess.objects.current().filter(user=user):
            op.update(access, ends_at=now)
        end_sessions(user)
    user.__dict__.pop("active_roles", None)
    return user


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign a person out everywhere, except in the session named; how many were ended."""
    keys = [row.session_key for row in UserSession.objects.filter(user=user) if row.session_key != but]
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store(key).delete()
    UserSession.objects.filter(user=user, session_key__in=keys).delete()
    return len(keys)


def edit_profile(*, user: User, actor: Any, **values: Any) -> User:
    """Change a person's name, language and the look of their screens."""
    policies.require(actor, "edit", user)
    with audit.operation(actor, "user.edit", subject=user) as op:
        op.update(user, **values)
    return user


def set_password(*, user: User, password: str) -> None:
    """Keep the hash of a new password, and note in the log that it changed (never what it is)."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.trace(user if user.pk else None, "user.password", subject=user)
