"""The tables that deadlines are made from: rules, renewal schemes and fees, all dated and sourced.

Nothing here is law by itself: each value comes from a table that names its source and how sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NATURES = ("act", "window", "term", "opening", "office", "habit")
"""What a date is: something to do, a time in which somebody may act, the end of a right, the day a right opens, what
the office does, a habit of the trade."""

FORMS = ("period", "note", "annuity", "grace", "shift", "limit")
"""A period of its own; a fact without a date; or a part of a renewal scheme, which cites it."""

CONFIDENCES = ("confirmed", "two_sources", "secondary", "one_tool", "outdated", "unconfirmed")
"""From read on several or official pages, to seen in one tool only, possibly outdated, or not read anywhere."""

BASES = ("event", "filing", "own_filing", "priority")
"""What a delay is counted from: the event; the filing, of the parent for what descends from it; the filing of the
application itself; the earliest priority, or the filing when there is none."""

RENEWAL = "renewal"
"""The act that fee tables name annuities by."""


@dataclass(frozen=True, slots=True)
class Extension:
    """By how many months a period can be extended, and how often."""

    months: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Grace:
    """How late an act may still be done: months counted from the due date, its next day, or the base of the delay.

    `surcharge_percent` is of the fee; `surcharge_act` names a fixed fee in the tables.
    """

    months: int
    counted_from: str = "due"
    is_end_of_month: bool = False
    surcharge_percent: Decimal | None = None
    surcharge_act: str = ""
    rule: str = ""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One deadline rule, as its table states it; `trigger` is an event kind, or "filing" or "priority".

    `offices` and `rights` that are empty and `descents` that are None mean any; a descent of "" means filed directly.
    `repeats` counts how often the delay runs again, -1 without end. `answered_by` names kinds of events,
    `answered_by_child` what descends from the application: "validation", or "regional_phase:EP" at one office.
    The rule holds for periods that start from `valid_from` to `valid_to`.
    """

    code: str
    version: int = 1
    form: str = "period"
    nature: str = "act"
    offices: tuple[str, ...] = ()
    not_offices: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    descents: tuple[str, ...] | None = None
    is_first_filing_only: bool = False
    is_priority_claimed_only: bool = False
    trigger: str = "filing"
    counted_from: str = "event"
    delay: int = 0
    unit: str = "months"
    is_end_of_month: bool = False
    is_first_day_counted: bool = False
    repeats: int = 0
    calendar: str = ""
    answered_by: tuple[str, ...] = ()
    answered_by_child: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    extension: Extension | None = None
    grace: Grace | None = None
    fees: tuple[str, ...] = ()
    fee_office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: str = ""
    source: str = ""
    status: str = ""
    confidence: str = "unconfirmed"
    names: dict[str, str] = field(default_factory=dict, hash=False)

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force for a period that starts on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Step:
    """One renewal: its label ("3.5"), the year it is recorded under (4), months after the base, a rule of its own."""

    term: str
    year: int
    months: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Terms whose due date moves to a limit counted in months when it falls before it."""

    years: tuple[int, ...]
    months: int
    counted_from: str
    rule: str
    descents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenewalScheme:
    """How the annuities of an office run; `office` is its WIPO ST.3 code, "UP" for the unitary patent.

    The fee of year n is due n-1 years after the base: `counted_from` filing, grant or publication. Nothing is due
    before the event `payable_from`. `late_window_months`: fees due before a divisional was filed, or within that time
    after it, may be paid until then. `part_window_months`: the same after the grant, for a validated part.
    """

    office: str
    version: int = 1
    rule: str = ""
    first_year: int = 3
    last_year: int = 20
    counted_from: str = "filing"
    payable_from: str = "filing"
    is_end_of_month: bool = False
    steps: tuple[Step, ...] = ()
    calendar: str = ""
    opens_months: int = 0
    opens_months_by_year: dict[int, int] = field(default_factory=dict, hash=False)
    grace: Grace | None = None
    shift: Shift | None = None
    limit_rule: str = ""
    is_limited_by_grant: bool = False
    late_window_months: int = 0
    late_window_basis: str = ""
    part_window_months: int = 0
    part_window_basis: str = ""
    legal_basis: str = ""
    source: str = ""
    confidence: str = "unconfirmed"

    def terms(self) -> tuple[Step, ...]:
        """Every fee of the scheme, in order."""
        if self.steps:
            return self.steps
        return tuple(Step(str(year), year, 12 * (year - 1)) for year in range(self.first_year, self.last_year + 1))


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One amount: of a term of a renewal ("3", "3.5") or of an act without term, for a category of payer."""

    term: str
    category: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FeeTable:
    """The fees of an office for an act ("renewal", "examination"), valid for payments from a day to a day.

    `known_until` is the last day for which the source, read on `read_on`, is known to hold: later amounts are
    estimates.
    """

    code: str
    version: int
    office: str
    act: str
    currency: str
    valid_from: date
    rows: tuple[FeeRow, ...]
    valid_to: date | None = None
    known_until: date | None = None
    source: str = ""
    read_on: date | None = None
    confidence: str = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount found in a table; an estimate when the table is not known to hold on the day of payment."""

    amount: Decimal
    currency: str
    table: str
    version: int
    is_estimate: bool


class Fees:
    """Fee tables, asked by office, act, term, category of payer and day of payment."""

    def __init__(self, tables: tuple[FeeTable, ...] = ()) -> None:
        self._rows: dict[tuple[str, str, str, str], list[tuple[FeeTable, Decimal]]] = {}
        for table in sorted(tables, key=lambda table: (table.valid_from, table.code)):
            for row in table.rows:
                key = (table.office, table.act, row.term, row.category)
                self._rows.setdefault(key, []).append((table, row.amount))

    def find(self, office: str, act: str, on: date, *, term: str = "", category: str = "standard") -> Fee | None:
        """The fee for a payment on a day, or nothing when no table reaches back to it.

        A category that a table does not name pays the standard fee. After the last table, its amount as an estimate.
        """
        reduced = self._newest(self._rows.get((office, act, term, category), ()), on)
        standard = self._newest(self._rows.get((office, act, term, "standard"), ()), on)
        if reduced is not None and (standard is None or reduced[0].valid_from >= standard[0].valid_from):
            found = reduced
        elif standard is not None:
            found = standard
        else:
            return None
        table, amount = found
        end = min((day for day in (table.valid_to, table.known_until) if day is not None), default=None)
        return Fee(amount, table.currency, table.code, table.version, is_estimate=end is not None and on > end)

    def payers(self, office: str, act: str, on: date) -> set[str]:
        """The categories of payer that have an amount of their own for an act, from a day on."""
        found = set()
        for (held, of_act, term, category), rows in self._rows.items():
            if (held, of_act) == (office, act):
                standard = self._newest(self._rows.get((office, act, term, "standard"), ()), on)
                if standard is None or rows[-1][0].valid_from >= standard[0].valid_from:
                    found.add(category)
        return found

    @staticmethod
    def _newest(rows: list[tuple[FeeTable, Decimal]] | tuple[()], on: date) -> tuple[FeeTable, Decimal] | None:
        for table, amount in reversed(rows):
            if table.valid_from <= on:
                return table, amount
        return None
