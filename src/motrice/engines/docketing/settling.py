"""How a date becomes a deadline: moved to an open day, answered or ended, priced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from motrice.engines.docketing.days import DAY, Calendar, add_delay, add_months, end_of_month
from motrice.engines.docketing.deadlines import DONE, LAPSED, OPEN, SUPERSEDED, Deadline, Key, Link
from motrice.engines.docketing.histories import Event
from motrice.engines.docketing.rulebook import Rulebook
from motrice.engines.docketing.tables import Fee, Grace

CENT = Decimal("0.01")


@dataclass(slots=True)
class Draft:
    """A deadline being made: its date before it moves, and the chain that led to it."""

    key: Key
    nature: str
    target: date
    chain: list[Link]
    year: int = 0
    opens_on: date | None = None
    grace_from: date | None = None
    grace: Grace | None = None
    grace_base: tuple[date, int] | None = None
    is_regular: bool = True
    calendar: Calendar | None = None
    fee_office: str = ""
    acts: Sequence[str] = ()
    term: str = ""
    category: str = "standard"


def moved(day: date, calendar: Calendar | None, chain: list[Link]) -> date:
    """The first open day from a day on, with a link for what closed the office, or for what might."""
    if calendar is None:
        return day
    reason = calendar.why_closed(day)
    if reason:
        day = calendar.next_open(day)
        chain.append(Link("moved", day, calendar.code, reason))
    doubt = calendar.why_doubtful(day)
    if doubt:
        chain.append(Link("doubt", day, calendar.code, doubt))
    return day


def grace_end(draft: Draft) -> date | None:
    """The last day of the grace, before it moves to an open day."""
    grace = draft.grace
    if grace is None:
        return None
    if grace.counted_from == "base" and draft.grace_base is not None:
        base, months = draft.grace_base
        return add_months(base, months + grace.months)
    start = draft.grace_from or draft.target
    if grace.counted_from == "next_day":
        return add_delay(start + DAY, grace.months, "months", is_first_day_counted=True)
    end = add_months(start, grace.months)
    return end_of_month(end) if grace.is_end_of_month and draft.is_regular else end


def settle(
    draft: Draft, *, fact: Event | None, ends: Sequence[Event], since: date, today: date, book: Rulebook
) -> Deadline:
    """The deadline of a draft: what answered it, what ended it, in which state it is today, what it costs."""
    chain = draft.chain
    due = moved(draft.target, draft.calendar, chain)
    grace, grace_until = draft.grace, grace_end(draft)
    if grace is not None and grace_until is not None:
        chain.append(Link("grace", grace_until, grace.rule or draft.key.rule, f"{grace.months} months"))
        grace_until = max(moved(grace_until, draft.calendar, chain), due)
    closes = grace_until or due
    state = OPEN
    if fact is not None:
        state = DONE
        chain.append(Link("done", fact.on, fact.key, fact.kind))
    else:
        ended = next((event for event in ends if since <= event.on <= closes), None)
        if ended is not None:
            state = SUPERSEDED
            chain.append(Link("ended", ended.on, ended.key, ended.kind))
        elif today > closes:
            state = LAPSED
    price = _price(draft, fact, due, book)
    return Deadline(
        key=draft.key,
        nature=draft.nature,
        original_on=draft.target,
        due_on=due,
        state=state,
        chain=tuple(chain),
        year=draft.year,
        opens_on=draft.opens_on,
        grace_until=grace_until,
        done_by=fact.key if fact else "",
        done_on=fact.on if fact else None,
        **price,
    )


def _price(draft: Draft, fact: Event | None, due: date, book: Rulebook) -> dict:
    if not draft.acts and (fact is None or fact.amount is None):
        return {}
    on = fact.on if fact else due
    fees = [book.fees.find(draft.fee_office, act, on, term=draft.term, category=draft.category) for act in draft.acts]
    known = [fee for fee in fees if fee is not None]
    is_whole = bool(known) and len(known) == len(fees) and len({fee.currency for fee in known}) == 1
    surcharge = _surcharge(draft, known, on, book) if is_whole else None
    if fact is not None and fact.amount is not None:
        return {"amount": fact.amount, "currency": fact.currency or (known[0].currency if known else "")}
    if not is_whole:
        return {}
    amount = sum((fee.amount for fee in known), Decimal(0))
    if fact is not None:
        surcharge = surcharge if fact.on > due else None
        amount += surcharge or 0
    return {
        "amount": amount,
        "surcharge": surcharge,
        "currency": known[0].currency,
        "fee_table": known[0].table,
        "fee_version": known[0].version,
        "is_estimate": any(fee.is_estimate for fee in known),
    }


def _surcharge(draft: Draft, fees: Sequence[Fee], on: date, book: Rulebook) -> Decimal | None:
    grace = draft.grace
    if grace is None:
        return None
    if grace.surcharge_percent is not None:
        total = sum((fee.amount for fee in fees), Decimal(0))
        return (total * grace.surcharge_percent / 100).quantize(CENT)
    if grace.surcharge_act:
        fee = book.fees.find(draft.fee_office, grace.surcharge_act, on, category=draft.category)
        return fee.amount if fee else None
    return None
