"""A part sold to a third party: every other owner is told, has the delay to buy first, and may renounce."""

from datetime import date

import pytest

from motrice.engines.coownership import Answer, Notified, Rule, Rules, preemption_refusal, sale_standing

LAW = date(2020, 1, 1)
RULES = Rules([Rule("preemption", "article 5", LAW, months=3)])
TOLD, RECEIVED, LAST = date(2024, 1, 30), date(2024, 1, 31), date(2024, 4, 30)


def notice(owner="A", *, sent=TOLD, received=RECEIVED, answer=Answer.NONE):
    return Notified(owner, sent, received, answer, received if answer else None)


def standing(*notices, on=LAST, owners=("A", "B")):
    return sale_standing(owners=owners, notices=notices, rules=RULES, on=on)


def codes(found):
    return [(reason.code, reason.article) for reason in found.refusals]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (None, "sale_not_told"),
        (notice("B", sent=None, received=None), "sale_not_told"),
        (notice("B", received=None), "not_received"),
        (notice("B", answer=Answer.TAKES_OVER), "preempted"),
    ],
)
def test_one_owner_who_was_not_told_or_buys_blocks_the_sale_for_ever(other, code):
    found = standing(notice("A"), *([other] if other else []), on=date(2030, 1, 1))

    assert codes(found) == [(code, "article 5")]
    assert found.refusals[0].facts["owner"] == "B"


def test_silence_keeps_the_sale_back_until_the_last_delay_has_run():
    late = notice("B", received=date(2024, 2, 10))

    before, after = standing(notice("A"), late, on=date(2024, 5, 9)), standing(notice("A"), late, on=date(2024, 5, 10))

    assert (before.earliest_on, codes(before)) == (date(2024, 5, 10), [("sale_too_early", "article 5")])
    assert before.refusals[0].facts == {"earliest_on": date(2024, 5, 10), "months": 3}
    assert not after.refusals


def test_owners_who_renounce_let_the_sale_go_at_once():
    found = standing(notice("A", answer=Answer.DECLINES), notice("B", answer=Answer.DECLINES), on=RECEIVED)

    assert (found.earliest_on, found.refusals) == (None, ())


def test_without_other_owners_or_before_the_law_a_part_is_sold_freely():
    assert not standing(owners=()).refusals
    assert not standing(on=date(2019, 12, 31)).refusals


@pytest.mark.parametrize(
    ("told", "on", "code"),
    [
        (notice(sent=None, received=None), LAST, "nothing_received"),
        (notice(received=None), LAST, "nothing_received"),
        (notice(), LAST, None),
        (notice(), date(2024, 5, 1), "answer_too_late"),
        (notice(sent=date(2019, 1, 1), received=date(2019, 1, 2)), date(2024, 5, 1), None),
    ],
)
def test_an_answer_to_a_sale_counts_until_the_end_of_the_delay(told, on, code):
    refusal = preemption_refusal(notice=told, on=on, rules=RULES)

    assert (refusal.code if refusal else None) == code
    if refusal:
        assert refusal.article == "article 5"
