"""What every write of the directory checks first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from motrice.core import policies
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.core.reading import in_own_words

MERGES = 0x4D657267  # "Merg": one merge at a time on PostgreSQL
M = TypeVar("M", bound=models.Model)


def may_create(actor: Any, model: type[models.Model]) -> bool:
    """Whether the actor may add rows of this model: the model's "create" rule, which holds for all rows or none."""
    return policies.q_for(actor, model, "create") != policies.NOBODY


def require_create(actor: Any, model: type[models.Model]) -> None:
    """Refuse who may not add rows of this model."""
    if not may_create(actor, model):
        raise NotPermitted(_("You may not add this: %(what)s.") % {"what": model._meta.verbose_name})


def require_seen(actor: Any, row: models.Model) -> None:
    """Refuse a level of confidentiality that would close a record to the very person who writes it."""
    if not policies.allows(actor, "view", row):
        raise RuleViolation(
            _("You would not see this record yourself: choose another level, or ask somebody of the organisation."),
            field="level",
        )


def locked(*objects: M) -> list[M]:
    """Read rows again, held until the transaction ends, always in the order of their keys.

    PostgreSQL holds them by SELECT FOR UPDATE; on SQLite the transaction itself, begun IMMEDIATE, is the only writer.
    """
    model = type(objects[0])
    rows = {
        row.pk: row
        for row in model._base_manager.select_for_update().filter(pk__in={o.pk for o in objects}).order_by("pk")
    }
    missing = [str(obj) for obj in objects if obj.pk not in rows]
    if missing:
        raise StaleState(_("This was removed meanwhile: %(what)s. Reload the page.") % {"what": ", ".join(missing)})
    return [rows[obj.pk] for obj in objects]


def one_merge_at_a_time() -> None:
    """Let another merge wait until this transaction ends: rows that name both bodies are never taken crosswise."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGES])


def require_live(*objects: Any) -> None:
    """Refuse to write on a record that was merged into another."""
    for obj in objects:
        if obj.merged_into_id is not None:
            raise RuleViolation(
                _("%(what)s was merged into %(kept)s: use that record.") % {"what": obj, "kept": obj.merged_into}
            )


def require_last_day(row: Any, on: date | None) -> None:
    """Refuse a last day before the first one, at the field where the day is given."""
    if on is not None and row.starts_on is not None and on < row.starts_on:
        raise RuleViolation(
            _("It begins on %(day)s: its last day cannot come before.") % {"day": _day(row.starts_on)}, field="on"
        )


def in_days(row: Any, name: str) -> tuple[str, str]:
    """What the end of a dated row is called, and the day it says: for who is told that it changed."""
    return (_("Last day"), _day(row.ends_on)) if name == "ends_on" else in_own_words(row, name)


def _day(day: date | None) -> str:
    return date_format(day) if day is not None else ""


def overlapping(rows: Iterable[Any], starts_on: date | None, ends_on: date | None) -> list[Any]:
    """The rows whose period shares a day with this one; an empty bound is open."""
    return [
        row
        for row in rows
        if (row.ends_on is None or starts_on is None or row.ends_on >= starts_on)
        and (row.starts_on is None or ends_on is None or row.starts_on <= ends_on)
    ]
