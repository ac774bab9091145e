"""Counting by calendar: months and years, ends of months, and the days on which an office is closed.

A period in months or years ends on the day of the last month that has the same number as the day it is counted from,
or on the last day of that month when it has no such day (Rule 131(4) EPC, Rule 80.2 PCT, article R618-3 CPI).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import holidays

from motrice.engines.docketing.errors import TableError

DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = ("days", "months", "years")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
        return 29
    return _LENGTHS[month - 1]


def add_months(day: date, months: int) -> date:
    """The day of the same number some months later (earlier if negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=month_length(day.year, day.month))


def add_delay(day: date, count: int, unit: str, *, is_first_day_counted: bool = False) -> date:
    """The last day of a period of `count` days, months or years.

    The day it is counted from is not part of the period, unless `is_first_day_counted`: the period then ends on the
    eve of the corresponding day (six months from 1 July end on 31 December).
    """
    end = day + timedelta(days=count) if unit == "days" else add_months(day, count * 12 if unit == "years" else count)
    return end - DAY if is_first_day_counted else end


@dataclass(frozen=True)
class Holidays:
    """Public holidays of a place as the `holidays` library gives them: ISO country, its subdivision, categories."""

    country: str
    subdivision: str = ""
    categories: tuple[str, ...] = ()

    def named(self, year: int) -> dict[date, str]:
        """Each day of a year that is a holiday there, with what is celebrated."""
        found = holidays.country_holidays(
            self.country,
            subdiv=self.subdivision or None,
            years=[year],
            categories=self.categories or None,
            language="en_US",
        )
        return {day: str(name) for day, name in found.items()}


@dataclass(frozen=True)
class Calendar:
    """The days on which an office is closed, and the rule that moves the end of a period to its next open day.

    `closed` and `closed_days` (months and days, "12-24") are certain: they move a date. `doubtful` and
    `doubtful_days` are days on which the office may be closed: they never move a date, since a wrong one would make
    it too late; the deadline says so instead. `once` are single days from the office's notices.
    """

    code: str
    version: int = 1
    weekend: tuple[int, ...] = (5, 6)
    closed: tuple[Holidays, ...] = ()
    closed_days: tuple[str, ...] = ()
    once: tuple[date, ...] = ()
    doubtful: tuple[Holidays, ...] = ()
    doubtful_days: tuple[str, ...] = ()
    legal_basis: str = ""
    source: str = ""
    confidence: str = ""
    _years: dict[int, tuple[dict[date, str], dict[date, str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def why_closed(self, day: date) -> str:
        """What closes the office on this day: a weekday or a holiday by its English name; "" when it is open."""
        if day.weekday() in self.weekend:
            return WEEKDAYS[day.weekday()]
        return self._year(day.year)[0].get(day, "")

    def why_doubtful(self, day: date) -> str:
        """Why the office may be closed on a day on which it is not surely closed; "" when nothing says so."""
        return self._year(day.year)[1].get(day, "")

    def next_open(self, day: date) -> date:
        """The day itself when the office is open, else the first day after it on which it surely may be."""
        while self.why_closed(day):
            day += DAY
        return day

    def _year(self, year: int) -> tuple[dict[date, str], dict[date, str]]:
        found = self._years.get(year)
        if found is None:
            single = {day: "closing day" for day in self.once if day.year == year}
            sure = _named(self.closed, self.closed_days, year) | single
            doubtful = _named(self.doubtful, self.doubtful_days, year)
            found = (sure, {day: name for day, name in doubtful.items() if day not in sure})
            self._years[year] = found
        return found


def _named(places: Sequence[Holidays], days: Sequence[str], year: int) -> dict[date, str]:
    named: dict[date, str] = {}
    for text in days:
        month, number = (int(part) for part in text.split("-"))
        if number <= month_length(year, month):
            named[date(year, month, number)] = "closing day"
    for place in places:
        named |= place.named(year)
    return named


def check_place(place: Holidays) -> None:
    """Refuse a place that the library of holidays does not know."""
    try:
        place.named(2024)
    except (NotImplementedError, ValueError) as error:
        message = f"No holidays are known for {place.country} {place.subdivision}".strip()
        raise TableError(f"{message} {', '.join(place.categories)}".strip() + ".", field="closed") from error
