"""A part sold to a third party: the other owners are told of the price, and may buy it first during the delay."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from motrice.engines.coownership.abandonment import Answer, Notified, Standing
from motrice.engines.coownership.reasons import Reason, Rules, add_months

PREEMPT = "preemption"


def sale_standing(*, owners: Sequence[Hashable], notices: Iterable[Notified], rules: Rules, on: date) -> Standing:
    """Whether a part may be sold on a day: every other owner told, none buying it, and the delay run or renounced."""
    rule = rules.on(PREEMPT, on)
    if rule is None or not owners:
        return Standing(None, ())
    by_owner = {notice.owner: notice for notice in notices}
    refusals: list[Reason] = []
    ends: list[date] = []
    for owner in owners:
        notice = by_owner.get(owner)
        if notice is None or notice.sent_on is None:
            refusals.append(Reason("sale_not_told", rule, {"owner": owner}))
        elif notice.received_on is None:
            refusals.append(Reason("not_received", rule, {"owner": owner, "sent_on": notice.sent_on}))
        elif notice.answer == Answer.TAKES_OVER:
            refusals.append(Reason("preempted", rule, {"owner": owner, "answered_on": notice.answered_on}))
        elif notice.answer == Answer.NONE:
            ends.append(add_months(notice.received_on, rule.months))
    earliest = max(ends, default=None)
    if earliest is not None and on < earliest:
        refusals.append(Reason("sale_too_early", rule, {"earliest_on": earliest, "months": rule.months}))
    return Standing(earliest, tuple(refusals))


def preemption_refusal(*, notice: Notified, on: date, rules: Rules) -> Reason | None:
    """Why an answer to a projected sale cannot be recorded on a day."""
    if notice.sent_on is None or notice.received_on is None:
        return Reason("nothing_received", rules.on(PREEMPT, on), {})
    rule = rules.on(PREEMPT, notice.sent_on)
    if rule is None:
        return None
    last = add_months(notice.received_on, rule.months)
    return Reason("answer_too_late", rule, {"last_day": last, "on": on}) if on > last else None
