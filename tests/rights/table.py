"""The table of rights: for each model and action, which of the world's rows each kind of actor may act on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import User
from motrice.core.policies import SITE, RoleGrant, actions_of, registered, scope
from tests.rights.world import RightsWorld

FILE = Path(__file__).parent / "rights.txt"
HEADER = """\
Who may do what, on the rows of the world in tests/rights/world.py. Made by the tests: approve a change of a right by
reading its difference, then `make suite ARGS="tests/test_rights.py --write-rights"`. A role that gives no more than
signing in has no line; `everything` is every row that the world names.
"""


def somebody(*grants: RoleGrant) -> User:
    """An account to which nothing belongs, with these roles."""
    user = User(pk=-1, email="somebody@example.org")
    user.__dict__["active_roles"] = grants
    return user


@dataclass(frozen=True)
class Who:
    """One actor: a role held on something, or somebody told in words."""

    actor: Any
    role: str
    place: str = ""


def actors(world: RightsWorld) -> Iterator[Who]:
    """Each role on the site and on each body; who is named in every circle; and some to whom rows belong."""
    for kind in RoleKind:
        yield Who(somebody(RoleGrant(kind, SITE, None)), kind.value, "the site")
        for words, row in world.holdings.items():
            yield Who(somebody(RoleGrant(kind, "directory.organisation", row.pk)), kind.value, words)
    circles = [
        RoleGrant(RoleKind.CIRCLE, model._meta.label_lower, pk) for model, names in world.names.items() for pk in names
    ]
    yield Who(somebody(*circles), "named in the circle of each row")
    for words, user in world.people.items():
        yield Who(user, words)


def allowed(world: RightsWorld, actor: Any, model: type[models.Model], action: str) -> frozenset[str]:
    """The names of the rows on which the actor may do this."""
    names = world.names[model]
    rows = scope(model._base_manager.filter(pk__in=names), actor, action)
    return frozenset(names[pk] for pk in rows.values_list("pk", flat=True))


def table(world: RightsWorld) -> str:
    """The whole table as text: some rows, then line by line who may act on exactly these."""
    everybody = list(actors(world))
    parts = [HEADER]
    for model in sorted(registered(), key=lambda each: each._meta.label):
        for action in actions_of(model):
            plain = allowed(world, somebody(), model, action)
            found: dict[frozenset[str], list[Who]] = defaultdict(list)
            found[allowed(world, AnonymousUser(), model, action)].append(Who(None, "nobody signed in"))
            found[plain].append(Who(None, "anyone signed in"))
            for who in everybody:
                rows = allowed(world, who.actor, model, action)
                if rows != plain:
                    found[rows].append(who)
            lines = [f"  {_rows(world, model, rows)}\n{_words(group)}" for rows, group in found.items()]
            parts.append("\n".join([f"{model._meta.label} {action}", *sorted(lines)]) + "\n")
    return "\n".join(parts)


def _words(group: list[Who]) -> str:
    """Roles that hold on the same places share a line."""
    places: dict[str, list[str]] = defaultdict(list)
    for who in group:
        places[who.role].append(who.place)
    roles: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for role, held in places.items():
        roles[tuple(held)].append(role)
    lines = [f"{', '.join(same)} on {', '.join(held)}" for held, same in roles.items() if held != ("",)]
    return "\n".join(f"    - {line}" for line in [*roles.get(("",), []), *lines])


def _rows(world: RightsWorld, model: type[models.Model], rows: frozenset[str]) -> str:
    if rows == frozenset(world.names[model].values()):
        return "everything"
    return "; ".join(sorted(rows)) or "nothing"
