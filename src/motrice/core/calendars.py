"""Working days and office hours: public holidays come from the `holidays` library, never from a list kept here."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5


@lru_cache(maxsize=16)
def _public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision or None)


@lru_cache(maxsize=8192)
def _works(country: str, subdivision: str, day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _public_holidays(country, subdivision)


@lru_cache(maxsize=256)
def _worked_before(country: str, subdivision: str, year: int) -> tuple[int, ...]:
    """How many working days of a year come before each of its days, and in all of it."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366 if isleap(year) else 365))
    return tuple(accumulate((_works(country, subdivision, day) for day in days), initial=0))


@dataclass(frozen=True)
class WorkingCalendar:
    """The working time of an office: weekdays that are no public holiday, from opening to closing, in its own zone.

    French holidays: Code du travail, article L3133-1; Alsace and Moselle (article L3134-13) by `subdivision="57"`.
    """

    country: str = "FR"
    subdivision: str = ""
    opening: time = time(9)
    closing: time = time(18)
    zone: str = "Europe/Paris"

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day."""
        return _works(self.country, self.subdivision, day)

    def holiday_name(self, day: date) -> str:
        """What is celebrated on a day, or nothing."""
        return _public_holidays(self.country, self.subdivision).get(day, "")

    def next_working_day(self, day: date) -> date:
        """The first working day after a day."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def previous_working_day(self, day: date) -> date:
        """The last working day before a day."""
        day -= timedelta(days=1)
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def within_hours(self, at: datetime) -> datetime:
        """The time itself when the office is open, else its next opening."""
        local = at.astimezone(ZoneInfo(self.zone))
        day = local.date()
        if not self.is_working_day(day) or local.time() >= self.closing:
            return self._at(self.next_working_day(day), self.opening)
        if local.time() < self.opening:
            return self._at(day, self.opening)
        return local

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """The same hour some working days later: what arrives out of hours counts from the next opening.

        Negative days go back, for reminders before a due time.
        """
        start = self.within_hours(at)
        day = start.date()
        for _step in range(abs(days)):
            day = self.next_working_day(day) if days > 0 else self.previous_working_day(day)
        return self._at(day, start.time())

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The office hours between two times; nothing when the end comes first."""
        zone = ZoneInfo(self.zone)
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first >= last:
            return timedelta()
        total = self._open(first.date(), first, last)
        if last.date() == first.date():
            return total
        whole = self._worked_between(first.date() + timedelta(days=1), last.date())
        return total + whole * self._office_day() + self._open(last.date(), first, last)

    def _worked_between(self, first: date, end: date) -> int:
        """How many working days there are from a day on until before another: a year is gone through once."""
        years = (_worked_before(self.country, self.subdivision, year)[-1] for year in range(first.year, end.year))
        return sum(years) + self._worked_before(end) - self._worked_before(first)

    def _worked_before(self, day: date) -> int:
        """How many working days of its year come before a day."""
        place = day.toordinal() - date(day.year, 1, 1).toordinal()
        return _worked_before(self.country, self.subdivision, day.year)[place]

    def _open(self, day: date, first: datetime, last: datetime) -> timedelta:
        """The office hours of one day between two times."""
        if not self.is_working_day(day):
            return timedelta()
        return max(timedelta(), min(self._at(day, self.closing), last) - max(self._at(day, self.opening), first))

    def _office_day(self) -> timedelta:
        return datetime.combine(date.min, self.closing) - datetime.combine(date.min, self.opening)

    def working_days_between(self, start: datetime, end: datetime) -> float:
        """Office hours between two times, in days of this office."""
        return self.working_time(start, end) / self._office_day()

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour.replace(tzinfo=None), tzinfo=ZoneInfo(self.zone))
