"""Who owns what part of an asset on each day: exact fractions by period, both ends included.

The days that matter are those on which something changes, so a life of thirty years is checked in as many steps as it
has changes, not in as many as it has days.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from motrice.engines.coownership.reasons import Refused

ONE_DAY = timedelta(days=1)
WHOLE = Fraction(1)


@dataclass(frozen=True)
class Holding:
    """One owner's part from a day to a day, both included; no last day means until further notice."""

    owner: Hashable
    share: Fraction
    starts_on: date
    ends_on: date | None = None
    ground: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise Refused("not_a_share", share=self.share)
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Refused("ends_before_start", starts_on=self.starts_on, ends_on=self.ends_on)

    def holds_on(self, day: date) -> bool:
        """Whether the owner has this part on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Flaw:
    """Days on which the shares are wrong, and how: `gap`, `short`, `excess`, `overlap` of one owner, or `outside`."""

    kind: str
    starts_on: date
    ends_on: date | None
    total: Fraction = Fraction(0)
    owner: Hashable = None


def shares_on(holdings: Iterable[Holding], day: date) -> dict[Hashable, Fraction]:
    """What each owner holds on a day; periods of one owner that overlap are added up."""
    found: dict[Hashable, Fraction] = {}
    for holding in holdings:
        if holding.holds_on(day):
            found[holding.owner] = found.get(holding.owner, Fraction(0)) + holding.share
    return found


def _after(day: date) -> date | None:
    return day + ONE_DAY if day < date.max else None


def _cuts(holdings: Sequence[Holding], starts_on: date, ends_on: date | None) -> list[date]:
    """The days of a life on which the shares may differ from the day before."""
    days = {starts_on}
    for holding in holdings:
        days.add(holding.starts_on)
        if holding.ends_on is not None and (following := _after(holding.ends_on)):
            days.add(following)
    return sorted(day for day in days if day >= starts_on and (ends_on is None or day <= ends_on))


def flaws(holdings: Iterable[Holding], starts_on: date, ends_on: date | None = None) -> list[Flaw]:
    """What is wrong with the shares over a life: in order of days, one entry for days in a row with one fault."""
    rows = list(holdings)
    found = _outside(rows, starts_on, ends_on) + _overlaps(rows)
    cuts = _cuts(rows, starts_on, ends_on)
    for position, day in enumerate(cuts):
        last = cuts[position + 1] - ONE_DAY if position + 1 < len(cuts) else ends_on
        total = sum(shares_on(rows, day).values(), Fraction(0))
        if total != WHOLE:
            kind = "gap" if total == 0 else "short" if total < WHOLE else "excess"
            _add(found, Flaw(kind, day, last, total))
    return sorted(found, key=lambda flaw: (flaw.starts_on, flaw.kind, str(flaw.owner)))


def _add(found: list[Flaw], flaw: Flaw) -> None:
    """Lengthen the fault of the day before when it is the same."""
    before = found[-1] if found else None
    if (
        before is not None
        and (before.kind, before.total, before.owner) == (flaw.kind, flaw.total, flaw.owner)
        and before.ends_on is not None
        and _after(before.ends_on) == flaw.starts_on
    ):
        found[-1] = replace(before, ends_on=flaw.ends_on)
    else:
        found.append(flaw)


def _outside(rows: Sequence[Holding], starts_on: date, ends_on: date | None) -> list[Flaw]:
    found = []
    for row in rows:
        if row.starts_on < starts_on:
            last = min(row.ends_on or starts_on - ONE_DAY, starts_on - ONE_DAY)
            found.append(Flaw("outside", row.starts_on, last, row.share, row.owner))
        if ends_on is not None and (row.ends_on is None or row.ends_on > ends_on):
            found.append(Flaw("outside", max(row.starts_on, ends_on + ONE_DAY), row.ends_on, row.share, row.owner))
    return found


def _overlaps(rows: Sequence[Holding]) -> list[Flaw]:
    """Days on which one owner has two periods at once."""
    found = []
    by_owner: dict[Hashable, list[Holding]] = {}
    for row in rows:
        by_owner.setdefault(row.owner, []).append(row)
    for owner, held in by_owner.items():
        if len(held) < 2:
            continue
        of_owner: list[Flaw] = []
        first = min(row.starts_on for row in held)
        cuts = _cuts(held, first, None)
        for position, day in enumerate(cuts):
            if sum(row.holds_on(day) for row in held) > 1:
                last = cuts[position + 1] - ONE_DAY if position + 1 < len(cuts) else None
                _add(of_owner, Flaw("overlap", day, last, Fraction(0), owner))
        found += of_owner
    return found


def split(holdings: Iterable[Holding], day: date) -> list[Holding]:
    """The same shares, with every period that runs across a day cut so that a new one starts on it."""
    found = []
    for row in holdings:
        if row.starts_on < day and row.holds_on(day):
            found += [replace(row, ends_on=day - ONE_DAY), replace(row, starts_on=day)]
        else:
            found.append(row)
    return found


def merged(holdings: Iterable[Holding]) -> list[Holding]:
    """The same shares in the fewest periods: those that follow each other with one owner, share and ground are one."""
    found: list[Holding] = []
    for row in sorted(holdings, key=lambda row: (str(row.owner), row.starts_on)):
        before = found[-1] if found else None
        if (
            before is not None
            and (before.owner, before.share, before.ground) == (row.owner, row.share, row.ground)
            and before.ends_on is not None
            and _after(before.ends_on) == row.starts_on
        ):
            found[-1] = replace(before, ends_on=row.ends_on)
        else:
            found.append(row)
    return sorted(found, key=lambda row: (row.starts_on, str(row.owner)))


def transfer(
    holdings: Iterable[Holding], *, giver: Hashable, taker: Hashable, share: Fraction, on: date, ground: str = ""
) -> list[Holding]:
    """The shares after one owner gave a part to another from a day on; refused if it ever holds less from then on."""
    if share <= 0:
        raise Refused("not_a_share", share=share)
    if giver == taker:
        raise Refused("same_owner", owner=giver)
    rows = split(holdings, on)
    before, after = [row for row in rows if row.starts_on < on], [row for row in rows if row.starts_on >= on]
    if not any(row.owner == giver for row in after if row.holds_on(on)):
        raise Refused("holds_nothing", owner=giver, day=on)
    moments = sorted({on, *(row.starts_on for row in after), *(_cuts(after, on, None))})
    found = list(before)
    for position, day in enumerate(moments):
        last = moments[position + 1] - ONE_DAY if position + 1 < len(moments) else None
        held = shares_on(after, day)
        if not held:
            continue
        if held.get(giver, Fraction(0)) < share:
            raise Refused("holds_less", owner=giver, day=day, held=held.get(giver, Fraction(0)), share=share)
        changed = {**held, giver: held[giver] - share, taker: held.get(taker, Fraction(0)) + share}
        for owner, part in changed.items():
            if part:
                told = _ground(after, owner, day) if owner not in (giver, taker) else ground
                found.append(Holding(owner, part, day, last, told))
    return merged(found)


def joined(holdings: Iterable[Holding], *, absorbed: Hashable, kept: Hashable) -> list[Holding]:
    """The shares once two owners turn out to be one: on each day the one holds what the two held together."""
    rows = list(holdings)
    two = [row for row in rows if row.owner in (absorbed, kept)]
    found = [row for row in rows if row.owner not in (absorbed, kept)]
    cuts = _cuts(two, min((row.starts_on for row in two), default=date.max), None)
    for position, day in enumerate(cuts):
        last = cuts[position + 1] - ONE_DAY if position + 1 < len(cuts) else None
        held = [row for row in two if row.holds_on(day)]
        if held:
            grounds = dict.fromkeys(row.ground for row in held if row.ground)
            share = sum((row.share for row in held), Fraction(0))
            found.append(Holding(kept, share, day, last, "; ".join(grounds)))
    return merged(found)


def _ground(rows: Iterable[Holding], owner: Hashable, day: date) -> str:
    return next((row.ground for row in rows if row.owner == owner and row.holds_on(day)), "")


def correct(
    holdings: Iterable[Holding],
    *,
    shares: dict[Hashable, Fraction],
    starts_on: date,
    ends_on: date | None = None,
    ground: str = "",
) -> list[Holding]:
    """The shares with those of some days written anew: what was held before and after these days stays."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_before_start", starts_on=starts_on, ends_on=ends_on)
    rows = split(holdings, starts_on)
    if ends_on is not None and (following := _after(ends_on)):
        rows = split(rows, following)
    kept = [row for row in rows if row.starts_on < starts_on or (ends_on is not None and row.starts_on > ends_on)]
    new = [Holding(owner, share, starts_on, ends_on, ground) for owner, share in shares.items()]
    return merged([*kept, *new])


def equal_shares(owners: Sequence[Hashable], total: Fraction = WHOLE) -> dict[Hashable, Fraction]:
    """The same exact part for each, of the whole or of what is left."""
    if not owners:
        raise Refused("nobody")
    if len(set(owners)) < len(owners):
        raise Refused("named_twice")
    return {owner: total / len(owners) for owner in owners}
