"""Figures of the desk: each is a named condition on needs or referrals, so that its number and its list agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from motrice.sourcing.enums import OPEN_STATUSES, JointStatus, OutcomeKind, ReferralStatus
from motrice.sourcing.models import JointAnswer, Need, Outcome, Referral, Wait
from motrice.sourcing.policies import reads_totals_only

SMALL = 5  # a total over fewer records hides its parts from who may not read the records themselves


def _having(kind: str) -> Q:
    return Q(pk__in=Outcome.objects.filter(kind=kind).values("need_id"))


def _answered_after(low: int, high: int | None) -> Q:
    q = Q(first_answer_days__gte=low)
    return q if high is None else q & Q(first_answer_days__lt=high)


def _waits_for_company() -> Q:
    return Q(status__in=OPEN_STATUSES, pk__in=Wait.objects.filter(ended_at=None).values("need_id"))


def _waits_for_team() -> Q:
    asked = Referral.objects.filter(status__in=[ReferralStatus.SENT, ReferralStatus.JOINT])
    return Q(status__in=OPEN_STATUSES, pk__in=asked.values("need_id")) & ~_waits_for_company()


def _waits_for_desk() -> Q:
    return Q(status__in=OPEN_STATUSES) & ~_waits_for_company() & ~_waits_for_team()


CONDITIONS: dict[str, Callable[[], Q]] = {
    "in-time": lambda: Q(first_answer_at__lte=F("due_at")),
    "after-promise": lambda: Q(first_answer_at__gt=F("due_at")),
    "never-answered": lambda: Q(first_answer_at=None),
    "day-0": lambda: _answered_after(0, 1),
    "day-1": lambda: _answered_after(1, 2),
    "day-2": lambda: _answered_after(2, 3),
    "day-3": lambda: _answered_after(3, None),
    "answered": lambda: Q(first_answer_at__isnull=False),
    "now-company": _waits_for_company,
    "now-laboratories": _waits_for_team,
    "now-desk": _waits_for_desk,
    "referred": lambda: Q(pk__in=Referral.objects.values("need_id")),
    "accepted": lambda: Q(pk__in=Referral.objects.filter(status=ReferralStatus.ACCEPTED).values("need_id")),
    "introduced": lambda: _having(OutcomeKind.INTRODUCTION),
    "contracted": lambda: _having(OutcomeKind.CONTRACT),
    "fruitless": lambda: _having(OutcomeKind.NONE),
}
TIMES = ("day-0", "day-1", "day-2", "day-3", "never-answered")
NOW = ("now-company", "now-laboratories", "now-desk")
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
    spent: Spent


@dataclass(frozen=True)
class Spent:
    """Working days per need from its receipt to its end (or now), by whom one waited for; each hour counts once."""

    company: float = 0.0
    laboratories: float = 0.0
    desk: float = 0.0


Span = tuple[datetime, datetime]


def _union(spans: list[Span]) -> list[Span]:
    """The same times without overlap."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _spans(rows: Iterable[tuple[int, datetime, datetime | None]], lives: dict[int, Span]) -> dict[int, list[Span]]:
    """Times by need, cut to its life; one that has not ended runs until its end."""
    found: dict[int, list[Span]] = {}
    for need, start, end in rows:
        first, last = lives[need]
        found.setdefault(need, []).append((max(start, first), min(end or last, last)))
    return found


def time_spent(needs: QuerySet[Need], days_between: Callable[[Any, Any], float], now: datetime) -> Spent:
    """Whom the needs waited for, on average: the company first, then the teams asked, the desk for all the rest."""
    keys = needs.order_by().values("pk")
    lives = {
        pk: (start, end or now) for pk, start, end in needs.order_by().values_list("pk", "received_at", "ended_at")
    }
    waits = Wait.objects.filter(need__in=keys).order_by().values_list("need_id", "started_at", "ended_at")
    asked = Referral.objects.filter(need__in=keys).exclude(status=ReferralStatus.WITHDRAWN).order_by()
    company, teams = _spans(waits, lives), _spans(asked.values_list("need_id", "sent_at", "answered_at"), lives)

    def days(spans: list[Span]) -> float:
        return sum(days_between(start, end) for start, end in _union(spans))

    whole = sum(days_between(start, end) for start, end in lives.values())
    on_company = sum(days(spans) for spans in company.values())
    on_others = sum(days(company.get(pk, []) + teams.get(pk, [])) for pk in {*company, *teams})
    count = len(lives) or 1
    return Spent(on_company / count, (on_others - on_company) / count, (whole - on_others) / count)


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
    lengths = list(needs.order_by().exclude(first_answer_days=None).values_list("first_answer_days", flat=True))
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
        spent=time_spent(needs, days_between, timezone.now()),
    )


def answers_once() -> Q:
    """Referrals that a team accepted, a joint answer by its lead alone."""
    partners = JointAnswer.objects.filter(status=JointStatus.CONFIRMED).exclude(partner=None).values("partner_id")
    return Q(status=ReferralStatus.ACCEPTED) & ~Q(pk__in=partners)


def refusals_by(referrals: QuerySet[Referral], *names: str, limit: int | None = None) -> list[tuple[Any, ...]]:
    """How many refusals for each reason and value of the named fields, the most frequent first, all or so many."""
    rows = referrals.order_by().filter(status=ReferralStatus.REFUSED).values("refusal", *names)
    counted = rows.annotate(count=Count("pk")).order_by("-count", "refusal", *names)
    return list(counted.values_list("refusal", *names, "count")[:limit])
