"""The levels of confidentiality, from everybody to a named circle, and the clauses that read them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import EVERYTHING, Clause, clause, holds, scopes


class Level(models.TextChoices):
    """Who may see a record besides those who work on it."""

    PUBLIC = "public", _("Public")
    NETWORK = "network", _("Network")
    ORGANISATION = "organisation", _("Organisation")
    CIRCLE = "circle", _("Named circle")


def public_clause(field: str = "level") -> Clause:
    """Everybody sees what is public."""

    @clause(_("It is public."))
    def is_public(actor: Any) -> Q:
        return Q(**{field: Level.PUBLIC})

    return is_public


def network_clause(field: str = "level") -> Clause:
    """Whoever works in an institution of the network sees what is shared with the network."""

    @clause(_("It is shared with the network, and you work in it."))
    def is_shared_with_network(actor: Any) -> Q | None:
        return Q(**{field: Level.NETWORK}) if getattr(actor, "is_network_member", False) else None

    return is_shared_with_network


def circle_clause(label: str) -> Clause:
    """Whoever was named in the record's circle sees it."""

    @clause(_("You are named in its circle."))
    def is_in_circle(actor: Any) -> Q | None:
        named = scopes(actor, label, "circle")
        return Q(pk__in=named) if named else None

    return is_in_circle


def everything_clause(name: str, words: Any, *kinds: str) -> Clause:
    """Whoever holds one of these roles on the whole site sees every row."""
    return Clause(name=name, words=words, rule=lambda actor: EVERYTHING if holds(actor, *kinds) else None)
