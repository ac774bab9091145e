"""The mechanism finder: who can help next, on a date, with the reason of each."""

from datetime import date

import pytest
from django.utils.translation import override

from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.directory.enums import OrganisationKind, RelationKind
from motrice.directory.queries import count_mechanisms, find_mechanisms, mechanism_counts
from tests.database import load_catalogue
from tests.directory.factories import MechanismFactory, OrganisationFactory, RelationFactory, user_with

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _catalogue(db):
    load_catalogue()


@pytest.fixture
def officer():
    return user_with("officer")


def mechanism(name, mechanism_type="satt", *, starts_on=None, ends_on=None, level=Level.PUBLIC, **fields):
    body = OrganisationFactory(
        kind=OrganisationKind.MECHANISM, name=name, starts_on=starts_on, ends_on=ends_on, level=level
    )
    return MechanismFactory(organisation=body, mechanism_type=mechanism_type, **fields)


def found(**question):
    with override("en"):
        return {item.organisation.name: item for item in find_mechanisms(**question)}


def test_pre_maturation_done_brittany_health_gives_the_right_satt_with_its_reasons(officer):
    mechanism("SATT de l'ouest inventée", regions=["Bretagne", "Pays de la Loire"])
    mechanism("SATT de l'est inventée", regions=["Grand Est"])
    mechanism("Institut inventé du rail", "irt", domains=["transport"])
    mechanism("Incubateur inventé", "incubator", regions=["Bretagne"])

    results = found(actor=officer, region="Brittany", domain="health", done="pre_maturation", on=TODAY)

    assert list(results) == ["SATT de l'ouest inventée"]
    assert results["SATT de l'ouest inventée"].reasons == (
        "serves Brittany (its territory: Brittany, Pays de la Loire)",
        "takes every domain, so also Health",
        "serves the step that comes next, as every SATT: Maturation",
        "neither an opening nor a closing date is recorded",
    )


def test_a_mechanism_closed_in_2018_is_absent_today_and_present_in_2017(officer):
    mechanism("SATT close inventée", starts_on=date(2013, 1, 1), ends_on=date(2018, 12, 31), regions=["Bretagne"])

    assert found(actor=officer, region="Bretagne") == {}
    past = found(actor=officer, region="Bretagne", on=date(2017, 6, 1))
    assert list(past) == ["SATT close inventée"]
    assert "closed on 31\xa0Dec\xa02018" in past["SATT close inventée"].reasons[-1]
    assert found(actor=officer, region="Bretagne", on=date(2012, 6, 1)) == {}


def test_a_count_of_satt_never_includes_the_national_company(officer):
    for number in range(14):
        mechanism(f"SATT inventée {number}")
    mechanism("Société nationale inventée", "national_transfer_company")
    mechanism("SATT close", ends_on=date(2018, 12, 31))

    assert count_mechanisms("satt", actor=officer) == 14
    assert mechanism_counts(actor=officer) == {"satt": 14, "national_transfer_company": 1}
    assert count_mechanisms("satt", actor=officer, on=date(2018, 1, 1)) == 15
    assert len(found(actor=officer, mechanism_type="satt")) == 14


def test_own_readiness_and_domain_weigh_more_than_those_of_the_type(officer):
    mechanism("Généraliste inventé", "carnot")
    mechanism("Spécialiste inventé", "carnot", domains=["energy"], trl_min=4, trl_max=6, steps=["maturation"])

    results = found(actor=officer, region="Bretagne", domain="energy", trl=4, step="maturation")

    assert list(results) == ["Spécialiste inventé", "Généraliste inventé"]
    assert "takes projects from TRL 4 to TRL 6, so also TRL 4" in results["Spécialiste inventé"].reasons
    assert list(found(actor=officer, trl=2)) == ["Généraliste inventé"]


def test_what_is_not_recorded_is_told_as_a_doubt_not_as_a_reason(officer):
    mechanism("Incubateur sans lieu", "incubator")
    mechanism("Type inconnu", "other_thing")

    results = found(actor=officer, region="Bretagne", trl=5, step="incubation")

    assert results["Incubateur sans lieu"].doubts == ("its territory is not recorded",)
    assert results["Type inconnu"].doubts == (
        "its territory is not recorded",
        "the steps it serves are not recorded",
        "the readiness it takes is not recorded",
    )


def test_are_we_already_a_member(officer):
    ours = OrganisationFactory(name="Notre école inventée")
    joined = mechanism("Rejoint", "carnot").organisation
    mechanism("Pas rejoint", "carnot")
    RelationFactory(source=ours, target=joined, kind=RelationKind.PARTICIPATES, ends_on=date(2024, 12, 31))

    results = found(actor=officer, member=ours, on=date(2024, 1, 1))

    assert results["Rejoint"].memberships == ("Notre école inventée takes part in it",)
    assert results["Pas rejoint"].memberships == ()
    assert found(actor=officer, member=ours)["Rejoint"].memberships == ()


def test_a_mechanism_out_of_sight_is_neither_found_nor_counted(officer):
    mechanism("Fonds secret", "seed_fund", level=Level.CIRCLE)
    visitor = user_with()

    assert found(actor=visitor) == {}
    assert mechanism_counts(actor=visitor) == {}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"domain": "alchemy"}, "domain"),
        ({"step": "magic"}, "step"),
        ({"trl": 12}, "trl"),
        ({"done": "industrialisation"}, "done"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_at_its_field(officer, question, field):
    with pytest.raises(RuleViolation) as refusal:
        find_mechanisms(actor=officer, **question)

    assert refusal.value.field == field


def test_an_institute_is_found_while_it_bears_a_label_and_not_before(officer):
    body = OrganisationFactory(kind=OrganisationKind.INSTITUTE, name="Institut inventé du sel")
    MechanismFactory(organisation=body, mechanism_type="carnot")
    label = OrganisationFactory(name="Label inventé", kind=OrganisationKind.LABEL)
    years = {"starts_on": date(2011, 1, 1), "ends_on": date(2019, 12, 31)}
    RelationFactory(source=body, target=label, kind=RelationKind.LABELLED_AS, **years)

    for day, number in ((date(2010, 6, 1), 0), (date(2015, 6, 1), 1), (date(2020, 6, 1), 0)):
        assert len(find_mechanisms(actor=officer, on=day)) == number
        assert count_mechanisms("carnot", actor=officer, on=day) == number
