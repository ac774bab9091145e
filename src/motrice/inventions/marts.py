"""Figures of disclosures: each a condition on what the reader may see, so that its number and its list agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear

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
    years = plain.annotate(year=ExtractYear("received_at")).values("year").annotate(n=Count("pk")).order_by("year")
    by_unit = plain.values_list("unit__name", "unit_id").annotate(n=Count("pk")).order_by("-n", "unit__name")[:units]
    kinds = dict(plain.exclude(decision="").values_list("decision").annotate(Count("pk")))
    done: Sequence[tuple[float, bool]] = [
        (days, due_at is not None and decided_at <= due_at)
        for days, decided_at, due_at in plain.filter(
            status=DisclosureStatus.DECIDED, decision_days__isnull=False
        ).values_list("decision_days", "decided_at", "due_at")
    ]
    return Report(
        total=plain.count(),
        undecided=plain.undecided().count(),  # type: ignore[attr-defined]
        by_year=[(row["year"], row["n"]) for row in years],
        by_unit=list(by_unit),
        by_decision=[(kind, kinds[kind]) for kind in DecisionKind.values if kind in kinds],
        median_days=median(days for days, _early in done) if done else None,
        in_time=sum(early for _days, early in done),
        decided=len(done),
    )
