"""What the docket costs: by year, office and co-owner, from deadlines that the caller may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from motrice.directory.models import Organisation
from motrice.engines.docketing import split
from motrice.portfolio.enums import Choice, DeadlineState
from motrice.portfolio.models import Deadline, Ownership

YEARS = 20
CENT = Decimal("0.01")


@dataclass
class CostForecast:
    """Costs to come in each currency; keys are years, office codes and names of owners ("" when nobody is known).

    `tables` counts the fees that each fee table gave, with how many of them are estimates.
    """

    first_year: int
    by_year: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    by_office: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    by_owner: dict[str, dict[str, Decimal]] = field(default_factory=dict)
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

    What is to be let go costs nothing more; a deadline whose fee is not known is counted in `unknown`. The database
    adds up what has one owner; only the fees of what is shared are read, to be split to the cent one by one.
    """
    ahead = fees_ahead(rows, today=today, years=years)
    found, first = CostForecast(first_year=today.year), today
    # By day rather than by year: most fees fall on ends of months, and SQLite works out a year outside the database.
    names = ("due_on", "application__office", "currency", "is_estimate", "fee_table", "fee_version")
    groups = ahead.order_by().values_list(*names)
    unknown = Count("pk", filter=Q(amount=None, year__isnull=False))
    for *line, missing in groups.annotate(sum=Sum("amount"), count=Count("amount"), unknown=unknown):
        found.unknown += missing
        if line[-1]:
            first = min(first, line[0])
            _add_group(found, line)
    for currency, owner, amount in _by_owner(ahead.filter(amount__isnull=False).order_by(), first):
        _add(found.by_owner.setdefault(currency, {}), owner, amount)
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


class Held(NamedTuple):
    """What part of a title an organisation holds: whole numbers, which are quick to compare."""

    owner: int
    numerator: int
    denominator: int

    @property
    def share(self) -> Fraction:
        """The exact fraction."""
        return Fraction(self.numerator, self.denominator)


class Part(NamedTuple):
    """A part from a day to a day, both included."""

    held: Held
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is held on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def parts_of(assets: Iterable[int]) -> dict[int, list[Part]]:
    """The parts of some assets, in the order in which they were written."""
    found: dict[int, list[Part]] = {}
    names = ("asset_id", "organisation_id", "numerator", "denominator", "starts_on", "ends_on")
    for asset, owner, numerator, denominator, starts_on, ends_on in (
        Ownership.objects.filter(asset_id__in=list(assets)).order_by("pk").values_list(*names)
    ):
        found.setdefault(asset, []).append(Part(Held(owner, numerator, denominator), starts_on, ends_on))
    return found


def split_fee(amount: Decimal, held: Iterable[Held]) -> list[tuple[int, Decimal]]:
    """A fee between those who hold a part on its day, to the cent; what nobody holds is for the owner 0."""
    shares = [(part.owner, part.share) for part in held]
    left = 1 - sum((share for _owner, share in shares), Fraction(0))
    if left > 0:
        shares.append((0, left))
    divided = split(amount, [(str(owner), share) for owner, share in shares])
    return [(int(owner), part) for owner, part in divided]


def _by_owner(priced: QuerySet[Deadline], first: date) -> Iterator[tuple[str, str, Decimal]]:
    """Currency, owner and amount. The same fee of the same parts is split once, however often it occurs."""
    totals = list(priced.values_list("asset", "currency").annotate(sum=Sum("amount")))
    parts = parts_of({asset for asset, _currency, _sum in totals})
    owners = {part.held.owner for each in parts.values() for part in each}
    names = dict(Organisation.objects.filter(pk__in=owners).values_list("pk", "name"))
    steady = {asset: tuple(part.held for part in each) for asset, each in parts.items() if _is_steady(each, first)}
    sole = {asset: held[0].owner for asset, held in steady.items() if len(held) == 1 and held[0].share == 1}
    for asset, currency, total in totals:
        if asset in sole:
            yield currency, names[sole[asset]], total.quantize(CENT)
    shared = priced.filter(asset__in={asset for asset, _currency, _sum in totals} - sole.keys())
    known: dict[tuple, list[tuple[int, Decimal]]] = {}
    lines: Iterable[Any] = shared.values_list("asset", "due_on", "amount", "currency")
    for asset, due_on, amount, currency in lines:
        held = steady.get(asset)
        if held is None:
            held = tuple(part.held for part in parts.get(asset, ()) if part.holds_on(due_on))
        if (amount, held) not in known:
            known[amount, held] = split_fee(amount, held)
        for owner, part_amount in known[amount, held]:
            yield currency, names.get(owner, ""), part_amount


def _is_steady(parts: Sequence[Part], first: date) -> bool:
    """Whether the same hold the same from a day on."""
    return all(part.starts_on <= first and part.ends_on is None for part in parts)
