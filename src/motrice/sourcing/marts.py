"""Figures of the desk: each is a named condition on needs or referrals, so that its number and its list agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from motrice.sourcing.enums import JointStatus, OutcomeKind, ReferralStatus
from motrice.sourcing.models import JointAnswer, Need, Outcome, Referral
from motrice.sourcing.policies import reads_totals_only

SMALL = 5  # a total over fewer records hides its parts from who may not read the records themselves


def _having(kind: str) -> Q:
    return Q(pk__in=Outcome.objects.filter(kind=kind).values("need_id"))


def _answered_after(low: int, high: int | None) -> Q:
    q = Q(first_answer_at__gte=F("received_at") + timedelta(days=low))
    return q if high is None else q & Q(first_answer_at__lt=F("received_at") + timedelta(days=high))


CONDITIONS: dict[str, Callable[[], Q]] = {
    "in-time": lambda: Q(first_answer_at__lte=F("due_at")),
    "after-promise": lambda: Q(first_answer_at__gt=F("due_at")),
    "never-answered": lambda: Q(first_answer_at=None),
    "day-0": lambda: _answered_after(0, 1),
    "day-1": lambda: _answered_after(1, 3),
    "day-3": lambda: _answered_after(3, 7),
    "day-7": lambda: _answered_after(7, None),
    "referred": lambda: Q(pk__in=Referral.objects.values("need_id")),
    "accepted": lambda: Q(pk__in=Referral.objects.filter(status=ReferralStatus.ACCEPTED).values("need_id")),
    "introduced": lambda: _having(OutcomeKind.INTRODUCTION),
    "contracted": lambda: _having(OutcomeKind.CONTRACT),
    "fruitless": lambda: _having(OutcomeKind.NONE),
}
TIMES = ("day-0", "day-1", "day-3", "day-7", "never-answered")
FUNNEL = ("referred", "accepted", "introduced", "contracted")


@dataclass(frozen=True)
class Report:
    """The figures of one perimeter."""

    total: int
    counts: dict[str, int]
    median_days: float | None
    share_in_time: float | None
    introductions_per_need: float | None
    answers: int


def perimeter(
    actor: Any, *, received_from: date | None = None, received_to: date | None = None
) -> tuple[QuerySet[Need], QuerySet[Referral]]:
    """The needs that a reader of the report may count, received in a period, and their referrals."""
    outside = reads_totals_only(actor)
    needs = Need.objects.all() if outside else Need.objects.permitted(actor)
    if received_from is not None:
        needs = needs.filter(received_at__date__gte=received_from)
    if received_to is not None:
        needs = needs.filter(received_at__date__lte=received_to)
    referrals = Referral.objects.filter(need__in=needs.order_by().values("pk"))
    return needs, referrals if outside else referrals.permitted(actor)


def need_report(needs: QuerySet[Need], days_between: Callable[[Any, Any], float]) -> Report:
    """The figures over needs already limited to what the reader may count; times are in working days."""
    aggregate = needs.order_by().aggregate(
        total=Count("pk"),
        **{key.replace("-", "_"): Count("pk", filter=condition()) for key, condition in CONDITIONS.items()},
    )
    counts = {key: aggregate[key.replace("-", "_")] for key in CONDITIONS}
    spans = needs.order_by().exclude(first_answer_at=None).values_list("received_at", "first_answer_at")
    lengths = [days_between(start, end) for start, end in spans]
    answered = counts["in-time"] + counts["after-promise"]
    keys = needs.order_by().values("pk")
    introductions = Outcome.objects.filter(need__in=keys, kind=OutcomeKind.INTRODUCTION).count()
    accepted = Referral.objects.filter(need__in=keys, status=ReferralStatus.ACCEPTED).count()
    joint = JointAnswer.objects.filter(lead__need__in=keys, status=JointStatus.CONFIRMED).count()
    return Report(
        total=aggregate["total"],
        counts=counts,
        median_days=median(lengths) if lengths else None,
        share_in_time=counts["in-time"] / answered if answered else None,
        introductions_per_need=introductions / aggregate["total"] if aggregate["total"] else None,
        answers=accepted - joint,
    )


def refusals_by(referrals: QuerySet[Referral], *names: str) -> list[tuple[Any, ...]]:
    """How many refusals for each reason and value of the named fields, the most frequent first."""
    rows = referrals.order_by().filter(status=ReferralStatus.REFUSED).values("refusal", *names)
    counted = rows.annotate(count=Count("pk")).order_by("-count", "refusal", *names)
    return list(counted.values_list("refusal", *names, "count"))
