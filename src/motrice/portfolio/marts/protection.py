"""Where a set of assets is protected, how old it is, and what was filed: over rows already permitted and filtered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet

from motrice.portfolio.enums import LIVE_FILINGS, Route
from motrice.portfolio.models import Application, Asset, PatentFamily

YEARS_LEFT = (5, 10, 15, 20)


@dataclass(frozen=True)
class Age:
    """How many families are so many whole years old, and the days of first filing that make that age."""

    years: int
    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Protection:
    """Figures over a set of assets: `ages` look back to the first filing, `years_left` ahead to the end of a term."""

    family_count: int
    countries: tuple[tuple[str, int], ...]
    ages: tuple[Age, ...]
    without_filing: int
    years_left: tuple[tuple[int, int], ...]
    without_term: int
    by_year: tuple[tuple[int, int], ...]


def protecting() -> Q:
    """Applications that give or ask for protection in one country: not the international phase, nor a whole Europe."""
    europe = Q(office="EP") & ~Q(route=Route.UNITARY)
    return Q(status__in=LIVE_FILINGS) & ~Q(route=Route.PCT) & ~europe


def anniversary(today: date, years: int) -> date:
    """The day so many years ago; of the 29th of February, the 28th where there is none."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def ages_of(days: Iterable[tuple[date, int]], today: date) -> tuple[Age, ...]:
    """Families by whole years since their first filing or priority, from none to the oldest without a gap."""
    counts: dict[int, int] = {}
    for day, count in days:
        years = today.year - day.year
        years -= day > anniversary(today, years)
        counts[years] = counts.get(years, 0) + count
    return tuple(
        Age(years, anniversary(today, years + 1) + timedelta(days=1), anniversary(today, years), counts.get(years, 0))
        for years in range(max(counts, default=-1) + 1)
    )


def protection(assets: QuerySet[Asset], today: date) -> Protection:
    """Countries with rights that live or are asked for, age, years left, first filings by year.

    A unitary patent is told under EP, for the states that take part in it. What is left of a family is what is left
    of the longest of its rights.
    """
    families = assets.order_by().families()
    keys = families.values("pk")
    live = Application.objects.filter(protecting(), asset__in=keys).order_by()
    countries = live.values("office").annotate(found=Count("asset_id", distinct=True)).order_by("-found", "office")
    ends = live.values("asset_id").annotate(term=Max("expires_on")).values_list("term", flat=True)
    bands: dict[int, int] = dict.fromkeys(YEARS_LEFT, 0)
    without = 0
    for term in ends:
        if term is None:
            without += 1
            continue
        years = max(0, (term - today).days / 365.25)
        bands[next((upper for upper in YEARS_LEFT if years <= upper), YEARS_LEFT[-1])] += 1
    filed = PatentFamily.objects.filter(asset__in=keys, first_filed_on__isnull=False).order_by()
    days = list(filed.values_list("first_filed_on").annotate(found=Count("pk")).order_by("first_filed_on"))
    by_year: dict[int, int] = {}
    for day, found in days:
        by_year[day.year] = by_year.get(day.year, 0) + found
    family_count = families.count()
    return Protection(
        family_count=family_count,
        countries=tuple(countries.values_list("office", "found")),
        ages=ages_of(days, today),
        without_filing=family_count - sum(by_year.values()),
        years_left=tuple(bands.items()),
        without_term=without,
        by_year=tuple(by_year.items()),
    )


__all__ = ["YEARS_LEFT", "Age", "Protection", "ages_of", "anniversary", "protecting", "protection"]
