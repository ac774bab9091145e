"""Saving, and removing, a view of a list."""

from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit, policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.web.models import SavedView


def save_view(*, actor: Any, list_name: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a list's address under a name; the same name again replaces the address."""
    if not actor.is_authenticated:
        raise NotPermitted(_("Sign in to save a view."))
    if is_shared and not getattr(actor, "is_network_member", False):
        raise RuleViolation(_("Only members of the network share views."), field="is_shared")
    existing = SavedView.objects.filter(user=actor, list_name=list_name, name=name.strip()).first()
    with audit.operation(actor, "saved_view.save", subject=existing) as op:
        if existing is not None:
            op.update(existing, query=query, is_shared=is_shared)
            return existing
        return op.create(
            SavedView(user=actor, list_name=list_name, name=name.strip(), query=query, is_shared=is_shared)
        )


def delete_view(*, actor: Any, view: SavedView) -> None:
    """Remove a view; the records it listed are untouched."""
    policies.require(actor, "edit", view)
    with audit.operation(actor, "saved_view.delete", subject=view) as op:
        op.delete(view)
