"""Deadlines of a single rule: a period counted from an event, a filing or a priority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from motrice.engines.docketing.days import add_delay, add_months, end_of_month
from motrice.engines.docketing.deadlines import Deadline, Key, Link
from motrice.engines.docketing.histories import DONE, EXTENDED, Application, Event
from motrice.engines.docketing.lineage import Lineage
from motrice.engines.docketing.rulebook import Rulebook
from motrice.engines.docketing.settling import Draft, settle
from motrice.engines.docketing.tables import Rule


@dataclass(slots=True)
class _Start:
    """One beginning of a period: its event if there is one, the base it is counted from, its repetition."""

    trigger: str
    since: date
    base: date
    links: tuple[Link, ...]
    number: int = 0
    extensions: list[Event] = field(default_factory=list)
    fact: Event | None = None


def period_deadlines(
    rule: Rule, application: Application, lineage: Lineage, book: Rulebook, today: date, used: set[str]
) -> Iterator[Deadline]:
    """Every deadline that a rule makes for an application; keys of facts that answered one are added to `used`."""
    starts = _starts(rule, application, lineage, today)
    if not starts:
        return
    _match(rule, application, lineage, starts, used)
    ends = lineage.ends(application, rule.ended_by) if rule.ended_by else []
    for start in starts:
        draft = _draft(rule, application, start, book)
        yield settle(draft, fact=start.fact, ends=ends, since=start.since, today=today, book=book)


def _starts(rule: Rule, application: Application, lineage: Lineage, today: date) -> list[_Start]:
    if rule.trigger in ("filing", "priority"):
        if application.filed_on is None and not application.parent:
            return []
        found = _based(rule, rule.counted_from, "", date.min, application, lineage)
        starts = [found] if found else []
    else:
        events = lineage.events[application.key].get(rule.trigger, ())
        bases = (_from_event(rule, event, application, lineage) for event in events)
        starts = [start for start in bases if start is not None]
    starts = [start for start in starts if rule.holds_on(start.base)]
    return [again for start in starts for again in _repeated(rule, start, today)] if rule.repeats else starts


def _from_event(rule: Rule, event: Event, application: Application, lineage: Lineage) -> _Start | None:
    if rule.counted_from == "event":
        return _Start(event.key, event.on, event.on, (Link("event", event.on, event.key, event.kind),))
    return _based(rule, rule.counted_from, event.key, event.on, application, lineage)


def _based(
    rule: Rule, counted_from: str, trigger: str, since: date, application: Application, lineage: Lineage
) -> _Start | None:
    basis = rule.trigger if counted_from == "event" else counted_from
    if basis == "own_filing":
        base, cites = application.filed_on, application.key
    elif basis == "priority":
        base, cites = lineage.priority(application), application.key
    else:
        base, cites = lineage.filing(application), lineage.root(application).key
    if base is None:
        return None
    kind = "priority" if basis == "priority" else "filing"
    return _Start(trigger, since, base, (Link(kind, base, cites),))


def _repeated(rule: Rule, start: _Start, today: date) -> Iterator[_Start]:
    number = 1
    while rule.repeats < 0 or number <= rule.repeats:
        yield _Start(start.trigger, start.since, start.base, start.links, number)
        if rule.repeats < 0 and add_delay(start.base, rule.delay * number, rule.unit) > today:
            return
        number += 1


def _match(rule: Rule, application: Application, lineage: Lineage, starts: list[_Start], used: set[str]) -> None:
    """Give each fact to the start it names, else to the first unanswered one that it can answer."""
    by_kind = lineage.events[application.key]
    starts.sort(key=lambda start: (start.since, start.trigger, start.number))
    for event in by_kind.get(EXTENDED, ()):
        if event.rule == rule.code and rule.extension is not None:
            able = [start for start in starts if start.since <= event.on and event.trigger in ("", start.trigger)]
            if able and len(able[-1].extensions) < rule.extension.times:
                able[-1].extensions.append(event)
                used.add(event.key)
    facts = [event for event in by_kind.get(DONE, ()) if event.rule == rule.code]
    for kind in rule.answered_by:
        facts += by_kind.get(kind, ())
    for event in sorted(facts, key=lambda event: (event.on, event.key)):
        named = event.trigger if event.kind == DONE else ""
        for start in starts:
            if start.fact is None and start.since <= event.on and named in ("", start.trigger):
                start.fact = event
                used.add(event.key)
                break
    if rule.answered_by_child and starts[0].fact is None:
        child = lineage.child(application, rule.answered_by_child)
        entered = lineage.entered(child) if child else None
        if child and entered:
            starts[0].fact = Event(child.key, f"child:{child.descent}", max(entered, starts[0].since))


def _extended(rule: Rule, base: date, count: int, months: int) -> date:
    """The end of a period of months or years with the months it was extended by, counted once from its start."""
    whole = count * (12 if rule.unit == "years" else 1) + months
    return add_delay(base, whole, "months", is_first_day_counted=rule.is_first_day_counted)


def _draft(rule: Rule, application: Application, start: _Start, book: Rulebook) -> Draft:
    chain = list(start.links)
    count = rule.delay * max(start.number, 1)
    target = add_delay(start.base, count, rule.unit, is_first_day_counted=rule.is_first_day_counted)
    chain.append(Link("delay", target, rule.code, f"{count} {rule.unit}"))
    end, months = target, 0
    for event in start.extensions:
        months += event.months or (rule.extension.months if rule.extension else 0)
        target = add_months(end, months) if rule.unit == "days" else _extended(rule, start.base, count, months)
        chain.append(Link("extension", target, event.key, f"{months} months"))
    if rule.is_end_of_month:
        target = end_of_month(target)
        chain.append(Link("end_of_month", target, rule.code))
    return Draft(
        key=Key(application.key, rule.code, start.trigger, str(start.number) if start.number else ""),
        nature=rule.nature,
        target=target,
        chain=chain,
        grace=rule.grace,
        calendar=book.calendar(rule.calendar),
        fee_office=rule.fee_office,
        acts=rule.fees,
        category=application.category,
    )
