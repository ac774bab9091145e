"""The page of a record's history: the whole record, with its parts, as it stood on a past day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.directory.enums import AffiliationRole, NameKind, OrganisationKind, RelationKind
from motrice.directory.models import (
    Address,
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    Topic,
    YearProfile,
)
from tests.directory.factories import user_with

pytestmark = pytest.mark.django_db
CIRCLE = Level.CIRCLE


@pytest.fixture
def reader(client):
    client.force_login(user_with("officer"))
    client.cookies["motrice_language"] = "en"
    return client


@pytest.fixture
def told():
    """A unit with one part of each sort, all made forty days ago and removed ten days ago, but its hidden partner."""
    now = timezone.now()
    with audit.operation(None, "unit.create", at=now - timedelta(days=40)) as op:
        unit = op.create(Organisation(kind=OrganisationKind.UNIT, name="Laboratoire inventé", short_name="LI"))
        body = op.create(Organisation(kind=OrganisationKind.UNIVERSITY, name="Université quittée"))
        hidden = op.create(Organisation(kind=OrganisationKind.COMPANY, name="Partenaire secret", level=CIRCLE))
        person = op.create(Person(given_name="Ada", family_name="Partie", level=Level.PUBLIC))
        text = op.create(Evidence(kind="project", title="Projet retiré"))
        parts = [
            op.create(OrganisationName(organisation=unit, kind=NameKind.FORMER, value="Nom effacé")),
            op.create(Identifier(organisation=unit, scheme="rnsr", value="200112345U")),
            op.create(Address(organisation=unit, street="1 rue Inventée", city="Brest")),
            op.create(YearProfile(organisation=unit, year=2019, size_class="small", source="Invented")),
            op.create(Topic(organisation=unit, scheme="erc", code="PE8")),
            op.create(Mechanism(organisation=unit, mechanism_type="satt", regions=["Bretagne"])),
            op.create(Relation(source=body, target=unit, kind=RelationKind.SUPERVISES, starts_on=date(2001, 1, 1))),
            op.create(Relation(source=unit, target=hidden, kind=RelationKind.MEMBER_OF)),
            op.create(Affiliation(person=person, organisation=unit, role=AffiliationRole.DIRECTOR)),
            op.create(EvidenceOwner(evidence=text, organisation=unit)),
        ]
    with audit.operation(None, "unit.empty", at=now - timedelta(days=10)) as op:
        for part in reversed(parts):
            op.delete(part)
    return unit, person


SHOWN = ("Nom effacé", "1 rue Inventée", "Small enterprise", "PE8", "Bretagne", "Université quittée", "Ada Partie",
         "Projet retiré", "200112345U")  # fmt: skip


def page(client, name, record, days):
    day = timezone.localdate() - timedelta(days=days)
    return client.get(reverse(f"directory:{name}", args=[record.reference]), {"on": day.isoformat()}).content.decode()


def state_of(text):
    """The part of the page above the list of changes."""
    return text.partition('id="changes-title"')[0]


def test_the_whole_organisation_is_shown_as_of_a_past_day(reader, told):
    then = state_of(page(reader, "organisation_history", told[0], 20))
    now = state_of(page(reader, "organisation_history", told[0], 0))

    assert [words for words in SHOWN if words not in then] == []
    assert [words for words in SHOWN if words in now] == []


def test_a_link_to_what_the_reader_may_not_see_is_not_told_of_the_past_either(client, told):
    unit, _person = told
    client.force_login(user_with("lab_director", on=unit))
    client.cookies["motrice_language"] = "en"

    then = page(client, "organisation_history", unit, 20)

    assert "Université quittée" in then
    assert "Partenaire secret" not in then


def test_the_whole_person_is_shown_as_of_a_past_day(reader, told):
    then = state_of(page(reader, "person_history", told[1], 20))
    now = state_of(page(reader, "person_history", told[1], 0))

    assert "Laboratoire inventé" in then
    assert "director" in then
    assert "Laboratoire inventé" not in now


def test_before_it_was_made_a_record_has_no_parts(reader, told):
    assert "did not exist yet" in page(reader, "organisation_history", told[0], 60)


def test_the_history_of_a_person_is_for_those_who_keep_the_record(client, told):
    client.force_login(user_with("researcher"))

    assert client.get(reverse("directory:person_history", args=[told[1].reference])).status_code == 403
