"""Where a set of assets is protected, how old it is, and what was filed: over rows already permitted and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from motrice.portfolio.enums import LIVE_FILINGS, Route
from motrice.portfolio.models import Application, Asset, PatentFamily

AGES = (5, 10, 15, 20)


@dataclass(frozen=True)
class Protection:
    """Figures over a set of assets."""

    family_count: int
    countries: tuple[tuple[str, int], ...]
    remaining: tuple[tuple[int, int], ...]
    without_term: int
    by_year: tuple[tuple[int, int], ...]


def protecting() -> Q:
    """Applications that give or ask for protection in one country: not the international phase, nor a whole Europe."""
    europe = Q(office="EP") & ~Q(route=Route.UNITARY)
    return Q(status__in=LIVE_FILINGS) & ~Q(route=Route.PCT) & ~europe


def protection(assets: QuerySet[Asset], today: date) -> Protection:
    """Countries with rights that live or are asked for, years that remain, first filings by year.

    A unitary patent is told under EP, for the states that take part in it. What remains of a family is what remains
    of the longest of its rights.
    """
    families = assets.order_by().families()
    keys = families.values("pk")
    live = Application.objects.filter(protecting(), asset__in=keys).order_by()
    countries = live.values("office").annotate(found=Count("asset_id", distinct=True)).order_by("-found", "office")
    ends = live.values("asset_id").annotate(term=Max("expires_on")).values_list("term", flat=True)
    bands: dict[int, int] = dict.fromkeys(AGES, 0)
    without = 0
    for term in ends:
        if term is None:
            without += 1
            continue
        years = max(0, (term - today).days / 365.25)
        bands[next((age for age in AGES if years <= age), AGES[-1])] += 1
    filed = PatentFamily.objects.filter(asset__in=keys, first_filed_on__isnull=False).order_by()
    years = filed.values("first_filed_on__year").annotate(found=Count("pk")).order_by("first_filed_on__year")
    return Protection(
        family_count=families.count(),
        countries=tuple(countries.values_list("office", "found")),
        remaining=tuple(bands.items()),
        without_term=without,
        by_year=tuple(years.values_list("first_filed_on__year", "found")),
    )


__all__ = ["AGES", "Protection", "protecting", "protection"]
