"""The offices' own files, all of them: how many records each holds, and what is noted."""

import csv
import gzip
from collections import Counter

import pytest

from motrice.engines.patentfiles import PatentFileError, read
from motrice.engines.patentfiles.applicants import Bodies, Body

pytestmark = [pytest.mark.shared, pytest.mark.slow]
# By folder: records, files refused (searches, texts, pictures, schemes), findings by sort.
EXPECTED = {
    "docdb-xml": (14, 0, {}),
    "ep-st36-xml": (33, 0, {"bare_ampersand": 3, "unreadable_text": 1}),
    "epo-ops-xml": (51, 20, {"converted_number": 6}),
    "uspto-xml": (17, 3, {}),
    "uspto-odp-json": (33, 1, {}),
    "uspto-assignment-xml": (11, 0, {}),
    "espacenet-csv": (24, 0, {"priority_without_number": 24}),
    "lens-csv": (7409, 0, {"semicolon_in_name": 94, "joined_parties": 1}),
    "patentscope-csv": (10000, 0, {"wrong_priority": 330, "wrong_class": 50}),
}


@pytest.mark.parametrize("folder", EXPECTED)
def test_every_file_of_an_office_is_read_or_refused_in_words(folder, shared_data):
    records, refused, codes = 0, 0, Counter()
    for path in sorted((shared_data / "patents" / folder).iterdir()):
        if path.name == "README.md" or path.is_dir():
            continue
        try:
            for record in read(path):
                records += 1
                codes.update(item.code for item in record.findings)
        except PatentFileError as error:
            refused += bool(error.advice)

    assert (records, refused, dict(codes)) == EXPECTED[folder]


def test_application_numbers_of_the_lens_are_kept_as_it_writes_them(shared_data):
    with gzip.open(shared_data / "patents/lens-csv/pizza_1000_raw.csv.gz", "rt", encoding="utf-8") as file:
        written = [row["Application Number"].replace(" ", "") for row in csv.DictReader(file)]
    found = [str(record.application.number) for record in read(shared_data / "patents/lens-csv/pizza_1000_raw.csv.gz")]

    pairs = [pair for pair in zip(written, found, strict=True) if pair[0].startswith("US") and "/" not in pair[0]]
    assert len(pairs) > 300
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_the_spellings_of_public_bodies_lead_to_them(shared_data):
    bodies = Bodies(
        [
            Body(1, ["Centre national de la recherche scientifique"], ["CNRS"], "FR"),
            Body(2, ["Commissariat à l'énergie atomique et aux énergies alternatives"], ["CEA"], "FR"),
            Body(3, ["Institut français de recherche pour l'exploitation de la mer"], ["Ifremer"], "FR"),
            Body(4, ["Centre national d'études spatiales"], ["CNES"], "FR"),
            Body(5, ["Institut national de la recherche agronomique"], ["INRA"], "FR"),
        ]
    )
    found: dict[int, set[str]] = {}
    for record in read(shared_data / "patents/lens-csv/drones_families.csv.gz"):
        for party in record.applicants:
            for match in bodies.best(party.name)[:1]:
                found.setdefault(match.id, set()).add(party.name)

    assert {"CENTRE NAT RECH SCIENT", "CENTRE NAT DE LA RECH SCIENT (CNRS)"} <= found[1]
    assert sum("ATOMIQUE" in name for name in found[2]) == 3
    assert sum("FREMER" in name for name in found[3]) == 3
