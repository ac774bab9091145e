"""What the docket costs: by year, office and co-owner, from deadlines that the caller may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from motrice.engines.docketing import Deadline as Derived
from motrice.engines.docketing import Holding, Key, forecast
from motrice.portfolio.enums import Choice, DeadlineState
from motrice.portfolio.models import Deadline, Ownership

YEARS = 20
NAMES = (
    *("asset_id", "application_id", "application__office", "rule", "term", "nature", "original_on", "due_on"),
    *("amount", "currency", "is_estimate"),
)


@dataclass
class CostForecast:
    """Costs to come in each currency; keys are years, office codes and names of owners ("" when nobody is known)."""

    first_year: int
    by_year: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    by_office: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    by_owner: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    estimated: dict[str, Decimal] = field(default_factory=dict)
    total: dict[str, Decimal] = field(default_factory=dict)
    count: int = 0
    unknown: int = 0

    @property
    def currencies(self) -> list[str]:
        """The currencies met, the largest total first."""
        return sorted(self.total, key=lambda currency: -self.total[currency])


def cost_forecast(rows: QuerySet[Deadline], *, today: date, years: int = YEARS) -> CostForecast:
    """The fees of open deadlines of the coming years, split between the owners of their due dates.

    What is to be let go costs nothing more; a deadline whose fee is not known is counted in `unknown`.
    """
    ahead = rows.filter(state=DeadlineState.OPEN, closes_on__gte=today, due_on__year__lt=today.year + years)
    ahead = ahead.exclude(choice=Choice.DROP)
    found = CostForecast(first_year=today.year, unknown=ahead.filter(year__isnull=False, amount=None).count())
    lines = list(ahead.filter(amount__isnull=False).values_list(*NAMES))
    found.count = len(lines)
    holdings = _holdings({line[0] for line in lines})
    costs = forecast(_derived(lines), lambda asset: holdings.get(int(asset), ()), first_year=0, years=10_000)
    for cost in costs:
        _add(found.by_year.setdefault(cost.currency, {}), cost.year, cost.amount)
        _add(found.by_office.setdefault(cost.currency, {}), cost.office, cost.amount)
        _add(found.by_owner.setdefault(cost.currency, {}), cost.owner, cost.amount)
        _add(found.total, cost.currency, cost.amount)
        if cost.is_estimate:
            _add(found.estimated, cost.currency, cost.amount)
    return found


def _add(sums: dict[Any, Decimal], key: Any, amount: Decimal) -> None:
    sums[key] = sums.get(key, Decimal(0)) + amount


def _derived(lines: Iterable[tuple]) -> Iterable[tuple[str, str, Derived]]:
    for asset, application, office, rule, term, nature, original_on, due_on, amount, currency, is_estimate in lines:
        key = Key(str(application), rule, "", term)
        deadline = Derived(
            key, nature, original_on, due_on, "open", (), amount=amount, currency=currency, is_estimate=is_estimate
        )
        yield str(asset), office, deadline


def _holdings(assets: set[int]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = {}
    rows = Ownership.objects.filter(asset__deadlines__state=DeadlineState.OPEN).select_related("organisation")
    for row in rows.distinct():
        if row.asset_id in assets:
            holding = Holding(row.organisation.name, row.share, row.starts_on, row.ends_on)
            found.setdefault(row.asset_id, []).append(holding)
    return found
