"""The count itself: which titles belong to a year, what each gives to its applicants, who comes before whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

WHOLE, FRACTIONAL = "whole", "fractional"


class Basis(StrEnum):
    """What a ranking counts in a calendar year."""

    PUBLISHED = "published"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class Title:
    """One application with its days and its applicants; `priority_on` is the earliest date it claims."""

    key: Hashable
    filed_on: date | None
    published_on: date | None
    applicants: tuple[Hashable, ...]
    priority_on: date | None = None
    ended_on: date | None = None
    region: str = ""

    @property
    def owners(self) -> tuple[Hashable, ...]:
        """Its applicants, each once."""
        return tuple(dict.fromkeys(self.applicants))

    def day(self, basis: str) -> date | None:
        """The day by which it belongs to a year."""
        return self.published_on if basis == Basis.PUBLISHED else self.filed_on


@dataclass(frozen=True, slots=True)
class Count:
    """What an applicant has by each rule, with the titles behind it."""

    applicant: Hashable
    titles: tuple[Title, ...]

    @property
    def whole(self) -> int:
        """Each title counts one for each of its applicants."""
        return len(self.titles)

    @property
    def fractional(self) -> Fraction:
        """Each title is one, shared equally between its applicants."""
        return sum((Fraction(1, len(title.owners)) for title in self.titles), Fraction(0))

    def by(self, rule: str) -> Fraction:
        """The number by one of the two rules."""
        return self.fractional if rule == FRACTIONAL else Fraction(self.whole)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A count with its rank; equal counts share the better rank, and the next one is left out."""

    rank: int
    count: Count


def counted_in(titles: Iterable[Title], basis: str, year: int) -> list[Title]:
    """The titles that belong to a year by the day that the basis looks at."""
    return [title for title in titles if (day := title.day(basis)) is not None and day.year == year]


def tally(titles: Iterable[Title]) -> dict[Hashable, Count]:
    """What each applicant has, in the order in which applicants are met."""
    found: dict[Hashable, list[Title]] = {}
    for title in titles:
        for applicant in title.owners:
            found.setdefault(applicant, []).append(title)
    return {applicant: Count(applicant, tuple(held)) for applicant, held in found.items()}


def ranked(counts: Iterable[Count], rule: str = WHOLE) -> list[Ranked]:
    """Counts from the greatest, with ranks 1, 2, 2, 4."""
    ordered = sorted(counts, key=lambda count: (-count.by(rule), str(count.applicant)))
    out: list[Ranked] = []
    for place, count in enumerate(ordered, start=1):
        same = bool(out) and out[-1].count.by(rule) == count.by(rule)
        out.append(Ranked(out[-1].rank if same else place, count))
    return out


def pairs(titles: Iterable[Title]) -> list[tuple[tuple[Hashable, Hashable], tuple[Title, ...]]]:
    """Who files with whom, with the titles of each pair, the most frequent first."""
    found: dict[tuple[Hashable, Hashable], list[Title]] = {}
    for title in titles:
        owners: Sequence[Hashable] = sorted(title.owners, key=str)
        for one, other in combinations(owners, 2):
            found.setdefault((one, other), []).append(title)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0])))
    return [(pair, tuple(held)) for pair, held in ordered]
