"""Working days follow the French calendar and office hours."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from motrice.core import calendars
from motrice.core.calendars import WorkingCalendar

PARIS = ZoneInfo("Europe/Paris")
OFFICE = WorkingCalendar()


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23T10:00", 2, "2026-11-25T10:00"),
        ("2026-11-20T10:00", 1, "2026-11-23T10:00"),
        ("2026-11-21T23:00", 1, "2026-11-24T09:00"),
        ("2026-11-23T18:00", 1, "2026-11-25T09:00"),
        ("2026-11-10T15:30", 1, "2026-11-12T15:30"),
        ("2026-04-30T15:30", 1, "2026-05-04T15:30"),
        ("2026-11-23T10:00", -1, "2026-11-20T10:00"),
    ],
)
def test_a_due_time_skips_weekends_holidays_and_closed_hours(start, days, due):
    assert OFFICE.add_working_days(paris(start), days) == paris(due)


def test_the_hour_stays_the_same_across_the_change_to_summer_time():
    assert OFFICE.add_working_days(paris("2026-03-27T10:00"), 1) == paris("2026-03-30T10:00")


def test_alsace_and_moselle_keep_their_own_holidays():
    good_friday = date(2026, 4, 3)

    assert [WorkingCalendar(subdivision=s).is_working_day(good_friday) for s in ("", "57")] == [True, False]


def test_working_time_counts_office_hours_only():
    length = OFFICE.working_time(paris("2026-11-20T17:00"), paris("2026-11-23T10:30"))

    assert length == timedelta(hours=2, minutes=30)
    assert OFFICE.working_time(paris("2026-11-23T10:30"), paris("2026-11-20T17:00")) == timedelta()
    assert OFFICE.working_days_between(paris("2026-11-23T09:00"), paris("2026-11-25T13:30")) == 2.5


@pytest.mark.parametrize("calendar", [OFFICE, WorkingCalendar(subdivision="57")])
def test_working_time_over_years_is_that_of_its_days_one_by_one(calendar):
    rng = Random(1)
    for _ in range(60):
        start = paris("2023-12-20T07:30") + timedelta(hours=rng.randrange(30_000))
        end = start + timedelta(hours=rng.randrange(20_000))
        total, at = timedelta(), start
        while at.date() < end.date():
            night = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=at.tzinfo)
            total, at = total + calendar.working_time(at, night), night

        assert calendar.working_time(start, end) == total + calendar.working_time(at, end), (start, end)


def test_a_long_time_is_not_gone_through_day_by_day(monkeypatch):
    start, end = paris("2001-01-05T10:00"), paris("2026-11-23T10:00")
    once, asked, works = OFFICE.working_time(start, end), [], calendars._works
    monkeypatch.setattr(calendars, "_works", lambda *day: asked.append(day) or works(*day))

    assert OFFICE.working_time(start, end) == once > timedelta(days=2000)
    assert len(asked) == 2  # its first and its last day
