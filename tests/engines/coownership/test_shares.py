"""Dated shares: exact, whole on every day of a life, checked against an oracle that looks at each day in turn."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motrice.engines.coownership import (
    Flaw,
    Holding,
    Refused,
    correct,
    equal_shares,
    flaws,
    joined,
    merged,
    shares_on,
    split,
    transfer,
)
from tests.examples import examples

START = date(2020, 1, 1)
WHOLE, HALF, THIRD = Fraction(1), Fraction(1, 2), Fraction(1, 3)


def day(number: int) -> date:
    return START + timedelta(days=number)


def test_three_thirds_are_exactly_whole():
    rows = [Holding(owner, THIRD, START) for owner in "ABC"]

    assert flaws(rows, START) == []


def test_a_hundredth_too_little_is_short_on_every_day():
    rows = [Holding("A", Fraction(33, 100), START), Holding("B", Fraction(66, 100), START)]

    assert flaws(rows, START) == [Flaw("short", START, None, Fraction(99, 100))]


def test_a_gap_names_its_first_and_last_day():
    rows = [Holding("A", Fraction(1), START, day(9)), Holding("B", Fraction(1), day(12))]

    assert flaws(rows, START) == [Flaw("gap", day(10), day(11), Fraction(0))]


def test_an_overlap_of_one_owner_is_named_even_when_the_sum_is_one():
    rows = [Holding("A", HALF, START), Holding("A", HALF, day(5), day(6)), Holding("B", HALF, START, day(4))]
    rows += [Holding("B", HALF, day(7))]

    assert flaws(rows, START) == [Flaw("overlap", day(5), day(6), Fraction(0), "A")]


def test_two_owners_beyond_one_are_in_excess_on_the_days_they_meet():
    rows = [Holding("A", Fraction(1), START, day(5)), Holding("B", Fraction(1), day(4))]

    assert flaws(rows, START) == [Flaw("excess", day(4), day(5), Fraction(2))]


def test_a_share_after_the_end_of_the_life_is_outside():
    assert flaws([Holding("A", Fraction(1), START)], START, day(3)) == [
        Flaw("outside", day(4), None, Fraction(1), "A")
    ]


def test_a_share_before_the_life_is_outside():
    rows = [Holding("A", Fraction(1), day(-3))]

    assert flaws(rows, START) == [Flaw("outside", day(-3), day(-1), Fraction(1), "A")]


def test_the_last_day_of_the_calendar_has_no_day_after():
    assert flaws([Holding("A", Fraction(1), START, date.max)], START, date.max) == []


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_is_more_than_nothing_and_at_most_all(share):
    with pytest.raises(Refused, match="not_a_share"):
        Holding("A", share, START)


def test_a_share_cannot_end_before_it_starts():
    with pytest.raises(Refused, match="ends_before_start") as refused:
        Holding("A", HALF, START, day(-1))

    assert refused.value.reason.facts == {"starts_on": START, "ends_on": day(-1)}


def test_a_transfer_moves_an_exact_part_from_a_day_on():
    rows = [Holding("A", HALF, START), Holding("B", HALF, START)]

    after = transfer(rows, giver="A", taker="C", share=Fraction(1, 6), on=day(10), ground="deed 12")

    assert shares_on(after, day(9)) == {"A": HALF, "B": HALF}
    assert shares_on(after, day(10)) == {"A": THIRD, "B": HALF, "C": Fraction(1, 6)}
    assert [row for row in after if row.owner == "C"] == [Holding("C", Fraction(1, 6), day(10), None, "deed 12")]
    assert [row for row in after if row.owner == "B"] == [Holding("B", HALF, START)]
    assert flaws(after, START) == []


def test_a_transfer_of_all_ends_the_giver():
    after = transfer([Holding("A", Fraction(1), START)], giver="A", taker="B", share=Fraction(1), on=day(1))

    assert after == [Holding("A", Fraction(1), START, START), Holding("B", Fraction(1), day(1))]


def test_a_transfer_of_more_than_is_held_later_is_refused_with_the_day():
    rows = [Holding("A", Fraction(1), START, day(9)), Holding("A", HALF, day(10)), Holding("B", HALF, day(10))]

    with pytest.raises(Refused) as refused:
        transfer(rows, giver="A", taker="B", share=Fraction(2, 3), on=day(5))

    assert refused.value.reason.code == "holds_less"
    assert refused.value.reason.facts["day"] == day(10)


@pytest.mark.parametrize(("taker", "on", "code"), [("A", day(1), "same_owner"), ("B", day(-1), "holds_nothing")])
def test_a_transfer_to_oneself_or_before_holding_anything_is_refused(taker, on, code):
    with pytest.raises(Refused, match=code):
        transfer([Holding("A", Fraction(1), START)], giver="A", taker=taker, share=HALF, on=on)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2)])
def test_a_transfer_of_nothing_is_refused(share):
    with pytest.raises(Refused, match="not_a_share"):
        transfer([Holding("A", Fraction(1), START)], giver="A", taker="B", share=share, on=START)


def test_a_transfer_leaves_days_on_which_nobody_holds_anything_empty():
    rows = [Holding("A", Fraction(1), START, day(9)), Holding("A", Fraction(1), day(12))]

    after = transfer(rows, giver="A", taker="B", share=HALF, on=day(5))

    assert [shares_on(after, day(number)) for number in (9, 10, 11, 12)] == [
        {"A": HALF, "B": HALF}, {}, {}, {"A": HALF, "B": HALF},
    ]  # fmt: skip


def test_a_correction_that_ends_before_it_starts_is_refused():
    with pytest.raises(Refused, match="ends_before_start"):
        correct([Holding("A", Fraction(1), START)], shares={"B": WHOLE}, starts_on=day(5), ends_on=day(4))


def test_a_correction_without_end_rewrites_every_day_from_its_first():
    rows = [Holding("A", Fraction(1), START), Holding("B", HALF, day(20))]

    after = correct(rows, shares={"B": WHOLE}, starts_on=day(5))

    assert after == [Holding("A", WHOLE, START, day(4)), Holding("B", WHOLE, day(5))]


def test_a_correction_rewrites_only_its_days():
    rows = [Holding("A", Fraction(1), START)]

    after = correct(rows, shares={"A": HALF, "B": HALF}, starts_on=day(5), ends_on=day(9), ground="agreed")

    assert [shares_on(after, day(number)) for number in (4, 5, 9, 10)] == [
        {"A": Fraction(1)},
        {"A": HALF, "B": HALF},
        {"A": HALF, "B": HALF},
        {"A": Fraction(1)},
    ]


def test_equal_shares_are_exact_and_sum_to_what_is_left():
    assert equal_shares(["A", "B", "C"], Fraction(7, 10)) == {owner: Fraction(7, 30) for owner in "ABC"}


def test_equal_shares_need_owners_named_once():
    with pytest.raises(Refused, match="nobody"):
        equal_shares([])
    with pytest.raises(Refused, match="named_twice"):
        equal_shares(["A", "A"])


LIFE = 40
periods = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from([Fraction(1, 3), HALF, Fraction(2, 3), Fraction(1)]),
    st.integers(-4, LIFE + 4),
    st.one_of(st.none(), st.integers(0, 25)),
)


def holdings_of(drawn) -> list[Holding]:
    return [
        Holding(owner, share, day(first), None if length is None else day(first + length))
        for owner, share, first, length in drawn
    ]


def oracle(rows: list[Holding], number: int) -> set[str]:
    """What is wrong on one day, by counting."""
    today = day(number)
    held = [row for row in rows if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)]
    found = {"overlap"} if len({row.owner for row in held}) < len(held) else set()
    if not 0 <= number <= LIFE:
        return found | ({"outside"} if held else set())
    total = sum((row.share for row in held), Fraction(0))
    if total == 0:
        found.add("gap")
    elif total != 1:
        found.add("short" if total < 1 else "excess")
    return found


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(periods, max_size=7))
def test_every_day_has_the_faults_that_the_oracle_finds(drawn):
    rows = holdings_of(drawn)

    found = flaws(rows, START, day(LIFE))

    for number in range(-6, LIFE + 40):
        told = {flaw.kind for flaw in found if flaw.starts_on <= day(number) <= (flaw.ends_on or date.max)}
        assert told == oracle(rows, number), day(number)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(periods, max_size=7), st.integers(-6, LIFE + 6))
def test_cutting_and_joining_periods_changes_nobodys_day(drawn, cut):
    rows = holdings_of(drawn)
    days = [day(number) for number in range(-6, LIFE + 40)]
    held = [shares_on(rows, today) for today in days]

    for changed in (split(rows, day(cut)), merged(rows), merged(split(rows, day(cut)))):
        assert [shares_on(changed, today) for today in days] == held


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from("ABCD"),
            st.sampled_from([Fraction(1, 6), THIRD, HALF, Fraction(1)]),
            st.integers(0, LIFE),
        ),
        max_size=8,
    )
)
def test_a_history_of_transfers_stays_whole_and_matches_a_ledger_kept_day_by_day(moves):
    rows = [Holding("A", HALF, START), Holding("B", HALF, START)]
    ledger = [{"A": HALF, "B": HALF} for _number in range(LIFE + 1)]

    for giver, taker, share, number in moves:
        possible = giver != taker and all(day_.get(giver, Fraction(0)) >= share for day_ in ledger[number:])
        if not possible:
            with pytest.raises(Refused):
                transfer(rows, giver=giver, taker=taker, share=share, on=day(number))
            continue
        rows = transfer(rows, giver=giver, taker=taker, share=share, on=day(number))
        for held in ledger[number:]:
            held[giver] -= share
            held[taker] = held.get(taker, Fraction(0)) + share

    assert flaws(rows, START) == []
    for number, held in enumerate(ledger):
        assert shares_on(rows, day(number)) == {owner: part for owner, part in held.items() if part}


def test_two_owners_that_are_one_hold_their_sum_on_each_day():
    rows = [Holding("A", HALF, START, None, "deed"), Holding("B", HALF, START, day(9), "agreement")]
    rows += [Holding("C", HALF, day(10))]

    assert joined(rows, absorbed="B", kept="A") == [
        Holding("A", Fraction(1), START, day(9), "deed; agreement"),
        Holding("A", HALF, day(10), None, "deed"),
        Holding("C", HALF, day(10)),
    ]


def test_an_owner_that_becomes_another_keeps_its_days():
    rows = [Holding("B", Fraction(1), START, day(3)), Holding("C", Fraction(1), day(4))]

    assert joined(rows, absorbed="B", kept="A") == [
        Holding("A", Fraction(1), START, day(3)),
        Holding("C", Fraction(1), day(4)),
    ]
