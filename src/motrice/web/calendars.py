"""What each app puts into somebody's calendar: declared in its `panels.py`, so that the calendar knows no app.

An entry bears a reference and never a confidential word: a calendar is read on many screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One due time: `key` stays the same while it moves, `path` opens its record."""

    key: str
    summary: Any
    at: datetime
    path: str


_sources: list[Callable[[Any], Iterable[Entry]]] = []


def register(source: Callable[[Any], Iterable[Entry]]) -> None:
    """Add a function that gives the entries of one reader, each by its own rights."""
    _sources.append(source)


def entries_for(actor: Any) -> Iterator[Entry]:
    """Everything that the apps put into a reader's calendar."""
    for source in _sources:
        yield from source(actor)
