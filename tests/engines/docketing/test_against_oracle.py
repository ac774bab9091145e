"""Random histories, against the oracle that counts by walking: nothing missed, nothing doubled, no date off by one."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motrice.engines.docketing import Application, Event, Family, add_months, derive, differences
from tests.engines.docketing import oracle
from tests.engines.docketing.tables import shipped_book
from tests.examples import examples

TODAY = date(2026, 11, 28)
KINDS = (
    *("publication", "search_publication", "search_report", "office_action", "response", "intention_to_grant"),
    *("allowance", "final_action", "communication_161", "grant", "grant_publication", "validation", "unitary_request"),
    *("examination_request", "fee_paid", "appeal", "refusal", "withdrawal", "lapse", "revocation", "abandonment"),
    *("expiry", "restoration"),
)
EXTENDED = sorted(oracle.EXTENSIONS)
ANNUITY_RULES = {
    "EP": "ep-annuity", "FR": "fr-annuity", "UP": "up-annuity", "DE": "office-annuity", "CN": "office-annuity",
    "JP": "office-annuity", "PH": "office-annuity",
}  # fmt: skip
many = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
days = st.dates(date(2004, 1, 1), date(2026, 6, 30))
awkward_days = st.sampled_from(
    [
        date(y, m, d)
        for y in (2004, 2008, 2012, 2016, 2019, 2020, 2023)
        for m, d in ((2, 28), (8, 31), (12, 31), (5, 30))
    ]
    + [date(2004, 2, 29), date(2008, 2, 29), date(2012, 2, 29), date(2016, 2, 29), date(2020, 2, 29)]
)


@st.composite
def event(draw, key, filed_on):
    """An event after the filing: a plain one, a payment, an extension, or a deadline marked done."""
    on = filed_on + timedelta(days=draw(st.integers(0, 5000)))
    form = draw(st.sampled_from(["plain", "plain", "plain", "paid", "extension", "done"]))
    if form == "paid":
        return Event(key, "annuity_paid", on, year=draw(st.integers(2, 21)))
    if form == "extension":
        return Event(key, "extension", on, rule=draw(st.sampled_from(EXTENDED)))
    if form == "done":
        rule = draw(st.sampled_from([rule[0] for rule in oracle.PERIODS] + sorted(set(ANNUITY_RULES.values()))))
        return Event(key, "done", on, rule=rule, year=draw(st.integers(2, 20)) if "annuity" in rule else None)
    return Event(key, draw(st.sampled_from(KINDS)), on)


@st.composite
def application(draw, key, office, *, parent=None, descent=""):
    """A filing with its events; a part or a phase has the filing date of its parent, a divisional a later one."""
    if parent is None:
        filed_on = draw(days | awkward_days)
        priority_on = draw(st.none() | st.integers(1, 366).map(lambda count: filed_on - timedelta(days=count)))
    else:
        later = draw(st.integers(1, 3000)) if descent == "divisional" else 0
        filed_on, priority_on = parent.filed_on + timedelta(days=later), parent.priority_on
    count = draw(st.integers(0, 6))
    events = tuple(draw(event(f"{key}{number}", filed_on)) for number in range(count))
    return Application(
        key,
        office,
        filed_on,
        parent=parent.key if parent else "",
        descent=descent,
        priority_on=priority_on,
        events=events,
    )


@st.composite
def family(draw):
    """A first filing and what may descend from it."""
    first = draw(application("first", draw(st.sampled_from(["FR", "US", "DE", "JP", "EP", "CN", "PH"]))))
    pct = draw(application("pct", "WO"))
    european = draw(application("ep", "EP", parent=pct, descent="regional_phase"))
    others = [
        draw(application("fr", "FR", parent=european, descent="validation")),
        draw(application("de", "DE", parent=european, descent="validation")),
        draw(application("up", "EP", parent=european, descent="unitary")),
        draw(application("div", "EP", parent=european, descent="divisional")),
        draw(application("us", "US", parent=pct, descent="national_phase")),
        draw(application("cn", "CN", parent=pct, descent="national_phase")),
        draw(application("jp", "JP", parent=pct, descent="national_phase")),
    ]
    kept = draw(st.lists(st.sampled_from(others), unique_by=lambda item: item.key, max_size=4))
    return Family("F", [first, pct, european, *kept])


def known(docket):
    """What the oracle knows of a docket."""
    rules = {rule[0] for rule in oracle.PERIODS} | set(ANNUITY_RULES.values())
    rules |= {f"us-maintenance-{number}" for number in (1, 2, 3)}
    found = {}
    for deadline in docket.deadlines:
        if deadline.key.rule in rules:
            assert deadline.key not in found, "doubled"
            grace = deadline.grace_until
            found[tuple(deadline.key)] = (deadline.original_on, deadline.due_on, grace, deadline.state)
    return found


@given(family())
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_docket_equals_the_oracle(history):
    docket = derive(history, shipped_book(), TODAY)

    assert known(docket) == oracle.Oracle(history, TODAY).answer()


@given(family(), st.data())
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_applied_differences_give_the_docket_from_nothing(history, data):
    before = derive(history, shipped_book(), TODAY)
    changed = data.draw(st.sampled_from(history.applications))
    events = [item for item in changed.events if data.draw(st.booleans())]
    events.append(data.draw(event("new", changed.filed_on)))
    others = [item for item in history.applications if item.key != changed.key]
    after = derive(Family("F", [*others, dataclasses.replace(changed, events=tuple(events))]), shipped_book(), TODAY)
    changes = differences(before, after)

    held = {deadline.key: deadline for deadline in before.deadlines}
    for deadline in changes.removed:
        del held[deadline.key]
    held |= {deadline.key: deadline for deadline in changes.added}
    held |= {new.key: new for _old, new in changes.changed}
    assert held == {deadline.key: deadline for deadline in after.deadlines}


@pytest.mark.parametrize("office", ["EP", "FR", "US"])
def test_offices_are_closed_when_the_oracle_says_so(office):
    calendar = shipped_book().calendars[office]
    day, wrong = date(2004, 1, 1), []
    while day < date(2048, 1, 1):
        if bool(calendar.why_closed(day)) != oracle.is_closed(day, office):
            wrong.append(day)
        day += timedelta(days=1)

    assert wrong == []


@given(days | awkward_days, st.integers(0, 260))
def test_months_are_counted_as_by_walking(day, months):
    assert add_months(day, months) == oracle.walk_months(day, months)
