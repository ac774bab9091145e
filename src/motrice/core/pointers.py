"""Everything that points to a record: found by introspection, so that a merge keeps links of apps not yet written.

Foreign keys are read from the models; a pair of columns (label, key) that points to any record is declared by its
app with `register_pair`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from motrice.core import merged
from motrice.core.audit import Recorder
from motrice.core.models import AuditChange, AuditEntry


@dataclass(frozen=True)
class Pointer:
    """One column, or pair of columns, through which rows of `model` point to a record."""

    model: type[models.Model]
    field: str
    label_field: str = ""

    @property
    def words(self) -> str:
        """What these rows are, in the plural."""
        return str(self.model._meta.verbose_name_plural)


Combine = Callable[[Recorder, models.Model, Pointer, models.Model], bool]
Hold = Callable[[models.Model], None]
_holds: list[Hold] = []
_combiners: dict[type[models.Model], Combine] = {}


def register_pair(model: type[models.Model], *, label_field: str, key_field: str) -> None:
    """Declare that rows of `model` point to any record by its label and key."""
    merged.pairs.append(merged.Pair(model, label_field, key_field))


def register_combiner(model: type[models.Model], combine: Combine) -> None:
    """Declare how a row that would say twice the same thing joins the row that says it already.

    `combine(op, row, pointer, kept)` answers True when it has dealt with the row itself.
    """
    _combiners[model] = combine


def register_hold(hold: Hold) -> None:
    """Declare what an app holds of its own before a record is merged away, as its own acts hold it before a record."""
    _holds.append(hold)


def hold(absorbed: models.Model) -> None:
    """Hold what the acts of each app hold first, so that no act and no merge wait for each other."""
    for each in _holds:
        each(absorbed)


def pointers_to(model: type[models.Model]) -> list[Pointer]:
    """Every column of Motrice that can point to a row of `model`."""
    concrete = model._meta.concrete_model
    found = []
    other: Any
    for other in apps.get_models(include_auto_created=True):
        if other._meta.proxy or other in (AuditEntry, AuditChange) or getattr(other, "audit_exempt", ""):
            continue
        for column in other._meta.concrete_fields:
            target = column.related_model if column.is_relation else None
            if target is not None and not isinstance(target, str) and target._meta.concrete_model is concrete:
                found.append(Pointer(other, column.name))
    return found + [Pointer(pair.model, pair.key_field, pair.label_field) for pair in merged.pairs]


def rows_through(pointer: Pointer, obj: models.Model) -> models.QuerySet:
    """The rows that point to this record through one pointer."""
    rows = pointer.model._base_manager.order_by("pk")
    if pointer.label_field:
        label = obj._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]
        return rows.filter(**{pointer.label_field: label, pointer.field: obj.pk})
    return rows.filter(**{pointer.field: obj.pk})


def counts(obj: models.Model) -> dict[str, int]:
    """How many rows of each sort point to a record, in words: what a merge will move."""
    found: dict[str, int] = {}
    for pointer in pointers_to(type(obj)):
        number = rows_through(pointer, obj).count()
        if number:
            found[pointer.words] = found.get(pointer.words, 0) + number
    return found


def repoint(op: Recorder, *, absorbed: models.Model, kept: models.Model) -> dict[str, int]:
    """Make every row that points to `absorbed` point to `kept`; a row that would be said twice is set aside.

    Gives how many rows moved, by sort. What is set aside is deleted in the log's sight, so that an undo restores it.
    """
    moved: dict[str, int] = {}
    for pointer in pointers_to(type(absorbed)):
        for row in list(rows_through(pointer, absorbed)):
            if pointer.model is type(kept)._meta.concrete_model and row.pk in (kept.pk, absorbed.pk):
                continue
            combine = _combiners.get(pointer.model)
            if combine is not None and combine(op, row, pointer, kept):
                continue
            twin = _twin(row, pointer, kept)
            if twin is not None:
                repoint(op, absorbed=row, kept=twin)
                op.delete(row)
                continue
            values: dict[str, Any] = {pointer.field: kept.pk if pointer.label_field else kept}
            op.update(row, **values)
            moved[pointer.words] = moved.get(pointer.words, 0) + 1
    return moved


def _twin(row: models.Model, pointer: Pointer, kept: models.Model) -> models.Model | None:
    """The row that says already what this one would say of `kept`, by a uniqueness rule of the model."""
    for names in _unique_sets(pointer.model):
        found = _clash(row, names, pointer, kept) if pointer.field in names else None
        if found is not None:
            return found
    return None


def _unique_sets(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key:
            yield (column.name,)
    yield from (tuple(names) for names in model._meta.unique_together)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield tuple(constraint.fields)


def _clash(row: models.Model, names: tuple[str, ...], pointer: Pointer, kept: models.Model) -> models.Model | None:
    meta: Any = row._meta
    values: dict[str, Any] = {name: getattr(row, meta.get_field(name).attname) for name in names}
    values[pointer.field] = kept.pk
    if any(value is None for value in values.values()):
        return None
    return pointer.model._base_manager.filter(**values).exclude(pk=row.pk).first()
