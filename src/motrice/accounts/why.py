"""“Why can I see this?” and “who else can?”: answered from the very rules that decide, role by role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext as _

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.queries import RoleInWords, roles_in_words
from motrice.core import policies
from motrice.core.models import AuditChange
from motrice.core.policies import RoleGrant, allows, clauses_of


@dataclass(frozen=True)
class Ground:
    """One reason that holds, and the role that makes it hold, with who gave it and when."""

    words: str
    role: RoleInWords | None = None
    given_by: str = ""
    given_at: datetime | None = None
    reason: str = ""


def grounds(actor: Any, obj: models.Model, action: str = "view") -> list[Ground]:
    """Every reason for which the actor may do this to a record, down to the role assignment and its giver."""
    found: list[Ground] = []
    held = RoleAssignment.objects.current().filter(user_id=actor.pk) if actor.pk else RoleAssignment.objects.none()
    in_words = roles_in_words(held.select_related("user"), actor=actor)
    for clause in clauses_of(type(obj), action):
        if not _holds(clause, actor, obj):
            continue
        words = str(clause.words)
        if _holds(clause, _probe(actor, []), obj):
            found.append(Ground(words))
            continue
        giving = [item for item in in_words if _holds(clause, _probe(actor, [item.role]), obj)]
        found += [_traced(words, item) for item in giving] or [Ground(words)]
    return found


def _holds(clause: policies.Clause, actor: Any, obj: models.Model) -> bool:
    q = clause.rule(actor)
    return q is not None and (not q or type(obj)._base_manager.filter(q, pk=obj.pk).exists())


def _probe(actor: Any, roles: Iterable[RoleAssignment]) -> Any:
    """The same person holding these roles only."""
    if not actor.pk:
        return actor
    probe = copy(actor)
    probe.__dict__["active_roles"] = tuple(RoleGrant(role.kind, role.scope_label, role.scope_pk) for role in roles)
    return probe


def _traced(words: str, item: RoleInWords) -> Ground:
    label = RoleAssignment._meta.label_lower
    change = (
        AuditChange.objects.filter(label=label, object_pk=item.role.pk, action=AuditChange.Action.CREATE)
        .select_related("entry", "entry__actor")
        .first()
    )
    if change is None:
        return Ground(words, item)
    giver = str(change.entry.actor) if change.entry.actor else _("Motrice itself")
    return Ground(words, item, giver, change.entry.at, change.entry.reason)


@dataclass(frozen=True)
class Readers:
    """Who else may see a record: everybody, or these roles and their holders."""

    everybody: bool
    everyone_signed_in: bool
    holders: list[tuple[str, list[User]]]


def readers(obj: models.Model) -> Readers:
    """Who may see a record by role; each kind of role is asked once for all its holders, then cut in halves."""
    if allows(AnonymousUser(), "view", obj):
        return Readers(True, True, [])
    if allows(_stranger([]), "view", obj):
        return Readers(False, True, [])
    by_kind: dict[str, list[RoleAssignment]] = defaultdict(list)
    rows = RoleAssignment.objects.current().filter(user__is_active=True).select_related("user").order_by("pk")
    for role in rows:
        by_kind[role.kind].append(role)
    holders = []
    for kind in sorted(by_kind):
        people = {role.user for role in _giving(by_kind[kind], obj)}
        if people:
            holders.append((str(RoleKind(kind).label), sorted(people, key=lambda user: (user.display_name, user.pk))))
    return Readers(False, False, holders)


def _stranger(roles: Sequence[RoleAssignment]) -> User:
    """Nobody in particular, holding these roles."""
    somebody = User(pk=0)
    somebody.__dict__["active_roles"] = tuple(RoleGrant(role.kind, role.scope_label, role.scope_pk) for role in roles)
    return somebody


def _giving(roles: Sequence[RoleAssignment], obj: models.Model) -> list[RoleAssignment]:
    if not roles or not allows(_stranger(roles), "view", obj):
        return []
    if len(roles) == 1:
        return list(roles)
    half = len(roles) // 2
    return _giving(roles[:half], obj) + _giving(roles[half:], obj)
