"""The tables of the docket in the catalogue: how each kind is checked, and the rulebook made from what is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Max

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.engines.docketing import (
    Deadline,
    Rulebook,
    TableError,
    read_calendar,
    read_fee_table,
    read_rule,
    read_scheme,
)
from motrice.portfolio.enums import AssetKind

DEADLINES = "portfolio.deadlines"
RENEWALS = "portfolio.renewals"
FEES = "portfolio.fees"
CALENDARS = "portfolio.calendars"

_READERS: dict[str, Callable[[str, int, dict[str, Any]], Any]] = {
    DEADLINES: read_rule,
    RENEWALS: read_scheme,
    FEES: read_fee_table,
    CALENDARS: read_calendar,
}


def _read(kind: str, data: dict[str, Any]) -> None:
    try:
        _READERS[kind]("entry", 1, data)
    except TableError as error:
        raise RuleViolation(str(error), field=error.field) from error


def check_deadline(data: dict[str, Any]) -> None:
    """A rule of the docket: what starts it, its delay and from when it counts, what answers and ends it, its source
    and how sure it is."""
    _read(DEADLINES, data)


def check_renewal(data: dict[str, Any]) -> None:
    """How the annuities of an office run (the code is that of WIPO ST.3): first year, base, grace, source."""
    _read(RENEWALS, data)


def check_fees(data: dict[str, Any]) -> None:
    """Fees of an office for an act, by term and category of payer, with the days between which they are valid."""
    _read(FEES, data)


def check_calendar(data: dict[str, Any]) -> None:
    """The days on which an office is closed, surely or perhaps, and the rule by which a period then ends later."""
    _read(CALENDARS, data)


def register_kinds() -> None:
    """Tell the catalogue how each table is checked."""
    catalogue.register_kind(DEADLINES, check_deadline)
    catalogue.register_kind(RENEWALS, check_renewal)
    catalogue.register_kind(FEES, check_fees)
    catalogue.register_kind(CALENDARS, check_calendar)


DOCKETED = (AssetKind.PATENT_FAMILY, AssetKind.DESIGN, AssetKind.MARK)
"""Kinds of assets whose deadlines are worked out."""

_kept: dict[tuple[int, int], Rulebook] = {}
_past: dict[int, Rulebook] = {}
PAST_KEPT = 16


def mark() -> int:
    """A number that changes when a table of the docket does: the newest of their versions."""
    return CatalogueEntry.objects.filter(kind__in=_READERS).aggregate(last=Max("pk"))["last"] or 0


def confidence_of(book: Rulebook, deadline: Deadline) -> str:
    """How sure a deadline is: an annuity of another office is as sure as its renewal parameters."""
    return book.rules[deadline.key.rule].confidence


def rulebook() -> Rulebook:
    """The rulebook of the newest versions."""
    return marked_rulebook()[0]


def marked_rulebook() -> tuple[Rulebook, int]:
    """The rulebook of the newest versions with their mark; read again only when a version was added. Tables that do
    not fit together are refused in words."""
    held = CatalogueEntry.objects.filter(kind__in=_READERS).aggregate(count=Count("pk"), last=Max("pk"))
    state = (held["count"], held["last"] or 0)
    if state not in _kept:
        book = _book()
        _kept.clear()
        _past.clear()
        _kept[state] = book
    return _kept[state], state[1]


def book_of(seen: int) -> Rulebook:
    """The rulebook in force when a deadline was derived: without a query when it was read before."""
    for (_count, last), book in _kept.items():
        if last == seen:
            return book
    if seen not in _past:
        if len(_past) >= PAST_KEPT:
            _past.clear()
        _past[seen] = _book(seen)
    return _past[seen]


def _book(seen: int | None = None) -> Rulebook:
    tables = {
        kind: [reader(row.code, row.version, row.data) for row in catalogue.current(kind, seen=seen)]
        for kind, reader in _READERS.items()
    }
    try:
        return Rulebook(tables[DEADLINES], tables[RENEWALS], tables[FEES], tables[CALENDARS])
    except TableError as error:
        raise RuleViolation(str(error)) from error
