"""Short forms and the terms behind them; numbers written together with letters or apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motrice.engines.search import Document, Index, Tuning
from motrice.engines.search.lexicon.acronyms import other_forms, read_things, table
from motrice.engines.search.lexicon.entries import LexiconError
from motrice.engines.search.text import beside_numbers

FRENCH = "Ce projet de recherche est mené par un laboratoire avec ses partenaires."
ENGLISH = "This research project is run by a laboratory with its partners."
WORDS_ALONE = Tuning(latent_weight=0.0, shape_weight=0.0, feedback_documents=0)


def made(path, titles, *, tuning=WORDS_ALONE):
    """An index of titles, by identifier; those of identifiers in capitals are kept from the public."""
    index = Index.create(path / "index", tuning=tuning)
    for identifier, (language, title) in titles.items():
        access = ("secret",) if identifier.isupper() else ("public",)
        text = FRENCH if language == "fr" else ENGLISH
        index.add([Document(identifier, title, text, language, access=access)])
    index.commit(durable=False)
    return index


def forms(text, language):
    return {chunk: {form.text for form in others} for chunk, _own, others in other_forms(text, language)}


def test_a_short_form_gives_its_terms_and_a_term_its_short_forms_in_both_languages():
    assert forms("IRM à bas champ", "fr") == {
        "IRM": {"imagerie par résonance magnétique", "MRI", "magnetic resonance imaging"}
    }
    assert forms("l'imagerie par résonances magnétiques du foie", "fr") == {
        "imagerie par résonances magnétiques": {"IRM", "MRI", "magnetic resonance imaging"}
    }
    assert forms("magnetic resonance imaging", "en") == {
        "magnetic resonance imaging": {"IRM", "imagerie par résonance magnétique", "MRI"}
    }


def test_a_short_form_of_the_other_language_is_known():
    assert "imagerie par résonance magnétique" in forms("MRI du foie", "fr")["MRI"]


def test_the_language_of_the_text_goes_first():
    assert "transcranial magnetic stimulation" in forms("TMS for depression", "en")["TMS"]
    assert forms("prévention des TMS", "fr")["TMS"] == {
        "troubles musculosquelettiques", "troubles musculo-squelettiques", "MSD", "musculoskeletal disorders",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["step by step", "ms", "le chat met la table"])
def test_what_is_a_word_in_small_letters_or_has_but_two_is_a_short_form_in_capitals_alone(text):
    assert forms(text, "en") == {}
    assert forms(text.upper(), "en")


def test_the_longest_term_is_taken():
    assert list(forms("diagnostic par imagerie par résonance magnétique fonctionnelle", "fr")) == [
        "imagerie par résonance magnétique fonctionnelle"
    ]


def test_every_listed_form_leads_to_another_form_of_its_thing():
    for thing in table().things:
        for form in thing:
            found = forms(form.text, form.language)
            others = {other.text for other in thing if other is not form}
            assert any(others & given for given in found.values()), form


@pytest.mark.parametrize(
    "line", ["IRM = MRI", "IRM | a = MRI | b = c | d", "IRM | = MRI |", "| seul = |", "IRM | imagerie | x = MRI | y"]
)
def test_a_line_that_cannot_be_read_is_told(line):
    with pytest.raises(LexiconError, match=r"acronyms\.txt, line 3"):
        list(read_things(f"# first\n\n{line}\n"))


def test_a_question_finds_what_says_it_shorter_or_longer(tmp_path):
    titles = {
        "irm": ("fr", "IRM bas champ"), "mri": ("en", "Low field MRI"),
        "long": ("en", "Magnetic resonance imaging of the heart"),
        "longue": ("fr", "Imagerie par résonance magnétique"),
        "other": ("en", "Imaging of paintings"), "autre": ("fr", "Résonance dans une salle"),
    }  # fmt: skip
    with made(tmp_path, titles) as index:
        short = {hit.id: {match.how for match in hit.matches} for hit in index.search("IRM")}
        long = {hit.id: {match.how for match in hit.matches} for hit in index.search("magnetic resonance imaging")}
        words = {match.document_word for hit in index.search("IRM") for match in hit.matches if hit.id == "longue"}
        count = index.count("IRM")

    assert short == {
        "irm": {"same"}, "mri": {"translation"}, "long": {"translation"}, "longue": {"abbreviation"},
    }  # fmt: skip
    assert long["irm"] == long["mri"] == {"abbreviation"}
    assert long["long"] == {"same"}
    assert words == {"imagerie par résonance magnétique"}
    assert count == 4


def test_the_words_of_a_term_count_only_together(tmp_path):
    titles = {f"x{n}": ("en", f"Imaging and resonance {n}") for n in range(4)} | {"found": ("en", "MRI scanner")}
    with made(tmp_path, titles) as index:
        assert [hit.id for hit in index.search("IRM")] == ["found"]


def test_a_short_form_that_is_a_word_is_not_looked_for(tmp_path):
    with made(tmp_path, {"fish": ("en", "Cod fishing"), "water": ("fr", "La DCO des eaux")}) as index:
        assert [hit.id for hit in index.search("demande chimique en oxygène")] == ["water"]


def test_under_a_filter_by_language_the_terms_of_the_other_find_nothing(tmp_path):
    titles = {"mri": ("en", "Low field MRI"), "longue": ("fr", "Imagerie par résonance magnétique")}
    with made(tmp_path, titles) as index:
        assert [hit.id for hit in index.search("MRI", filters={"language": "en"})] == ["mri"]
        assert [hit.id for hit in index.search("MRI", filters={"language": "fr"})] == ["longue"]


def test_without_a_weight_short_forms_are_not_known(tmp_path):
    tuning = replace(WORDS_ALONE, abbreviation_weight=0.0)
    with made(tmp_path, {"longue": ("fr", "Imagerie par résonance magnétique")}, tuning=tuning) as index:
        assert index.search("IRM") == []


def test_a_hidden_text_changes_nothing_for_who_may_not_see_it(tmp_path):
    titles = {"mri": ("en", "Low field MRI"), "nine": ("en", "Nine lives 9"), "aav": ("en", "Vectors AAV")}
    hidden = {"HIDDEN": ("fr", "Imagerie par résonance magnétique AAV9")}
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    with made(tmp_path / "with", titles | hidden) as full, made(tmp_path / "without", titles) as bare:
        for question in ("IRM", "imagerie par résonance magnétique", "AAV 9", "AAV9"):
            assert full.search(question, access=["public"]) == bare.search(question, access=["public"])
        assert full.search("AAV 9", access=["secret"])[0].id == "HIDDEN"


def test_french_texts_use_english_short_forms_and_not_the_reverse(tmp_path):
    titles = {"fr": ("fr", "Capteurs IoT"), "en": ("en", "IdO devices"), "both": ("en", "IoT devices")}
    with made(tmp_path, titles) as index:
        assert {hit.id for hit in index.search("l'internet des objets et ses usages")} == {"fr", "both"}


NUMBERS = {
    "aav": "Vecteurs AAV9", "nine": "Neuf vies, 9 chats", "kev": "Détecteur 511 keV", "five": "511 maisons",
    "3d": "Impression 3D", "three": "Trois, 3 petits cochons", "5g": "Antennes 5G", "covid": "Test COVID-19",
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("AAV 9", "aav"), ("aav-9", "aav"), ("AAV9", "aav"), ("511keV", "kev"), ("511 keV", "kev"), ("3-D", "3d"),
        ("3 d", "3d"), ("5 G", "5g"), ("covid 19", "covid"), ("covid19", "covid"),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_stands_beside_its_letters(tmp_path, question, first):
    with made(tmp_path, {name: ("fr", title) for name, title in NUMBERS.items()}) as index:
        assert index.search(question)[0].id == first


def test_a_number_whose_parts_no_text_holds_is_left_as_typed(tmp_path):
    with made(tmp_path, {"nine": ("fr", "Neuf vies, 9 chats")}) as index:
        assert index.search("zz9") == []


def test_letters_beside_numbers_are_told_from_words_and_years():
    assert beside_numbers("AAV 9, 511 keV (covid-19)") == [("9", "aav9"), ("511", "511kev"), ("19", "covid19")]
    assert beside_numbers("2019 2020 développement 12 laboratoires") == []
