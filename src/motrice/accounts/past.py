"""A record of any kind as it stood at the end of a day, with its parts: what the log says, for one reader.

A part is shown when the reader may see that very part today; of what was removed since, only a reader of everything
learns, because no rule can be asked about a row that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit, policies
from motrice.core.past import parts_as_of, rows_as_of

SHOWN = 50


@dataclass(frozen=True)
class PastField:
    """One field and what it held."""

    label: str
    value: str


@dataclass(frozen=True)
class PastPart:
    """The rows of one sort that belonged to the record; `more` counts those left out of a long list."""

    label: str
    rows: list[list[PastField]]
    more: int = 0


@dataclass(frozen=True)
class Past:
    """The record itself and its parts."""

    fields: list[PastField]
    parts: list[PastPart]


def end_of(day: date) -> datetime:
    """The last moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.max))


def past_of(record: models.Model, day: date, actor: Any) -> Past | None:
    """The record as it stood at the end of a day; none when it did not exist then."""
    model: Any = record._meta.concrete_model
    at = end_of(day)
    row = rows_as_of(model, [record.pk], at).get(record.pk)
    if row is None:
        return None
    parts = _parts(model, record.pk, at, actor)
    ends = Ends([row, *(part for _label, _but, shown, _more in parts for part in shown)], actor)
    told = [
        PastPart(label, [_fields(part, ends, but=but) for part in shown], more) for label, but, shown, more in parts
    ]
    return Past(_fields(row, ends), told)


class Ends:
    """The names of the records to which some rows point, as far as the reader may see each now.

    One question is asked for each kind of record.
    """

    def __init__(self, rows: list[Any], actor: Any) -> None:
        wanted: dict[Any, set[Any]] = {}
        for row in rows:
            for column in audit.recorded_fields(type(row)):
                if column.is_relation and getattr(row, column.attname) is not None:
                    wanted.setdefault(column.related_model, set()).add(getattr(row, column.attname))
        self.words: dict[tuple[Any, Any], str] = {}
        for model, pks in wanted.items():
            seen = model._base_manager.filter(pk__in=pks)
            if model is not User and model in policies.registered():  # who acted is named in every history
                seen = policies.scope(seen, actor, "view")
            self.words |= {(model, row.pk): str(row) for row in seen}

    def of(self, model: Any, pk: Any) -> str:
        """The name of one of them, or nothing."""
        return self.words.get((model, pk), "")


def _parts(model: type[models.Model], pk: int, at: datetime, actor: Any) -> list[tuple[str, str, list[Any], int]]:
    """The sorts of parts that there were: their words, the column that points here, rows to show, how many more."""
    found = []
    for other in audit.audited_models():
        if other not in policies.registered() or "view" not in policies.actions_of(other):
            continue
        for column in other._meta.concrete_fields:
            if column.is_relation and column.related_model is model:
                rows = _seen(other, parts_as_of(other, column.name, pk, at), actor)
                label = f"{other._meta.verbose_name_plural} ({column.verbose_name})"
                if rows:
                    found.append((label, column.attname, rows[:SHOWN], max(0, len(rows) - SHOWN)))
    return found


def _seen(model: type[models.Model], rows: list[Any], actor: Any) -> list[Any]:
    if not rows or policies.q_for(actor, model, "view") == policies.EVERYTHING:
        return rows
    queryset: Any = model._default_manager
    seen = set(queryset.permitted(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.pk in seen]


def _fields(row: models.Model, ends: Ends, *, but: str = "") -> list[PastField]:
    found = []
    for column in audit.recorded_fields(type(row)):
        value = getattr(row, column.attname)
        if column.primary_key or column.attname == but or value in (None, "", [], {}):
            continue
        if text := _words(column, value, ends):
            found.append(PastField(str(column.verbose_name), text))
    return found


def _words(column: models.Field, value: Any, ends: Ends) -> str:
    """A value as people read it; the record at the end of a link only if the reader may see it now."""
    if column.is_relation:
        return ends.of(column.related_model, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, dict):
        return ""  # what a rule noted for itself: no words of anybody
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
