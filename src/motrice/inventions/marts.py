"""Figures of disclosures: each a condition on what the reader may see, so that its number and its list agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone

from motrice.directory.models import Organisation
from motrice.inventions.enums import DecisionKind, DisclosureStatus
from motrice.inventions.models import Disclosure


@dataclass(frozen=True)
class Report:
    """What a reader's disclosures show: received by year and laboratory, decided by kind, and how long it took."""

    total: int
    undecided: int
    by_year: list[tuple[int, int]]
    by_unit: list[tuple[str, int, int]]
    by_decision: list[tuple[str, int]]
    median_days: float | None
    in_time: int
    decided: int


def perimeter(actor: Any) -> QuerySet[Disclosure]:
    """The received disclosures that an actor may read the figures of: those of their office, or all for an auditor."""
    return Disclosure.objects.permitted(actor, "search").filter(received_at__isnull=False)


def report(rows: QuerySet[Disclosure], *, units: int = 15) -> Report:
    """The figures of one perimeter."""
    plain = rows.order_by()
    kinds = dict(plain.exclude(decision="").values_list("decision").annotate(Count("pk")))
    done = plain.filter(status=DisclosureStatus.DECIDED, decision_days__isnull=False)
    counts = done.aggregate(decided=Count("pk"), in_time=Count("pk", filter=Q(decided_at__lte=F("due_at"))))
    return Report(
        total=plain.count(),
        undecided=plain.undecided().count(),  # type: ignore[attr-defined]
        by_year=_by_year(plain),
        by_unit=_by_unit(plain, units),
        by_decision=[(kind, kinds[kind]) for kind in DecisionKind.values if kind in kinds],
        median_days=_median(done, counts["decided"]),
        in_time=counts["in_time"],
        decided=counts["decided"],
    )


def _by_year(rows: QuerySet[Disclosure]) -> list[tuple[int, int]]:
    """How many were received in each year: between its midnights here, which an index answers."""
    ends = rows.aggregate(first=Min("received_at"), last=Max("received_at"))
    if ends["first"] is None:
        return []
    years = range(timezone.localdate(ends["first"]).year, timezone.localdate(ends["last"]).year + 1)
    here = timezone.get_current_timezone()
    starts = {year: datetime(year, 1, 1, tzinfo=here) for year in (*years, years.stop)}
    wanted = {
        f"year_{year}": Count("pk", filter=Q(received_at__gte=starts[year], received_at__lt=starts[year + 1]))
        for year in years
    }
    counts = rows.aggregate(**wanted)
    return [(year, counts[f"year_{year}"]) for year in years if counts[f"year_{year}"]]


def _by_unit(rows: QuerySet[Disclosure], most: int) -> list[tuple[str, int, int]]:
    """The laboratories that disclosed most, by name: `(name, key, count)`."""
    counts = dict(rows.values_list("unit_id").annotate(n=Count("pk")))
    names = Organisation.objects.filter(pk__in=counts).values_list("name", "pk")
    return sorted(((name, pk, counts[pk]) for name, pk in names), key=lambda row: (-row[2], row[0]))[:most]


def _median(done: QuerySet[Disclosure], count: int) -> float | None:
    """The middle of the days to the decision, or the mean of the two in the middle: the database sorts them."""
    days = done.order_by("decision_days").values_list("decision_days", flat=True)
    return mean(days[(count - 1) // 2 : count // 2 + 1]) if count else None
