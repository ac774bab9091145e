"""Public references of records: random, so that neither order nor number of records can be read from them."""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from random import Random

from django.db import models

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud without doubt
LENGTH = 8
_system = secrets.SystemRandom()
_source: ContextVar[Random | None] = ContextVar("motrice_reference_source", default=None)


def renew_taken(rows: Sequence[models.Model]) -> None:
    """Give another reference to the new rows whose own is taken: one in seventy imports of 130,000 rows meets one."""
    if not rows:
        return
    manager = type(rows[0])._base_manager
    seen: set[str] = set()
    while clash := _clashing(rows, manager, seen):
        for row in clash:
            row.reference = new_reference()  # type: ignore[attr-defined]
        seen = set()


def _clashing(rows: Sequence[models.Model], manager: models.Manager, seen: set[str]) -> list[models.Model]:
    references = [row.reference for row in rows]  # type: ignore[attr-defined]
    taken = set(manager.filter(reference__in=references).values_list("reference", flat=True))
    clash = []
    for row, reference in zip(rows, references, strict=True):
        if reference in taken or reference in seen:
            clash.append(row)
        seen.add(reference)
    return clash


def new_reference() -> str:
    """Eight characters out of thirty: one chance in 650 billion to meet a given one."""
    source = _source.get() or _system
    return "".join(source.choice(ALPHABET) for _ in range(LENGTH))


@contextlib.contextmanager
def references_from(source: Random) -> Iterator[None]:
    """Draw references from a seeded source: for generators of invented worlds only, that must give the same twice."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
