"""Links between organisations: who may state them, no double, no circle, successions."""

from datetime import date

import pytest

from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.directory.enums import RelationKind, SuccessionKind
from motrice.directory.models import Relation
from motrice.directory.operations.link import (
    edit_link,
    end_link,
    link_organisations,
    record_succession,
    remove_link,
)
from tests.directory.factories import OrganisationFactory, RelationFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return user_with("coordinator")


def link(actor, source, target, kind=RelationKind.SUPERVISES, **fields):
    return link_organisations(actor=actor, source=source, target=target, kind=kind, **fields)


def test_a_link_is_refused_twice_on_one_day_and_allowed_after_it_ended(coordinator):
    body, unit = OrganisationFactory(), OrganisationFactory(unit=True)
    first = link(coordinator, body, unit, starts_on=date(2010, 1, 1))
    with pytest.raises(RuleViolation) as refusal:
        link(coordinator, body, unit, starts_on=date(2015, 1, 1))

    end_link(link=first, actor=coordinator, on=date(2014, 12, 31))
    again = link(coordinator, body, unit, starts_on=date(2015, 1, 1), rank=2, label_number="UMR 1")

    assert refusal.value.field == "starts_on"
    assert list(Relation.objects.filter(target=unit).order_by("pk")) == [first, again]


def test_a_circle_of_supervision_is_refused_at_any_length(coordinator):
    first, second, third = (OrganisationFactory() for _ in range(3))
    link(coordinator, first, second)
    link(coordinator, second, third)

    with pytest.raises(RuleViolation, match=str(first)) as refusal:
        link(coordinator, third, first)
    with pytest.raises(RuleViolation, match="itself"):
        link(coordinator, first, first)

    assert refusal.value.field == "target"
    assert Relation.objects.count() == 2


def test_supervision_may_turn_round_with_time_a_succession_never(coordinator):
    first, second = OrganisationFactory(), OrganisationFactory()
    link(coordinator, first, second, ends_on=date(2000, 12, 31))
    link(coordinator, second, first, starts_on=date(2001, 1, 1))
    link(coordinator, first, second, RelationKind.SUCCEEDED_BY, starts_on=date(1990, 1, 1), ends_on=date(1990, 1, 1))

    with pytest.raises(RuleViolation):
        link(coordinator, second, first, RelationKind.SUCCEEDED_BY, starts_on=date(2010, 1, 1))


def test_an_officer_cannot_take_rights_over_a_unit_by_stating_a_supervision():
    mine, unit = OrganisationFactory(), OrganisationFactory(unit=True)
    officer = user_with("officer", on=mine)

    with pytest.raises(NotPermitted):
        link(officer, mine, unit)
    with pytest.raises(NotPermitted):
        link(officer, mine, unit, RelationKind.HOSTS)
    link(officer, mine, unit, RelationKind.MIRROR_OF)

    assert [row.kind for row in Relation.objects.all()] == [RelationKind.MIRROR_OF]


def test_a_link_to_a_body_one_may_not_see_is_refused():
    mine, secret = OrganisationFactory(), OrganisationFactory(level=Level.CIRCLE)

    with pytest.raises(NotPermitted):
        link(user_with("officer", on=mine), mine, secret, RelationKind.PARTICIPATES)


def test_edit_and_removal_follow_the_same_rules(coordinator):
    body, unit = OrganisationFactory(), OrganisationFactory(unit=True)
    early = link(coordinator, body, unit, ends_on=date(2009, 12, 31))
    late = link(coordinator, body, unit, starts_on=date(2010, 1, 1))
    with pytest.raises(RuleViolation):
        edit_link(link=early, actor=coordinator, ends_on=date(2012, 1, 1))
    with pytest.raises(RuleViolation, match="kind"):
        edit_link(link=late, actor=coordinator, kind=RelationKind.HOSTS)
    with pytest.raises(RuleViolation, match="begins on"):
        end_link(link=late, actor=coordinator, on=date(2009, 1, 1))
    remove_link(link=late, actor=coordinator, reason="never was")

    early.refresh_from_db()
    assert early.ends_on == date(2009, 12, 31)
    assert Relation.objects.get() == early


def test_a_merger_closes_the_old_and_leads_each_to_the_new(coordinator):
    old = [OrganisationFactory(unit=True), OrganisationFactory(unit=True)]
    new = OrganisationFactory(unit=True)

    rows = record_succession(
        predecessors=old, successors=[new], kind=SuccessionKind.MERGED, on=date(2005, 1, 1), actor=coordinator
    )

    assert [(row.source, row.target, row.succession, row.starts_on) for row in rows] == [
        (body, new, SuccessionKind.MERGED, date(2005, 1, 1)) for body in old
    ]
    for body in old:
        body.refresh_from_db()
        assert body.ends_on == date(2004, 12, 31)


@pytest.mark.parametrize(
    ("before", "after", "kind"), [(1, 1, "merged"), (2, 1, "renamed"), (1, 1, "split"), (1, 1, "exploded")]
)
def test_a_succession_of_the_wrong_shape_is_refused_and_nothing_is_written(coordinator, before, after, kind):
    with pytest.raises(RuleViolation) as refusal:
        record_succession(
            predecessors=[OrganisationFactory(unit=True) for _ in range(before)],
            successors=[OrganisationFactory(unit=True) for _ in range(after)],
            kind=kind,
            on=date(2005, 1, 1),
            actor=coordinator,
        )

    assert refusal.value.field == "kind"
    assert not Relation.objects.exists()


def test_one_refused_link_of_a_succession_takes_back_the_others(coordinator):
    old, new = OrganisationFactory(unit=True), [OrganisationFactory(unit=True) for _ in range(2)]
    RelationFactory(source=new[1], target=old, kind=RelationKind.SUCCEEDED_BY)

    with pytest.raises(RuleViolation):
        record_succession(
            predecessors=[old], successors=new, kind=SuccessionKind.SPLIT, on=date(2005, 1, 1), actor=coordinator
        )

    old.refresh_from_db()
    assert old.ends_on is None
    assert Relation.objects.count() == 1
