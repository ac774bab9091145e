"""Creating and closing accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import holds

SYSTEM_EMAIL = "system@motrice.invalid"


def system_user() -> User:
    """Motrice itself, as the actor of jobs and of the first start; made once."""
    user = User.objects.filter(is_system=True).first()
    if user is None:
        user = User(
            username="system",
            email=SYSTEM_EMAIL,
            display_name="Motrice",
            is_system=True,
            is_active=False,
            password=make_password(None),
        )
        with audit.operation(None, "user.create", reason="first start") as op:
            op.create(user)
    return user


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
    user.__dict__.pop("active_roles", None)
    return user
