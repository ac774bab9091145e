"""Granting and ending roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import SITE, allows, holds
from motrice.core.values import label_of


def may_grant(actor: Any, on: models.Model | None) -> bool:
    """Administrators grant on the site; whoever may manage a record grants on it."""
    if getattr(actor, "is_system", False) or holds(actor, "administrator"):
        return True
    return on is not None and allows(actor, "manage_roles", on)


def grant_role(
    *,
    user: User,
    kind: str,
    actor: Any,
    on: models.Model | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> RoleAssignment:
    """Give a role on the site or on one record; refused to who may not manage it, and when it is held already.

    Nobody gives a role to themselves: who keeps the roles of a body would read by it what is kept from them.
    """
    if not may_grant(actor, on):
        raise NotPermitted(_("You may not give roles here."))
    if user.pk == actor.pk:
        raise NotPermitted(_("Nobody gives a role to themselves: ask somebody else who keeps the roles here."))
    if not user.is_active and not user.is_system:
        raise RuleViolation(_("This account is closed: no role can be given to it."))
    label = SITE if on is None else label_of(type(on))
    day = starts_on or timezone.localdate()
    held = RoleAssignment.objects.current(day).filter(
        user=user, kind=kind, scope_label=label, scope_pk=None if on is None else on.pk
    )
    if held.exists():
        raise RuleViolation(_("%(user)s holds this role already.") % {"user": user}, field="kind")
    role = RoleAssignment(
        user=user, kind=kind, scope_label=label, scope_pk=None if on is None else on.pk, starts_on=day, ends_on=ends_on
    )
    with audit.operation(actor, "role.grant", subject=user, reason=reason) as op:
        op.create(role)
    user.__dict__.pop("active_roles", None)
    return role


def end_role(*, role: RoleAssignment, actor: Any, on: models.Model | None = None, reason: str = "") -> RoleAssignment:
    """End a role today: access stops with the day's work, the assignment stays in the history.

    One that has ended keeps the day on which it did: it would otherwise seem to have been held until now.
    """
    if not may_grant(actor, on):
        raise NotPermitted(_("You may not end roles here."))
    if role.ends_on is not None and role.ends_on < timezone.localdate():
        raise RuleViolation(_("This role has ended already."))
    yesterday = timezone.localdate() - timedelta(days=1)
    with audit.operation(actor, "role.end", subject=role.user, reason=reason) as op:
        if role.starts_on > yesterday:
            op.delete(role)
        else:
            op.update(role, ends_on=yesterday)
    role.user.__dict__.pop("active_roles", None)
    return role
