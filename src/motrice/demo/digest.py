"""A fingerprint of the content of the database: the same for worlds made alike, whatever keys their rows received."""

import hashlib
import json
from typing import Any

from django.db import models

from motrice.core import audit
from motrice.core.models import CatalogueEntry


def world_digest() -> str:
    """Hash every recorded row, with references between rows written as ranks in their tables."""
    ranks: dict[str, dict[int, int]] = {}
    rows: dict[str, list[models.Model]] = {}
    for model in audit.audited_models():
        if model is not CatalogueEntry:
            rows[model._meta.label_lower] = list(model._base_manager.order_by("pk"))
    for label, found in rows.items():
        ranks[label] = {row.pk: rank for rank, row in enumerate(found)}
    hashed = hashlib.sha256()
    for label in sorted(rows):
        for row in rows[label]:
            hashed.update(json.dumps([label, _content(row, ranks)], ensure_ascii=False, sort_keys=True).encode())
    return hashed.hexdigest()


def _content(row: models.Model, ranks: dict[str, dict[int, int]]) -> dict[str, Any]:
    if getattr(row, "is_system", False):
        return {}  # Motrice itself was there before the world
    content: dict[str, Any] = {}
    for column in audit.recorded_fields(type(row)):
        value = getattr(row, column.attname)
        if column.primary_key or isinstance(column, models.FileField):
            continue  # where a file lies is random by design: its name, size and checksum are compared
        if column.is_relation and value is not None:
            target = column.related_model._meta.concrete_model._meta.label_lower
            content[column.attname] = ranks[target][value] if target in ranks else _catalogued(value)
        elif column.attname == "scope_pk" and value is not None:
            content[column.attname] = ranks[row.scope_label][value]  # type: ignore[attr-defined]
        else:
            content[column.attname] = audit.to_json(value)
    return content


def _catalogued(pk: int) -> str:
    """An entry of the catalogue by its name: its key depends on when it was loaded."""
    return str(CatalogueEntry.objects.get(pk=pk))
