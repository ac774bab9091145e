"""What a set of fees cost and will cost, by year and office, whole or for the part of some owners.

Sums are over the very rows that the lists of fees show, in each currency apart: nothing is converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Sum

from motrice.portfolio.models import Deadline, FeePayment
from motrice.portfolio.queries.fee_parts import CENT, Share, divided

PAID_ASSET, PAID_OFFICE = "event__application__asset", "event__application__office"


class YearOf(Func):
    """The year of a day. SQLite has the text of a day: reading its beginning is ten times faster than Django's own."""

    template = "EXTRACT(YEAR FROM %(expressions)s)::integer"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """The first four characters."""
        template = "CAST(SUBSTR(%(expressions)s, 1, 4) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass
class Costs:
    """The fees in one currency: paid and to come, by year and by office."""

    currency: str
    years: dict[int, list[Decimal]] = field(default_factory=dict)
    offices: dict[str, list[Decimal]] = field(default_factory=dict)

    def by_year(self) -> list[tuple[int, Decimal, Decimal]]:
        """Each year of the span with what was paid and what is to come, those without a fee included."""
        span = range(min(self.years), max(self.years) + 1)
        return [(year, *self.years.get(year, (Decimal(0), Decimal(0)))) for year in span]  # type: ignore[misc]

    def by_office(self) -> list[tuple[str, Decimal, Decimal]]:
        """The offices, the dearest first."""
        ordered = sorted(self.offices.items(), key=lambda item: (-sum(item[1]), item[0]))
        return [(office, paid, to_come) for office, (paid, to_come) in ordered]

    @property
    def paid(self) -> Decimal:
        """All that was paid."""
        return sum((pair[0] for pair in self.years.values()), Decimal(0))

    @property
    def to_come(self) -> Decimal:
        """All that is to come."""
        return sum((pair[1] for pair in self.years.values()), Decimal(0))


def costs_of(
    payments: QuerySet[FeePayment] | None, deadlines: QuerySet[Deadline] | None, share: Share | None = None
) -> list[Costs]:
    """The costs in each currency, the largest first; of a share, the sum of its part of each fee."""
    found: dict[str, Costs] = {}
    sources: list[tuple[QuerySet, str, str, str]] = []
    if payments is not None:
        sources.append((payments, "paid_on", PAID_OFFICE, PAID_ASSET))
    if deadlines is not None:
        sources.append((deadlines, "due_on", "application__office", "asset"))
    for rows, day, office, asset in sources:
        place = 0 if day == "paid_on" else 1
        for currency, year, code, amount in _summed(rows, day, office, asset, share):
            costs = found.setdefault(currency, Costs(currency))
            for sums, key in ((costs.years, year), (costs.offices, code)):
                sums.setdefault(key, [Decimal(0), Decimal(0)])[place] += amount
    return sorted(found.values(), key=lambda costs: (-(costs.paid + costs.to_come), costs.currency))


def _summed(
    rows: QuerySet, day: str, office: str, asset: str, share: Share | None
) -> Iterator[tuple[str, int, str, Decimal]]:
    names = ["currency", "found_year", office]
    dated = rows.order_by().annotate(found_year=YearOf(F(day)))
    if share is None:
        for *line, total in dated.values_list(*names).annotate(found=Sum("amount")):
            yield *line, total.quantize(CENT)  # type: ignore[misc]
        return
    for *line, _owner, amount in divided(dated, names, asset=asset, day=day, share=share):
        yield *line, amount  # type: ignore[misc]
