"""Merging duplicates: every link is kept, nothing is said twice, the whole can be undone, races are refused."""

from datetime import date

import pytest

from motrice.accounts.models import Follow, RoleAssignment, User
from motrice.accounts.operations.follows import set_follow
from motrice.accounts.operations.invitations import accept_invitation, invite
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core import audit, pointers
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.directory import queries
from motrice.directory.enums import NameKind, RelationKind
from motrice.directory.models import (
    Affiliation,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    Person,
    Relation,
    YearProfile,
)
from motrice.directory.operations.merge import compare, last_merge, merge, undo_merge
from motrice.directory.operations.organisation import edit_organisation
from motrice.directory.operations.person import unlink_account
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    IdentifierFactory,
    MechanismFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return user_with("coordinator")


def world():
    """Every row of the two apps, by model and key: to compare before and after."""
    return {
        (model._meta.label, row.pk): audit.snapshot(row)
        for model in audit.audited_models()
        for row in model._base_manager.all()
    }


@pytest.fixture
def twins():
    kept = OrganisationFactory(unit=True, name="Laboratoire des verres", city="Brest")
    absorbed = OrganisationFactory(unit=True, name="Labo Verres", short_name="LV", website="https://example.org")
    return kept, absorbed


def test_every_sort_of_link_is_moved_and_found_by_introspection(coordinator, twins):
    kept, absorbed = twins
    supervision = RelationFactory(target=absorbed)
    succession = RelationFactory(source=absorbed, kind=RelationKind.SUCCEEDED_BY)
    member = AffiliationFactory(organisation=absorbed)
    number = IdentifierFactory(organisation=absorbed, scheme="rnsr", value="200412238P")
    text = EvidenceFactory(of=[absorbed])
    director = user_with("lab_director", on=absorbed)
    earlier = OrganisationFactory(merged_into=absorbed)

    merge(kept=kept, absorbed=absorbed, actor=coordinator, reason="same laboratory")

    for row in (supervision, succession, member, number, earlier, absorbed, kept):
        row.refresh_from_db()
    assert supervision.target == succession.source == member.organisation == number.organisation
    assert supervision.target_id == kept.pk
    assert EvidenceOwner.objects.get(evidence=text).organisation_id == kept.pk
    assert RoleAssignment.objects.get(user=director).scope_pk == kept.pk
    assert earlier.merged_into_id == absorbed.merged_into_id == kept.pk
    assert pointers.counts(absorbed) == {}
    assert (kept.name, kept.short_name, kept.city, kept.website) == (
        "Laboratoire des verres",
        "LV",
        "Brest",
        "https://example.org",
    )
    assert list(kept.names.values_list("kind", "value")) == [(NameKind.ALIAS, "Labo Verres")]
    assert audit.differences() == []


def test_who_follows_a_record_and_who_is_invited_to_it_come_along(coordinator, twins):
    kept, absorbed = twins
    for record in twins:
        set_follow(record=record, actor=coordinator, follows=True)
    fan = user_with("officer")
    set_follow(record=absorbed, actor=fan, follows=True)
    asked = invite(email="new@example.org", display_name="N", kind="lab_director", actor=system_user(), on=absorbed)

    merge(kept=kept, absorbed=absorbed, actor=coordinator)
    asked.refresh_from_db()
    user = accept_invitation(invitation=asked, display_name="N", password="un-verre-qui-tient-42")

    assert RoleAssignment.objects.get(user=user).scope_pk == kept.pk
    assert set(Follow.objects.values_list("user_id", "object_pk")) == {(coordinator.pk, kept.pk), (fan.pk, kept.pk)}
    assert audit.differences() == []


def test_a_merge_is_undone_to_the_last_row(coordinator, twins):
    kept, absorbed = twins
    body = OrganisationFactory()
    RelationFactory(source=body, target=kept, starts_on=date(2000, 1, 1), ends_on=date(2010, 1, 1))
    RelationFactory(source=body, target=absorbed, starts_on=date(2005, 1, 1))
    RelationFactory(source=kept, target=absorbed, kind=RelationKind.SUCCEEDED_BY)
    person = AffiliationFactory(organisation=kept).person
    AffiliationFactory(organisation=absorbed, person=person)
    EvidenceFactory(of=[kept, absorbed])
    for body in twins:
        YearProfile.objects.create(organisation=body, year=2024, source="bilan")
        MechanismFactory(organisation=body)
    before = world()

    merge(kept=kept, absorbed=absorbed, actor=coordinator)
    absorbed.refresh_from_db()
    undo_merge(entry=last_merge(absorbed), actor=coordinator, reason="two laboratories after all")

    after = world()
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed == set()


def test_what_would_be_said_twice_becomes_one_row_over_both_periods(coordinator, twins):
    kept, absorbed = twins
    body = OrganisationFactory()
    RelationFactory(source=body, target=kept, starts_on=date(2000, 1, 1), ends_on=date(2010, 1, 1))
    RelationFactory(source=body, target=absorbed, starts_on=date(2005, 1, 1))
    RelationFactory(source=body, target=absorbed, ends_on=date(1990, 1, 1))
    RelationFactory(source=kept, target=absorbed, kind=RelationKind.SUCCEEDED_BY)
    person = AffiliationFactory(organisation=kept, starts_on=date(2001, 1, 1)).person
    AffiliationFactory(organisation=absorbed, person=person, starts_on=date(2003, 1, 1))
    EvidenceFactory(of=[kept, absorbed])
    MechanismFactory(organisation=kept, mechanism_type="satt")
    MechanismFactory(organisation=absorbed, mechanism_type="irt")

    merge(kept=kept, absorbed=absorbed, actor=coordinator)

    links = Relation.objects.filter(target=kept).order_by("starts_on").values_list("kind", "starts_on", "ends_on")
    assert set(links) == {
        (RelationKind.SUPERVISES, None, date(1990, 1, 1)),
        (RelationKind.SUPERVISES, date(2000, 1, 1), None),
    }
    assert not Relation.objects.filter(kind=RelationKind.SUCCEEDED_BY).exists()
    assert Affiliation.objects.get().starts_on == date(2001, 1, 1)
    assert EvidenceOwner.objects.count() == 1
    assert Mechanism.objects.get().mechanism_type == "satt"


def test_the_choice_of_each_field_is_shown_before_and_taken(coordinator, twins):
    kept, absorbed = twins

    rows = {row.name: (row.kept, row.absorbed, row.result) for row in compare(kept=kept, absorbed=absorbed)}
    taken = merge(kept=kept, absorbed=absorbed, actor=coordinator, take=["name"])

    assert rows["name"] == ("Laboratoire des verres", "Labo Verres", "Laboratoire des verres")
    assert rows["city"] == ("Brest", "", "Brest")
    assert rows["short_name"] == ("", "LV", "LV")
    assert taken.name == "Labo Verres"
    assert [name.value for name in taken.names.all()] == ["Laboratoire des verres"]


def test_the_merged_record_is_never_less_closed_than_either(coordinator, twins):
    kept, absorbed = twins
    absorbed = OrganisationFactory(level=Level.ORGANISATION)
    grant_role(user=coordinator, kind="circle", actor=system_user(), on=absorbed)
    coordinator = User.objects.get(pk=coordinator.pk)

    merged = merge(kept=kept, absorbed=absorbed, actor=coordinator)

    assert merged.level == Level.ORGANISATION


def test_people_merge_with_their_account_and_two_accounts_are_refused(coordinator):
    kept, absorbed, third = (PersonFactory() for _ in range(3))
    user, other = user_with("researcher"), user_with("researcher")
    Person.objects.filter(pk=absorbed.pk).update(user=user)
    Person.objects.filter(pk=third.pk).update(user=other)
    for person in (absorbed, third):
        person.refresh_from_db()
    text = EvidenceFactory(of=[absorbed])

    merge(kept=kept, absorbed=absorbed, actor=coordinator)
    with pytest.raises(RuleViolation, match="take it away from one of the two"):
        merge(kept=Person.objects.get(pk=kept.pk), absorbed=third, actor=coordinator)

    assert Person.objects.get(user=user).pk == kept.pk
    assert text.owners.get().person_id == kept.pk
    assert Person.objects.get(pk=third.pk).merged_into is None
    unlink_account(person=third, actor=coordinator, reason="left, and came back")
    assert merge(kept=Person.objects.get(pk=kept.pk), absorbed=third, actor=coordinator).user == user


def test_a_second_merge_of_one_record_from_a_stale_page_is_refused(coordinator, twins):
    kept, absorbed = twins
    stale, other = Organisation.objects.get(pk=absorbed.pk), OrganisationFactory()
    IdentifierFactory(organisation=absorbed, scheme="rnsr", value="200412238P")
    merge(kept=kept, absorbed=absorbed, actor=coordinator)

    with pytest.raises(RuleViolation, match="was merged into"):
        merge(kept=other, absorbed=stale, actor=coordinator)
    with pytest.raises(RuleViolation, match="was merged into"):
        merge(kept=stale, absorbed=other, actor=coordinator)
    with pytest.raises(RuleViolation, match="was merged into"):
        edit_organisation(organisation=Organisation.objects.get(pk=absorbed.pk), actor=coordinator, city="Brest")

    assert Identifier.objects.get().organisation_id == kept.pk
    assert Organisation.objects.filter(merged_into__isnull=False).count() == 1


def test_merging_is_refused_to_who_may_not_and_for_nonsense(twins):
    kept, absorbed = twins
    with pytest.raises(NotPermitted):
        merge(kept=kept, absorbed=absorbed, actor=user_with("lab_director", on=kept))
    coordinator = user_with("coordinator")
    with pytest.raises(RuleViolation):
        merge(kept=kept, absorbed=kept, actor=coordinator)
    with pytest.raises(RuleViolation):
        merge(kept=kept, absorbed=PersonFactory(), actor=coordinator)
    with pytest.raises(RuleViolation, match="pk"):
        merge(kept=kept, absorbed=absorbed, actor=coordinator, take=["pk"])

    assert not Organisation.objects.filter(merged_into__isnull=False).exists()


def test_undo_is_refused_when_the_record_changed_since_and_for_other_entries(coordinator, twins):
    kept, absorbed = twins
    merge(kept=kept, absorbed=absorbed, actor=coordinator)
    absorbed.refresh_from_db()
    edit_organisation(
        organisation=Organisation.objects.get(pk=kept.pk), actor=coordinator, website="https://other.example.org"
    )

    with pytest.raises(StaleState):
        undo_merge(entry=last_merge(absorbed), actor=coordinator)
    with pytest.raises(RuleViolation):
        undo_merge(entry=audit.history(kept).first().entry, actor=coordinator)

    absorbed.refresh_from_db()
    assert absorbed.merged_into_id == kept.pk


def test_a_chain_of_merges_is_undone_from_its_end(coordinator, twins):
    middle, first = twins
    last = OrganisationFactory(unit=True, name="Institut des verres")
    member = AffiliationFactory(organisation=first)
    before = world()
    merge(kept=middle, absorbed=first, actor=coordinator)
    earlier = last_merge(Organisation.objects.get(pk=first.pk))
    between = world()
    merge(kept=last, absorbed=middle, actor=coordinator)

    with pytest.raises(RuleViolation, match="undo that merge first"):
        undo_merge(entry=earlier, actor=coordinator)
    member.refresh_from_db()
    assert member.organisation == last
    assert queries.resolve(Organisation.objects.get(pk=first.pk)) == last
    undo_merge(entry=last_merge(Organisation.objects.get(pk=middle.pk)), actor=coordinator)
    assert world() == between
    undo_merge(entry=earlier, actor=coordinator)
    assert world() == before


def test_what_changed_since_a_merge_is_named_in_words(coordinator, twins):
    kept, absorbed = twins
    merge(kept=kept, absorbed=absorbed, actor=coordinator)
    entry = last_merge(Organisation.objects.get(pk=absorbed.pk))
    edit_organisation(organisation=Organisation.objects.get(pk=kept.pk), actor=coordinator, short_name="LdV")

    with pytest.raises(StaleState, match=r"\(acronym\)"):
        undo_merge(entry=entry, actor=coordinator)
