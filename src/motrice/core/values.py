"""What the log keeps of a row: each column as JSON that means one thing only, and back without loss."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.duration import duration_iso_string

UTC = timezone.get_fixed_timezone(0)


@cache
def recorded_fields(model: Any) -> tuple[models.Field, ...]:
    """The fields that the log keeps: all columns but those the model excludes (secrets) in `audit_excluded`."""
    excluded = set(getattr(model, "audit_excluded", ()))
    return tuple(column for column in model._meta.concrete_fields if column.attname not in excluded)


def to_json(value: Any) -> Any:
    """A value as JSON, whatever its column: times in UTC, so that one instant has one text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, dict | list | tuple):
        return json.loads(json.dumps(value, default=to_json))
    return str(value)


def column_json(column: models.Field, value: Any) -> Any:
    """A column's value as the database will give it back: "3" in a number column is 3, 1.5 with two places is 1.50."""
    if value is None:
        return None
    target = getattr(column, "target_field", column)
    if isinstance(target, models.JSONField):
        return to_json(value)
    if isinstance(target, models.FileField):
        return str(value)
    plain = target.to_python(value)
    if isinstance(target, models.DecimalField) and isinstance(plain, Decimal) and target.decimal_places is not None:
        plain = plain.quantize(Decimal(1).scaleb(-target.decimal_places))
    return to_json(plain)


def from_json(column: models.Field, value: Any) -> Any:
    """The Python value of a column, from what `column_json` made of it."""
    if value is None:
        return None
    target = getattr(column, "target_field", column)
    return value if isinstance(target, models.JSONField) else target.to_python(value)


def snapshot(obj: models.Model) -> dict[str, Any]:
    """Every recorded field of a row, by column attribute name."""
    return {column.attname: column_json(column, getattr(obj, column.attname)) for column in recorded_fields(type(obj))}


def label_of(model: type[models.Model]) -> str:
    """The name under which the log knows a model: that of its table, for a proxy too."""
    return (model._meta.concrete_model or model)._meta.label_lower
