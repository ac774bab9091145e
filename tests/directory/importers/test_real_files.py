"""The public files themselves, read into an empty directory: how many of each thing they hold, and what is wrong."""

from collections import Counter
from datetime import date

import pytest
from django.utils.translation import override

from motrice.core.imports import Proposed, importer_of
from motrice.core.imports_runs import Status, ask_write, decide, start_run, work
from motrice.core.models import ImportRun
from motrice.directory.models import Organisation
from motrice.directory.operations.organisation import close_organisation
from motrice.directory.queries import find_mechanisms

pytestmark = [pytest.mark.django_db, pytest.mark.shared, pytest.mark.slow]
PARTNERS = "anr/dgpie_partners_2022.csv.gz"
FILES = {
    "rnsr": ("rnsr/structures_actives_2022.csv.gz", ""),
    "ror-places": ("ror/ror_france_active.csv.gz", ""),
    "transfer-mechanisms": ("anr/innovation_structures.csv.gz", PARTNERS),
    "eu-participants": ("cordis/h2020_participations_partial_2023.csv.gz", ""),
    "eu-names": ("cordis/pic_name_variants.csv.gz", ""),
    "ilab": ("ilab/laureates_1999_2025.csv.gz", ""),
    "anr-partners": ("anr/dos_partners_2022.csv.gz", ""),
    "anr-investments": ("anr/dgpie_projects_2022.csv.gz", PARTNERS),
}
# By sort of file: rows, proposals, differences by name (links by kind), findings by sort. The 10,046 supervision
# links of the RNSR are its 8,879 of supervisors and 1,167 of participants.
EXPECTED = {
    "rnsr": (
        {
            "rows": 4506,
            "proposals": 10742,
            "address": 4227,
            "identifier": 6896,
            "parent": 1629,
            "participates": 1167,
            "succeeded_by": 1413,
            "supervises": 8879,
            "topic": 9840,
        },
        {
            "circle": 49,
            "identifier_taken": 16,
            "known_by_number_only": 1369,
            "lost_apostrophe": 5,
            "other_end_missing": 163,
            "same_name": 9,
            "wrong_address": 37,
            "wrong_encoding": 2,
            "wrong_identifier": 1,
        },
    ),
    "ror-places": (
        {"rows": 4234, "proposals": 4234, "address": 4234, "identifier": 4234},
        {"lost_apostrophe": 3},
    ),
    "transfer-mechanisms": (
        {"rows": 90, "proposals": 147, "identifier": 90, "labelled_as": 55, "mechanism": 90},
        {"unknown_body": 609},
    ),
    "eu-participants": (
        {"rows": 5153, "proposals": 3114, "address": 3114, "identifier": 5789},
        {"identifier_taken": 3, "too_long": 18, "wrong_address": 4, "wrong_identifier": 61},
    ),
    "eu-names": (
        {"rows": 39530, "proposals": 39530, "identifier": 39530},
        {"lost_apostrophe": 2, "wrong_encoding": 15},
    ),
    "ilab": (
        {"rows": 3923, "proposals": 5883, "holder": 3661, "identifier": 2935, "topic": 2349},
        {
            "nameless_company": 658,
            "no_holder": 622,
            "unit_by_mention": 586,
            "without_company": 198,
            "wrong_address": 1,
            "wrong_identifier": 5,
        },
    ),
    "anr-partners": (
        {"rows": 11921, "proposals": 0},
        {
            "control_character": 1,
            "identifier_of_other_kind": 14,
            "lost_apostrophe": 3498,
            "unknown_unit": 18568,
            "wrong_encoding": 6,
        },
    ),
    "anr-investments": (
        {"rows": 1264, "proposals": 0},
        {"lost_apostrophe": 3, "no_holder": 1264, "unknown_body": 6459, "wrong_encoding": 6},
    ),
}


def counted(run):
    """What a reading proposed and found."""
    differences: Counter[str] = Counter()
    for changes in run.proposals.values_list("changes", flat=True).iterator():
        for name, _before, after in changes:
            if name in ("link", "identifier", "mechanism", "holder", "topic", "address"):
                differences[after["kind"] if name == "link" else name] += 1
    findings = Counter(run.findings.order_by().values_list("code", flat=True))
    return {"rows": run.total, "proposals": run.proposals.count(), **sorted_of(differences)}, sorted_of(findings)


def sorted_of(counts):
    return dict(sorted(counts.items()))


@pytest.mark.parametrize("kind", FILES)
def test_a_public_file_gives_what_it_holds(kind, shared_data, officer):
    path, partners = FILES[kind]
    beside = [("partners", shared_data / partners)] if partners else []
    run = work(start_run(kind=kind, files=[("", shared_data / path), *beside], actor=officer))

    assert run.status == Status.READY
    assert counted(run) == EXPECTED[kind]


def test_the_registry_of_the_world_gives_one_record_for_each_of_its_lines(shared_data, officer):
    file = shared_data / "ror" / "ror_registry_names.jsonl.gz"
    run = start_run(kind="ror", files=[("", file)], actor=officer)
    importer, found = importer_of("ror")(ImportRun.objects.get(pk=run.pk)), Proposed()

    keys = {record.text_key for line, row in importer.rows() for record in importer.records_of(line, row, found)}

    assert len(keys) == 129_046
    assert Counter(item.code for item in found.findings) == {"lost_apostrophe": 7, "wrong_identifier": 7}


def test_a_transfer_company_of_the_file_closed_in_2018_is_found_in_2017_and_not_today(shared_data, officer, client):
    path, partners = FILES["transfer-mechanisms"]
    files = [("", shared_data / path), ("partners", shared_data / partners)]
    run = work(start_run(kind="transfer-mechanisms", files=files, actor=officer))
    decide(run=run, actor=officer, accept=True)
    work(ask_write(run=run, actor=officer))
    body = Organisation.objects.get(short_name="SATT GRAND CENTRE")

    def names(on):
        found = find_mechanisms(actor=officer, mechanism_type="satt", on=on)
        return {item.organisation.short_name: item.reasons[-1] for item in found}

    with override("en"):
        undated = names(date(2026, 11, 28))
    assert len(undated) == 14
    assert "no closing date is recorded" in undated["SATT GRAND CENTRE"]
    assert "Of 14 of them no closing date is recorded" in page_of(client, "2026-11-28")

    close_organisation(
        organisation=body, actor=officer, on=date(2018, 12, 31), reason="an invented day, for this test"
    )

    assert "SATT GRAND CENTRE" in names(date(2017, 6, 1))
    assert len(names(date(2026, 11, 28))) == 13
    assert names(date(2009, 6, 1)) == {}
    assert "Of 13 of them" in page_of(client, "2026-11-28")


def page_of(client, day):
    client.cookies["motrice_language"] = "en"
    return client.get("/directory/mechanisms/finder/", {"mechanism_type": "satt", "on": day}).content.decode()
