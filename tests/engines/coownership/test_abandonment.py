"""Notices, the four months before an abandonment, default shares and costs advanced."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.coownership import (
    Answer,
    Notified,
    Rule,
    Rules,
    abandonment_standing,
    add_months,
    answer_refusal,
    default_shares,
    inform_by,
    late_notice,
    recover_costs,
)

LAW = date(2020, 1, 16)
RULES = Rules(
    [
        Rule("inform_of_protection", "article 9", LAW, months=2),
        Rule("notice_of_abandonment", "article 9", LAW, months=4),
        Rule("offer_before_abandonment", "article 9", LAW),
        Rule("equal_shares_by_default", "article 10", LAW),
    ]
)
STARTED = date(2024, 3, 1)
RECEIVED = date(2024, 3, 5)


def standing(notices, today, owners=("A", "B")):
    return abandonment_standing(owners=owners, notices=notices, started_on=STARTED, rules=RULES, today=today)


def notice(owner, received=RECEIVED, answer=Answer.NONE, sent=STARTED):
    return Notified(owner, sent, received, answer, received if answer else None)


def test_the_day_before_four_months_the_abandonment_is_refused_with_the_article_and_the_date():
    found = standing([notice("A"), notice("B")], date(2024, 7, 4))

    assert found.earliest_on == date(2024, 7, 5)
    assert [(reason.code, reason.article) for reason in found.refusals] == [("too_early", "article 9")]
    assert found.refusals[0].facts["earliest_on"] == date(2024, 7, 5)


def test_on_the_day_itself_silence_lets_the_title_go():
    found = standing([notice("A"), notice("B", answer=Answer.DECLINES)], date(2024, 7, 5))

    assert not found.refusals
    assert found.silent == ("A",)


def test_the_last_notice_received_sets_the_date():
    assert standing([notice("A"), notice("B", date(2024, 4, 20))], STARTED).earliest_on == date(2024, 8, 20)


def test_a_co_owner_who_was_not_offered_the_title_blocks_for_ever():
    found = standing([notice("A")], date(2030, 1, 1))

    assert [(reason.code, reason.facts["owner"]) for reason in found.refusals] == [("not_offered", "B")]


def test_a_notice_nobody_received_does_not_run():
    found = standing([notice("A"), notice("B", received=None)], date(2030, 1, 1))

    assert found.earliest_on is None
    assert [reason.code for reason in found.refusals] == ["not_received"]


def test_a_co_owner_who_takes_the_title_over_stops_the_abandonment():
    found = standing([notice("A"), notice("B", answer=Answer.TAKES_OVER)], date(2030, 1, 1))

    assert [reason.code for reason in found.refusals] == ["taken_over"]


def test_a_title_without_co_owner_waits_for_nobody():
    assert not standing([], STARTED, owners=()).refusals


def test_without_a_rule_in_force_nothing_is_allowed():
    found = abandonment_standing(
        owners=["A"], notices=[], started_on=date(2019, 1, 1), rules=RULES, today=date(2030, 1, 1)
    )

    assert [reason.code for reason in found.refusals] == ["no_rule"]


@pytest.mark.parametrize(
    ("received", "on", "code"),
    [
        (None, date(2024, 3, 6), "nothing_received"),
        (RECEIVED, date(2024, 3, 4), "answer_too_early"),
        (RECEIVED, date(2024, 3, 5), None),
        (RECEIVED, date(2024, 7, 5), None),
        (RECEIVED, date(2024, 7, 6), "answer_too_late"),
    ],
)
def test_an_answer_counts_from_the_notice_to_the_end_of_its_delay(received, on, code):
    refusal = answer_refusal(notice=notice("A", received), on=on, rules=RULES, started_on=STARTED)

    assert (refusal.code if refusal else None) == code
    if refusal:
        assert refusal.article == "article 9"


def test_an_answer_to_an_offer_made_before_the_law_has_no_delay():
    told = notice("A", date(2019, 1, 2))

    assert answer_refusal(notice=told, on=date(2024, 1, 1), rules=RULES, started_on=date(2019, 1, 1)) is None


def test_a_decision_before_the_law_sets_no_delay_to_tell_it():
    decided_on = date(2019, 1, 1)

    assert inform_by(decided_on=decided_on, rules=RULES) is None
    assert late_notice(decided_on=decided_on, sent_on=date(2024, 1, 1), rules=RULES) is None


def test_co_owners_are_told_within_two_months():
    last, reason = inform_by(decided_on=date(2023, 12, 31), rules=RULES)

    assert (last, reason.article) == (date(2024, 2, 29), "article 9")


@pytest.mark.parametrize(
    ("sent_on", "code"),
    [
        (date(2024, 1, 9), "notice_before_decision"),
        (date(2024, 3, 10), None),
        (date(2024, 3, 11), "notice_too_late"),
    ],
)
def test_a_notice_of_protection_is_neither_early_nor_late(sent_on, code):
    refusal = late_notice(decided_on=date(2024, 1, 10), sent_on=sent_on, rules=RULES)

    assert (refusal.code if refusal else None) == code


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 24))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = add_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_what_was_fixed_for_all_stands():
    fixed = {"A": Fraction(3, 4), "B": Fraction(1, 4)}

    found = default_shares(public_owners=["A", "B"], fixed=fixed, shared_on=STARTED, rules=RULES)

    assert (found.shares, found.reason.code) == (fixed, "shares_fixed")


def test_public_owners_without_fixed_shares_share_equally_what_a_company_leaves():
    found = default_shares(
        public_owners=["A", "B", "C"], fixed={"company": Fraction(3, 10)}, shared_on=STARTED, rules=RULES
    )

    assert found.shares == {"company": Fraction(3, 10), **{owner: Fraction(7, 30) for owner in "ABC"}}
    assert found.reason.article == "article 10"


@pytest.mark.parametrize(
    ("fixed", "on", "code"),
    [
        ({"A": Fraction(1)}, STARTED, "nothing_left"),
        ({"A": Fraction(1, 2), "B": Fraction(1, 4)}, STARTED, "fixed_not_whole"),
        ({}, date(2019, 1, 1), "no_rule"),
    ],
)
def test_shares_that_the_law_cannot_complete_are_left_open(fixed, on, code):
    found = default_shares(public_owners=["A", "B"], fixed=fixed, shared_on=on, rules=RULES)

    assert (found.shares, found.reason.code) == ({}, code)


def test_costs_are_repaid_from_revenue_before_it_is_shared():
    years = recover_costs({2022: Decimal(900), 2024: Decimal(50)}, {2023: Decimal(600), 2024: Decimal(500)})

    assert [(row.year, row.recovered, row.carried, row.to_share) for row in years] == [
        (2022, 0, 900, 0),
        (2023, 600, 300, 0),
        (2024, 350, 0, 150),
    ]


amounts = st.dictionaries(st.integers(2018, 2026), st.decimals(0, 10_000, places=2), max_size=6)


@given(amounts, amounts)
def test_no_cent_of_costs_or_revenue_is_lost(advanced, received):
    years = recover_costs(advanced, received)

    recovered = sum(row.recovered for row in years)
    assert recovered + (years[-1].carried if years else 0) == sum(advanced.values())
    assert recovered + sum(row.to_share for row in years) == sum(received.values())
    assert all(not (row.carried and row.to_share) for row in years)


def test_an_amount_below_zero_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        recover_costs({2024: Decimal(-1)}, {})
