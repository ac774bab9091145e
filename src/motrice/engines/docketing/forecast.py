"""What deadlines will cost: by year, office, asset and co-owner, exact to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from motrice.engines.docketing.deadlines import OPEN, Deadline
from motrice.engines.sharing import split


@dataclass(frozen=True, slots=True)
class Holding:
    """What part of an asset an owner holds, from a day to a day, both included."""

    owner: str
    share: Fraction
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What an owner pays for one deadline; an estimate when its table is not known to hold then."""

    year: int
    asset: str
    application: str
    office: str
    owner: str
    amount: Decimal
    currency: str
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of costs in one currency, with the part of it that is estimated."""

    amount: Decimal
    estimated: Decimal
    count: int


def forecast(
    deadlines: Iterable[tuple[str, str, Deadline]],
    holdings: Callable[[str], Sequence[Holding]],
    *,
    first_year: int,
    years: int = 20,
) -> Iterator[Cost]:
    """The costs of the open deadlines that have an amount, split between the owners of the due date.

    `deadlines` gives asset, office and deadline. What nobody owns on that day is reported with the owner "". The
    parts of one deadline sum exactly to its amount: the cents left over go to the largest remainders.
    """
    for asset, office, deadline in deadlines:
        year = deadline.due_on.year
        if deadline.state != OPEN or deadline.amount is None or not first_year <= year < first_year + years:
            continue
        parts = [
            (holding.owner, holding.share)
            for holding in holdings(asset)
            if holding.starts_on <= deadline.due_on and (holding.ends_on is None or deadline.due_on <= holding.ends_on)
        ]
        left = 1 - sum((share for _owner, share in parts), Fraction(0))
        if left > 0:
            parts.append(("", left))
        for owner, amount in split(deadline.amount, parts):
            yield Cost(
                year,
                asset,
                deadline.key.application,
                office,
                owner,
                amount,
                deadline.currency,
                deadline.is_estimate,
            )


def totals(costs: Iterable[Cost], *by: str) -> dict[tuple, Total]:
    """The costs summed by some of their fields and by currency: totals(costs, "year", "office")."""
    sums: dict[tuple, Total] = {}
    for cost in costs:
        key = (*(getattr(cost, name) for name in by), cost.currency)
        before = sums.get(key, Total(Decimal(0), Decimal(0), 0))
        estimated = cost.amount if cost.is_estimate else Decimal(0)
        sums[key] = Total(before.amount + cost.amount, before.estimated + estimated, before.count + 1)
    return sums
