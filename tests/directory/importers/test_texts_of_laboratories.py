"""Laureates and funded projects: texts as evidence of laboratories, whether or not a company came of them."""

import pytest

from motrice.core.imports import words_of
from motrice.core.imports_runs import State
from motrice.directory.models import Evidence, EvidenceOwner, Organisation
from tests.directory.factories import EvidenceFactory, IdentifierFactory
from tests.directory.importers.samples import OTHER_UNIT, UNIT, known_bodies, laureate

pytestmark = pytest.mark.django_db
SIREN = "732829320"


@pytest.fixture(autouse=True)
def _bodies():
    known_bodies()


@pytest.fixture
def read(read_csv):
    return lambda *rows: read_csv("ilab", *rows)


def codes(run):
    return [(item.line, item.code, item.value) for item in run.findings.order_by("line", "pk")]


def owners():
    return sorted(EvidenceOwner.objects.values_list("evidence__external_key", "organisation__name"))


def test_a_laureate_without_a_company_is_evidence_of_its_laboratory(read, write_all):
    run = write_all(read(laureate("7", research_unit_rnsr_ids=UNIT)))

    assert owners() == [("7", "Laboratoire inventé des verres")]
    assert codes(run) == [(2, "without_company", UNIT)]
    assert "names no company" in words_of(run.findings.get())


def test_a_laboratory_that_no_register_gave_is_kept_under_the_name_of_the_row(read, write_all):
    run = write_all(read(
        laureate("7", siren=SIREN, company_name="Verre inventé", research_unit_rnsr_ids=OTHER_UNIT,
                 research_unit_names="Laboratoire de chimie, Brest", research_unit_acronyms="LCB"),
        laureate("8", siren=SIREN, company_name="Verre inventé", research_unit_rnsr_ids=OTHER_UNIT,
                 research_unit_names="Laboratoire de chimie, Brest"),
    ))  # fmt: skip

    unit = Organisation.objects.get(identifiers__value=OTHER_UNIT)
    assert (str(unit), unit.kind) == ("Laboratoire de chimie, Brest (LCB)", "unit")
    assert unit.evidence_links.count() == 2
    assert codes(run) == [(2, "unit_by_mention", OTHER_UNIT)]


def test_without_laboratory_the_body_above_holds_the_text(read, write_all):
    write_all(read(laureate("7", parent_structure_ids="0291234J"), laureate("8", parent_structure_ids="0000000Z")))

    assert owners() == [("7", "Université inventée de Brest")]


def test_a_company_without_a_name_is_kept_by_its_number_until_a_file_names_it(read, write_all):
    run = write_all(read(laureate("7", siren=SIREN)))
    assert Organisation.objects.get(kind="company").name == f"SIREN {SIREN}"
    assert codes(run) == [(2, "nameless_company", SIREN)]

    named = read(laureate("7", siren=SIREN), laureate("8", siren=SIREN, company_name="Verre inventé"))
    assert named.proposals.first().changes == [["name", f"SIREN {SIREN}", "Verre inventé"]]
    write_all(named)
    assert Organisation.objects.get(kind="company").name == "Verre inventé"
    assert read(laureate("7", siren=SIREN)).proposals.count() == 0


def test_a_text_that_nobody_holds_is_told_and_left_out(read):
    run = read(laureate("7", project_name="Verre qui chante"), laureate("8", research_unit_rnsr_ids="199712345X"))

    assert codes(run) == [
        (2, "no_holder", "Verre qui chante"),
        (3, "wrong_identifier", "199712345X"),
        (3, "no_holder", "Un verre inventé qui se répare"),
    ]
    assert run.proposals.count() == 0


def test_a_doubled_laureate_is_told(read, write_all):
    run = write_all(read(laureate("7", research_unit_rnsr_ids=UNIT), laureate("7", research_unit_rnsr_ids=UNIT)))

    assert (3, "doubled_row", "7") in codes(run)
    assert Evidence.objects.count() == 1


def test_garbled_names_of_companies_are_told_and_kept_as_found(read, write_all):
    run = write_all(read(
        laureate("7", siren=SIREN, company_name="SociÃ©tÃ© de lEnergie", region="Bretagne"),
        laureate("8", siren="732829321", company_name="Mauvais numéro", region="Atlantide"),
    ))  # fmt: skip

    assert codes(run)[:4] == [
        (2, "wrong_encoding", "SociÃ©tÃ© de lEnergie"), (2, "lost_apostrophe", "SociÃ©tÃ© de lEnergie"),
        (3, "wrong_identifier", "732829321"), (3, "no_holder", "Mauvais numéro"),
    ]  # fmt: skip
    assert Organisation.objects.get(kind="company").name == "SociÃ©tÃ© de lEnergie"


def test_a_text_corrected_by_its_source_is_not_forced_over_a_correction_made_here(read, write_all):
    write_all(read(laureate("7", research_unit_rnsr_ids=UNIT)))
    run = read(laureate("7", research_unit_rnsr_ids=UNIT, summary="Ajouté depuis"))
    Evidence.objects.update(text="Corrigé ici")
    write_all(run)

    assert Evidence.objects.get().text == "Corrigé ici"
    assert run.proposals.get().state == State.REFUSED
    assert [item.code for item in run.findings.order_by("-pk")[:1]] == ["changed_since"]


def project(number, unit, **fields):
    return {"project_id": f"ANR-12-TEST-{number:04d}", "acronym": f"VERRE-{number}", "organisation_name": "Labo",
            "rnsr_id": unit, **fields}  # fmt: skip


def test_partners_with_a_number_of_another_register_are_told_as_what_they_are(read_csv, write_all):
    run = write_all(read_csv(
        "anr-partners", project(1, UNIT), project(1, SIREN, organisation_name="Laboratoire de lEau"),
        project(1, OTHER_UNIT), project(1, "123"), project(2, OTHER_UNIT),
    ))  # fmt: skip

    assert codes(run) == [
        (3, "lost_apostrophe", "Laboratoire de lEau"),
        (3, "identifier_of_other_kind", SIREN),
        (4, "unknown_unit", OTHER_UNIT),
        (5, "wrong_identifier", "123"),
        (6, "unknown_unit", OTHER_UNIT),
    ]
    assert "SIREN" in words_of(run.findings.get(code="identifier_of_other_kind"))
    assert owners() == [("ANR-12-TEST-0001", "Laboratoire inventé des verres")]


def test_a_partner_that_enters_the_directory_later_is_proposed_as_a_holder(read_csv, write_all):
    rows = (project(1, UNIT), project(1, OTHER_UNIT))
    write_all(read_csv("anr-partners", *rows))
    later = Organisation.objects.create(kind="unit", name="Laboratoire arrivé après")
    IdentifierFactory(organisation=later, scheme="rnsr", value=OTHER_UNIT)

    run = read_csv("anr-partners", *rows)
    assert run.proposals.get().changes == [["holder", None, ["rnsr", OTHER_UNIT]]]
    write_all(run)
    assert [name for _key, name in owners()] == ["Laboratoire arrivé après", "Laboratoire inventé des verres"]


def test_a_text_of_the_same_key_from_another_source_is_another_text(read_csv, write_all):
    EvidenceFactory(source="HAL", external_key="ANR-12-TEST-0001", title="Publication inventée")
    write_all(read_csv("anr-partners", project(1, UNIT)))

    assert sorted(Evidence.objects.values_list("source", "title")) == [
        ("ANR", "VERRE-1"), ("HAL", "Publication inventée"),
    ]  # fmt: skip


def test_a_project_whose_partners_nobody_knows_is_told(read_csv):
    row = {"project_id": "ANR-13-TEST-0001", "title_fr": "Le sel inventé", "abstract_fr": "Du sel."}
    partner = {"project_id": "ANR-13-TEST-0001", "organisation_name": "Inconnue SA"}
    run = read_csv("anr-investments", row, partners=[partner])

    assert codes(run) == [(2, "unknown_body", "Inconnue SA"), (2, "no_holder", "Le sel inventé")]
    assert run.proposals.count() == 0
