"""Days away of the officers of an invented world: three summers in turn, some winters, and who is away today."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from motrice.accounts.models import User
from motrice.demo.writing.times import opening
from motrice.sourcing.operations.desk import declare_absence

NOTICE = timedelta(days=30)
SUMMER_WEEKS = 6


def absences(officers: list[User], first: date, today: date) -> Iterator[datetime]:
    """Declare each absence a month before it starts, by the officer, in the order of time."""
    planned = sorted(
        (max(min(starts_on - NOTICE, today - timedelta(days=1)), first), rank, starts_on, ends_on)
        for rank in range(len(officers))
        for starts_on, ends_on in _days(rank, first, today)
    )
    for declared_on, rank, starts_on, ends_on in planned:
        at = opening(declared_on) + timedelta(hours=1, minutes=rank)
        yield at
        declare_absence(officer=officers[rank], starts_on=starts_on, ends_on=ends_on, actor=officers[rank], at=at)


def _days(rank: int, first: date, today: date) -> Iterator[tuple[date, date]]:
    for year in range(first.year, today.year + 1):
        summer = date(year, 7, 8) + timedelta(weeks=rank % SUMMER_WEEKS)
        if first < summer < today:
            yield summer, summer + timedelta(days=18)
    if rank % 3 == 1:
        yield date(today.year, 12, 21), date(today.year + 1, 1, 3)
    if rank % 9 == 4:
        yield today - timedelta(days=2), today + timedelta(days=6)
