"""A fee table that an office published: saved as a table of its own from its day, and the dockets worked out by it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from motrice.core import catalogue
from motrice.core.models import CatalogueEntry
from motrice.core.policies import require
from motrice.portfolio.operations.docket import derive_docket
from motrice.portfolio.queries.fee_changes import NewFees, code_of, dockets_behind, next_data, table_of
from motrice.portfolio.tables import docket as tables

FEW = 25
"""So many dockets are worked out at once; more go to the queue."""


def add_fee_table(*, base: CatalogueEntry, fees: NewFees, actor: Any) -> CatalogueEntry:
    """Save the new amounts from their day; the table before them and what was paid stay as they are."""
    require(actor, "edit", base)
    code = code_of(table_of(base), fees.valid_from)
    with transaction.atomic():
        _hold_tables()
        data = next_data(base, fees, today=timezone.localdate())
        entry = catalogue.edit(kind=tables.FEES, code=code, data=data, actor=actor, reason=data["source"][:500])
        tables.rulebook()  # refused here when the tables no longer fit together
    return entry


def _hold_tables() -> None:
    """Let one person at a time save a table: the second is told which one holds from that day already."""
    tables_ = CatalogueEntry.objects.filter(kind=tables.FEES).order_by("pk")
    list(tables_.select_for_update().values_list("pk")[:1])


def work_out_office(entry: CatalogueEntry) -> int:
    """Bring the dockets of the table's office to today's tables, a batch at a time: stopped, the clock goes on."""
    return derive_docket(dockets_behind(table_of(entry)).order_by("pk")).assets
