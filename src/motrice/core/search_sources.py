"""What can be found: each app declares in its `search_documents.py` how its records are named, told and seen.

A source gives names for the box that suggests as one types, texts for the index of evidence, or both. The tokens in
`access` say who may find a record; they follow the policy of its model, and whoever shows a result asks that policy
once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from motrice.core import policies
from motrice.engines.search import Document
from motrice.engines.search.names import NameRecord

PUBLIC, NETWORK = "public", "network"


@dataclass(frozen=True)
class SearchSource:
    """How the records of one model are found; `parts` names the models whose change changes them, with their key.

    `heading` is the title under which the search page lists records found by name; empty leaves it to the directory.
    """

    model: type[models.Model]
    rows: Callable[[], models.QuerySet]
    names: Callable[[Sequence[Any]], list[NameRecord]] | None = None
    documents: Callable[[Sequence[Any]], list[Document]] | None = None
    parts: dict[type[models.Model], tuple[str, ...]] = field(default_factory=dict)
    heading: Any = ""

    @property
    def label(self) -> str:
        """The label of its model."""
        return str(self.model._meta.label_lower)


_sources: dict[str, SearchSource] = {}
_tokens: list[Callable[[Any], set[str]]] = []


def register(source: SearchSource) -> None:
    """Declare a source; one for each model."""
    if source.label in _sources:
        raise ValueError(f"Two search sources are declared for {source.label}.")
    _sources[source.label] = source


def register_tokens(tokens: Callable[[Any], set[str]]) -> None:
    """Declare what else an actor holds: an app whose policies look at more than levels and circles."""
    _tokens.append(tokens)


def sources() -> list[SearchSource]:
    """Every declared source, by label."""
    return [_sources[label] for label in sorted(_sources)]


def record_id(label: str, pk: int) -> str:
    """The key of a record in the indexes."""
    return f"{label}:{pk}"


def access_tokens(actor: Any) -> list[str] | None:
    """What an actor holds in the search: a record is found with one token in common. None is no limit at all."""
    if getattr(actor, "is_system", False):
        return None
    held = {PUBLIC}
    if getattr(actor, "is_network_member", False):
        held.add(NETWORK)
    if getattr(actor, "pk", None):
        held.add(f"user:{actor.pk}")
    for role in policies.roles(actor):
        if role.scope_label == policies.SITE:
            held.add(f"site:{role.kind}")
        elif role.kind == "circle":
            held.add(f"record:{role.scope_label}:{role.scope_pk}")
    for tokens in _tokens:
        held |= tokens(actor)
    ceiling = getattr(actor, "ceiling", None)
    if ceiling is not None:  # somebody sees the site as another: only what both may find by the same right
        limits = access_tokens(ceiling)
        held = held if limits is None else held & set(limits)
    return sorted(held)


def level_tokens(level: str, label: str, pk: int) -> set[str]:
    """The tokens of a record's level, and of its circle."""
    held = {f"record:{label}:{pk}"}
    return held | ({level} if level in (PUBLIC, NETWORK) else set())
