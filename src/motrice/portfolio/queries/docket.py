"""What the docket costs: by year, office and co-owner, from deadlines that the caller may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from motrice.directory.models import Organisation
from motrice.portfolio.enums import Choice, DeadlineState
from motrice.portfolio.models import Deadline
from motrice.portfolio.queries.fee_parts import CENT, divided

YEARS = 20


class Owner(NamedTuple):
    """Who owns a part; empty when nobody is known to."""

    name: str = ""
    reference: str = ""


@dataclass
class CostForecast:
    """Costs to come in each currency, by year, by the code of the office and by owner.

    `tables` counts the fees that each fee table gave, with how many of them are estimates.
    """

    first_year: int
    by_year: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    by_office: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    by_owner: dict[str, dict[Owner, Decimal]] = field(default_factory=dict)
    estimated: dict[str, Decimal] = field(default_factory=dict)
    total: dict[str, Decimal] = field(default_factory=dict)
    tables: dict[tuple[str, int | None], tuple[int, int]] = field(default_factory=dict)
    count: int = 0
    unknown: int = 0

    @property
    def currencies(self) -> list[str]:
        """The currencies met, the largest total first."""
        return sorted(self.total, key=lambda currency: -self.total[currency])


def fees_ahead(rows: QuerySet[Deadline], *, today: date, years: int = YEARS) -> QuerySet[Deadline]:
    """The open deadlines of the coming years that are not to be let go, among those given."""
    ahead = rows.filter(state=DeadlineState.OPEN, closes_on__gte=today, due_on__lt=date(today.year + years, 1, 1))
    return ahead.exclude(choice=Choice.DROP)


def cost_forecast(rows: QuerySet[Deadline], *, today: date, years: int = YEARS) -> CostForecast:
    """The fees of open deadlines of the coming years, split between the owners of their due dates.

    What is to be let go costs nothing more; a deadline whose fee is not known is counted in `unknown`.
    """
    ahead = fees_ahead(rows, today=today, years=years)
    found = CostForecast(first_year=today.year)
    # By day rather than by year: most fees fall on ends of months, and SQLite works out a year outside the database.
    names = ("due_on", "application__office", "currency", "is_estimate", "fee_table", "fee_version")
    groups = ahead.order_by().values_list(*names)
    unknown = Count("pk", filter=Q(amount=None, year__isnull=False))
    for *line, missing in groups.annotate(sum=Sum("amount"), count=Count("amount"), unknown=unknown):
        found.unknown += missing
        if line[-1]:
            _add_group(found, line)
    _add_parts(found, ahead.filter(amount__isnull=False))
    return found


def _add_group(found: CostForecast, line: list[Any]) -> None:
    due_on, office, currency, is_estimate, table, version, total, count = line
    amount = total.quantize(CENT)
    _add(found.by_year.setdefault(currency, {}), due_on.year, amount)
    _add(found.by_office.setdefault(currency, {}), office, amount)
    _add(found.total, currency, amount)
    if is_estimate:
        _add(found.estimated, currency, amount)
    given, estimates = found.tables.get((table, version), (0, 0))
    found.tables[table, version] = given + count, estimates + count * is_estimate
    found.count += count


def _add(sums: dict[Any, Decimal], key: Any, amount: Decimal) -> None:
    sums[key] = sums.get(key, Decimal(0)) + amount


def _add_parts(found: CostForecast, priced: QuerySet[Deadline]) -> None:
    """The part of each owner, by their name and reference."""
    lines = list(divided(priced, ["currency"]))
    known = Organisation.objects.filter(pk__in={owner for _currency, owner, _amount in lines})
    owners = {pk: Owner(name, reference) for pk, name, reference in known.values_list("pk", "name", "reference")}
    for currency, owner, amount in lines:
        _add(found.by_owner.setdefault(currency, {}), owners.get(owner, Owner()), amount)
