"""The proof of the log: each entry holds the hash of the one before, and its replay gives the database."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from motrice.core.models import AuditChange, AuditEntry
from motrice.core.values import UTC, column_json, label_of, recorded_fields, snapshot

GENESIS = "0" * 64


def _canonical(value: Any) -> Any:
    """Numbers as a database may give them back: PostgreSQL's jsonb reads 1e16 as a whole number, -0.0 as 0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    return value


def _bytes(content: Any) -> bytes:
    return json.dumps(_canonical(content), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(entry: AuditEntry, changes: Iterable[AuditChange]) -> str:
    """SHA-256 (FIPS 180-4) of an entry with the hash before it, then of each change, over sorted-key JSON lines."""
    head = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "verb": entry.verb,
        "subject": [entry.subject_label, entry.subject_pk],
        "reason": entry.reason,
        "details": entry.details,
        "previous": entry.previous_hash,
    }
    total = hashlib.sha256(_bytes(head))
    for row in changes:
        total.update(b"\n")
        total.update(_bytes([row.verb, row.label, row.object_pk, row.action, row.before, row.after]))
    return total.hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many entries, the last hash, and every fault in words."""

    entry_count: int
    head: str
    faults: tuple[str, ...]


def head() -> str:
    """The hash of the last entry: noted outside the database, it proves later that none was cut off."""
    last = AuditEntry.objects.order_by("-sequence").values_list("hash", flat=True).first()
    return last or GENESIS


def verify(*, expected_head: str = "") -> Verdict:
    """Read the whole chain and name every tampered, removed or reordered entry.

    A chain cannot tell by itself that its last entries were cut off: pass the head noted elsewhere to check that too,
    in small letters or capitals.
    """
    expected_head = expected_head.strip().lower()
    faults: list[str] = []
    previous, expected, count, is_head_met = GENESIS, 1, 0, expected_head in {"", GENESIS}
    for entry, changes in _entries_with_changes():
        count += 1
        if entry.sequence != expected:
            missing = f"{expected}" if entry.sequence == expected + 1 else f"{expected} to {entry.sequence - 1}"
            faults.append(f"entry {missing} is missing: the next one found is {entry.sequence}")
        if entry.previous_hash != previous:
            faults.append(f"entry {entry.sequence} does not follow the one before it")
        if digest(entry, changes) != entry.hash:
            faults.append(f"entry {entry.sequence} was altered ({entry.verb})")
        previous, expected = entry.hash, entry.sequence + 1
        is_head_met = is_head_met or previous == expected_head
    if not is_head_met:
        faults.append("the noted head is not in the chain: entries were removed from its end or rewritten")
    return Verdict(entry_count=count, head=previous, faults=tuple(faults))


def _entries_with_changes() -> Iterator[tuple[AuditEntry, list[AuditChange]]]:
    """Every entry with its changes, in order, one at a time: an import's entry may hold a hundred thousand.

    The entries are asked for first: what others append meanwhile then has changes here and no entry, and is left out.
    """
    entries = AuditEntry.objects.order_by("sequence").iterator(chunk_size=500)
    first = next(entries, None)
    if first is None:
        return
    rows = AuditChange.objects.order_by("entry__sequence", "position").iterator(chunk_size=2000)
    groups = itertools.groupby(rows, key=lambda row: row.entry_id)
    waiting = next(groups, None)
    for entry in itertools.chain([first], entries):
        changes: list[AuditChange] = []
        if waiting is not None and waiting[0] == entry.pk:
            changes = list(waiting[1])
            waiting = next(groups, None)
        yield entry, changes


def fold(state: dict[str, Any] | None, row: AuditChange) -> dict[str, Any] | None:
    """A row's fields after one more change; None when it is no longer there."""
    if row.action == AuditChange.Action.DELETE:
        return None
    return {**(state or {}), **row.after}


def replay() -> dict[tuple[str, int], dict[str, Any]]:
    """Every row that the log says exists now, from nothing: `{(label, pk): fields}`."""
    world: dict[tuple[str, int], dict[str, Any]] = {}
    rows = AuditChange.objects.order_by("entry__sequence", "position")
    for row in rows.iterator(chunk_size=2000):
        key = (row.label, row.object_pk)
        state = fold(world.get(key), row)
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
        label = label_of(model)
        defaults = {column.attname: column_json(column, column.get_default()) for column in recorded_fields(model)}
        for obj in model._base_manager.iterator(chunk_size=2000):
            logged = world.pop((label, obj.pk), None)
            if logged is None:
                found.append(f"{label} {obj.pk} is not in the log")
                continue
            # A column added after the row was written has its default until somebody changes it.
            expected = {name: logged.get(name, default) for name, default in defaults.items()}
            found += [
                f"{label} {obj.pk}.{name}: the log says {expected[name]!r}, the database {value!r}"
                for name, value in snapshot(obj).items()
                if expected[name] != value
            ]
    known = {label_of(model) for model in audited_models()}
    found += [f"{label} {pk} is in the log but not in the database" for label, pk in world if label in known]
    return found
