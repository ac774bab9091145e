"""Rules of one's own making: where a period starts, how it is extended, what a book without a rule does."""

from datetime import date
from decimal import Decimal

import pytest

from motrice.engines.docketing import (
    Application,
    Event,
    Extension,
    Family,
    FeeRow,
    FeeTable,
    Grace,
    Link,
    Rule,
    Rulebook,
    derive,
    read_calendar,
)
from motrice.engines.docketing.lineage import grant_year
from tests.engines.docketing.tables import shipped_book

TODAY = date(2026, 11, 28)
FILED = date(2024, 8, 31)


def deadlines(*rules, fees=(), **parts):
    """What rules make of one application."""
    application = Application("A", "FR", **{"filed_on": FILED} | parts)
    return derive(Family("F", [application]), Rulebook(rules=rules, fee_tables=fees), TODAY).deadlines


def test_an_application_without_a_filing_date_has_no_period_from_its_filing():
    rule = Rule("x", delay=9)

    assert deadlines(rule, filed_on=None) == ()
    assert deadlines(rule, filed_on=None, parent="unknown") == ()
    assert [found.due_on for found in deadlines(rule)] == [date(2025, 5, 31)]


def test_an_event_may_start_a_period_that_is_counted_from_the_priority():
    rule = Rule("x", trigger="search_report", counted_from="priority", delay=16)
    events = (Event("E", "search_report", date(2025, 1, 7)),)

    [found] = deadlines(rule, priority_on=date(2024, 1, 31), events=events)

    assert (found.due_on, found.key.trigger) == (date(2025, 5, 31), "E")
    assert found.chain[0] == Link("priority", date(2024, 1, 31), "A")
    assert deadlines(rule, filed_on=None, events=events) == ()


def test_a_period_that_repeats_so_often_ends_with_its_last_time():
    rule = Rule("x", delay=5, unit="years", repeats=4)

    assert [(found.key.term, found.due_on.year) for found in deadlines(rule)] == [
        ("1", 2029), ("2", 2034), ("3", 2039), ("4", 2044),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("delay", "unit", "is_first_day_counted", "filed_on", "due"),
    [
        (6, "months", False, date(2024, 8, 31), date(2025, 4, 30)),
        (6, "months", True, date(2024, 8, 31), date(2025, 4, 29)),
        (1, "years", False, date(2024, 2, 29), date(2025, 4, 29)),
        (1, "days", False, date(2024, 1, 30), date(2024, 3, 31)),
    ],
)
def test_two_extensions_of_a_month_are_counted_together(delay, unit, is_first_day_counted, filed_on, due):
    rule = Rule("x", delay=delay, unit=unit, is_first_day_counted=is_first_day_counted, extension=Extension(1, 2))
    events = tuple(Event(key, "extension", filed_on, rule="x") for key in "PQ")

    [found] = deadlines(rule, filed_on=filed_on, events=events)

    assert found.due_on == due
    assert [(link.cites, link.detail) for link in found.chain if link.kind == "extension"] == [
        ("P", "1 months"), ("Q", "2 months"),
    ]  # fmt: skip


def test_a_period_to_the_end_of_a_month_ends_on_its_last_day():
    [found] = deadlines(Rule("x", delay=6, is_end_of_month=True), filed_on=date(2024, 8, 3))

    assert found.due_on == date(2025, 2, 28)
    assert found.chain[-1] == Link("end_of_month", date(2025, 2, 28), "x")


def test_a_grace_without_surcharge_costs_nothing_more_and_is_the_last_day():
    fees = FeeTable("f", 1, "FR", "search", "EUR", date(2024, 1, 1), (FeeRow("", "standard", Decimal(520)),))
    rule = Rule("x", delay=1, grace=Grace(2), fees=("search",), fee_office="FR")

    [late] = deadlines(rule, fees=[fees], events=(Event("D", "done", date(2024, 11, 5), rule="x"),))
    [without] = deadlines(Rule("x", delay=1))

    assert (late.state, late.amount, late.surcharge) == ("done", Decimal(520), None)
    assert (late.due_on, late.closes_on) == (date(2024, 9, 30), date(2024, 11, 30))
    assert without.closes_on == without.due_on == date(2024, 9, 30)


def test_a_payment_that_names_no_year_answers_nothing_and_is_reported():
    paid = Event("P", "annuity_paid", date(2026, 8, 2))

    docket = derive(Family("F", [Application("A", "FR", FILED, events=(paid,))]), shipped_book(), TODAY)

    assert docket.unmatched == (paid,)


def test_a_day_that_a_year_does_not_have_closes_nothing_in_it():
    names = {"name": "A", "name_fr": "A", "legal_basis": "the law", "source": "it", "confidence": "confirmed"}
    calendar = read_calendar("FR", 1, names | {"weekend": [], "closed_days": ["02-29"]})

    assert calendar.why_closed(date(2024, 2, 29)) == "closing day"
    assert calendar.next_open(date(2024, 2, 29)) == calendar.next_open(date(2024, 3, 1)) == date(2024, 3, 1)
    assert calendar.why_closed(date(2023, 2, 28)) == calendar.why_closed(date(2023, 3, 1)) == ""


@pytest.mark.parametrize(
    ("granted", "year"),
    [(date(2027, 2, 27), 3), (date(2027, 2, 28), 4), (date(2028, 2, 28), 4), (date(2028, 2, 29), 5)],
)
def test_years_of_a_patent_filed_on_29_february_turn_on_the_28th_of_a_common_year(granted, year):
    assert grant_year(date(2024, 2, 29), granted) == year


def test_a_family_that_names_an_application_twice_is_refused():
    with pytest.raises(ValueError, match="The family F names an application twice"):
        Family("F", [Application("A", "FR", FILED), Application("A", "EP", FILED)])
