"""Notices to co-owners: what must be told within a delay, and an abandonment that waits for its own.

The delay of an abandonment runs, for each co-owner, from the day on which it received the notice that offers it the
title.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from motrice.engines.coownership.reasons import Reason, Rules, add_months

INFORM, ABANDON, OFFER = "inform_of_protection", "notice_of_abandonment", "offer_before_abandonment"


class Answer(StrEnum):
    """What a co-owner said to the offer of a title."""

    NONE = ""
    DECLINES = "declines"
    TAKES_OVER = "takes_over"


@dataclass(frozen=True)
class Notified:
    """What one co-owner was told, when it received it, and what it answered."""

    owner: Hashable
    sent_on: date | None = None
    received_on: date | None = None
    answer: Answer = Answer.NONE
    answered_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where an abandonment stands on a day: from when it is allowed, and why not yet."""

    earliest_on: date | None
    refusals: tuple[Reason, ...]
    silent: tuple[Hashable, ...] = ()


def inform_by(*, decided_on: date, rules: Rules) -> tuple[date, Reason] | None:
    """Until when co-owners must know of a decision to protect, and why."""
    rule = rules.on(INFORM, decided_on)
    if rule is None:
        return None
    last = add_months(decided_on, rule.months)
    return last, Reason("inform_by", rule, {"decided_on": decided_on, "last_day": last, "months": rule.months})


def late_notice(*, decided_on: date, sent_on: date, rules: Rules) -> Reason | None:
    """Why a notice of a decision to protect comes too late, or too early to be one."""
    told = inform_by(decided_on=decided_on, rules=rules)
    if told is None:
        return None
    last, reason = told
    if sent_on < decided_on:
        return Reason("notice_before_decision", reason.rule, {"decided_on": decided_on, "sent_on": sent_on})
    if sent_on > last:
        return Reason("notice_too_late", reason.rule, {"last_day": last, "sent_on": sent_on})
    return None


def abandonment_standing(
    *, owners: Sequence[Hashable], notices: Iterable[Notified], started_on: date, rules: Rules, today: date
) -> Standing:
    """Whether a title may be abandoned today: all co-owners offered it, the notice run, nobody taking it over."""
    if not owners:
        return Standing(started_on, ())
    wait, offer = rules.on(ABANDON, started_on), rules.on(OFFER, started_on)
    if wait is None:
        return Standing(None, (Reason("no_rule", None, {"on": started_on}),))
    by_owner = {notice.owner: notice for notice in notices}
    refusals: list[Reason] = []
    ends: list[date] = []
    silent: list[Hashable] = []
    for owner in owners:
        notice = by_owner.get(owner)
        if notice is None or notice.sent_on is None:
            refusals.append(Reason("not_offered", offer or wait, {"owner": owner}))
            continue
        if notice.received_on is None:
            refusals.append(Reason("not_received", wait, {"owner": owner, "sent_on": notice.sent_on}))
            continue
        if notice.answer == Answer.TAKES_OVER:
            refusals.append(Reason("taken_over", offer or wait, {"owner": owner, "answered_on": notice.answered_on}))
        elif notice.answer == Answer.NONE:
            silent.append(owner)
        ends.append(add_months(notice.received_on, wait.months))
    earliest = max(ends) if len(ends) == len(owners) else None
    if earliest is not None and today < earliest:
        facts = {"earliest_on": earliest, "today": today, "months": wait.months}
        refusals.append(Reason("too_early", wait, facts))
    return Standing(earliest, tuple(refusals), tuple(silent))


def answer_refusal(*, notice: Notified | None, on: date, rules: Rules, started_on: date) -> Reason | None:
    """Why an answer to an offer cannot be recorded on a day."""
    rule = rules.on(OFFER, started_on) or rules.on(ABANDON, started_on)
    if notice is None or notice.received_on is None:
        return Reason("nothing_received", rule, {})
    if on < notice.received_on:
        return Reason("answer_too_early", rule, {"received_on": notice.received_on, "on": on})
    wait = rules.on(ABANDON, started_on)
    if wait is not None:
        last = add_months(notice.received_on, wait.months)
        if on > last:
            return Reason("answer_too_late", wait, {"last_day": last, "on": on})
    return None
