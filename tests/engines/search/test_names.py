"""The as-you-type index of names."""

import gzip
import json
import os
from pathlib import Path

import pytest

from motrice.engines.search import IndexCorrupt, IndexLocked, IndexMissing
from motrice.engines.search.names import NameIndex, NameRecord
from motrice.engines.search.nametext import fitness

CNRS = NameRecord(
    "cnrs",
    ["Centre National de la Recherche Scientifique", ("CNRS", "acronym"), ("Caisse nationale des sciences", "former")],
    ["https://ror.org/02feahw73", "0000 0001 2259 7504"],
    kind="body",
    access=["public"],
    weight=1000,
)
BORDEAUX = NameRecord("bordeaux", ["Université de Bordeaux", ("Bordeaux University", "translation")], ["130018351"])
INSTITUTE = NameRecord("iml", ["Institut Mirabelle de Lorraine"], kind="unit", access=["network"])
HIDDEN = NameRecord("hidden", ["Société secrète du Nord"], kind="company", access=["org:1"])


@pytest.fixture
def names(tmp_path):
    with NameIndex.create(tmp_path / "names") as index:
        index.add([CNRS, BORDEAUX, INSTITUTE, HIDDEN])
        index.commit()
        yield index


@pytest.mark.parametrize(
    ("typed", "found", "how"),
    [
        ("https://ror.org/02feahw73", "cnrs", "identifier"),
        ("ror.org/02feahw73", "cnrs", "identifier"),
        ("ROR: 02FEAHW73", "cnrs", "identifier"),
        ("0000000122597504", "cnrs", "identifier"),
        ("0000-0001-2259", "cnrs", "identifier"),
        ("130 018 351", "bordeaux", "identifier"),
        ("cnrs", "cnrs", "acronym"),
        ("C.N.R.S.", "cnrs", "acronym"),
        ("iml", "iml", "acronym"),
        ("CAISSE NATIONALE", "cnrs", "former"),
        ("centre nat", "cnrs", "name"),
        ("recherche scien", "cnrs", "name"),
        ("universite de bordeaux", "bordeaux", "name"),
        ("université bordeaux", "bordeaux", "name"),
        ("bordeaux univ", "bordeaux", "translation"),
        ("univercité bordaux", "bordeaux", "misspelling"),
        ("mirabele", "iml", "misspelling"),
        ("M", "iml", "name"),
        ("recherche:", "cnrs", "name"),
        (" " * 400 + "cnrs", "cnrs", "acronym"),
    ],
)
def test_what_is_typed_finds_the_record_and_says_how(names, typed, found, how):
    first = names.suggest(typed)[0]
    assert (first.id, first.how) == (found, how)


def test_the_matched_name_and_the_main_name_are_given(names):
    first = names.suggest("cnrs")[0]
    assert first.matched_name == "CNRS"
    assert first.name == "Centre National de la Recherche Scientifique"


@pytest.mark.parametrize("typed", ["", "  ", "?!", "\x00", "zzzzqqq", "\ud800"])
def test_what_means_nothing_finds_nothing(names, typed):
    assert names.suggest(typed) == []


def test_no_suggestion_is_wanted_and_none_is_given(names):
    assert names.suggest("cnrs", limit=0) == []


def test_names_that_fit_leave_no_room_for_those_that_nearly_do(names):
    names.add([NameRecord(f"n{n}", [f"Observatoire {n}"]) for n in range(6)])
    names.add(NameRecord("near", ["Observatoires 7"]))
    names.commit()

    assert {s.how for s in names.suggest("observatoire", limit=20)} == {"name"}
    assert {s.how for s in names.suggest("obzervatoire", limit=20)} == {"misspelling"}


def test_a_record_whose_names_are_blank_is_found_by_its_identifier_alone(names):
    names.add(NameRecord("nameless", ["  ", ""], ["FR12345"]))
    names.commit()

    [found] = names.suggest("FR12345")
    assert (found.id, found.name, found.how) == ("nameless", "FR12345", "identifier")


def test_no_word_fits_nothing_and_a_word_of_a_name_is_taken_once():
    assert fitness([], ["mines"]) == fitness(["mines"], []) == 0.0
    assert fitness(["mines", "mines"], ["mines"]) == pytest.approx(0.5)


def test_a_megabyte_and_query_syntax_are_only_text(names):
    assert names.suggest("bordeaux " * 120_000)[0].id == "bordeaux"
    assert names.suggest('words:"bordeaux" AND (*')[:1] == names.suggest("words bordeaux and")[:1]


def test_kinds_and_access_limit_what_is_suggested(names):
    assert [s.id for s in names.suggest("société secrète", access=["org:1"])] == ["hidden"]
    assert names.suggest("société secrète", access=["public"]) == []
    assert names.suggest("cnrs", access=[]) == []
    assert names.suggest("cnrs", kinds=["unit"]) == []
    assert [s.id for s in names.suggest("cnrs", kinds=["body", "unit"])] == ["cnrs"]


def test_a_hidden_record_changes_no_suggestion(names):
    before = names.suggest("institut mirabelle", access=["network"])
    names.add([NameRecord(f"h{n}", ["Institut Mirabelle"], access=["org:1"]) for n in range(300)])
    names.commit()
    assert before
    assert names.suggest("institut mirabelle", access=["network"]) == before


def test_heavier_records_come_first_among_equals(names):
    names.add([NameRecord(f"n{n}", ["Mines"], weight=n) for n in range(3)])
    names.commit()
    assert [s.id for s in names.suggest("mines")] == ["n2", "n1", "n0"]


def test_replacing_and_removing(names):
    names.add(NameRecord("bordeaux", ["Université Victor"]))
    names.remove(["cnrs", "unknown"])
    names.commit()
    assert names.suggest("cnrs") == []
    assert [s.id for s in names.suggest("victor")] == ["bordeaux"]
    assert len(names) == 3


def test_readers_see_commits_and_closing_drops_the_rest(names):
    reader = NameIndex.open(names.directory)
    names.add(NameRecord("new", ["Observatoire"]))
    assert reader.suggest("observatoire") == []
    names.commit()
    assert [s.id for s in reader.suggest("observatoire")] == ["new"]
    names.add(NameRecord("lost", ["Planétarium"]))
    with pytest.raises(IndexLocked):
        reader.add(CNRS)
    names.close()
    reader.add(CNRS)
    reader.commit()
    reader.close()
    assert reader.suggest("planétarium") == []


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("cnrs", "Expected a motrice"),
        (NameRecord("", ["x"]), "non-empty"),
        (NameRecord("a", "x"), "must be a list"),
        (NameRecord("a", [("x", "nickname")]), "unknown label"),
        (NameRecord("a", [(3, "name")]), "must be a string"),
        (NameRecord("a", ["x"], weight=float("nan")), "finite"),
        (NameRecord("a", ["x"], identifiers="02"), "list of strings"),
    ],
)
def test_a_wrong_record_is_refused(names, record, message):
    with pytest.raises((TypeError, ValueError), match=message):
        names.add([record])


def test_wrong_places_and_damage_are_named(names, tmp_path):
    with pytest.raises(IndexMissing, match=r"NameIndex\.create"):
        NameIndex.open(tmp_path / "nowhere")
    with pytest.raises(IndexMissing, match=r"NameIndex\.open"):
        NameIndex.create(names.directory)
    names.close()
    (names.directory / "inverted" / "meta.json").write_text("{")
    with pytest.raises(IndexCorrupt, match="index the documents again"):
        NameIndex.open(names.directory)
    (names.directory / "motrice-names.json").write_text('{"format": 7}')
    with pytest.raises(IndexCorrupt, match="format 7"):
        NameIndex.open(names.directory)
    with pytest.raises(TypeError, match="must be a string"):
        names.suggest(None)


@pytest.mark.shared
def test_real_french_names_are_found_with_a_letter_missing(tmp_path):
    root = Path(__file__).resolve().parents[3]
    data = Path(os.environ.get("MOTRICE_SHARED_DATA") or root.parent / "shared" / "data")
    path = data / "ror" / "ror_registry_names.jsonl.gz"
    if not path.is_file():
        pytest.skip("the public data files are absent: set MOTRICE_SHARED_DATA")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["country"] == "FR"][:1500]
    with NameIndex.create(tmp_path / "ror") as index:
        index.add(NameRecord(r["id"], [r["name"]], [f"https://ror.org/{r['id']}"]) for r in rows)
        index.commit()
        chosen = [row for row in rows if len(row["name"]) > 12][::10]
        spoilt = [(row["id"], row["name"][:5] + row["name"][6:]) for row in chosen]
        found = sum(identifier in [s.id for s in index.suggest(name)] for identifier, name in spoilt)
        assert found >= 0.97 * len(spoilt)
        assert all(index.suggest(row["id"])[0].id == row["id"] for row in chosen)


def test_a_name_that_begins_with_the_word_comes_before_initials_worked_out(tmp_path):
    with NameIndex.create(tmp_path / "names") as names:
        names.add(
            [
                NameRecord("far", ["Lycée agricole d'Albi Sud"], weight=50),
                NameRecord("laas", ["LAAS-CNRS", "Laboratoire d'analyse et d'architecture des systèmes"]),
                NameRecord("same", ["LAAS"]),
                NameRecord("longer", ["Laasphe Institut"]),
            ]
        )
        names.commit()

        assert [found.id for found in names.suggest("laas")] == ["same", "laas", "far", "longer"]
