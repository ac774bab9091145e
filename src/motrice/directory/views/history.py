"""The history of a record in words: fields by their labels, choices by theirs, links by the name of their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse

from motrice.core import audit


@dataclass(frozen=True)
class FieldChange:
    """One field before and after."""

    label: str
    before: str
    after: str


def changes_of(model: type[models.Model], before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """What differs between two recorded states, field by field, keys and empty values left out."""
    found = []
    for column in audit.recorded_fields(model):
        if column.primary_key or (column.attname not in after and column.attname not in before):
            continue
        old, new = (_words(column, state.get(column.attname)) for state in (before, after))
        if old != new:
            found.append(FieldChange(str(column.verbose_name), old, new))
    return found


def _words(column: models.Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.is_relation:
        found = column.related_model._base_manager.filter(pk=value).first()
        return str(found) if found is not None else str(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def why_url(record: Any, actor: Any) -> str:
    """The page that says why the reader may see a record; empty for who has not signed in."""
    if not actor.is_authenticated:
        return ""
    try:
        return reverse("accounts:why", args=[record._meta.concrete_model._meta.label_lower, record.reference])
    except NoReverseMatch:
        return ""
