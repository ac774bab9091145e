"""The hours at which an invented world acts: office hours of French working days."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")


@lru_cache(maxsize=1)
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def is_working(day: date) -> bool:
    """Whether offices are open on a day."""
    return day.weekday() < 5 and day not in _holidays()


def at_office(day: date, rng: Random) -> datetime:
    """Some minute of the office hours of a day, or of the next working one."""
    while not is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(rng.randint(9, 16), rng.randint(0, 59)), PARIS)


def in_daytime(day: date, rng: Random) -> datetime:
    """Some minute of the day on which a company writes, be it a Sunday."""
    return datetime.combine(day, time(rng.randint(9, 18), rng.randint(0, 59)), PARIS)


def later(moment: datetime, rng: Random, low: int, high: int) -> datetime:
    """Some working days after a moment."""
    day = moment.date()
    for _step in range(rng.randint(low, high)):
        day += timedelta(days=1)
        while not is_working(day):
            day += timedelta(days=1)
    return max(at_office(day, rng), moment + timedelta(minutes=20))


def opening(day: date) -> datetime:
    """The morning of a day."""
    return datetime.combine(day, time(8, 0), PARIS)
