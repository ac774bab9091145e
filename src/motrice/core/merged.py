"""Nothing is attached to a record that was merged into another, not even by who read it a moment before the merge.

A merge holds its two records, moves what points to them, and ends. Whoever attaches something to a record holds that
record's key, here, before the log: so either the merge waits and moves the new row, or the act sees the merge and is
refused. It is asked of what was written, whichever operation wrote it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from motrice.core import policies
from motrice.core.errors import StaleState
from motrice.core.models import AuditChange
from motrice.core.values import label_of

COLUMN = "merged_into"
BATCH = 1000


class Change(Protocol):
    """One row as an operation leaves it: what was written of it."""

    @property
    def model(self) -> type[models.Model]: ...
    @property
    def pk(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def after(self) -> dict[str, Any]: ...


class Pair(NamedTuple):
    """Two columns of a model that point to any record, by its label and key."""

    model: type[models.Model]
    label_field: str
    key_field: str


pairs: list[Pair] = []


@cache
def _can_be_merged(model: Any) -> bool:
    return any(column.name == COLUMN for column in model._meta.concrete_fields)


@cache
def _models() -> dict[str, Any]:
    """The models whose records can be merged, by the label that points to them."""
    return {label_of(model): model for model in apps.get_models() if _can_be_merged(model) and not model._meta.proxy}


@cache
def _links(model: Any) -> tuple[tuple[str, Any], ...]:
    """The columns of a model that point to a record which can be merged, each with the model of that record."""
    keys = [column for column in model._meta.concrete_fields if isinstance(column, models.ForeignKey)]
    found = [(column.attname, column.related_model._meta.concrete_model) for column in keys]
    return tuple((name, target) for name, target in found if _can_be_merged(target))


def _named(changes: Iterable[Change]) -> dict[Any, set[Any]]:
    """The records that the rows written point to once all is done, but for those that the same act made."""
    rows: dict[tuple[Any, int], dict[str, Any]] = {}
    made: dict[Any, set[int]] = defaultdict(set)
    paired = {pair.model: pair for pair in pairs}
    for change in changes:
        model: Any = change.model._meta.concrete_model
        if change.action == AuditChange.Action.DELETE:
            rows.pop((model, change.pk), None)
            continue
        if change.action == AuditChange.Action.CREATE and _can_be_merged(model):
            made[model].add(change.pk)
        names = [name for name, _target in _links(model)]
        if model in paired:
            names += paired[model][1:]
        written = {name: change.after[name] for name in names if name in change.after}
        if written:
            rows.setdefault((model, change.pk), {}).update(written)
    found: dict[Any, set[Any]] = defaultdict(set)
    for (model, pk), written in rows.items():
        for name, target in _links(model):
            found[target].add(written.get(name))
        if model in paired:
            for target, key in _through(paired[model], pk, written):
                found[target].add(key)
    return {target: keys - made[target] - {None} for target, keys in found.items()}


def _through(pair: Pair, pk: int, written: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """What a row points to by label and key; what was not written of it is read."""
    label, key = (
        written[name]
        if name in written
        else pair.model._base_manager.filter(pk=pk).values_list(name, flat=True).first()
        for name in pair[1:]
    )
    target = _models().get(str(label))
    if target is not None:
        yield target, key


def _held(model: Any, keys: list[int]) -> list[int]:
    """Those of these records that were merged away; PostgreSQL holds the key of each until the transaction ends."""
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    if connection.vendor != "postgresql":
        return list(rows.filter(**{f"{COLUMN}__isnull": False}).values_list("pk", flat=True))
    query, values = rows.values_list("pk", COLUMN).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{query} FOR KEY SHARE", values)
        return [pk for pk, into in cursor.fetchall() if into is not None]


def refuse_merged(actor: Any, changes: Iterable[Change]) -> None:
    """Refuse rows that point to a record which was merged away, and hold the others against a merge."""
    for model, named in _named(changes).items():
        keys = sorted(named)
        for start in range(0, len(keys), BATCH):
            for pk in _held(model, keys[start : start + BATCH]):
                raise _gone(actor, model._base_manager.get(pk=pk))


def _gone(actor: Any, record: models.Model) -> StaleState:
    seen = actor is not None and policies.allows(actor, "view", record)
    what = record if seen else record._meta.verbose_name
    return StaleState(
        _("Merged into another record meanwhile: %(what)s. Reload the page, then choose the record it became.")
        % {"what": what}
    )
