"""Renewal fees of an application, from the scheme of its office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from motrice.engines.docketing.days import add_months, end_of_month
from motrice.engines.docketing.deadlines import Deadline, Key, Link
from motrice.engines.docketing.histories import DONE, PAID, SAME_TITLE, Application, Event
from motrice.engines.docketing.lineage import Lineage, grant_year_of
from motrice.engines.docketing.rulebook import Rulebook
from motrice.engines.docketing.settling import Draft, settle
from motrice.engines.docketing.tables import RENEWAL, RenewalScheme, Step


@dataclass(frozen=True, slots=True)
class _Course:
    """What all annuities of one application share."""

    scheme: RenewalScheme
    application: Application
    base: date
    origin: Link
    available: date | None
    window_end: date | None
    window_basis: str
    shift_limit: date | None
    first_year: int
    last_year: int
    expiry: date | None


def annuity_deadlines(
    application: Application, lineage: Lineage, book: Rulebook, today: date, used: set[str]
) -> Iterator[Deadline]:
    """The annuities of an application, from the first that is due to the last of the term or of the application.

    Those that fall due after it has ended are not derived, unless they were paid.
    """
    scheme = book.scheme(application)
    course = _course(scheme, application, lineage, book) if scheme else None
    if course is None:
        return
    rule = book.rules.get(course.scheme.rule)
    ends = lineage.ends(application, rule.ended_by) if rule else []
    facts = _facts(course.scheme, application, lineage)
    nature = rule.nature if rule else "act"
    for step in course.scheme.terms():
        fact = facts.get(step.year)
        if not course.first_year <= step.year <= course.last_year:
            continue
        draft = _draft(course, step, nature, book)
        if draft is None or (fact is None and ends and draft.target > ends[0].on):
            continue
        if fact is not None:
            used.add(fact.key)
        yield settle(draft, fact=fact, ends=ends, since=date.min, today=today, book=book)


def _course(scheme: RenewalScheme, application: Application, lineage: Lineage, book: Rulebook) -> _Course | None:
    based, from_event = (
        _moment(scheme.counted_from, application, lineage),
        _moment(scheme.payable_from, application, lineage),
    )
    filing = lineage.filing(application)
    if based is None or from_event is None or filing is None:
        return None
    is_part = application.descent in SAME_TITLE
    title = lineage.title(application)
    origin = book.scheme(title) if is_part else None
    granted = grant_year_of(lineage, application, origin if is_part else scheme)
    first = max(scheme.first_year, granted + 1) if is_part and granted else scheme.first_year
    last = granted if granted and not is_part else scheme.last_year
    window_end, basis = _window(scheme, origin, application, lineage)
    priority = lineage.priority(application)
    shift = scheme.shift if scheme.shift and application.descent in scheme.shift.descents else None
    return _Course(
        scheme=scheme,
        application=application,
        base=based.on,
        origin=based,
        available=_available(scheme, application, lineage, from_event),
        window_end=window_end,
        window_basis=basis,
        shift_limit=add_months(priority, shift.months) if shift and priority else None,
        first_year=1 if scheme.steps else first,
        last_year=scheme.last_year if scheme.steps else last,
        expiry=_expiry(scheme, filing),
    )


def _expiry(scheme: RenewalScheme, filing: date) -> date | None:
    """The day from which no renewal is asked, where renewals are not counted from the filing that the term counts.

    None where renewals are few steps after the grant: a grant that late is made up for by more days of term (35 USC
    154(b)(1)(B)), which no register announces, so each step stands until an end of the title is known.
    """
    if scheme.counted_from == "filing" or scheme.steps:
        return None
    return add_months(filing, 12 * scheme.last_year)


def _moment(name: str, application: Application, lineage: Lineage) -> Link | None:
    if name == "filing":
        filing = lineage.filing(application)
        return Link("filing", filing, lineage.root(application).key) if filing else None
    event = lineage.granted(application) if name == "grant" else lineage.first(application, name)
    return Link(name, event.on, event.key, event.kind) if event else None


def _available(scheme: RenewalScheme, application: Application, lineage: Lineage, from_event: Link) -> date | None:
    """The day before which nothing could be paid, when that is later than the filing that counts."""
    if application.descent in SAME_TITLE:
        return None
    if scheme.payable_from != "filing":
        return from_event.on
    if not application.descent:
        return None
    return lineage.entered(application)


def _window(
    scheme: RenewalScheme, origin: RenewalScheme | None, application: Application, lineage: Lineage
) -> tuple[date | None, str]:
    if application.descent == "divisional" and scheme.late_window_months and application.filed_on:
        return add_months(application.filed_on, scheme.late_window_months), scheme.late_window_basis
    if application.descent == "validation" and origin and origin.part_window_months:
        granted = lineage.granted(application)
        if granted:
            return add_months(granted.on, origin.part_window_months), origin.part_window_basis
    return None, ""


def _facts(scheme: RenewalScheme, application: Application, lineage: Lineage) -> dict[int, Event]:
    by_kind = lineage.events[application.key]
    facts: dict[int, Event] = {}
    codes = {scheme.rule, *(step.rule for step in scheme.steps if step.rule)}
    done = [event for event in by_kind.get(DONE, ()) if event.rule in codes]
    for event in sorted([*by_kind.get(PAID, ()), *done], key=lambda event: (event.on, event.key)):
        if event.year is not None:
            facts.setdefault(event.year, event)
    return facts


def _draft(course: _Course, step: Step, nature: str, book: Rulebook) -> Draft | None:
    scheme, application = course.scheme, course.application
    target = add_months(course.base, step.months)
    if course.expiry is not None and target >= course.expiry:
        return None
    chain = [course.origin, Link("delay", target, step.rule or scheme.rule, f"{step.months} months")]
    if scheme.is_end_of_month:
        target = end_of_month(target)
        chain.append(Link("end_of_month", target, scheme.rule))
    draft = Draft(
        key=Key(application.key, step.rule or scheme.rule, "", step.term),
        nature=nature,
        target=target,
        chain=chain,
        year=step.year,
        opens_on=_opening(scheme, step, target),
        grace_from=target,
        grace=scheme.grace,
        grace_base=(course.base, step.months),
        calendar=book.calendar(scheme.calendar),
        fee_office=scheme.office,
        acts=(RENEWAL,),
        term=step.term,
        category=application.category,
    )
    _defer(draft, course, step)
    return draft


def _defer(draft: Draft, course: _Course, step: Step) -> None:
    """Move the due date of what could not be paid on it: before entry, filing or grant, or within a window."""
    scheme, target = course.scheme, draft.target
    if (
        course.shift_limit is not None
        and scheme.shift
        and step.year in scheme.shift.years
        and target < course.shift_limit
    ):
        draft.target = draft.grace_from = course.shift_limit
        draft.is_regular = False
        draft.chain.append(Link("shift", course.shift_limit, scheme.shift.rule, f"{scheme.shift.months} months"))
        return
    if course.available is not None and target <= course.available:
        draft.target = draft.grace_from = course.available
        draft.is_regular = False
        draft.grace_base = None
        draft.opens_on = None
        draft.chain.append(Link("accumulated", course.available, scheme.rule))
    if course.window_end is not None and draft.target < course.window_end:
        draft.target = course.window_end
        draft.chain.append(Link("window", course.window_end, scheme.rule, course.window_basis))


def _opening(scheme: RenewalScheme, step: Step, target: date) -> date | None:
    months = scheme.opens_months_by_year.get(step.year, scheme.opens_months)
    if not months:
        return None
    opens = add_months(target, -months)
    return end_of_month(opens) if scheme.is_end_of_month else opens
