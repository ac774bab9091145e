"""What was read before it is written anew: what others changed meanwhile is told, and nothing is overwritten unawares.

A page sends back the mark of each thing that it showed, a program the thing itself as it read it. What was not
touched leaves what others wrote; what others changed since is refused, with who, when, and what it says now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from motrice.core.errors import StaleState
from motrice.core.models import AuditChange
from motrice.core.values import label_of, to_json

Read = Mapping[str, str] | None
Say = Callable[[Any, str], tuple[str, str]]
COLUMNS = {"share": ("numerator", "denominator"), "files": ("shown_files",)}
"""What a record is read by that is no column of it, with the columns that hold it."""


@dataclass(frozen=True)
class Clash:
    """One thing that somebody else changed since it was read: its name, what it says now, by whom and when."""

    name: str
    label: str
    theirs: str
    mark: str
    who: str
    at: datetime | None


def as_text(value: Any) -> str:
    """A value as a form shows it, whether typed, saved or read by a program; a record is its reference."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(getattr(value, "reference", value.pk))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(to_json(value), sort_keys=True, ensure_ascii=False)
    return str(value).replace("\r\n", "\n").strip()


def fingerprint(value: Any) -> str:
    """The mark of a value as it was shown: 24 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(as_text(value).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def heed(
    row: models.Model, values: Mapping[str, Any], *, read: Read, actor: Any, say: Say | None = None
) -> dict[str, Any]:
    """Of the values to be written to a row, those to write; `StaleState` names all that others changed meanwhile.

    `say` gives the name and the content of a column in other words than its own.
    """
    kept: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name, value in values.items():
        seen = (read or {}).get(name)
        if seen is None or fingerprint(now := getattr(row, name)) in (seen, fingerprint(value)):
            kept[name] = value
        elif seen != fingerprint(value):
            change = last_change(type(row), Q(object_pk=row.pk), COLUMNS.get(name, (name,)))
            label, theirs = (say or in_own_words)(row, name)
            clashes.append(_clash(name, label, theirs, now, change, actor))
    if clashes:
        raise stale(clashes)
    return kept


def require_unchanged(
    row: models.Model, names: Collection[str], *, read: Read, actor: Any, say: Say | None = None
) -> None:
    """Refuse an act on a record that no longer says what was read; nothing of these columns is written by it."""
    clashes = []
    for name in names:
        seen, now = (read or {}).get(name), getattr(row, name)
        if seen is not None and seen != fingerprint(now):
            change = last_change(type(row), Q(object_pk=row.pk), COLUMNS.get(name, (name,)))
            clashes.append(_clash(name, *(say or in_own_words)(row, name), now, change, actor))
    if clashes:
        raise stale(clashes)


def require_read(
    name: str, now: Any, *, read: Read, label: Any, theirs: str, changed: Callable[[], AuditChange | None], actor: Any
) -> None:
    """Refuse to write a whole anew that is no longer what was read; `theirs` says it in words."""
    seen = (read or {}).get(name)
    if seen is not None and seen != fingerprint(now):
        raise stale([_clash(name, str(label), theirs, now, changed(), actor)])


def stale(clashes: Collection[Clash]) -> StaleState:
    """The refusal that tells each clash."""
    return StaleState(" ".join(map(clash_words, clashes)), field=next(iter(clashes)).name, clashes=tuple(clashes))


def clash_words(clash: Clash) -> str:
    """One clash as a sentence."""
    words = {
        "who": clash.who,
        "what": clash.label,
        "when": date_format(timezone.localtime(clash.at), "SHORT_DATETIME_FORMAT") if clash.at else "–",
        "theirs": Truncator(clash.theirs).chars(300) or "–",
    }
    told = _("%(who)s changed “%(what)s” meanwhile (%(when)s). It now says: %(theirs)s") % words
    return told if told.endswith((".", "!", "?", "…", "–")) else f"{told}."


def last_change(model: type[models.Model], which: Q, names: Collection[str] = ()) -> AuditChange | None:
    """The last change that the log knows of these rows, or of these of their columns."""
    rows = AuditChange.objects.filter(which, label=label_of(model)).select_related("entry__actor")
    if names:
        rows = rows.filter(after__has_any_keys=[_column_of(model, name) for name in names])
    return rows.order_by("-entry__sequence", "-position").first()


def of_subject(record: models.Model) -> Q:
    """What was done to the parts of a record, those that are gone among them."""
    return Q(entry__subject_label=label_of(type(record)), entry__subject_pk=record.pk)


def label_in(row: models.Model, name: str) -> str:
    """What a column is called."""
    try:
        return str(getattr(row._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def in_own_words(row: models.Model, name: str) -> tuple[str, str]:
    """What a column is called, and what it says."""
    return label_in(row, name), shown(row, name)


def shown(row: models.Model, name: str) -> str:
    """A column in words, as its choices name it."""
    words = getattr(row, f"get_{name}_display", None)
    value = words() if words is not None else getattr(row, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _column_of(model: type[models.Model], name: str) -> str:
    column = model._meta.get_field(name)
    return getattr(column, "attname", name)


def _clash(name: str, label: str, theirs: str, now: Any, change: AuditChange | None, actor: Any) -> Clash:
    by = change.entry.actor if change is not None else None
    who = _("You, in another window,") if by is not None and by.pk == actor.pk else str(by or _("Somebody else"))
    return Clash(name, label, theirs, fingerprint(now), who, change.entry.at if change is not None else None)
