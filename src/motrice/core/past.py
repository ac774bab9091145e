"""A record and its parts as they stood at a time, from the log alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from motrice.core.chain import fold
from motrice.core.models import AuditChange
from motrice.core.values import from_json, label_of, recorded_fields

M = TypeVar("M", bound=models.Model)


def rows_as_of(model: type[M], pks: Iterable[int], at: datetime) -> dict[int, M]:
    """The rows with these keys as they stood at a time, unsaved; those that did not exist then are left out."""
    wanted, label = set(pks), label_of(model)
    states: dict[int, dict[str, Any] | None] = {}
    if wanted:
        rows = AuditChange.objects.filter(label=label, object_pk__in=wanted, entry__at__lte=at)
        for row in rows.order_by("entry__sequence", "position"):
            states[row.object_pk] = fold(states.get(row.object_pk), row)
    columns = recorded_fields(model)
    return {
        pk: model(
            **{
                column.attname: from_json(column, state[column.attname])
                for column in columns
                if column.attname in state
            }
        )
        for pk, state in states.items()
        if state is not None
    }


def parts_as_of(model: type[M], owner: str, pk: int, at: datetime) -> list[M]:
    """The rows of a model that belonged to a record at a time, whether or not they still do.

    `owner` names the foreign key. A part that has since been removed or moved elsewhere says so in the log.
    """
    name = model._meta.get_field(owner).attname  # type: ignore[union-attr] # a foreign key has a column
    pks = set(model._base_manager.filter(**{name: pk}).values_list("pk", flat=True))
    left = AuditChange.objects.filter(label=label_of(model), is_leaving=True, **{f"before__{name}": pk})
    pks.update(left.values_list("object_pk", flat=True))
    found = rows_as_of(model, pks, at)
    return [found[key] for key in sorted(found) if getattr(found[key], name) == pk]
