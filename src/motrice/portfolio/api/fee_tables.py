"""Fee tables through the API: as they stand, what the next one would change, and how far the dockets follow it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.policies import require
from motrice.engines.docketing import FeeTable
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.enums import Confidence
from motrice.portfolio.importers.fee_lines import FeeLine, check_lines, merged, read_lines
from motrice.portfolio.jobs import apply_fees
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations.fee_tables import add_fee_table
from motrice.portfolio.queries.fee_changes import (
    MOST_LINES,
    MOST_TEXT,
    NewFees,
    changes_of,
    code_of,
    fee_entry,
    next_data,
    percent_done,
    table_of,
)
from motrice.portfolio.tables.docket import rulebook
from motrice.web.rest import Strict, paginated

router = Router()


class FeeRowOut(Schema):
    """One amount; the term is empty for a fee that has none."""

    term: str
    category: str
    amount: Decimal


class FeeTableOut(Schema):
    """A fee table that holds from a day."""

    code: str
    version: int
    office: str
    act: str
    currency: str
    valid_from: date
    valid_to: date | None
    known_until: date | None
    source: str
    read_on: date | None
    confidence: Confidence
    rows: list[FeeRowOut]


class FeeRowIn(Strict):
    """One amount as written."""

    term: str = Field("", max_length=60)
    category: str = Field("standard", max_length=60)
    amount: str = Field(max_length=60)


class FeesIn(Strict):
    """The table that follows: `rows` are all of it; `csv` holds lines of term, category and amount put into them."""

    valid_from: date
    currency: str = Field(pattern="^[A-Z]{3}$")
    source: str = Field(min_length=1, max_length=500)
    read_on: date
    known_until: date | None = None
    confidence: Confidence = Confidence.CONFIRMED
    rows: list[FeeRowIn] = Field([], max_length=MOST_LINES)
    csv: str = Field("", max_length=MOST_TEXT)


class AmountChangeOut(Schema):
    """One amount before and after; null where a table has no such line."""

    term: str
    category: str
    before: Decimal | None
    after: Decimal | None


class ForecastChangeOut(Schema):
    """The forecast of twenty years, before and after."""

    currency: str
    before: Decimal
    after: Decimal


class FeeChangesOut(Schema):
    """What a table would change; nothing is written."""

    amounts: list[AmountChangeOut]
    deadlines: int = Field(
        description="Open deadlines of the network that get another amount, but for those kept to a circle."
    )
    forecast: list[ForecastChangeOut]


class DocketsOut(Schema):
    """How far the dockets at the office of a table follow the tables of today."""

    percent: int
    is_running: bool


def _entry(code: str) -> CatalogueEntry:
    entry = fee_entry(code)
    if entry is None:
        raise Http404
    return entry


def _fees(payload: FeesIn, table: FeeTable) -> NewFees:
    """The table as sent; all that is wrong with its lines is told at once."""
    held = [FeeLine(at, row.term, row.category, row.amount) for at, row in enumerate(payload.rows, start=1)]
    pasted, unread = read_lines(payload.csv)
    has_terms = any(row.term for row in table.rows)
    wrong = check_lines(pasted, has_terms=has_terms)[1]
    if not unread and not wrong:
        wrong = check_lines(held, has_terms=has_terms)[1]
    if unread or wrong:
        raise RuleViolation(" ".join(map(str, [*unread, *wrong])), field="csv" if payload.csv else "rows")
    rows, _faults = check_lines(merged(held, pasted), has_terms=has_terms)
    stated = payload.dict(exclude={"rows", "csv"})
    return NewFees(rows=tuple(rows), **stated)


@router.get("/fee-tables", response=list[FeeTableOut])
@paginated
def fee_table_list(request: HttpRequest, office: str = Query("", max_length=2)) -> Any:
    """The fee tables that hold, of one office by its code of WIPO ST.3, or of all."""
    found = [table for table in rulebook().fee_tables.values() if office in ("", table.office)]
    return sorted(found, key=lambda table: (table.office, table.act, -table.valid_from.toordinal()))


@router.get("/fee-tables/{code}", response=FeeTableOut)
def fee_table_detail(request: HttpRequest, code: str) -> Any:
    """One fee table."""
    return table_of(_entry(code))


@router.get("/fee-tables/{code}/dockets", response=DocketsOut)
def fee_table_dockets(request: HttpRequest, code: str) -> Any:
    """How far the dockets follow a table that was saved."""
    table, seen = table_of(_entry(code)), Deadline.objects.permitted(actor_of(request), "sum")
    percent = percent_done(table, seen)
    return {"percent": percent, "is_running": percent < 100}


@router.post("/fee-tables/{code}/preview", response=FeeChangesOut)
def fee_table_preview(request: HttpRequest, code: str, payload: FeesIn) -> Any:
    """What the table that follows would change: each amount, the open deadlines, the forecast of twenty years."""
    entry, today = _entry(code), timezone.localdate()
    require(actor_of(request), "edit", entry)
    old = table_of(entry)
    fees = _fees(payload, old)
    data = next_data(entry, fees, today=today)
    new = table_of(CatalogueEntry(code=code_of(old, fees.valid_from), version=1, data=data))
    found = changes_of(old, new, Deadline.objects.permitted(actor_of(request), "sum"), today=today)
    forecast = [{"currency": one, "before": before, "after": after} for one, before, after in found.totals()]
    return {"amounts": found.amounts, "deadlines": found.deadlines, "forecast": forecast}


@router.post("/fee-tables/{code}/next", response={201: FeeTableOut})
def fee_table_next(request: HttpRequest, code: str, payload: FeesIn) -> Any:
    """Save the table that follows, from its day; the dockets of the office follow at once, or in the queue."""
    entry = _entry(code)
    require(actor_of(request), "edit", entry)
    saved = add_fee_table(base=entry, fees=_fees(payload, table_of(entry)), actor=actor_of(request))
    apply_fees(saved)
    return Status(201, table_of(saved))
