"""Supervisors, heads, offices, owners, successions and participations on a date."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from motrice.core.confidentiality import Level
from motrice.directory.enums import AffiliationRole, RelationKind, SuccessionKind
from motrice.directory.models import Person
from motrice.directory.operations.link import end_link
from motrice.directory.queries import (
    heads_on,
    labelled_institutes_on,
    offices_for,
    participations,
    proposed_owners,
    resolve,
    succession_graph,
    supervisors_on,
    units_of,
    visible,
)
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    MechanismFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    carnot_world,
    user_with,
)

pytestmark = pytest.mark.django_db
IN_2019, IN_2020 = date(2019, 6, 1), date(2020, 6, 1)


@pytest.fixture
def coordinator():
    return user_with("coordinator")


@pytest.fixture
def three_supervisors(coordinator):
    unit = OrganisationFactory(unit=True, name="Laboratoire des trois tutelles")
    links = [
        RelationFactory(source__name=f"Tutelle {rank}", target=unit, rank=rank, starts_on=date(2010, 1, 1))
        for rank in (1, 2, 3)
    ]
    end_link(link=links[2], actor=coordinator, on=date(2019, 12, 31))
    return unit


def names(rows):
    return [row.source.name for row in rows]


def test_a_supervisor_that_left_is_shown_on_the_dates_before_only(three_supervisors):
    assert names(supervisors_on(three_supervisors, IN_2019)) == ["Tutelle 1", "Tutelle 2", "Tutelle 3"]
    assert names(supervisors_on(three_supervisors, date(2019, 12, 31))) == ["Tutelle 1", "Tutelle 2", "Tutelle 3"]
    assert names(supervisors_on(three_supervisors, IN_2020)) == ["Tutelle 1", "Tutelle 2"]


def test_an_invention_of_2019_still_proposes_the_three_owners_of_that_year(three_supervisors):
    owners = proposed_owners(three_supervisors, IN_2019)

    assert [(owner.organisation.name, owner.share) for owner in owners] == [
        ("Tutelle 1", Decimal("33.34")),
        ("Tutelle 2", Decimal("33.33")),
        ("Tutelle 3", Decimal("33.33")),
    ]
    assert sum(owner.share for owner in owners) == 100
    assert [owner.organisation.name for owner in proposed_owners(three_supervisors, IN_2020)] == [
        "Tutelle 1",
        "Tutelle 2",
    ]
    assert "Laboratoire des trois tutelles" in owners[0].words
    assert proposed_owners(OrganisationFactory(unit=True), IN_2019) == []


def test_a_supervisor_that_the_viewer_may_not_see_is_not_listed(three_supervisors, coordinator):
    hidden = OrganisationFactory(name="Tutelle cachée", level=Level.CIRCLE)
    RelationFactory(source=hidden, target=three_supervisors, rank=9)
    visitor = user_with()

    assert "Tutelle cachée" in names(supervisors_on(three_supervisors, IN_2020, actor=user_with("auditor")))
    for other in (visitor, coordinator):
        assert names(supervisors_on(three_supervisors, IN_2020, actor=other)) == ["Tutelle 1", "Tutelle 2"]


def test_units_of_a_body_on_a_day(three_supervisors):
    body = supervisors_on(three_supervisors, IN_2019)[2].source
    closed = OrganisationFactory(unit=True, ends_on=date(2015, 1, 1))
    RelationFactory(source=body, target=closed)

    assert list(units_of(body, IN_2019)) == [three_supervisors]
    assert list(units_of(body, IN_2020)) == []


def test_who_leads_on_a_date(coordinator):
    unit = OrganisationFactory(unit=True)
    first = AffiliationFactory(organisation=unit, role=AffiliationRole.DIRECTOR, ends_on=date(2019, 12, 31))
    second = AffiliationFactory(organisation=unit, role=AffiliationRole.DIRECTOR, starts_on=date(2020, 1, 1))
    AffiliationFactory(organisation=unit)

    assert [row.person for row in heads_on(unit, IN_2019)] == [first.person]
    assert [row.person for row in heads_on(unit, IN_2020, actor=coordinator)] == [second.person]
    assert list(heads_on(unit, IN_2020, actor=user_with())) == []


def test_offices_answer_nearest_first(coordinator):
    load_catalogue()
    unit = OrganisationFactory(unit=True)
    second = RelationFactory(target=unit, rank=2).source
    first = RelationFactory(target=unit, rank=1).source
    host = RelationFactory(target=unit, kind=RelationKind.HOSTS).source
    satt = MechanismFactory().organisation
    incubator = MechanismFactory(mechanism_type="incubator").organisation
    for target in (satt, incubator):
        RelationFactory(source=first, target=target, kind=RelationKind.PARTICIPATES)
    people = {
        body: AffiliationFactory(organisation=body, role=role).person
        for body, role in (
            (second, AffiliationRole.OFFICER),
            (first, AffiliationRole.OFFICER),
            (host, AffiliationRole.OFFICER),
            (unit, AffiliationRole.CORRESPONDENT),
        )
    }

    with override("en"):
        offices = offices_for(unit, actor=coordinator)

    assert [(office.organisation, office.person) for office in offices] == [
        (unit, people[unit]),
        (host, people[host]),
        (first, people[first]),
        (second, people[second]),
        (satt, None),
    ]
    assert "it hosts the unit" in offices[1].words
    assert "takes part in" in offices[4].words


def test_predecessors_and_successors_make_columns_in_the_order_of_time(coordinator):
    old_a, old_b, middle, new_a, new_b = (OrganisationFactory(unit=True, name=f"Unité {key}") for key in "ABCDE")
    for source, target, kind, day in (
        (old_a, middle, SuccessionKind.MERGED, date(2005, 1, 1)),
        (old_b, middle, SuccessionKind.MERGED, date(2005, 1, 1)),
        (middle, new_a, SuccessionKind.SPLIT, date(2015, 1, 1)),
        (middle, new_b, SuccessionKind.SPLIT, date(2015, 1, 1)),
    ):
        RelationFactory(source=source, target=target, kind=RelationKind.SUCCEEDED_BY, succession=kind, starts_on=day)

    graph = succession_graph(old_a, actor=coordinator)

    # What came of it, not its siblings: those appear from the unit in the middle.
    assert graph.columns() == [[old_a], [middle], [new_a, new_b]]
    assert succession_graph(middle, actor=coordinator).columns() == [[old_a, old_b], [middle], [new_a, new_b]]
    assert [row.starts_on.year for row in graph.links] == [2005, 2015, 2015]


def test_a_predecessor_out_of_sight_is_not_drawn():
    hidden = OrganisationFactory(unit=True, level=Level.ORGANISATION)
    shown = OrganisationFactory(unit=True)
    RelationFactory(source=hidden, target=shown, kind=RelationKind.SUCCEEDED_BY, succession=SuccessionKind.RENAMED)

    assert succession_graph(shown, actor=user_with()).columns() == [[shown]]


def test_a_long_succession_says_that_it_was_cut(coordinator):
    chain = [OrganisationFactory(unit=True) for _ in range(6)]
    for old, new in itertools.pairwise(chain):
        RelationFactory(source=old, target=new, kind=RelationKind.SUCCEEDED_BY, succession=SuccessionKind.RENAMED)

    graph = succession_graph(chain[0], actor=coordinator, limit=4)

    assert graph.is_cut
    assert len(graph.nodes) == 4


def test_twenty_of_twenty_nine_and_seven_of_nine_are_computed_on_a_day(coordinator):
    body, label, associated = carnot_world()

    found = participations(body, date(2026, 1, 1), actor=coordinator)

    assert [(row.label, row.count, row.total, row.day) for row in found] == [
        (label, 20, 29, date(2026, 1, 1)),
        (associated, 7, 9, date(2026, 1, 1)),
    ]
    assert len(found[0].parts) == 20
    assert len(found[0].others) == 9
    with override("en"):
        ways = {way.split(" ")[0] for part in participations(body, actor=coordinator)[0].parts for way in part.ways}
    assert ways == {"through", "takes"}
    assert participations(body, date(2019, 1, 1), actor=coordinator) == []
    assert labelled_institutes_on(date(2026, 1, 1), label=label).count() == 29
    assert labelled_institutes_on(date(2026, 1, 1)).count() == 38
    assert labelled_institutes_on(date(2019, 1, 1)).count() == 0


def test_a_secret_institute_is_in_neither_part_of_the_count():
    body, label, _associated = carnot_world()
    secret = OrganisationFactory(institute=True, level=Level.CIRCLE)
    RelationFactory(source=secret, target=label, kind=RelationKind.LABELLED_AS)
    RelationFactory(source=body, target=secret, kind=RelationKind.PARTICIPATES)

    found = participations(body, date(2026, 1, 1), actor=user_with())[0]

    assert (found.count, found.total) == (20, 29)


def test_resolve_follows_merges_and_visible_leaves_them_out(coordinator):
    kept, middle = OrganisationFactory(), OrganisationFactory()
    gone = OrganisationFactory(merged_into=middle)
    middle.merged_into = kept
    middle.save()

    assert resolve(gone) == kept
    assert set(visible(coordinator)) == {kept}
    person = PersonFactory()
    PersonFactory(merged_into=person)
    assert list(visible(coordinator, Person)) == [person]
