"""Every write goes through here: the log is the history, the as-of view, the undo and the proof.

An operation opens a recorder and writes through it; the entry and its changes commit or roll back with the rows. An
operation called inside another joins the outer one's entry, and its verb stays on the changes it made.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core.chain import (
    GENESIS,
    Verdict,
    audited_models,
    differences,
    digest,
    fold,
    head,
    replay,
    verify,
)
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.core.merged import refuse_merged
from motrice.core.models import AuditChange, AuditEntry
from motrice.core.values import column_json, from_json, label_of, recorded_fields, snapshot, to_json

__all__ = [
    "GENESIS",
    "Recorder",
    "Verdict",
    "as_of",
    "audited_models",
    "differences",
    "digest",
    "head",
    "history",
    "operation",
    "recorded_fields",
    "replay",
    "revert",
    "snapshot",
    "to_json",
    "trace",
    "verify",
]

_LOCK_KEY = 0x4D6F7472  # "Motr": one writer of the chain at a time on PostgreSQL
_HOLD_LOG = f"SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SELECT pg_advisory_xact_lock({_LOCK_KEY})"
M = TypeVar("M", bound=models.Model)
_current: ContextVar[Recorder | None] = ContextVar("motrice_recorder", default=None)


@dataclass
class _Change:
    verb: str
    model: type[models.Model]
    pk: int
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


def _refuse(error: ValidationError) -> RuleViolation:
    if hasattr(error, "error_dict"):
        name, errors = next(iter(error.error_dict.items()))
        text = " ".join(message for each in errors for message in each.messages)
        return RuleViolation(text, field=None if name == "__all__" else name)
    return RuleViolation(" ".join(error.messages))


def _still_used(error: models.ProtectedError) -> RuleViolation:
    users = sorted({str(obj._meta.verbose_name_plural) for obj in error.protected_objects})
    return RuleViolation(
        _("This is still used by %(users)s: remove or move these first.") % {"users": ", ".join(users)}
    )


def _taken(error: IntegrityError) -> StaleState:
    return StaleState(_("Somebody recorded the same thing meanwhile: reload the page, then try again."))


@dataclass
class Recorder:
    """Writes rows and remembers what each was before and after."""

    actor: Any
    verb: str
    changes: list[_Change] = field(default_factory=list)
    within: list[dict[str, Any]] = field(default_factory=list)
    is_read_only: bool = False

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that may be refused: its rows and their trace are taken back together, and the rest goes on."""
        count, inner = len(self.changes), len(self.within)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self.changes[count:], self.within[inner:]
            raise

    def create(self, obj: M) -> M:
        """Validate and insert one row; its constraints are asked of the database, by writing."""
        try:
            obj.full_clean(exclude=_linked(obj), validate_unique=False, validate_constraints=False)
            with self._constrained(obj):
                obj.save(force_insert=True)
        except ValidationError as error:
            raise _refuse(error) from error
        self._note(obj, AuditChange.Action.CREATE, {}, snapshot(obj))
        return obj

    def create_many(self, rows: Sequence[models.Model], *, batch_size: int = 1000) -> Sequence[models.Model]:
        """Insert many rows of one model, checked by the database's constraints only: for imports and generators."""
        if not rows:
            return rows
        try:
            type(rows[0])._base_manager.bulk_create(rows, batch_size=batch_size)
        except IntegrityError as error:
            raise _taken(error) from error
        for obj in rows:
            self._note(obj, AuditChange.Action.CREATE, {}, snapshot(obj))
        return rows

    def update(self, obj: models.Model, *, guard: Iterable[str] = (), **values: Any) -> bool:
        """Change named fields, only if they (and `guard`) still hold what was read; False when nothing differs."""
        columns = {name: _column(obj, name) for name in values}
        before = {name: _read(obj, column, values[name]) for name, column in columns.items()}
        for name, value in values.items():
            setattr(obj, name, value)
        changed = [name for name, column in columns.items() if getattr(obj, column.attname) != before[name]]
        if not changed:
            return False
        try:
            self._validate(obj, {columns[name].name for name in changed})
            conditions = {columns[name]: before[name] for name in changed}
            for name in guard:
                column = _column(obj, name)
                conditions.setdefault(column, before.get(name, getattr(obj, column.attname)))
            self._write(obj, [columns[name] for name in changed], conditions)
        except Exception:
            for name, column in columns.items():
                setattr(obj, column.attname, before[name])
            raise
        old = {columns[name].attname: column_json(columns[name], before[name]) for name in changed}
        new = {columns[name].attname: column_json(columns[name], _value(obj, columns[name])) for name in changed}
        secret = {column.attname for column in columns.values()} - {
            column.attname for column in recorded_fields(type(obj))
        }
        kept = [{key: value for key, value in part.items() if key not in secret} for part in (old, new)]
        self._note(obj, AuditChange.Action.UPDATE, *kept)
        return True

    def delete(self, obj: models.Model) -> None:
        """Remove one row as it was read; refused when it changed meanwhile, or when other rows lean on it."""
        self.delete_many([obj])

    def delete_many(self, rows: Sequence[models.Model], *, batch_size: int = 500) -> None:
        """Remove many rows of one model; refused whole when one is gone, has changed since, or is still in use."""
        for start in range(0, len(rows), batch_size):
            part = rows[start : start + batch_size]
            query = type(part[0])._base_manager.filter(pk__in=[obj.pk for obj in part])
            held = {obj.pk: snapshot(obj) for obj in query.select_for_update(of=("self",))}
            for obj in part:
                if obj.pk not in held:
                    raise StaleState(_("This was removed meanwhile: reload the page."))
                if held[obj.pk] != snapshot(obj):
                    raise StaleState(_("Somebody else changed this meanwhile: reload the page, then try again."))
            try:
                query.delete()
            except models.ProtectedError as error:
                raise _still_used(error) from error
            for obj in part:
                self._note(obj, AuditChange.Action.DELETE, held[obj.pk], {})

    @contextlib.contextmanager
    def _constrained(self, obj: models.Model) -> Iterator[None]:
        """Write; when the database refuses, ask each constraint which of them it was, for its message.

        Asked before each write, the constraints of a row cost more than the write.
        """
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            obj.validate_unique()
            obj.validate_constraints()
            raise _taken(error) from error

    def _validate(self, obj: models.Model, changed: set[str]) -> None:
        others = {column.name for column in obj._meta.concrete_fields} - changed
        try:
            obj.clean_fields(exclude=others)
            obj.clean()
        except ValidationError as error:
            raise _refuse(error) from error

    def _write(self, obj: models.Model, changed: list[models.Field], conditions: dict[models.Field, Any]) -> None:
        query = type(obj)._base_manager.filter(pk=obj.pk)
        for column, value in conditions.items():
            name = column.attname
            query = query.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
        try:
            with self._constrained(obj):
                count = query.update(**{column.attname: _value(obj, column) for column in changed})
        except ValidationError as error:
            raise _refuse(error) from error
        if count == 0:
            raise StaleState(_("Somebody else changed this meanwhile: reload the page, then try again."))

    def _note(self, obj: models.Model, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        if self.is_read_only:
            raise NotPermitted(_("Nothing can be changed while you see the site as another."))
        self.changes.append(_Change(self.verb, type(obj), obj.pk, action, before, after))


def _linked(obj: models.Model) -> set[str]:
    """The links to rows that are at hand: PostgreSQL looks itself, before the log is held, whether they are there.

    SQLite looks when all is over and can no longer be told in words: there they are asked for.
    """
    if connection.vendor != "postgresql":
        return set()
    links = [field for field in obj._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    rows = {field.name: field.get_cached_value(obj, None) for field in links}
    return {name for name, row in rows.items() if row is not None and row.pk is not None}


def _column(obj: models.Model, name: str) -> models.Field:
    column = obj._meta.get_field(name)
    if not isinstance(column, models.Field) or not column.concrete:
        raise FieldDoesNotExist(f"{obj._meta.label}.{name} is no column of its table.")
    return column


def _read(obj: models.Model, column: models.Field, value: Any) -> Any:
    """What was read of a column; from the database when a dict or a list was changed in place and given back."""
    held = getattr(obj, column.attname)
    if value is held and isinstance(held, dict | list):
        return type(obj)._base_manager.values_list(column.attname, flat=True).get(pk=obj.pk)
    return held


def _value(obj: models.Model, column: models.Field) -> Any:
    return getattr(obj, column.attname)


@contextlib.contextmanager
def operation(
    actor: Any,
    verb: str,
    *,
    subject: models.Model | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Iterator[Recorder]:
    """Open a recorder: one transaction, one entry. `at` is for generators of past history only."""
    behind = getattr(actor, "ceiling", None)  # the log names who acts, not whom they see the site as
    actor, read_only = (actor, False) if behind is None else (behind, True)
    outer = _current.get()
    if outer is not None:
        inner = Recorder(actor, verb, outer.changes, outer.within, read_only)
        with inner.attempt():
            if reason or details:
                note = {"verb": verb, "reason": reason, "details": details or {}}
                inner.within.append(note | ({"subject": [label_of(subject.__class__), subject.pk]} if subject else {}))
            yield inner
        return
    recorder = Recorder(actor, verb, is_read_only=read_only)
    with transaction.atomic():
        token = _current.set(recorder)
        try:
            yield recorder
        finally:
            _current.reset(token)
        content = {**(details or {}), **({"within": recorder.within} if recorder.within else {})}
        _append(recorder, subject, reason, content, at or timezone.now())


def trace(
    actor: Any,
    verb: str,
    *,
    subject: models.Model | None = None,
    reason: str = "",
    at: datetime | None = None,
    **details: Any,
) -> None:
    """Log an act that changes no logged row: a reading that must be traced, an export, a view-as, an erasure."""
    with operation(actor, verb, subject=subject, reason=reason, details=details, at=at):
        pass


def _append(
    recorder: Recorder, subject: models.Model | None, reason: str, details: dict[str, Any], at: datetime
) -> AuditEntry:
    refuse_merged(recorder.actor, recorder.changes)
    _hold_log()
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    entry = AuditEntry(
        sequence=(last[0] if last else 0) + 1,
        at=at,
        actor_id=getattr(recorder.actor, "pk", None) or None,
        verb=recorder.verb,
        subject_label=label_of(subject.__class__) if subject is not None else "",
        subject_pk=subject.pk if subject is not None else None,
        reason=reason,
        details=json.loads(json.dumps(details, default=to_json)),
        previous_hash=last[1] if last else GENESIS,
    )
    rows = [
        AuditChange(
            position=position,
            verb=change.verb,
            label=label_of(change.model),
            object_pk=change.pk,
            action=change.action,
            before=change.before,
            after=change.after,
            is_leaving=leaves(change.model, change.action, change.before),
        )
        for position, change in enumerate(recorder.changes)
    ]
    entry.hash = digest(entry, rows)
    entry.save(force_insert=True)
    for row in rows:
        row.entry = entry
    AuditChange.objects.bulk_create(rows, batch_size=1000)
    return entry


def _hold_log() -> None:
    """Let one transaction at a time append, until it ends; SQLite has one writer in any case.

    What the database checks at the end of a transaction is asked before: these checks hold rows that others may have
    taken, who would wait for the log. So the log is the last thing that a transaction waits for, and no ring goes
    through it; and what was removed meanwhile is told in words.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD_LOG)
    except IntegrityError as error:
        raise StaleState(
            _("What this rests on was changed or removed meanwhile: reload the page, then try again.")
        ) from error


def leaves(model: type[models.Model], action: str, before: dict[str, Any]) -> bool:
    """Whether a change takes a row away from the record it belonged to: removed, or another record named instead."""
    if action != AuditChange.Action.UPDATE:
        return action == AuditChange.Action.DELETE
    named = (column.attname for column in model._meta.concrete_fields if column.is_relation)
    return any(before.get(name) is not None for name in named)


def as_of(model: type[models.Model], pk: int, at: datetime) -> dict[str, Any] | None:
    """The recorded fields of a row as they stood at a time, or None when it did not exist."""
    state: dict[str, Any] | None = None
    rows = AuditChange.objects.filter(label=label_of(model), object_pk=pk, entry__at__lte=at)
    for row in rows.order_by("entry__sequence", "position"):
        state = fold(state, row)
    return state


def history(obj: models.Model) -> models.QuerySet[AuditChange]:
    """The changes of one row, newest first."""
    rows = AuditChange.objects.filter(label=label_of(type(obj)), object_pk=obj.pk)
    return rows.select_related("entry", "entry__actor").order_by("-entry__sequence", "-position")


def revert(entries: Iterable[AuditEntry], *, actor: Any, verb: str, reason: str = "") -> int:
    """Undo whole operations, newest change first; refuses when a row has changed since, and says which."""
    chosen = sorted(entries, key=lambda entry: -entry.sequence)
    count = 0
    with operation(actor, verb, reason=reason, details={"reverted": [entry.sequence for entry in chosen]}) as op:
        for entry in chosen:
            rows = AuditChange.objects.filter(entry=entry).order_by("-position")
            for (label, action), group in itertools.groupby(rows, key=lambda row: (row.label, row.action)):
                changes = list(group)
                count += len(changes)
                if action == AuditChange.Action.CREATE and len(changes) > 1:
                    _undo_created(op, apps.get_model(label), changes)
                    continue
                for row in changes:
                    _undo(op, row)
    return count


def _undo_created(op: Recorder, model: type[models.Model], changes: Sequence[AuditChange]) -> None:
    """Remove many rows of one model at once, as an import or a generator made them."""
    for start in range(0, len(changes), 500):
        part = changes[start : start + 500]
        found = model._base_manager.in_bulk([row.object_pk for row in part])
        for row in part:
            obj = found.get(row.object_pk)
            if obj is None or any(snapshot(obj).get(name, value) != value for name, value in row.after.items()):
                raise _moved(model, row, snapshot(obj) if obj is not None else {})
        op.delete_many([found[row.object_pk] for row in part])


def _moved(model: type[models.Model], row: AuditChange, current: dict[str, Any]) -> StaleState:
    words = {column.attname: str(column.verbose_name) for column in recorded_fields(model)}
    moved = [words.get(name, name) for name, value in row.after.items() if current and current.get(name) != value]
    return StaleState(
        _("This can no longer be undone: %(what)s has changed since (%(fields)s).")
        % {"what": model._meta.verbose_name, "fields": ", ".join(moved) or _("removed")}
    )


def _undo(op: Recorder, row: AuditChange) -> None:
    model: type[models.Model] = apps.get_model(row.label)
    columns = {column.attname: column for column in recorded_fields(model)}
    if row.action == AuditChange.Action.DELETE:
        values = {name: from_json(columns[name], value) for name, value in row.before.items() if name in columns}
        op.create_many([model(**values)])
        return
    obj = model._base_manager.filter(pk=row.object_pk).first()
    current = snapshot(obj) if obj is not None else {}
    if obj is None or any(current.get(name, value) != value for name, value in row.after.items()):
        raise _moved(model, row, current)
    if row.action == AuditChange.Action.CREATE:
        op.delete(obj)
    else:
        op.update(obj, **{name: from_json(columns[name], v) for name, v in row.before.items() if name in columns})
