"""Every write goes through here: the log is the history, the as-of view, the undo and the proof.

An operation opens a recorder and writes through it; the entry and its changes commit or roll back with the rows. An
operation called inside another joins the outer one's entry, and its verb stays on the changes it made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation, StaleState
from motrice.core.models import AuditChange, AuditEntry

GENESIS = "0" * 64
_LOCK_KEY = 0x4D6F7472  # "Motr": one writer of the chain at a time on PostgreSQL
M = TypeVar("M", bound=models.Model)
_current: ContextVar[Recorder | None] = ContextVar("motrice_recorder", default=None)


def recorded_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields that the log keeps: all columns but those the model excludes (secrets) in `audit_excluded`."""
    excluded = set(getattr(model, "audit_excluded", ()))
    return [column for column in model._meta.concrete_fields if column.attname not in excluded]


def to_json(value: Any) -> Any:
    """A column's value as JSON that `from_json` can read back without loss."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()  # one instant, one text
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, dict | list | tuple):
        return json.loads(json.dumps(value, default=to_json))
    return str(value)


def from_json(column: models.Field, value: Any) -> Any:
    """The Python value of a column, from what `to_json` made of it."""
    if value is None:
        return None
    target = getattr(column, "target_field", column)
    return value if isinstance(target, models.JSONField) else target.to_python(value)


def snapshot(obj: models.Model) -> dict[str, Any]:
    """Every recorded field of a row, by column attribute name."""
    return {column.attname: to_json(getattr(obj, column.attname)) for column in recorded_fields(type(obj))}


@dataclass
class _Change:
    verb: str
    model: type[models.Model]
    pk: int
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


def _label(model: type[models.Model]) -> str:
    return (model._meta.concrete_model or model)._meta.label_lower


def _refuse(error: ValidationError) -> RuleViolation:
    if hasattr(error, "error_dict"):
        name, errors = next(iter(error.error_dict.items()))
        text = " ".join(message for each in errors for message in each.messages)
        return RuleViolation(text, field=None if name == "__all__" else name)
    return RuleViolation(" ".join(error.messages))


@dataclass
class Recorder:
    """Writes rows and remembers what each was before and after."""

    actor: Any
    verb: str
    changes: list[_Change] = field(default_factory=list)

    def create(self, obj: M) -> M:
        """Validate and insert one row."""
        try:
            obj.full_clean()
        except ValidationError as error:
            raise _refuse(error) from error
        obj.save(force_insert=True)
        self._note(obj, AuditChange.Action.CREATE, {}, snapshot(obj))
        return obj

    def create_many(self, rows: Sequence[models.Model], *, batch_size: int = 1000) -> Sequence[models.Model]:
        """Insert many rows of one model, checked by the database's constraints only: for imports and generators."""
        if not rows:
            return rows
        type(rows[0])._base_manager.bulk_create(rows, batch_size=batch_size)
        for obj in rows:
            self._note(obj, AuditChange.Action.CREATE, {}, snapshot(obj))
        return rows

    def update(self, obj: models.Model, *, guard: Iterable[str] = (), **values: Any) -> bool:
        """Change named fields, only if they (and `guard`) still hold what was read; False when nothing differs."""
        columns = {name: obj._meta.get_field(name) for name in values}
        before = {name: getattr(obj, column.attname) for name, column in columns.items()}
        for name, value in values.items():
            setattr(obj, name, value)
        changed = [name for name, column in columns.items() if getattr(obj, column.attname) != before[name]]
        if not changed:
            return False
        try:
            self._validate(obj, changed)
            conditions = {name: before.get(name, getattr(obj, name)) for name in {*changed, *guard}}
            self._write(obj, columns, changed, conditions)
        except Exception:
            for name, column in columns.items():
                setattr(obj, column.attname, before[name])
            raise
        old = {columns[name].attname: to_json(before[name]) for name in changed}
        new = {columns[name].attname: to_json(getattr(obj, columns[name].attname)) for name in changed}
        self._note(obj, AuditChange.Action.UPDATE, old, new)
        return True

    def delete(self, obj: models.Model) -> None:
        """Remove one row; rows that depend on it are refused by the database, never removed silently."""
        before, pk = snapshot(obj), obj.pk
        removed, _per_model = type(obj)._base_manager.filter(pk=pk).delete()
        if removed == 0:
            raise StaleState(_("This was removed meanwhile: reload the page."))
        obj.pk = pk
        self._note(obj, AuditChange.Action.DELETE, before, {})

    def _validate(self, obj: models.Model, changed: list[str]) -> None:
        others = {column.name for column in obj._meta.concrete_fields} - set(changed)
        try:
            obj.clean_fields(exclude=others)
            obj.clean()
            obj.validate_constraints()
        except ValidationError as error:
            raise _refuse(error) from error

    def _write(self, obj: models.Model, columns: dict, changed: list[str], conditions: dict[str, Any]) -> None:
        query = type(obj)._base_manager.filter(pk=obj.pk)
        for name, value in conditions.items():
            column = obj._meta.get_field(name)
            if isinstance(column, models.JSONField):
                continue
            query = query.filter(**({f"{column.attname}__isnull": True} if value is None else {column.attname: value}))
        if query.update(**{columns[name].attname: getattr(obj, columns[name].attname) for name in changed}) == 0:
            raise StaleState(_("Somebody else changed this meanwhile: reload the page, then try again."))

    def _note(self, obj: models.Model, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.changes.append(_Change(self.verb, type(obj), obj.pk, action, before, after))


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
    outer = _current.get()
    if outer is not None:
        inner = Recorder(actor, verb, outer.changes)
        yield inner
        return
    recorder = Recorder(actor, verb)
    with transaction.atomic():
        token = _current.set(recorder)
        try:
            yield recorder
        finally:
            _current.reset(token)
        _append(recorder, subject, reason, details or {}, at or timezone.now())


def trace(actor: Any, verb: str, *, subject: models.Model | None = None, reason: str = "", **details: Any) -> None:
    """Log an act that changes no row: a reading that must be traced, an export, a view-as."""
    with operation(actor, verb, subject=subject, reason=reason, details=details):
        pass


def _append(
    recorder: Recorder, subject: models.Model | None, reason: str, details: dict[str, Any], at: datetime
) -> AuditEntry:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    entry = AuditEntry(
        sequence=(last[0] if last else 0) + 1,
        at=at,
        actor_id=getattr(recorder.actor, "pk", None) or None,
        verb=recorder.verb,
        subject_label=_label(type(subject)) if subject is not None else "",
        subject_pk=subject.pk if subject is not None else None,
        reason=reason,
        details=json.loads(json.dumps(details, default=to_json)),
        previous_hash=last[1] if last else GENESIS,
    )
    rows = [
        AuditChange(
            position=position,
            verb=change.verb,
            label=_label(change.model),
            object_pk=change.pk,
            action=change.action,
            before=change.before,
            after=change.after,
        )
        for position, change in enumerate(recorder.changes)
    ]
    entry.hash = digest(entry, rows)
    entry.save(force_insert=True)
    for row in rows:
        row.entry = entry
    AuditChange.objects.bulk_create(rows, batch_size=1000)
    return entry


def digest(entry: AuditEntry, changes: Iterable[AuditChange]) -> str:
    """SHA-256 (FIPS 180-4) of an entry, its changes and the hash before it, over sorted-key JSON."""
    content = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(),
        "actor": entry.actor_id,
        "verb": entry.verb,
        "subject": [entry.subject_label, entry.subject_pk],
        "reason": entry.reason,
        "details": entry.details,
        "previous": entry.previous_hash,
        "changes": [[row.verb, row.label, row.object_pk, row.action, row.before, row.after] for row in changes],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many entries, the last hash, and the first fault of each kind in words."""

    entry_count: int
    head: str
    faults: tuple[str, ...]


def verify(*, expected_head: str = "") -> Verdict:
    """Read the whole chain and name every tampered, removed or reordered entry.

    A chain cannot tell by itself that its last entries were cut off: pass the head noted elsewhere to check that too.
    """
    faults: list[str] = []
    previous, number, heads = GENESIS, 0, set()
    for entry in AuditEntry.objects.order_by("sequence").prefetch_related("changes").iterator(chunk_size=500):
        number += 1
        if entry.sequence != number:
            faults.append(f"entry {number} is missing: the next one found is {entry.sequence}")
            number = entry.sequence
        if entry.previous_hash != previous:
            faults.append(f"entry {entry.sequence} does not follow the one before it")
        if digest(entry, sorted(entry.changes.all(), key=lambda row: row.position)) != entry.hash:
            faults.append(f"entry {entry.sequence} was altered ({entry.verb})")
        previous = entry.hash
        heads.add(previous)
    if expected_head and expected_head not in heads:
        faults.append("the noted head is not in the chain: entries were removed from its end or rewritten")
    return Verdict(entry_count=number, head=previous, faults=tuple(faults))


def head() -> str:
    """The hash of the last entry: noted outside the database, it proves later that none was cut off."""
    last = AuditEntry.objects.order_by("-sequence").values_list("hash", flat=True).first()
    return last or GENESIS


def as_of(model: type[models.Model], pk: int, at: datetime) -> dict[str, Any] | None:
    """The recorded fields of a row as they stood at a time, or None when it did not exist."""
    state: dict[str, Any] | None = None
    rows = AuditChange.objects.filter(label=_label(model), object_pk=pk, entry__at__lte=at)
    for row in rows.order_by("entry__sequence", "position"):
        state = _fold(state, row)
    return state


def _fold(state: dict[str, Any] | None, row: AuditChange) -> dict[str, Any] | None:
    if row.action == AuditChange.Action.DELETE:
        return None
    return {**(state or {}), **row.after}


def history(obj: models.Model) -> models.QuerySet[AuditChange]:
    """The changes of one row, newest first."""
    rows = AuditChange.objects.filter(label=_label(type(obj)), object_pk=obj.pk)
    return rows.select_related("entry", "entry__actor").order_by("-entry__sequence", "-position")


def replay() -> dict[tuple[str, int], dict[str, Any]]:
    """Every row that the log says exists now, from nothing: `{(label, pk): fields}`."""
    world: dict[tuple[str, int], dict[str, Any]] = {}
    rows = AuditChange.objects.order_by("entry__sequence", "position")
    for row in rows.iterator(chunk_size=2000):
        key = (row.label, row.object_pk)
        state = _fold(world.get(key), row)
        if state is None:
            world.pop(key, None)
        else:
            world[key] = state
    return world


def audited_models() -> list[type[models.Model]]:
    """Motrice's own models whose rows are all in the log; a model outside it says why in `audit_exempt`."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("motrice.")
        and not model._meta.proxy
        and model not in (AuditEntry, AuditChange)
        and not getattr(model, "audit_exempt", "")
    ]


def differences() -> list[str]:
    """Where the database and the replayed log disagree, row by row: empty when they are equal."""
    world, found = replay(), []
    for model in audited_models():
        label = _label(model)
        for obj in model._base_manager.iterator(chunk_size=2000):
            logged = world.pop((label, obj.pk), None)
            if logged is None:
                found.append(f"{label} {obj.pk} is not in the log")
                continue
            actual = snapshot(obj)
            found += [
                f"{label} {obj.pk}.{name}: the log says {logged.get(name)!r}, the database {value!r}"
                for name, value in actual.items()
                if logged.get(name) != value
            ]
    found += [f"{label} {pk} is in the log but not in the database" for label, pk in world]
    return found


def revert(entries: Iterable[AuditEntry], *, actor: Any, verb: str, reason: str = "") -> int:
    """Undo whole operations, newest change first; refuses when a row has changed since, and says which."""
    chosen = sorted(entries, key=lambda entry: -entry.sequence)
    count = 0
    with operation(actor, verb, reason=reason, details={"reverted": [entry.sequence for entry in chosen]}) as op:
        for entry in chosen:
            for row in AuditChange.objects.filter(entry=entry).order_by("-position"):
                _undo(op, row)
                count += 1
    return count


def _undo(op: Recorder, row: AuditChange) -> None:
    model = apps.get_model(row.label)
    columns = {column.attname: column for column in recorded_fields(model)}
    obj = model._base_manager.filter(pk=row.object_pk).first()
    if row.action == AuditChange.Action.DELETE:
        values = {name: from_json(columns[name], value) for name, value in row.before.items() if name in columns}
        op.create_many([model(**values)])
        return
    current = snapshot(obj) if obj is not None else {}
    moved = [name for name, value in row.after.items() if name in columns and current.get(name) != value]
    if obj is None or moved:
        raise StaleState(
            _("This can no longer be undone: %(what)s has changed since (%(fields)s).")
            % {"what": model._meta.verbose_name, "fields": ", ".join(moved) or _("removed")}
        )
    if row.action == AuditChange.Action.CREATE:
        op.delete(obj)
    else:
        op.update(obj, **{columns[n].name: _related(columns[n], v) for n, v in row.before.items() if n in columns})


def _related(column: models.Field, value: Any) -> Any:
    plain = from_json(column, value)
    if plain is None or not column.is_relation:
        return plain
    return column.related_model._base_manager.get(pk=plain)
