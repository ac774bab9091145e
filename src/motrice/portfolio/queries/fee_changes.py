"""What a new fee table would change: each amount, the open deadlines, and the forecast of twenty years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.engines.docketing import FeeRow, FeeTable, Rulebook, read_fee_table
from motrice.portfolio.enums import DeadlineState, Descent
from motrice.portfolio.models import Asset, Deadline
from motrice.portfolio.queries.docket import CENT, fees_ahead
from motrice.portfolio.tables import docket as tables

RENEWAL, UNITARY = "renewal", "UP"
MOST_LINES, MOST_TEXT = 500, 100_000
"""How long a table, and the text of its lines, may be."""


@dataclass(frozen=True)
class NewFees:
    """The amounts that an office published: from which day, in which currency, where and when they were read."""

    valid_from: date
    currency: str
    source: str
    read_on: date
    rows: tuple[FeeRow, ...]
    known_until: date | None = None
    confidence: str = "confirmed"


def table_of(entry: CatalogueEntry) -> FeeTable:
    """A version of the catalogue as a table."""
    return read_fee_table(entry.code, entry.version, dict(entry.data))


def fee_entry(code: str) -> CatalogueEntry | None:
    """A fee table as it stands."""
    return next(iter(catalogue.current(tables.FEES, code)), None)


def code_of(base: FeeTable, valid_from: date) -> str:
    """The code of the table of an office and an act from a day."""
    return f"{base.office}-{base.act}-{valid_from}".lower().replace("_", "-")


def next_data(base: CatalogueEntry, fees: NewFees, *, today: date) -> dict[str, Any]:
    """The content of the new table; says what to correct of its days, its currency and its source."""
    old = table_of(base)
    _check(old, fees, today)
    data = {name: base.data[name] for name in ("office", "act")}
    for name in ("name", "name_fr"):
        bare = re.sub(r",? [^,]*\d{4}-\d{2}-\d{2}$", "", base.data[name])
        since = f", from {fees.valid_from}" if name == "name" else f", à partir du {fees.valid_from}"
        data[name] = bare + since
    optional = {"known_until": fees.known_until.isoformat()} if fees.known_until else {}
    return data | optional | {
        "currency": fees.currency,
        "valid_from": fees.valid_from.isoformat(),
        "source": fees.source.strip(),
        "read_on": fees.read_on.isoformat(),
        "confidence": fees.confidence,
        "rows": [{"term": row.term, "category": row.category, "amount": str(row.amount)} for row in fees.rows],
    }  # fmt: skip


def _check(old: FeeTable, fees: NewFees, today: date) -> None:
    if not fees.rows:
        raise RuleViolation(_("Write one amount at least."), field="rows")
    if not re.fullmatch("[A-Z]{3}", fees.currency):
        raise RuleViolation(_("Write the currency in three capitals, such as EUR."), field="currency")
    if not fees.source.strip():
        raise RuleViolation(_("Say where the amounts were read: a page, an official journal."), field="source")
    if fees.read_on > today:
        raise RuleViolation(_("The source was read already: this day is to come."), field="read_on")
    if fees.valid_from <= old.valid_from:
        words = _("The table it follows holds from %(day)s: write a later day.") % {"day": old.valid_from}
        raise RuleViolation(words, field="valid_from")
    if fees.known_until and fees.known_until < fees.valid_from:
        raise RuleViolation(_("It cannot end before it begins: write a later day, or none."), field="known_until")
    for table in tables.rulebook().fee_tables.values():
        if (table.office, table.act, table.valid_from) == (old.office, old.act, fees.valid_from):
            words = _("%(code)s holds from that day already: correct it, or write another day.")
            raise RuleViolation(words % {"code": table.code}, field="valid_from")


@dataclass(frozen=True)
class AmountChange:
    """One amount before and after; nothing where the table has no such line."""

    term: str
    category: str
    before: Decimal | None
    after: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether it changes."""
        return self.before != self.after


@dataclass
class FeeChanges:
    """What a new table changes for the deadlines that the reader may sum."""

    amounts: list[AmountChange]
    deadlines: int = 0
    before: dict[str, Decimal] = field(default_factory=dict)
    after: dict[str, Decimal] = field(default_factory=dict)

    def totals(self) -> list[tuple[str, Decimal, Decimal]]:
        """The forecast of twenty years before and after, in each currency that changes."""
        both = sorted(self.before.keys() | self.after.keys())
        zero = Decimal(0)
        found = [(one, self.before.get(one, zero), self.after.get(one, zero)) for one in both]
        return [line for line in found if line[1] != line[2]]


def changes_of(old: FeeTable, new: FeeTable, rows: QuerySet[Deadline], *, today: date) -> FeeChanges:
    """Compare two tables, and price the open deadlines of the office anew; nothing is written."""
    found = FeeChanges(_amounts(old.rows, new.rows))
    held = tables.rulebook()
    book = Rulebook(
        held.rules.values(), held.schemes.values(), [*held.fee_tables.values(), new], held.calendars.values()
    )
    concerned = _concerned(rows, new, held)
    for _line, count, price, known in _priced(concerned, new, book):
        found.deadlines += count * (price != known)
    totals = fees_ahead(rows, today=today).filter(amount__isnull=False).order_by().values_list("currency")
    found.before = {currency: total.quantize(CENT) for currency, total in totals.annotate(sum=Sum("amount"))}
    found.after = dict(found.before)
    for _line, count, price, known in _priced(fees_ahead(concerned, today=today), new, book):
        for sign, one in ((-1, known), (1, price)):
            if one is not None:
                found.after[one[1]] = found.after.get(one[1], Decimal(0)) + sign * count * one[0]
    return found


def _amounts(old: Iterable[FeeRow], new: Iterable[FeeRow]) -> list[AmountChange]:
    before = {(row.term, row.category): row.amount for row in old}
    after = {(row.term, row.category): row.amount for row in new}
    return [AmountChange(*key, before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after])]


def _concerned(rows: QuerySet[Deadline], table: FeeTable, book: Rulebook) -> QuerySet[Deadline]:
    cited = [code for code, rule in book.rules.items() if rule.fee_office == table.office and table.act in rule.fees]
    found = Q(rule__in=cited, year=None)
    if table.act == RENEWAL:
        found |= Q(year__isnull=False) & at_office(table.office)
    return rows.filter(found, state=DeadlineState.OPEN)


def at_office(office: str) -> Q:
    """Deadlines of the filings at an office; a unitary patent has fees of its own."""
    unitary = Q(application__descent=Descent.UNITARY)
    return unitary if office == UNITARY else Q(application__office=office) & ~unitary


Price = tuple[Decimal, str] | None


def _priced(rows: QuerySet[Deadline], table: FeeTable, book: Rulebook) -> Iterable[tuple[Any, int, Price, Price]]:
    names = ("rule", "term", "year", "due_on", "application__fee_category", "amount", "currency")
    for *line, count in rows.order_by().values_list(*names).annotate(count=Count("pk")):
        rule, term, year, due_on, category, amount, currency = line
        known = None if amount is None else (amount, currency)
        acts = (RENEWAL,) if year else book.rules[rule].fees
        fees = [
            book.fees.find(table.office, act, due_on, term=term if year else "", category=category) for act in acts
        ]
        priced = [fee for fee in fees if fee is not None]
        is_whole = len(priced) == len(acts) and len({fee.currency for fee in priced}) == 1
        price = (sum((fee.amount for fee in priced), Decimal(0)), priced[0].currency) if is_whole else None
        yield line, count, price, known


def dockets_of(table: FeeTable, deadlines: QuerySet[Deadline] | None = None) -> QuerySet[Asset]:
    """The assets with deadlines that are not done at the office of a table, among all or those given."""
    rows = Deadline.objects.all() if deadlines is None else deadlines
    waiting = rows.exclude(state=DeadlineState.DONE).filter(_of(table))
    return Asset.objects.filter(pk__in=waiting.order_by().values("asset_id"), kind__in=tables.DOCKETED)


def dockets_behind(table: FeeTable, deadlines: QuerySet[Deadline] | None = None) -> QuerySet[Asset]:
    """Those of them that are still worked out by earlier tables."""
    rows = Deadline.objects.all() if deadlines is None else deadlines
    return dockets_of(table, rows.exclude(book=tables.mark()))


def percent_done(table: FeeTable, deadlines: QuerySet[Deadline]) -> int:
    """How far those among the given deadlines follow today's tables; all of none is all."""
    behind = dockets_behind(table, deadlines).count()
    total = dockets_of(table, deadlines).count() if behind else 0
    return 100 * (total - behind) // total if total else 100


def _of(table: FeeTable) -> Q:
    cited = [code for code, rule in tables.rulebook().rules.items() if rule.fee_office == table.office]
    return at_office(table.office) | Q(rule__in=cited)
