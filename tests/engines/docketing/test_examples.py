"""Dates that can be checked by hand against the text of the rule."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from motrice.engines.docketing import Application, Event, Family, Link, derive
from tests.engines.docketing.tables import shipped_book

TODAY = date(2026, 11, 28)


def docket(*applications, today=TODAY):
    return derive(Family("F", applications), shipped_book(), today)


def found(docket, rule, *, application=None, term="", trigger=None):
    """The one deadline of a rule."""
    [deadline] = [
        deadline
        for deadline in docket.deadlines
        if deadline.key.rule == rule
        and deadline.key.term == term
        and (application is None or deadline.key.application == application)
        and (trigger is None or deadline.key.trigger == trigger)
    ]
    return deadline


def test_opposition_ends_nine_months_after_the_mention_of_the_grant():
    granted = Application("A", "EP", date(2022, 3, 1), events=(Event("E", "grant_publication", date(2025, 5, 28)),))

    deadline = found(docket(granted), "ep-opposition")

    assert (deadline.original_on, deadline.due_on) == (date(2026, 2, 28), date(2026, 3, 2))
    assert deadline.chain == (
        Link("event", date(2025, 5, 28), "E", "grant_publication"),
        Link("delay", date(2026, 2, 28), "ep-opposition", "9 months"),
        Link("moved", date(2026, 3, 2), "EP", "Saturday"),
    )


def test_a_holiday_of_munich_moves_a_date_at_the_epo():
    asked = Application("A", "EP", date(2022, 3, 1), events=(Event("E", "search_publication", date(2025, 12, 4)),))

    deadline = found(docket(asked), "ep-search-report")

    assert deadline.due_on == date(2026, 6, 5)  # 4 June 2026 is Corpus Christi
    assert deadline.chain[-1] == Link("moved", date(2026, 6, 5), "EP", "Corpus Christi")


def test_a_closing_day_that_is_not_sure_moves_nothing_and_is_told():
    asked = Application("A", "EP", date(2022, 3, 1), events=(Event("E", "search_publication", date(2025, 10, 27)),))

    deadline = found(docket(asked), "ep-search-report")

    assert deadline.due_on == date(2026, 4, 27)
    assert deadline.chain[-1] == Link("doubt", date(2026, 4, 27), "EP", "King's Day")


def test_an_office_whose_rule_is_not_known_moves_nothing():
    filed = Application("A", "JP", date(2023, 5, 6))  # three years later is a Saturday

    assert found(docket(filed), "jp-examination").due_on == date(2026, 5, 16 - 10)


def test_french_annuity_is_due_at_the_end_of_the_month_of_the_filing():
    deadline = found(docket(Application("A", "FR", date(2024, 2, 29))), "fr-annuity", term="4")

    assert deadline.original_on == date(2027, 2, 28)
    assert deadline.due_on == date(2027, 3, 1)
    assert deadline.grace_until == date(2027, 8, 31)
    assert deadline.opens_on == date(2026, 2, 28)


def test_the_grace_of_an_epo_annuity_runs_from_last_day_to_last_day():
    deadline = found(docket(Application("A", "EP", date(2023, 6, 10))), "ep-annuity", term="4")

    assert deadline.original_on == date(2026, 6, 30)
    assert deadline.grace_until == date(2027, 1, 4)  # 31 December 2026 to 3 January 2027 are closed


def test_third_annuity_waits_for_the_31_months():
    pct = Application("W", "WO", date(2024, 1, 10), priority_on=date(2023, 12, 20))
    european = Application("A", "EP", date(2024, 1, 10), parent="W", descent="regional_phase")

    deadline = found(docket(pct, european), "ep-annuity", application="A", term="3")

    assert deadline.original_on == date(2026, 7, 20)
    assert deadline.grace_until == date(2027, 1, 20)
    assert Link("shift", date(2026, 7, 20), "ep-annuity-31-months", "31 months") in deadline.chain


def test_a_third_annuity_after_the_31_months_keeps_its_date():
    pct = Application("W", "WO", date(2024, 1, 10), priority_on=date(2023, 1, 11))
    european = Application("A", "EP", date(2024, 1, 10), parent="W", descent="regional_phase")

    assert found(docket(pct, european), "ep-annuity", term="3").original_on == date(2026, 1, 31)


def test_a_divisional_counts_from_its_parent_and_catches_up_in_four_months():
    parent = Application("P", "EP", date(2021, 5, 12))
    divisional = Application("D", "EP", date(2025, 9, 15), parent="P", descent="divisional")

    derived = docket(parent, divisional)

    terms = {term: found(derived, "ep-annuity", application="D", term=term) for term in ("3", "4", "5", "6")}
    assert {terms[term].due_on for term in ("3", "4", "5")} == {date(2026, 1, 15)}
    assert {terms[term].grace_until for term in ("3", "4", "5")} == {date(2026, 3, 16)}
    assert terms["6"].original_on == date(2026, 5, 31)


def test_years_of_the_states_follow_the_year_of_the_grant():
    european = Application("A", "EP", date(2018, 4, 3), events=(Event("G", "grant_publication", date(2023, 3, 1)),))
    french = Application("B", "FR", date(2018, 4, 3), parent="A", descent="validation")
    unitary = Application("C", "EP", date(2018, 4, 3), parent="A", descent="unitary")

    deadlines = docket(european, french, unitary).deadlines

    def years(application):
        return [deadline.year for deadline in deadlines if deadline.key.application == application and deadline.year]

    assert years("A") == [3, 4, 5]
    assert years("B") == years("C") == list(range(6, 21))


def test_a_national_fee_just_after_the_grant_may_wait_two_months():
    european = Application("A", "EP", date(2018, 4, 3), events=(Event("G", "grant_publication", date(2023, 3, 29)),))
    french = Application("B", "FR", date(2018, 4, 3), parent="A", descent="validation")

    deadline = found(docket(european, french), "fr-annuity", term="6")

    assert deadline.due_on == date(2023, 5, 29 + 1)  # 29 May 2023 is Whit Monday
    assert deadline.grace_until == date(2023, 10, 31)


@pytest.mark.parametrize(("term", "due"), [("3.5", (2024, 2, 29)), ("7.5", (2028, 2, 29)), ("11.5", (2032, 3, 1))])
def test_maintenance_fees_of_a_patent_granted_at_a_month_end(term, due):
    granted = Application("A", "US", date(2018, 1, 9), events=(Event("G", "grant", date(2020, 8, 31)),))

    rule = {"3.5": "us-maintenance-1", "7.5": "us-maintenance-2", "11.5": "us-maintenance-3"}[term]
    deadline = found(docket(granted), rule, term=term)

    assert deadline.due_on == date(*due)
    # the fourth, eighth and twelfth anniversaries, not six months from a shorter February
    assert deadline.chain[-1 if term != "3.5" else -2].on.month in (8, 9)


def test_a_patent_granted_late_in_its_term_still_owes_its_third_maintenance_fee():
    late = Application("A", "US", date(2004, 2, 28), events=(Event("G", "grant", date(2014, 9, 2)),))
    ended = dataclasses.replace(late, events=(*late.events, Event("X", "expiry", date(2024, 2, 28))))

    assert found(docket(late), "us-maintenance-3", term="11.5").due_on == date(2026, 3, 2)
    assert not [item for item in docket(ended).deadlines if item.key.rule == "us-maintenance-3"]


def test_a_maintenance_fee_costs_by_the_size_of_the_payer():
    granted = Application(
        "A", "US", date(2018, 1, 9), category="small", events=(Event("G", "grant", date(2021, 8, 31)),)
    )

    deadline = found(docket(granted), "us-maintenance-1", term="3.5")

    assert (deadline.amount, deadline.surcharge, deadline.currency) == (Decimal(860), Decimal(216), "USD")


def test_a_reduced_fee_ends_with_the_seventh_year():
    derived = docket(Application("A", "FR", date(2022, 1, 10), category="reduced"))

    assert found(derived, "fr-annuity", term="7").amount == 72
    assert found(derived, "fr-annuity", term="8").amount == 136


def test_an_annuity_takes_the_table_of_its_day():
    derived = docket(Application("A", "EP", date(2020, 5, 11)), today=date(2024, 3, 1))

    assert found(derived, "ep-annuity", term="4").amount == 660
    assert found(derived, "ep-annuity", term="5").amount == 1000
    assert not found(derived, "ep-annuity", term="5").is_estimate
    assert found(derived, "ep-annuity", term="6").is_estimate


def test_what_was_paid_is_a_fact_that_no_table_changes():
    paid = Event("P", "annuity_paid", date(2024, 8, 2), year=5, amount=Decimal("1500.00"), currency="EUR")
    deadline = found(docket(Application("A", "EP", date(2020, 5, 11), events=(paid,))), "ep-annuity", term="5")

    assert (deadline.state, deadline.amount, deadline.done_by) == ("done", 1500, "P")


def test_a_late_payment_without_amount_costs_the_surcharge():
    paid = Event("P", "annuity_paid", date(2024, 8, 2), year=5)
    deadline = found(docket(Application("A", "EP", date(2020, 5, 11), events=(paid,))), "ep-annuity", term="5")

    assert (deadline.amount, deadline.surcharge) == (1500, 500)


def test_an_extension_is_counted_from_the_start():
    events = (
        Event("S", "search_report", date(2026, 8, 31)),
        Event("X", "extension", date(2026, 11, 20), rule="fr-search-report"),
    )
    deadline = found(docket(Application("A", "FR", date(2026, 1, 5), events=events)), "fr-search-report")

    assert deadline.original_on == date(2027, 2, 28)


def test_a_second_extension_is_not_granted_and_is_reported():
    events = (
        Event("S", "search_report", date(2026, 8, 31)),
        Event("X", "extension", date(2026, 10, 1), rule="fr-search-report"),
        Event("Y", "extension", date(2026, 11, 1), rule="fr-search-report"),
    )
    derived = docket(Application("A", "FR", date(2026, 1, 5), events=events))

    assert found(derived, "fr-search-report").original_on == date(2027, 2, 28)
    assert [event.key for event in derived.unmatched] == ["Y"]


def test_an_end_leaves_what_was_before_it_and_stops_what_comes_after():
    events = (Event("W", "withdrawal", date(2026, 3, 2)),)
    derived = docket(Application("A", "EP", date(2022, 4, 20), events=events))

    assert found(derived, "ep-annuity", term="4").state == "lapsed"
    assert [deadline.year for deadline in derived.deadlines if deadline.year] == [3, 4]
    assert found(derived, "patent-term").state == "superseded"


def test_restored_rights_bring_their_deadlines_back():
    events = (Event("W", "lapse", date(2026, 3, 2)), Event("R", "restoration", date(2026, 9, 1)))
    derived = docket(Application("A", "EP", date(2022, 4, 20), events=events))

    assert found(derived, "patent-term").state == "open"


def test_two_reports_are_two_deadlines_answered_in_order():
    events = (
        Event("1", "office_action", date(2026, 3, 2)),
        Event("2", "office_action", date(2026, 8, 3)),
        Event("A", "response", date(2026, 9, 1)),
    )
    derived = docket(Application("A", "EP", date(2022, 4, 20), events=events))

    assert found(derived, "ep-examination-report", trigger="1").done_on == date(2026, 9, 1)
    assert found(derived, "ep-examination-report", trigger="2").state == "open"


def test_a_utility_certificate_lasts_by_the_law_of_its_filing():
    new, old = (
        Application(key, "FR", day, right="utility_certificate")
        for key, day in (("N", date(2020, 1, 1)), ("O", date(2019, 12, 31)))
    )

    terms = {deadline.key.application: deadline.due_on for deadline in docket(new, old).deadlines}

    assert terms == {"N": date(2030, 1, 1), "O": date(2025, 12, 31)}


def test_a_mark_is_renewed_without_end_one_term_ahead():
    renewals = docket(
        Application("M", "FR", date(2010, 6, 1), right="trademark", priority_on=date(2010, 1, 1))
    ).deadlines

    assert [deadline.due_on for deadline in renewals] == [date(2020, 6, 1), date(2030, 6, 1)]


def test_a_rule_without_a_date_is_a_note():
    assert docket(Application("W", "WO", date(2025, 6, 1))).notes == (("W", "fr-no-pct-phase"),)


def test_applications_that_descend_in_a_circle_are_refused():
    first = Application("A", "EP", date(2022, 1, 1), parent="B", descent="divisional")
    second = Application("B", "EP", date(2022, 1, 1), parent="A", descent="divisional")

    with pytest.raises(ValueError, match="descend from one another"):
        docket(first, second)
