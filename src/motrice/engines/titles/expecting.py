"""What will be published in a year: filings whose eighteen months end in it, unless they were given up before."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from motrice.engines.titles.counting import Title


@dataclass(frozen=True, slots=True)
class Expected:
    """The titles of a year: those published in it already, and those still awaited with their day."""

    published: tuple[Title, ...]
    awaited: tuple[tuple[date, Title], ...]

    @property
    def total(self) -> int:
        """Both together."""
        return len(self.published) + len(self.awaited)


def published_by(title: Title, months: int = 18) -> date | None:
    """The day from which an application is published: so many months after its priority, else after its filing."""
    start = title.priority_on or title.filed_on
    return months_after(start, months) if start else None


def expected_in(titles: Iterable[Title], year: int, *, today: date, months: int = 18) -> Expected:
    """What a year holds or will hold, as known today.

    A title that should be out already and is not known to be is awaited still: its publication may have been missed.
    One that ended before its day of publication is not; one that ended later is published all the same.
    """
    out: list[Title] = []
    awaited: list[tuple[date, Title]] = []
    for title in titles:
        if title.published_on is not None:
            if title.published_on.year == year:
                out.append(title)
            continue
        day = published_by(title, months)
        if day is None or day.year != year or (title.ended_on is not None and title.ended_on < day):
            continue
        awaited.append((day, title))
    awaited.sort(key=lambda item: (item[0], str(item[1].key)))
    return Expected(tuple(out), tuple(awaited))


def months_after(day: date, count: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
