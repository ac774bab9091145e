"""Which categories of fees the tables know for an application: those that change an amount it pays or may pay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Min, Q

from motrice.engines.docketing import Application as Filed
from motrice.engines.docketing import Rulebook
from motrice.portfolio.enums import AssetKind, FeeCategory
from motrice.portfolio.models import Application
from motrice.portfolio.queries.histories import RIGHTS
from motrice.portfolio.tables import docket as tables


def payers_of_filing(
    *, kind: str, office: str, descent: str = "", priority_on: date | None = None, on: date
) -> tuple[str, ...]:
    """The categories for a filing of a kind of asset at an office, on a day or later; the standard one first."""
    return _known(tables.rulebook(), on, kind, office, descent, priority_on)


def known_payers(applications: Iterable[Application], *, on: date) -> dict[int, tuple[str, ...]]:
    """The same for applications that are held, by their key."""
    claimed = Min("priorities__filed_on", filter=Q(priorities__is_active=True))
    rows = Application.objects.filter(pk__in=[row.pk for row in applications]).order_by().annotate(claimed_on=claimed)
    book = tables.rulebook()
    names = ("asset__kind", "office", "descent", "claimed_on")
    return {pk: _known(book, on, *rest) for pk, *rest in rows.values_list("pk", *names)}


def _known(
    book: Rulebook, on: date, kind: str, office: str, descent: str, priority_on: date | None
) -> tuple[str, ...]:
    right = RIGHTS.get(AssetKind(kind), "")
    filed = Filed(key="", office=office, filed_on=None, right=right, descent=descent, priority_on=priority_on)
    known = book.payers(filed, on)
    return tuple(value for value in FeeCategory.values if value in known)
