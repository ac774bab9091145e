"""Identifiers: cleaned, checked, recognised in what people paste, refused in words."""

import csv
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.core.errors import RuleViolation
from motrice.core.identifiers import CROCKFORD, FRENCH_KEY, REGISTERS, address_of, identify, is_valid, normalise, shown
from motrice.directory.enums import Scheme
from motrice.engines.search.nametext import identifier


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("https://ror.org/02feahw73", [("ror", "02feahw73")]),
        (" 02FEAHW73 ", [("ror", "02feahw73")]),
        ("ROR: 02feahw73", [("ror", "02feahw73")]),
        ("200412238p", [("rnsr", "200412238P")]),
        ("https://example.org/PresenteStruct.jsp?numNatStruct=200412238P&PUBLIC=OK", [("rnsr", "200412238P")]),
        ("180 089 013 03720", [("siret", "18008901303720")]),
        ("SIRET n° 180.089.013.03720", [("siret", "18008901303720")]),
        ("356 000 000 49837", [("siret", "35600000049837")]),  # La Poste: digits sum to a multiple of five
        ("999997930", [("pic", "999997930")]),
        ("0000-0002-1825-0097", [("orcid", "0000-0002-1825-0097"), ("isni", "0000000218250097")]),
        ("https://orcid.org/0000-0002-1825-0097", [("orcid", "0000-0002-1825-0097")]),
        ("0000 0001 2259 7504", [("isni", "0000000122597504")]),
        ("https://www.idref.fr/02636817x", [("idref", "02636817X")]),
        ("http://www.wikidata.org/entity/Q280413", [("wikidata", "Q280413")]),
        ("grid.4444.0", [("grid", "grid.4444.0")]),
        ("TVA FR 40 303 265 045", [("vat", "FR40303265045")]),
        ("EL094014298", [("vat", "EL094014298")]),
        ("anr-10-satt-0008", [("anr", "ANR-10-SATT-0008")]),
        ("0753639Y", [("uai", "0753639Y")]),
        ("https://doi.org/10.13039/501100004794", [("fundref", "501100004794")]),
        ("UMR_5800", [("label_number", "UMR 5800")]),
        ("umr5800", [("label_number", "UMR 5800")]),
    ],
)
def test_identify_reads_what_people_paste(pasted, found):
    assert identify(pasted) == found


@pytest.mark.parametrize("text", ["", "CNRS", "verre", "02feahw74", "https://example.org/123456789", "x" * 400])
def test_identify_finds_nothing_where_there_is_no_number(text):
    assert identify(text) == []


def test_a_bare_number_may_be_of_several_registers_those_with_a_check_first():
    assert identify("303265045") == [("siren", "303265045")]
    assert [scheme for scheme, _ in identify("850000000")][-1] == "pic"


@pytest.mark.parametrize(
    ("scheme", "text", "why"),
    [
        ("ror", "02feahw74", "last two digits"),
        ("ror", "12feahw73", "starts with 0"),
        ("rnsr", "200412238Q", "key letter"),
        ("rnsr", "302717327", "nine digits and a letter"),
        ("siret", "18007003901804", "check digit"),
        ("siren", "741165001", "check digit"),
        ("vat", "FR2641403193", "rule of its country"),
        ("vat", "MISSING", "country that has VAT"),
        ("orcid", "0000-0001-2259-7504", "kept for ORCID"),
        ("idref", "026368170", "check character"),
        ("uai", "0753639A", "key letter"),
    ],
)
def test_normalise_says_in_words_what_is_wrong(scheme, text, why):
    with pytest.raises(RuleViolation) as refusal:
        normalise(scheme, text)

    assert why in str(refusal.value)
    assert text in str(refusal.value)
    assert refusal.value.field == "value"


def test_an_unknown_register_is_named():
    with pytest.raises(RuleViolation, match="passport") as refusal:
        normalise("passport", "1")

    assert refusal.value.field == "scheme"


def test_every_scheme_of_the_directory_has_a_register_with_a_valid_example():
    assert set(REGISTERS) == set(Scheme.values)
    for register in REGISTERS.values():
        assert is_valid(register.scheme, register.example)


def test_normalised_numbers_are_stable_and_shown_in_groups():
    for register in REGISTERS.values():
        value = normalise(register.scheme, register.example)
        assert normalise(register.scheme, value) == value
        assert normalise(register.scheme, shown(register.scheme, value)) == value
    assert shown("siret", "18008901303720") == "180 089 013 03720"
    assert address_of("ror", "02feahw73") == "https://ror.org/02feahw73"
    assert address_of("rnsr", "200412238P") == ""


@given(position=st.integers(1, 8), character=st.sampled_from(CROCKFORD))
def test_any_single_mistyped_character_of_a_ror_is_seen(position, character):
    right = "02feahw73"
    typed = right[:position] + character + right[position + 1 :]

    assert is_valid("ror", typed) == (typed == right)


@given(number=st.integers(0, 999_999_999), letter=st.sampled_from(FRENCH_KEY))
def test_one_key_letter_only_fits_an_rnsr_number(number, letter):
    assert is_valid("rnsr", f"{number:09d}{letter}") == (FRENCH_KEY[number % 23] == letter)


@given(st.text(max_size=60))
def test_identify_never_fails_and_finds_only_what_is_valid(text):
    for scheme, value in identify(text):
        assert normalise(scheme, value) == value


@pytest.mark.shared
def test_the_key_letter_rule_holds_for_every_structure_of_the_register(shared_data):
    with gzip.open(shared_data / "rnsr" / "structures_actives_2022.csv.gz", "rt", encoding="utf-8") as file:
        numbers = [row["numero_national_de_structure"] for row in csv.DictReader(file)]

    assert len(numbers) == 4506
    assert [number for number in numbers if not is_valid("rnsr", number)] == []


@pytest.mark.shared
def test_the_checksum_holds_for_every_organisation_of_ror(shared_data):
    with gzip.open(shared_data / "ror" / "ror_registry_names.jsonl.gz", "rt", encoding="utf-8") as file:
        numbers = [json.loads(line)["id"] for line in file]

    assert len(numbers) == 129_046
    assert [number for number in numbers if not is_valid("ror", number)] == []


@pytest.mark.parametrize(
    ("scheme", "text", "kept"),
    [
        ("rnsr", "٢٠٠٤١٢٢٣٢H", "200412232H"),
        ("rnsr", "２００４１２２３２Ｈ", "200412232H"),
        ("siret", "180\u200b089\u202f013\u00a003720\u200f", "18008901303720"),
        ("ror", "\u202a02feahw73\u202c", "02feahw73"),
        ("orcid", "0000\u20110002\u20131825\u22120097", "0000-0002-1825-0097"),
    ],
    ids=["arabic", "wide", "unseen", "direction", "hyphens"],
)
def test_a_number_pasted_with_other_digits_hyphens_or_unseen_marks_is_kept_in_one_form(scheme, text, kept):
    assert normalise(scheme, text) == kept
    assert identifier(text) == identifier(kept)


def test_a_letter_of_another_script_is_no_key_letter():
    with pytest.raises(RuleViolation, match="nine digits and a letter"):
        normalise("rnsr", "200412232\u041d")
