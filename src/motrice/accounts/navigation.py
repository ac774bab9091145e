"""The places of the accounts app in the frame of every page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.core.policies import holds
from motrice.web import navigation


def administers(actor: Any) -> bool:
    """Who manages accounts and roles."""
    return holds(actor, "administrator")


def audits(actor: Any) -> bool:
    """Who reads the log."""
    return holds(actor, "auditor")


def may_view_as(actor: Any) -> bool:
    """Who may see the site as somebody else."""
    return holds(actor, "administrator", "coordinator") and getattr(actor, "ceiling", None) is None


def declare() -> None:
    """Called once at start."""
    navigation.register(
        navigation.Area(_("Accounts and roles"), "accounts:users", icon="users", visible=administers, order=80)
    )
    navigation.register(navigation.Area(_("Audit log"), "accounts:audit", icon="list-check", visible=audits, order=85))
    navigation.register_account_link(navigation.Area(_("My account"), "accounts:profile", icon="user-circle"))
    navigation.register_account_link(
        navigation.Area(_("See the site as…"), "accounts:view_as", icon="eye", visible=may_view_as)
    )
