"""Writing organisations, their names, identifiers, people and evidence: who may, what is refused, what is kept."""

from datetime import date

import pytest

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.core.models import AuditEntry
from motrice.directory.enums import AffiliationRole, EvidenceKind, NameKind, OrganisationKind, RelationKind
from motrice.directory.models import Evidence, EvidenceOwner, Identifier, Organisation, OrganisationName
from motrice.directory.operations import evidence as evidence_operations
from motrice.directory.operations.identifier import add_identifier, end_identifier, remove_identifier
from motrice.directory.operations.mechanism import set_mechanism
from motrice.directory.operations.organisation import (
    add_name,
    close_organisation,
    create_organisation,
    edit_organisation,
    end_name,
    remove_name,
    rename_organisation,
    set_address,
    set_profile,
    set_topics,
)
from motrice.directory.operations.person import (
    affiliate,
    create_person,
    edit_person,
    end_affiliation,
    link_account,
    remove_affiliation,
)
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return user_with("officer")


@pytest.fixture
def visitor():
    return user_with()


def test_create_organisation_with_identifiers_leaves_one_entry(officer):
    body = create_organisation(
        actor=officer,
        kind=OrganisationKind.COMPANY,
        name="  Verrerie   inventée ",
        identifiers=[("siren", "303 265 045"), ("vat", "FR40 303265045")],
        city="Brest",
        reason="met at a fair",
    )

    assert body.name == "Verrerie inventée"
    assert {(row.scheme, row.value) for row in body.identifiers.all()} == {
        ("siren", "303265045"),
        ("vat", "FR40303265045"),
    }
    entry = AuditEntry.objects.get(verb="organisation.create")
    assert (entry.actor, entry.reason, entry.changes.count()) == (officer, "met at a fair", 3)
    assert audit.differences() == []


def test_create_organisation_is_refused_to_who_keeps_no_records(visitor):
    with pytest.raises(NotPermitted):
        create_organisation(actor=visitor, kind=OrganisationKind.COMPANY, name="Refusée")

    assert not Organisation.objects.exists()


def test_a_wrong_identifier_leaves_no_half_written_organisation(officer):
    with pytest.raises(RuleViolation, match="check digit"):
        create_organisation(
            actor=officer, kind=OrganisationKind.COMPANY, name="À moitié", identifiers=[("siren", "303265046")]
        )

    assert not Organisation.objects.exists()


def test_edit_changes_named_fields_only_if_nobody_did_meanwhile(officer):
    body = OrganisationFactory(city="Brest")
    stale = Organisation.objects.get(pk=body.pk)

    edit_organisation(organisation=body, actor=officer, city="Rennes")
    with pytest.raises(StaleState):
        edit_organisation(organisation=stale, actor=officer, city="Nantes")
    with pytest.raises(RuleViolation, match="merged_into"):
        edit_organisation(organisation=body, actor=officer, merged_into=None)

    assert Organisation.objects.get(pk=body.pk).city == "Rennes"


def test_edit_is_refused_to_another_units_director():
    body, other = OrganisationFactory(unit=True), OrganisationFactory(unit=True)
    director = user_with("lab_director", on=other)

    with pytest.raises(NotPermitted):
        edit_organisation(organisation=body, actor=director, city="Nantes")
    edit_organisation(organisation=other, actor=director, city="Nantes")

    assert Organisation.objects.get(city="Nantes") == other


def test_rename_keeps_the_former_name_and_acronym_until_the_day_before(officer):
    body = OrganisationFactory(name="Ancien nom", short_name="AN")

    rename_organisation(
        organisation=body, actor=officer, name="Nouveau nom", short_name="NN", on=date(2020, 1, 1), reason="décret"
    )

    assert (body.name, body.short_name) == ("Nouveau nom", "NN")
    assert list(body.names.values_list("kind", "value", "ends_on")) == [
        (NameKind.ACRONYM, "AN", date(2019, 12, 31)),
        (NameKind.FORMER, "Ancien nom", date(2019, 12, 31)),
    ]


def test_close_ends_the_links_that_run_but_not_the_succession(officer):
    body, after = OrganisationFactory(unit=True, starts_on=date(2000, 1, 1)), OrganisationFactory(unit=True)
    supervision = RelationFactory(target=body)
    succession = RelationFactory(source=body, target=after, kind=RelationKind.SUCCEEDED_BY)
    member = AffiliationFactory(organisation=body)
    with pytest.raises(RuleViolation) as refusal:
        close_organisation(organisation=body, actor=officer, on=date(1999, 1, 1))

    close_organisation(organisation=body, actor=officer, on=date(2020, 12, 31))
    for row in (supervision, succession, member):
        row.refresh_from_db()

    assert refusal.value.field == "on"
    assert (supervision.ends_on, member.ends_on) == (date(2020, 12, 31), date(2020, 12, 31))
    assert succession.ends_on is None


def test_names_are_added_once_ended_and_removed(officer):
    body = OrganisationFactory()
    name = add_name(organisation=body, actor=officer, kind=NameKind.ALIAS, value=" Autre  nom ", language="fr")
    with pytest.raises(RuleViolation, match="Autre nom"):
        add_name(organisation=body, actor=officer, kind=NameKind.ALIAS, value="Autre nom", language="fr")

    end_name(name=name, actor=officer, on=date(2020, 1, 1))
    assert OrganisationName.objects.get().ends_on == date(2020, 1, 1)
    remove_name(name=name, actor=officer, reason="never borne")

    assert not OrganisationName.objects.exists()


def test_an_identifier_held_elsewhere_is_named_only_to_who_may_see_it(officer):
    held = OrganisationFactory(name="Détenteur", level=Level.ORGANISATION)
    mine = OrganisationFactory(unit=True)
    add_identifier(holder=held, actor=officer_of(held), scheme="ror", value="https://ror.org/02feahw73")
    director, both = user_with("lab_director", on=mine), user_with("officer", on=mine)
    grant_role(user=both, kind="officer", actor=system_user(), on=held)

    with pytest.raises(RuleViolation) as unseen:
        add_identifier(holder=mine, actor=director, scheme="ror", value="02feahw73")
    with pytest.raises(RuleViolation) as seen:
        add_identifier(holder=mine, actor=both, scheme="ror", value="02feahw73")

    assert "Détenteur" not in str(unseen.value)
    assert "Détenteur" in str(seen.value)


def officer_of(body):
    return user_with("officer", on=body)


def test_identifiers_end_and_are_removed(officer):
    person = PersonFactory()
    row = add_identifier(holder=person, actor=officer, scheme="orcid", value="0000-0002-1825-0097")
    end_identifier(identifier=row, actor=officer, on=date(2024, 1, 1))
    with pytest.raises(RuleViolation, match="0000-0002-1825-0097"):
        add_identifier(holder=person, actor=officer, scheme="orcid", value="0000-0002-1825-0097")
    remove_identifier(identifier=row, actor=officer, reason="another person's")

    assert not Identifier.objects.exists()


def test_address_profile_and_topics_are_written_once(officer):
    body = OrganisationFactory(company=True)
    set_address(organisation=body, actor=officer, city="Brest", latitude=48.4, longitude=-4.5)
    set_address(organisation=body, actor=officer, city="Rennes")
    set_profile(organisation=body, actor=officer, year=2024, source="bilan", size_class="small", naf_code="23.13Z")
    set_profile(organisation=body, actor=officer, year=2024, source="bilan", size_class="medium")
    set_topics(organisation=body, actor=officer, scheme="domain", codes=["health", "energy"])
    topics = set_topics(organisation=body, actor=officer, scheme="domain", codes=["energy", "space"])

    assert [(row.city, row.latitude) for row in body.addresses.all()] == [("Rennes", 48.4)]
    assert [(row.size_class, row.naf_code) for row in body.profiles.all()] == [("medium", "23.13Z")]
    assert [row.code for row in topics] == ["energy", "space"]
    with pytest.raises(RuleViolation, match="-90"):
        set_address(organisation=body, actor=officer, latitude=123.0)


def test_people_are_placed_by_who_keeps_the_unit():
    unit = OrganisationFactory(unit=True)
    director, stranger = (
        user_with("lab_director", on=unit),
        user_with("lab_director", on=OrganisationFactory(unit=True)),
    )
    person = create_person(actor=director, given_name="Inventée", family_name="Dupré")
    with pytest.raises(NotPermitted):
        affiliate(person=person, organisation=unit, role=AffiliationRole.RESEARCHER, actor=stranger)

    row = affiliate(person=person, organisation=unit, role=AffiliationRole.RESEARCHER, actor=director)
    with pytest.raises(RuleViolation):
        affiliate(
            person=person,
            organisation=unit,
            role=AffiliationRole.RESEARCHER,
            actor=director,
            starts_on=date(2024, 1, 1),
        )
    end_affiliation(affiliation=row, actor=director, on=date(2023, 12, 31))
    again = affiliate(
        person=person, organisation=unit, role=AffiliationRole.RESEARCHER, actor=director, starts_on=date(2024, 1, 1)
    )
    remove_affiliation(affiliation=again, actor=director, reason="did not come")

    assert [affiliation.ends_on for affiliation in unit.affiliations.all()] == [date(2023, 12, 31)]


def test_a_person_edits_their_own_record_and_an_officer_links_the_account(officer):
    user = user_with("researcher")
    person = create_person(actor=officer, given_name="Inventé", family_name="Morel")
    with pytest.raises(NotPermitted):
        edit_person(person=person, actor=user, description="Verres")

    link_account(person=person, user=user, actor=officer)
    edit_person(person=person, actor=user, description="Verres")

    assert user.person.description == "Verres"
    with pytest.raises(RuleViolation, match="account"):
        link_account(person=person, user=officer, actor=officer)
    with pytest.raises(RuleViolation, match="user"):
        edit_person(person=person, actor=user, user=officer)


def test_evidence_is_registered_by_who_keeps_its_holder_and_withdrawn_without_a_trace_in_the_tables():
    unit = OrganisationFactory(unit=True)
    director = user_with("lab_director", on=unit)
    text = evidence_operations.register_evidence(
        actor=director, kind=EvidenceKind.PATENT, title="Verre inventé", owners=[unit, unit]
    )
    with pytest.raises(NotPermitted):
        evidence_operations.register_evidence(
            actor=director, kind=EvidenceKind.PATENT, title="Autre", owners=[OrganisationFactory(unit=True)]
        )
    with pytest.raises(RuleViolation, match="at least one"):
        evidence_operations.register_evidence(actor=director, kind=EvidenceKind.PATENT, title="Autre", owners=[])

    evidence_operations.edit_evidence(evidence=text, actor=director, title="Verre mieux inventé")
    assert EvidenceOwner.objects.get().organisation == unit
    evidence_operations.withdraw_evidence(evidence=text, actor=director, reason="retracted")

    assert not Evidence.objects.exists()
    assert audit.differences() == []


def test_many_texts_are_registered_once_by_their_key(officer, django_assert_max_num_queries):
    unit = OrganisationFactory(unit=True)
    items = [
        evidence_operations.NewEvidence(
            kind=EvidenceKind.PROJECT, title=f"Projet {key}", owners=[unit], source="demo", external_key=f"p{key}"
        )
        for key in (1, 2, 2, 3)
    ]

    with django_assert_max_num_queries(20):
        first = evidence_operations.register_many(items=items, actor=officer)
    second = evidence_operations.register_many(items=items, actor=officer)

    assert [row.title for row in first] == ["Projet 1", "Projet 2", "Projet 3"]
    assert second == []
    assert EvidenceOwner.objects.count() == 3


def test_withdrawing_is_refused_to_strangers():
    text = EvidenceFactory(of=[OrganisationFactory(unit=True)])

    with pytest.raises(NotPermitted):
        evidence_operations.withdraw_evidence(evidence=text, actor=user_with("researcher"), reason="no")

    assert Evidence.objects.get() == text


def test_a_mechanism_is_described_in_the_words_of_the_catalogue(officer):

    load_catalogue()
    body = OrganisationFactory(kind=OrganisationKind.MECHANISM)
    with pytest.raises(RuleViolation) as refusal:
        set_mechanism(organisation=body, actor=officer, mechanism_type="satt", domains=["alchemy"])
    set_mechanism(organisation=body, actor=officer, mechanism_type="satt", regions=["Brittany"])
    row = set_mechanism(organisation=body, actor=officer, mechanism_type="satt", domains=["health"])

    assert refusal.value.field == "domains"
    assert (row.regions, row.domains) == (["Bretagne"], ["health"])
