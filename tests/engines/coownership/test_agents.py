"""The single agent: of the unit, of its field, of the unit that contributed most, or the first to notify."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from motrice.engines.coownership import (
    Designation,
    Notification,
    Rule,
    Rules,
    UnitPart,
    agreement_refusal,
    designation_due,
    propose_agent,
)

LAW = date(2020, 1, 16)
RULES = Rules(
    [
        Rule("agent_of_unit", "article 2 I", LAW, months=1),
        Rule("agent_of_field", "article 2 II", LAW),
        Rule("agent_between_units", "article 2 III", LAW),
        Rule("agent_agreed_otherwise", "article 2 III", LAW, months=1),
        Rule("agent_missing", "article 5", LAW, months=1),
    ]
)
TODAY = date(2024, 5, 2)
ALPHA = Designation("alpha", "university", date(2021, 1, 1))
BETA = Designation("beta", "institute", date(2021, 1, 1))
GAMMA = Designation("gamma", "school", date(2021, 1, 1))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 4, 30, hour, minute, tzinfo=UTC)


def parts(**shares) -> list[UnitPart]:
    return [UnitPart(unit, Fraction(share).limit_denominator(1000)) for unit, share in shares.items()]


def codes(answer) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_the_agent_of_the_unit_acts_for_its_results():
    answer = propose_agent(parts=parts(alpha=1), designations=[ALPHA], rules=RULES, on=TODAY)

    assert (answer.agent, answer.is_settled) == ("university", True)
    assert [(reason.code, reason.article) for reason in answer.reasons] == [("designated_for_unit", "article 2 I")]
    assert answer.reasons[0].facts["since"] == date(2021, 1, 1)


def test_the_agent_of_a_field_comes_before_that_of_the_unit_in_that_field_only():
    field = Designation("alpha", "school", date(2022, 1, 1), field="health")

    health = propose_agent(parts=parts(alpha=1), designations=[ALPHA, field], rules=RULES, on=TODAY, field="health")
    energy = propose_agent(parts=parts(alpha=1), designations=[ALPHA, field], rules=RULES, on=TODAY, field="energy")

    assert (health.agent, health.reasons[0].article) == ("school", "article 2 II")
    assert (energy.agent, energy.reasons[0].article) == ("university", "article 2 I")


def test_a_designation_that_has_ended_names_nobody():
    ended = Designation("alpha", "university", date(2021, 1, 1), date(2023, 12, 31))

    answer = propose_agent(parts=parts(alpha=1), designations=[ended], rules=RULES, on=TODAY)

    assert answer.agent is None
    assert [(reason.code, reason.article) for reason in answer.reasons] == [("none_designated", "article 5")]


def test_at_sixty_to_forty_the_agent_of_the_unit_that_contributed_most_acts():
    answer = propose_agent(parts=parts(alpha=0.4, beta=0.6), designations=[ALPHA, BETA], rules=RULES, on=TODAY)

    assert (answer.agent, answer.unit) == ("institute", "beta")
    assert (answer.reasons[0].code, answer.reasons[0].article) == ("greatest_contribution", "article 2 III")
    assert answer.reasons[0].facts["shares"] == {"alpha": Fraction(2, 5), "beta": Fraction(3, 5)}


def test_at_equal_parts_the_first_to_notify_acts_and_the_time_is_told():
    notices = [Notification("university", "institute", at(9, 31)), Notification("institute", "university", at(9, 30))]

    answer = propose_agent(
        parts=parts(alpha=0.5, beta=0.5), designations=[ALPHA, BETA], notifications=notices, rules=RULES, on=TODAY
    )

    assert answer.agent == "institute"
    assert codes(answer) == ["equal_contributions", "first_to_notify"]
    assert answer.reasons[1].article == "article 2 III"
    assert answer.reasons[1].facts["at"] == at(9, 30)
    assert answer.reasons[1].facts["later"] == {"university": at(9, 31)}


def test_at_equal_parts_nobody_acts_before_a_notice():
    answer = propose_agent(parts=parts(alpha=0.5, beta=0.5), designations=[ALPHA, BETA], rules=RULES, on=TODAY)

    assert (answer.agent, answer.is_settled) == (None, False)
    assert codes(answer) == ["equal_contributions", "nobody_notified"]


def test_notices_of_the_same_minute_settle_nothing():
    notices = [Notification("university", "institute", at(9)), Notification("institute", "university", at(9))]

    answer = propose_agent(
        parts=parts(alpha=0.5, beta=0.5), designations=[ALPHA, BETA], notifications=notices, rules=RULES, on=TODAY
    )

    assert answer.agent is None
    assert codes(answer)[-1] == "notified_together"


def test_of_three_units_the_notice_counts_once_all_the_others_had_it():
    notices = [
        Notification("university", "institute", at(8)),
        Notification("university", "school", at(12)),
        Notification("institute", "university", at(10)),
        Notification("institute", "school", at(10)),
    ]

    answer = propose_agent(
        parts=parts(alpha=0.4, beta=0.4, gamma=0.2),
        designations=[ALPHA, BETA, GAMMA],
        notifications=notices,
        rules=RULES,
        on=TODAY,
    )

    assert answer.agent == "institute"


def test_of_three_units_a_notice_to_only_one_of_the_others_does_not_count():
    notices = [
        Notification("university", "institute", at(8)),
        Notification("institute", "university", at(10)),
        Notification("institute", "school", at(10)),
    ]

    answer = propose_agent(
        parts=parts(alpha=0.4, beta=0.4, gamma=0.2),
        designations=[ALPHA, BETA, GAMMA],
        notifications=notices,
        rules=RULES,
        on=TODAY,
    )

    assert answer.agent == "institute"


def test_a_unit_that_contributed_less_gains_nothing_by_notifying_first():
    notices = [Notification("university", "institute", at(8))]

    answer = propose_agent(
        parts=parts(alpha=0.4, beta=0.6), designations=[ALPHA, BETA], notifications=notices, rules=RULES, on=TODAY
    )

    assert answer.agent == "institute"


def test_units_with_one_agent_need_no_comparison():
    same = Designation("beta", "university", date(2021, 1, 1))

    answer = propose_agent(parts=parts(alpha=0.5, beta=0.5), designations=[ALPHA, same], rules=RULES, on=TODAY)

    assert answer.agent == "university"
    assert codes(answer)[-1] == "one_agent_for_all"


def test_the_leading_unit_without_agent_leaves_the_question_open():
    answer = propose_agent(parts=parts(alpha=0.4, beta=0.6), designations=[ALPHA], rules=RULES, on=TODAY)

    assert (answer.agent, answer.unit) == (None, "beta")
    assert codes(answer) == ["greatest_contribution", "none_designated"]


def test_a_tie_with_a_unit_without_agent_says_which_one_lacks():
    notices = [Notification("university", "institute", at(8))]

    answer = propose_agent(
        parts=parts(alpha=0.5, gamma=0.5), designations=[ALPHA], notifications=notices, rules=RULES, on=TODAY
    )

    assert answer.agent is None
    assert answer.reasons[1].facts == {"unit": "gamma"}


def test_before_the_law_there_is_no_answer():
    answer = propose_agent(parts=parts(alpha=1), designations=[ALPHA], rules=RULES, on=date(2019, 12, 31))

    assert (answer.agent, codes(answer)) == (None, ["no_rule"])


def test_a_result_of_no_unit_has_no_agent():
    assert codes(propose_agent(parts=[], designations=[], rules=RULES, on=TODAY)) == ["no_unit"]


@pytest.mark.parametrize(
    ("agreed_on", "code"),
    [
        (date(2024, 1, 30), "agreed_too_early"),
        (date(2024, 1, 31), None),
        (date(2024, 2, 29), None),
        (date(2024, 3, 1), "agreed_too_late"),
    ],
)
def test_another_agent_may_be_agreed_on_within_a_month_of_the_declaration(agreed_on, code):
    refusal = agreement_refusal(declared_on=date(2024, 1, 31), agreed_on=agreed_on, rules=RULES)

    assert (refusal.code if refusal else None) == code
    if refusal:
        assert refusal.article == "article 2 III"


def test_before_the_law_no_agreement_on_another_agent_is_recorded():
    refusal = agreement_refusal(declared_on=date(2019, 12, 31), agreed_on=date(2020, 1, 2), rules=RULES)

    assert (refusal.code, refusal.article, refusal.facts) == ("no_rule", "", {"on": date(2019, 12, 31)})


def test_a_unit_names_its_agent_within_a_month_of_its_creation():
    due, rule = designation_due(unit_starts_on=date(2024, 1, 31), rules=RULES)

    assert (due, rule.article) == (date(2024, 2, 29), "article 2 I")


def test_two_rules_on_one_topic_may_not_hold_on_one_day():
    with pytest.raises(ValueError, match="hold on 2024-01-01"):
        Rules([Rule("a", "old", LAW), Rule("a", "new", date(2024, 1, 1))])
