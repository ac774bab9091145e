"""Who acts for the co-owners, proposed with the article that says so and given its mandate."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.directory.enums import RelationKind
from motrice.portfolio.models import AgentDesignation, Mandate
from motrice.portfolio.operations.agents import (
    accept_agent,
    agree_on_agent,
    designate_agent,
    end_designation,
    record_notification,
)
from motrice.portfolio.operations.assets import Maker, Owner
from motrice.portfolio.queries.coownership import agent_answer, joint_unit_owners, names_of
from motrice.portfolio.words.coownership import reasons_words
from tests.directory.factories import OrganisationFactory, RelationFactory
from tests.portfolio.factories import HALF, MONDAY, PARIS, asset_of

SINCE = date(2021, 1, 1)
ON = date(2024, 5, 2)


@pytest.fixture
def labs(place):
    """Two units, each with its supervisor as its agent: the office for alloys, the school for steels."""
    place.steels = OrganisationFactory(unit=True, name="Laboratoire inventé des aciers")
    for body, unit, officer in (
        (place.office, place.laboratory, place.officer),
        (place.other_office, place.steels, place.other_officer),
    ):
        RelationFactory(source=body, target=unit, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1))
        designate_agent(unit=unit, agent=body, starts_on=SINCE, actor=officer, at=MONDAY)
    return place


def joint(place, first, second):
    makers = (
        Maker("Aline Inventrice", first, person=place.inventor, unit=place.laboratory),
        Maker("Bruno Trouveur", second, unit=place.steels),
    )
    owners = (Owner(place.office, HALF), Owner(place.other_office, HALF))
    return asset_of(place, makers=makers, owners=owners)


def told(asset):
    answer = agent_answer(asset, on=ON)
    return answer.agent, reasons_words(answer.reasons, names_of(answer.reasons))


def test_at_sixty_to_forty_the_agent_of_the_first_unit_is_proposed_with_the_article(labs):
    agent, words = told(joint(labs, Fraction(3, 5), Fraction(2, 5)))

    assert agent == labs.office.pk
    assert "contributed most" in words
    assert "60\N{NO-BREAK SPACE}%" in words
    assert "decree 2020-24, art. 2 III" in words


def test_at_fifty_to_fifty_the_first_to_notify_is_proposed_with_the_time(labs):
    asset = joint(labs, HALF, HALF)
    assert told(asset)[0] is None
    for sender, recipient, minute in ((labs.office, labs.other_office, 31), (labs.other_office, labs.office, 30)):
        record_notification(
            asset=asset,
            sender=sender,
            recipient=recipient,
            notified_at=datetime(2024, 4, 30, 9, minute, tzinfo=PARIS),
            actor=labs.officer,
            at=MONDAY,
        )

    agent, words = told(asset)

    assert agent == labs.other_office.pk
    assert "first to notify" in words
    assert "09:30" in words
    assert "09:31" in words


def test_a_mandate_keeps_the_article_and_the_facts(labs):
    asset = joint(labs, Fraction(3, 5), Fraction(2, 5))

    mandate = accept_agent(asset=asset, on=ON, actor=labs.officer, at=MONDAY)

    assert mandate.agent == labs.office
    assert mandate.article == "decree 2020-24, art. 2 III"
    assert "60\N{NO-BREAK SPACE}%" in mandate.ground


def test_an_agent_nobody_can_name_gets_no_mandate_and_the_reason_is_told(labs):
    with pytest.raises(RuleViolation, match="None of the agents has notified"):
        accept_agent(asset=joint(labs, HALF, HALF), on=ON, actor=labs.officer, at=MONDAY)

    assert not Mandate.objects.exists()


def test_an_asset_that_no_public_body_owns_has_no_agent(labs):
    asset = asset_of(labs, owners=(Owner(labs.company, Fraction(1)),))

    with pytest.raises(RuleViolation, match="No public body"):
        accept_agent(asset=asset, on=ON, actor=labs.officer, at=MONDAY)


@pytest.mark.parametrize(
    ("agreed_on", "words"),
    [(date(2024, 3, 31), "nothing could be agreed"), (date(2024, 5, 2), r"until 1.May.2024")],
)
def test_an_agreement_too_early_or_too_late_is_refused_with_the_article(labs, agreed_on, words):
    asset = joint(labs, HALF, HALF)

    with pytest.raises(RuleViolation, match=rf"{words}.*art. 2 III"):
        agree_on_agent(
            asset=asset,
            agent=labs.other_office,
            declared_on=date(2024, 4, 1),
            agreed_on=agreed_on,
            actor=labs.officer,
            ground="échange de courriels",
            at=MONDAY,
        )


def test_an_agreement_in_time_takes_the_mandate_from_the_agent_before(labs):
    asset = joint(labs, Fraction(3, 5), Fraction(2, 5))
    accept_agent(asset=asset, on=date(2024, 4, 2), actor=labs.officer, at=MONDAY)

    agree_on_agent(
        asset=asset,
        agent=labs.other_office,
        declared_on=date(2024, 4, 1),
        agreed_on=date(2024, 4, 20),
        actor=labs.officer,
        ground="accord des directions",
        at=MONDAY,
    )

    rows = Mandate.objects.filter(asset=asset).order_by("starts_on")
    assert [(row.agent, row.ends_on, row.is_agreed) for row in rows] == [
        (labs.office, date(2024, 4, 19), False),
        (labs.other_office, None, True),
    ]


def test_a_second_agent_for_a_field_leaves_the_first_in_place(labs):
    designate_agent(
        unit=labs.laboratory, agent=labs.other_office, field="santé", starts_on=SINCE, actor=labs.officer, at=MONDAY
    )
    asset = asset_of(labs)

    assert agent_answer(asset, on=ON).agent == labs.office.pk
    assert agent_answer(asset, on=ON, field="santé").agent == labs.other_office.pk


def test_a_new_agent_ends_the_one_before_the_day_before(labs):
    designate_agent(
        unit=labs.laboratory, agent=labs.other_office, starts_on=date(2025, 1, 1), actor=labs.officer, at=MONDAY
    )

    rows = AgentDesignation.objects.filter(unit=labs.laboratory).order_by("starts_on")
    assert [(row.agent, row.ends_on) for row in rows] == [
        (labs.office, date(2024, 12, 31)),
        (labs.other_office, None),
    ]


def test_an_agent_before_another_must_end_before_it(labs):
    with pytest.raises(RuleViolation, match="from 2021-01-01"):
        designate_agent(
            unit=labs.laboratory, agent=labs.other_office, starts_on=date(2020, 2, 1), actor=labs.officer, at=MONDAY
        )


def test_only_supervisors_of_the_unit_name_and_end_its_agent(labs):
    with pytest.raises(NotPermitted):
        designate_agent(
            unit=labs.laboratory, agent=labs.other_office, starts_on=ON, actor=labs.other_officer, at=MONDAY
        )
    with pytest.raises(NotPermitted):
        end_designation(
            designation=AgentDesignation.objects.get(unit=labs.laboratory),
            ends_on=ON,
            actor=labs.other_officer,
            at=MONDAY,
        )


def test_the_owners_of_a_joint_unit_are_its_supervisors_of_the_day_in_exact_parts(place):
    third = OrganisationFactory(name="Université inventée")
    for body, ends_on in ((place.office, None), (place.other_office, None), (third, date(2019, 12, 31))):
        RelationFactory(
            source=body,
            target=place.laboratory,
            kind=RelationKind.SUPERVISES,
            starts_on=SINCE.replace(2010),
            ends_on=ends_on,
        )

    before = joint_unit_owners(place.laboratory, date(2019, 6, 1))
    after = joint_unit_owners(place.laboratory, date(2020, 6, 1))

    assert {row.organisation for row in before} == {place.office, place.other_office, third}
    assert {row.share for row in before} == {Fraction(1, 3)}
    assert {row.share for row in after} == {Fraction(1, 2)}
    assert before[0].article == "Code de la recherche, art. L533-1"
