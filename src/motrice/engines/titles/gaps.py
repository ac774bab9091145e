"""Compares a ranking that somebody published with what is held, and says for each title why the two differ."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from motrice.engines.titles.counting import Count, Title


class Reason(StrEnum):
    """Why one title makes a difference."""

    NOT_HELD = "not_held"
    OTHER_YEAR = "other_year"
    OTHER_APPLICANT = "other_applicant"
    NOT_LISTED = "not_listed"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a published ranking; its titles when the source gives them."""

    name: str
    value: Fraction
    rank: int | None = None
    titles: tuple[str, ...] = ()
    applicant: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A published value against ours, with the titles that explain the difference, each with its reason."""

    listed: Listed
    held: Count | None
    titles: tuple[tuple[str, Reason, Title | None], ...] = ()

    @property
    def ours(self) -> Fraction:
        """Our whole count."""
        return Fraction(self.held.whole if self.held else 0)

    @property
    def difference(self) -> Fraction:
        """What is published less what we hold: positive when we miss titles."""
        return self.listed.value - self.ours

    @property
    def unexplained(self) -> Fraction:
        """What remains when each title with a reason is taken into account."""
        missing = sum(1 for _number, reason, _title in self.titles if reason not in (Reason.NOT_LISTED,))
        extra = sum(1 for _number, reason, _title in self.titles if reason == Reason.NOT_LISTED)
        return self.difference - missing + extra


def compare(
    listed: Sequence[Listed],
    counts: Mapping[Hashable, Count],
    everything: Iterable[Title],
    *,
    unrecognised: Mapping[str, Sequence[Title]] | None = None,
) -> list[Gap]:
    """Each published line against our count.

    `everything` are all titles held, of any year and applicant. `unrecognised` gives, by published name, the titles of
    the year whose printed applicant looks like it without being recognised as that applicant.
    """
    known = {str(title.key): title for title in everything}
    alike = unrecognised or {}
    return [_gap(line, counts.get(line.applicant), known, alike.get(line.name, ())) for line in listed]


def _gap(line: Listed, held: Count | None, known: Mapping[str, Title], alike: Sequence[Title]) -> Gap:
    ours = {str(title.key): title for title in (held.titles if held else ())}
    if not line.titles:
        found = [(str(title.key), Reason.UNRECOGNISED, title) for title in alike if str(title.key) not in ours]
        return Gap(line, held, tuple(found))
    likely = {str(title.key) for title in alike}
    lines: list[tuple[str, Reason, Title | None]] = []
    for number in dict.fromkeys(line.titles):
        if number not in ours:
            lines.append((number, _why(line, known.get(number), number in likely), known.get(number)))
    lines += [(number, Reason.NOT_LISTED, title) for number, title in ours.items() if number not in line.titles]
    return Gap(line, held, tuple(lines))


def _why(line: Listed, title: Title | None, is_alike: bool) -> Reason:
    if title is None:
        return Reason.NOT_HELD
    if is_alike:
        return Reason.UNRECOGNISED
    if line.applicant is not None and line.applicant in title.owners:
        return Reason.OTHER_YEAR
    return Reason.OTHER_APPLICANT
