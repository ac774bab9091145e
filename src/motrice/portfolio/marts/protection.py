"""Where a set of assets is protected, how old it is, and what was filed: over rows already permitted and filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from motrice.portfolio.enums import LIVE_FILINGS, EventKind, Route
from motrice.portfolio.models import Application, Asset, DocketEvent, PatentFamily
from motrice.portfolio.tables.unitary import Period, periods

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
    countries: tuple[Covered, ...]
    ages: tuple[Age, ...]
    without_filing: int
    years_left: tuple[tuple[int, int], ...]
    without_term: int
    by_year: tuple[tuple[int, int], ...]


def protecting() -> Q:
    """Applications that give or ask for protection in one country: not the international phase, nor a whole Europe."""
    europe = Q(office="EP") & ~Q(route=Route.UNITARY)
    return Q(status__in=LIVE_FILINGS) & ~Q(route=Route.PCT) & ~europe


@dataclass(frozen=True)
class Covered:
    """How many families are protected in a country, and how many of them by a unitary patent only."""

    code: str
    count: int
    by_unitary: int = 0


def unitary_patents(today: date) -> QuerySet[Application]:
    """Unitary patents, alive or asked for, with the day that decides which states they cover: today when not known."""
    day = DocketEvent.objects.filter(application=OuterRef("pk"), kind=EventKind.UNITARY_REGISTRATION)
    first = Subquery(day.order_by("occurred_on").values("occurred_on")[:1])
    live = Application.objects.filter(protecting(), office="EP", route=Route.UNITARY).order_by()
    return live.annotate(registered=Coalesce(first, "granted_on", Value(today, output_field=DateField())))


def covered_by_unitary(period: Period, today: date) -> QuerySet[Application]:
    """Unitary patents that cover the states of a period."""
    rows = unitary_patents(today).filter(registered__gte=period.starts_on)
    return rows if period.ends_on is None else rows.filter(registered__lte=period.ends_on)


def protected_in(codes: Collection[str], today: date) -> Q:
    """Assets protected in one of these countries, by a right of their own there or by a unitary patent."""
    direct = Application.objects.filter(protecting(), office__in=list(codes)).order_by()
    found = Q(pk__in=direct.values("asset_id"))
    for period in periods():
        if set(period.countries) & set(codes):
            found |= Q(pk__in=covered_by_unitary(period, today).values("asset_id"))
    return found


def countries_of(assets: QuerySet, today: date) -> list[Covered]:
    """Families by country, each once, the most first; a unitary patent is told under EP too."""
    live = Application.objects.filter(protecting(), asset__in=assets.order_by().values("pk")).order_by()
    by_office = live.values("office").annotate(found=Count("asset_id", distinct=True))
    counts = dict(by_office.values_list("office", "found"))
    added: dict[str, int] = {}
    for period in periods() if counts.get("EP") else ():
        covering = covered_by_unitary(period, today).filter(asset__in=assets.order_by().values("pk"))
        total = covering.aggregate(found=Count("asset_id", distinct=True))["found"]
        both = live.filter(office__in=period.countries, asset__in=covering.values("asset_id")).values("office")
        twice = dict(both.annotate(found=Count("asset_id", distinct=True)).values_list("office", "found"))
        for code in period.countries:
            added[code] = added.get(code, 0) + total - twice.get(code, 0)
    found = [Covered(code, counts.get(code, 0) + added.get(code, 0), added.get(code, 0)) for code in counts | added]
    return sorted((one for one in found if one.count), key=lambda one: (-one.count, one.code))


def registration_days(filings: Collection[Application]) -> dict[int, date]:
    """The day on which the unitary effect of each was registered, where it is known."""
    rows = DocketEvent.objects.filter(application__in=filings, kind=EventKind.UNITARY_REGISTRATION)
    days = dict(rows.order_by("-occurred_on").values_list("application_id", "occurred_on"))
    return {row.pk: day for row in filings if (day := days.get(row.pk) or row.granted_on)}


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

    A unitary patent counts in each state that it covers, and is told under EP besides. What is left of a family is
    what is left of the longest of its rights.
    """
    families = assets.order_by().families()
    keys = families.values("pk")
    live = Application.objects.filter(protecting(), asset__in=keys).order_by()
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
        countries=tuple(countries_of(families, today)),
        ages=ages_of(days, today),
        without_filing=family_count - sum(by_year.values()),
        years_left=tuple(bands.items()),
        without_term=without,
        by_year=tuple(by_year.items()),
    )


__all__ = [
    "YEARS_LEFT",
    "Age",
    "Covered",
    "Protection",
    "ages_of",
    "anniversary",
    "countries_of",
    "protected_in",
    "protecting",
    "protection",
    "registration_days",
]
