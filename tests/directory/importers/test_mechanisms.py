"""Transfer mechanisms, European participants and places: what each file says and what it gets wrong."""

import json

import pytest

from motrice.core.imports import words_of
from motrice.core.imports_runs import Action, ask_write, decide, start_run, work
from motrice.directory.enums import NameKind, OrganisationKind, RelationKind
from motrice.directory.models import Address, Mechanism, Organisation, Relation
from tests.directory.factories import IdentifierFactory, OrganisationFactory
from tests.directory.importers.samples import SAMPLES, known_bodies

pytestmark = pytest.mark.django_db


def codes(run):
    return [(item.line, item.field, item.code) for item in run.findings.order_by("line", "pk")]


def test_a_mechanism_has_type_territory_money_former_name_and_partners(read_csv, write_all):
    known_bodies()
    sample = SAMPLES["transfer-mechanisms"]
    write_all(read_csv("transfer-mechanisms", *sample.rows, **sample.beside))

    offer = Mechanism.objects.get(mechanism_type="satt")
    body = offer.organisation
    assert (body.name, body.kind, body.starts_on.year) == ("SATT INVENTÉE", OrganisationKind.MECHANISM, 2010)
    assert (offer.regions, str(offer.amount), offer.currency) == (["Bretagne"], "1000000.00", "EUR")
    assert [(name.kind, name.value) for name in body.names.all()] == [(NameKind.FORMER, "ANCIENNE")]
    assert [link.source.name for link in body.links_in.all()] == ["Université inventée de Brest"]


def test_a_carnot_institute_bears_the_label_of_its_wave(read_csv, write_all):
    write_all(read_csv("transfer-mechanisms", SAMPLES["transfer-mechanisms"].rows[1]))

    link = Relation.objects.get(kind=RelationKind.LABELLED_AS)
    assert (link.source.kind, link.target.kind, link.starts_on.year) == ("institute", "label", 2011)


def test_what_the_mechanisms_file_gets_wrong_is_told(read_csv):
    row = SAMPLES["transfer-mechanisms"].rows[0]
    partner = {"project_id": "ANR-10-SATT-0004", "organisation_name": "Inconnue SA", "is_coordinator": "False"}
    run = read_csv(
        "transfer-mechanisms",
        {**row, "funding_eur": "beaucoup"},
        {**row, "project_id": "x", "title_fr": "Sans numéro"},
        {**row, "project_id": "ANR-10-SATT-0002", "call_title": "AUTRE"},
        {**row, "project_id": "ANR-10-SATT-0003", "title_fr": "", "acronym": ""},
        {**row, "project_id": "ANR-10-SATT-0004", "call_year": "bientôt"},
        row,
        partners=[partner],
    )

    assert codes(run) == [
        (2, "funding_eur", "refused"),
        (2, "organisation_name", "unknown_body"),
        (3, "project_id", "wrong_identifier"),
        (3, "project_id", "missing_number"),
        (4, "call_title", "unknown_sort"),
        (5, "title_fr", "missing_name"),
        (6, "call_year", "wrong_year"),
        (7, "anr", "doubled_row"),
    ]
    assert run.proposals.count() == 2


def participant(number, **fields):
    return {"pic": number, "name": "SOCIÉTÉ INVENTÉE", "activity_type": "PRC", "city": "Brest", "country": "FR",
            **fields}  # fmt: skip


def test_a_participant_met_in_two_projects_is_one_record(read_csv, write_all):
    run = write_all(read_csv(
        "eu-participants",
        participant("999997930", country="UK", vat_number="FR40303265045", geolocation="48.4,-4.5"),
        participant("999997930", city="Rennes"),
    ))  # fmt: skip

    body = Organisation.objects.get()
    assert (body.country, body.city, body.kind) == ("GB", "Brest", OrganisationKind.COMPANY)
    assert sorted(body.identifiers.values_list("scheme", flat=True)) == ["pic", "vat"]
    assert Address.objects.get().latitude == 48.4
    assert codes(run) == []


def test_what_the_participants_file_gets_wrong_is_told(read_csv):
    run = read_csv(
        "eu-participants",
        participant("999997930", name="UniversitÃ© inventÃ©e", geolocation="181,900", vat_number="FR00000000000"),
        participant("12x"),
        participant("999999999", name=""),
    )

    assert codes(run) == [
        (2, "name", "wrong_encoding"),
        (2, "vat_number", "wrong_identifier"),
        (2, "position", "wrong_position"),
        (3, "pic", "wrong_identifier"),
        (3, "pic", "missing_number"),
        (4, "name", "missing_name"),
    ]
    assert "Université inventée" in words_of(run.findings.order_by("line", "pk").first())


def test_other_names_of_a_participant_only_add(read_csv, write_all):
    body = OrganisationFactory(name="Nom tenu ici", source="CORDIS")
    IdentifierFactory(organisation=body, scheme="pic", value="999997930")
    row = {"pic": "999997930", "country": "FR", "source": "fp7"}

    run = read_csv("eu-names", {**row, "name": "Premier nom"}, {**row, "name": "Second nom"},
                   {**row, "name": "Second nom"})  # fmt: skip
    write_all(run)

    body.refresh_from_db()
    assert body.name == "Nom tenu ici"
    assert "Second nom" in body.names.values_list("value", flat=True)
    assert codes(run) == [(4, "name", "doubled_row")]


def place(number="02feahw73", **fields):
    return {**SAMPLES["ror-places"].rows[0], "ror_id": number, **fields}


def test_places_fill_what_the_names_of_the_registry_lack(read_csv, write_all):
    body = OrganisationFactory(name="Institut inventé", kind=OrganisationKind.RESEARCH_BODY, source="ROR")
    IdentifierFactory(organisation=body, scheme="ror", value="02feahw73")

    run = read_csv("ror-places", place(website="https://institut.example", established="1976"))
    proposal = run.proposals.get()
    assert (proposal.action, [change[0] for change in proposal.changes]) == (
        Action.UPDATE, ["region", "city", "website", "starts_on", "address"],
    )  # fmt: skip
    write_all(run)
    body.refresh_from_db()
    assert (body.region, body.starts_on.year, body.addresses.get().longitude) == ("Bretagne", 1976, -4.5)


def test_what_the_places_file_gets_wrong_is_told(read_csv):
    run = read_csv("ror-places", place("02feahw74"), place(lat="91", website="nulle part"), place(name=""), place())

    assert codes(run) == [
        (2, "id", "wrong_identifier"),
        (3, "website", "wrong_address"),
        (3, "position", "wrong_position"),
        (4, "name", "missing_name"),
        (5, "ror", "doubled_row"),
    ]


@pytest.fixture
def undecided(tmp_path, officer):
    """A body of the directory, and the import of the registry that proposes to join a number to it by its name."""
    body = OrganisationFactory(name="Institut inventé des marées", kind=OrganisationKind.RESEARCH_BODY, country="FR")
    path = tmp_path / "names.jsonl"
    line = {"id": "02feahw73", "status": "active", "types": ["facility"], "name": body.name, "country": "FR"}
    path.write_text(json.dumps(line), encoding="utf-8")
    return body, work(start_run(kind="ror", files=[("", path)], actor=officer))


def test_a_number_on_which_somebody_has_yet_to_decide_makes_no_second_record(read_csv, write_all, undecided, officer):
    body, names = undecided
    row = place(name=body.name, country_code="FR")

    run = read_csv("ror-places", row)

    assert not run.proposals.exists()
    assert codes(run) == [(2, "ror", "undecided")]
    assert names.reference in run.findings.get().detail
    decide(run=names, actor=officer, accept=True, join_above=0.9)
    work(ask_write(run=names, actor=officer))
    run = write_all(read_csv("ror-places", row))
    assert run.proposals.get().target_pk == body.pk
    assert not run.findings.exists()


def test_a_number_that_somebody_would_not_join_is_a_record_of_its_own(read_csv, undecided, officer):
    body, names = undecided
    decide(run=names, actor=officer, accept=False)

    run = read_csv("ror-places", place(name=body.name, country_code="FR"))

    assert run.proposals.get().action == Action.CREATE
