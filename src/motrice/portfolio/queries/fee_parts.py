"""How fees are divided between the owners of a title: one rule for the forecast, the curve and what owners read.

Each fee is split on its own day, to the cent, so that the parts sum to it; a total is the sum of such parts. Hence two
totals of the same fees are equal whatever they are grouped by, and equal to what the lists of those fees show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Sum

from motrice.engines.sharing import split
from motrice.portfolio.models import Ownership

CENT = Decimal("0.01")
NOBODY = 0


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


@dataclass(frozen=True)
class Share:
    """Whose part of fees is meant: these owners', or that of all but these; `NOBODY` stands for what nobody owns."""

    owners: frozenset[int]
    is_rest: bool = False

    def has(self, owner: int) -> bool:
        """Whether the part of an owner belongs to it."""
        return (owner in self.owners) != self.is_rest

    def rows(self, rows: QuerySet, asset: str, day: str) -> QuerySet:
        """The fees in which it has a part; `asset` and `day` are their lookups."""
        held = Ownership.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=OuterRef(day)), asset=OuterRef(asset), starts_on__lte=OuterRef(day)
        ).order_by()
        of_some = Q(organisation__in=self.owners - {NOBODY})
        wanted = Exists(held.filter(~of_some if self.is_rest else of_some))
        return rows.filter(Q(wanted) | ~Q(Exists(held)) if self.has(NOBODY) else wanted)


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
    """A fee between those who hold a part on its day, to the cent; what nobody holds is for the owner `NOBODY`."""
    shares = [(part.owner, part.share) for part in held]
    left = 1 - sum((share for _owner, share in shares), Fraction(0))
    if left > 0:
        shares.append((NOBODY, left))
    divided = split(amount, [(str(owner), share) for owner, share in shares])
    return [(int(owner), part) for owner, part in divided]


def divided(
    rows: QuerySet, keys: Sequence[str], *, asset: str = "asset", day: str = "due_on", share: Share | None = None
) -> Iterator[tuple[Any, ...]]:
    """The values of `keys`, the owner and the amount, of all owners or of a share; lines of one key are not summed.

    The database adds up what has one owner; only the fees of what is shared are read, each to be split.
    """
    rows = rows.order_by() if share is None else share.rows(rows.order_by(), asset, day)
    firsts = dict(rows.values_list(asset).annotate(first=Min(day)))
    parts = parts_of(firsts)
    steady = {key: tuple(part.held for part in each) for key, each in parts.items() if _is_steady(each, firsts[key])}
    sole = {key: held[0].owner for key, held in steady.items() if len(held) == 1 and held[0].share == 1}
    owner = F(f"{asset}__ownerships__organisation")
    alone = rows.filter(**{f"{asset}__in": list(sole)}).annotate(sole_owner=owner)
    for *line, total in alone.values_list(*keys, "sole_owner").annotate(sum=Sum("amount")):
        yield *line, total.quantize(CENT)
    known: dict[tuple, list[tuple[int, Decimal]]] = {}
    shared = rows.filter(**{f"{asset}__in": list(firsts.keys() - sole.keys())})
    for key, on, amount, *line in shared.values_list(asset, day, "amount", *keys):
        held = steady.get(key)
        if held is None:
            held = tuple(part.held for part in parts.get(key, ()) if part.holds_on(on))
        if (amount, held) not in known:
            known[amount, held] = split_fee(amount, held)
        for each, part_amount in known[amount, held]:
            if share is None or share.has(each):
                yield *line, each, part_amount


def _is_steady(parts: Sequence[Part], first: date) -> bool:
    """Whether the same hold the same from a day on."""
    return all(part.starts_on <= first and part.ends_on is None for part in parts)
