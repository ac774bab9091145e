"""What the agent advanced is taken back from revenue, year by year; what revenue cannot pay yet is carried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Year:
    """One year of an asset's account: all amounts in one currency."""

    year: int
    advanced: Decimal
    received: Decimal
    brought: Decimal
    recovered: Decimal
    carried: Decimal
    to_share: Decimal


def recover_costs(advanced: Mapping[int, Decimal], received: Mapping[int, Decimal]) -> list[Year]:
    """The account of each year from the first to the last: costs are repaid first, the rest is to be shared."""
    if any(amount < 0 for amount in (*advanced.values(), *received.values())):
        raise ValueError("An amount advanced or received is never below zero.")
    years = sorted({*advanced, *received})
    found: list[Year] = []
    carried = ZERO
    for year in range(years[0], years[-1] + 1) if years else ():
        spent, income = advanced.get(year, ZERO), received.get(year, ZERO)
        due = carried + spent
        recovered = min(due, income)
        found.append(Year(year, spent, income, carried, recovered, due - recovered, income - recovered))
        carried = due - recovered
    return found
