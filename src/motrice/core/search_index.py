"""The two indexes behind the search: names and evidence. They follow the audit log, so that no write is missed.

`state.json` names the folders in use and the last entry of the log that they hold. A rebuild fills new folders beside
the old ones and then changes that file, so that a kill leaves the search as it was.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from motrice.core.models import AuditChange, AuditEntry
from motrice.core.search_sources import SearchSource, record_id, sources
from motrice.engines.search import FolderEncoder, Index
from motrice.engines.search.names import NameIndex

CHUNK = 1000
ENTRIES = 40


@dataclass(frozen=True)
class Indexes:
    """The indexes in use."""

    names: NameIndex
    evidence: Index


_opened: dict[tuple[str, str], Indexes] = {}
_opening = threading.Lock()


def _root() -> Path:
    return Path(settings.SEARCH_ROOT)


def _state() -> dict[str, Any] | None:
    try:
        return json.loads((_root() / "state.json").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def _keep_state(state: dict[str, Any]) -> None:
    path = _root() / "state.json"
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@lru_cache(maxsize=1)
def _encoder(folder: str) -> FolderEncoder | None:
    """The encoder of the settings, opened once in each process."""
    return FolderEncoder(folder) if folder else None


def _fits(folder: Path) -> bool:
    """Whether the texts were indexed with the encoder of the settings, or with none as they ask."""
    encoder = _encoder(settings.SEARCH_ENCODER)
    return Index.encoder_of(folder / "evidence") == (encoder.name if encoder is not None else None)


def _evidence(folder: Path) -> Index:
    """The texts, with the encoder of the settings; until the rebuild after a change of it, read without any."""
    encoder = _encoder(settings.SEARCH_ENCODER) if _fits(folder) else None
    return Index.open(folder / "evidence", encoder=encoder)


def is_built() -> bool:
    """Whether there is an index at all."""
    return (_root() / "state.json").is_file()


def opened() -> Indexes | None:
    """The indexes in use, opened once in each process; None before the first build."""
    state = _state()
    if state is None:
        return None
    key = (str(_root()), state["folder"])
    with _opening:
        found = _opened.get(key)
        if found is None:
            folder = _root() / state["folder"]
            found = Indexes(NameIndex.open(folder / "names"), _evidence(folder))
            _opened.clear()
            _opened[key] = found
        return found


@contextmanager
def _alone(doing: str = "following") -> Iterator[None]:
    """One process at a time that does this; the kernel lets go of the lock of a dead one."""
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / f"{doing}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _last_sequence() -> int:
    return AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def rebuild(tell: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """Build both indexes from nothing beside those in use, then change over; what was written meanwhile follows."""
    with _alone("rebuilding"):
        _forget_others()
        sequence = _last_sequence()
        folder = f"build-{secrets.token_hex(4)}"
        counts = _fill(_root() / folder, tell)
        with _alone():
            _keep_state({"folder": folder, "sequence": sequence})
        _forget_others()
    follow()
    return counts


def _fill(target: Path, tell: Callable[[str, int], None] | None) -> dict[str, int]:
    target.mkdir(parents=True)
    counts: dict[str, int] = {}
    encoder = _encoder(settings.SEARCH_ENCODER)
    with (
        NameIndex.create(target / "names") as names,
        Index.create(target / "evidence", encoder=encoder) as evidence,
    ):
        for source in sources():
            counts[source.label] = 0
            for rows in _chunks(source.rows()):
                _put(Indexes(names, evidence), source, rows)
                counts[source.label] += len(rows)
                if tell is not None:
                    tell(source.label, counts[source.label])
        names.commit()
        evidence.commit()
    return counts


def _forget_others() -> None:
    """Remove the folders not in use: the last one, whose open readers read on until they look again, and those that a
    killed rebuild left. Only under the lock of rebuilding, else it would take away what another is filling."""
    used = (_state() or {}).get("folder")
    for folder in _root().glob("build-*"):
        if folder.name != used:
            shutil.rmtree(folder, ignore_errors=True)


def _chunks(rows: models.QuerySet) -> Iterator[list[Any]]:
    last = 0
    ordered = rows.order_by("pk")
    while part := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield part
        last = part[-1].pk


def _put(indexes: Indexes, source: SearchSource, rows: Sequence[Any]) -> None:
    if source.names is not None:
        indexes.names.add(source.names(rows))
    if source.documents is not None:
        indexes.evidence.add(source.documents(rows))


def follow() -> int:
    """Bring the indexes in step with the log; gives how many records were looked at."""
    count = 0
    with _alone():
        while (state := _state()) is not None:
            entries = AuditEntry.objects.filter(sequence__gt=state["sequence"]).order_by("sequence")
            numbers = list(entries.values_list("sequence", flat=True)[:ENTRIES])
            if not numbers:
                break
            count += _bring(state, numbers)
            _keep_state({**state, "sequence": numbers[-1]})
    return count


def _bring(state: dict[str, Any], numbers: list[int]) -> int:
    changes = AuditChange.objects.filter(entry__sequence__gte=numbers[0], entry__sequence__lte=numbers[-1])
    touched = _touched(changes)
    if not any(touched.values()):
        return 0
    folder = _root() / state["folder"]
    with NameIndex.open(folder / "names") as names, _evidence(folder) as evidence:
        for source in sources():
            for pks in _parts(sorted(touched[source.label])):
                _refresh(Indexes(names, evidence), source, pks)
        names.commit()
        evidence.commit()
    return sum(map(len, touched.values()))


def _refresh(indexes: Indexes, source: SearchSource, pks: list[int]) -> None:
    rows = list(source.rows().filter(pk__in=pks))
    gone = [record_id(source.label, pk) for pk in set(pks) - {row.pk for row in rows}]
    if gone:
        indexes.names.remove(gone)
        indexes.evidence.remove(gone)
    _put(indexes, source, rows)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _touched(changes: models.QuerySet[AuditChange]) -> dict[str, set[int]]:
    """Which records of each source these changes concern: their own rows, and the rows that are parts of them."""
    found: dict[str, set[int]] = {source.label: set() for source in sources()}
    parts: dict[str, set[int]] = {}
    for label, pk, before, after in changes.values_list("label", "object_pk", "before", "after").iterator():
        if label in found:
            found[label].add(pk)
        parts.setdefault(label, set()).add(pk)
        for source in sources():
            for model, names in source.parts.items():
                if model._meta.label_lower == label:
                    states = (before, after)
                    found[source.label] |= {state[name] for state in states for name in names if state.get(name)}
    for source in sources():  # an update of other columns does not name the record: ask the row itself
        for model, names in source.parts.items():
            for pks in _parts(sorted(parts.get(model._meta.label_lower, ()))):
                for values in model._base_manager.filter(pk__in=pks).values_list(*names):
                    found[source.label] |= {value for value in values if value is not None}
    return found


def status() -> dict[str, Any]:
    """What is indexed, and how far behind the log it is."""
    state, indexes = _state(), opened()
    if state is None or indexes is None:
        return {"built": False}
    return {
        "built": True,
        "names": len(indexes.names),
        "texts": len(indexes.evidence),
        "entries_behind": max(0, _last_sequence() - state["sequence"]),
        "encoder_fits": _fits(_root() / state["folder"]),
    }
