"""What is derived: deadlines, each with the chain of events and rules that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from motrice.engines.docketing.histories import Event

OPEN, DONE, SUPERSEDED, LAPSED = "open", "done", "superseded", "lapsed"
STATES = (OPEN, DONE, SUPERSEDED, LAPSED)


class Link(NamedTuple):
    """One step of the chain: what was done to the date, the date after it, what says so, and a detail.

    Kinds: `event`, `filing`, `priority`, `grant`, `publication` (what it is counted from; `cites` is the application
    or the event), `delay` (detail "9 months"), `end_of_month`, `extension`, `shift`, `window`, `accumulated`, `moved`
    (by the calendar cited; detail names the closed day), `doubt` (the office may be closed), `grace`, `done`, `ended`.
    """

    kind: str
    on: date
    cites: str = ""
    detail: str = ""


class Key(NamedTuple):
    """What makes a deadline the same one after a recomputation."""

    application: str
    rule: str
    trigger: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date on the docket. `original_on` is the date before it moved to an open day; both days are included.

    `grace_until` is the last day on which it may be done late, with `surcharge`. `amount` is the fee on the due date,
    or what was paid; `fee_table` and `fee_version` say from where, `is_estimate` that the table may have changed.
    """

    key: Key
    nature: str
    original_on: date
    due_on: date
    state: str
    chain: tuple[Link, ...]
    year: int = 0
    opens_on: date | None = None
    grace_until: date | None = None
    amount: Decimal | None = None
    surcharge: Decimal | None = None
    currency: str = ""
    fee_table: str = ""
    fee_version: int = 0
    is_estimate: bool = False
    done_by: str = ""
    done_on: date | None = None

    @property
    def closes_on(self) -> date:
        """The last day on which it may be done at all."""
        return self.grace_until or self.due_on


class Note(NamedTuple):
    """A rule without a date that concerns an application."""

    application: str
    rule: str


@dataclass(frozen=True, slots=True)
class Docket:
    """Everything derived from one family: deadlines in order of their dates, notes, and facts that answer nothing."""

    family: str
    deadlines: tuple[Deadline, ...]
    notes: tuple[Note, ...] = ()
    unmatched: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a recomputation changed."""

    added: tuple[Deadline, ...]
    changed: tuple[tuple[Deadline, Deadline], ...]
    removed: tuple[Deadline, ...]


def differences(before: Docket, after: Docket) -> Changes:
    """What differs between two dockets of one family, by key."""
    old = {deadline.key: deadline for deadline in before.deadlines}
    new = {deadline.key: deadline for deadline in after.deadlines}
    return Changes(
        added=tuple(deadline for key, deadline in new.items() if key not in old),
        changed=tuple((old[key], deadline) for key, deadline in new.items() if key in old and old[key] != deadline),
        removed=tuple(deadline for key, deadline in old.items() if key not in new),
    )
