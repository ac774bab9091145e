"""From text to words: what is taken apart, what stays whole, and in which language each stretch is."""

import pytest

from motrice.engines.search import text
from motrice.engines.search.text import Analyzer, Evidence, guess_language, joined_words, language_spans, words_of

FRENCH = "Le capteur mesure la température de la pièce et il envoie les valeurs dans le nuage."
ENGLISH = "The sensor reads the heat of the room and it sends the values to the cloud."


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("3.5", ["3.5"]),
        ("C++ et C#", ["c++", "et", "c#"]),
        ("l'énergie", ["énergie"]),
        ("the author's", ["the", "author"]),
        ("lithium-ion", ["lithium", "ion", "lithiumion"]),
        ("qu'aujourd'hui", ["aujourd", "hui"]),
    ],
)
def test_a_token_with_inner_marks_is_taken_apart_as_it_is_said(written, words):
    assert words_of(written) == words


def test_joined_words_are_those_of_compounds_alone():
    assert joined_words("l'énergie lithium-ion ﬁn") == ["lithiumion"]
    assert joined_words("plain words") == []


def test_a_very_long_word_is_cut_before_it_is_stemmed():
    assert Analyzer().stem("a" * 80, "en") == "a" * text.LONGEST_WORD


def test_what_was_stemmed_is_forgotten_when_it_is_too_much(monkeypatch):
    monkeypatch.setattr(text, "CACHE_LIMIT", 1)
    analyzer = Analyzer()

    stems = [analyzer.stem(word, "fr") for word in ("capteurs", "mesures", "valeurs", "capteurs")]

    assert stems == ["capteur", "mesur", "valeur", "capteur"]
    assert len(analyzer._stems) <= 2


def test_evidence_is_forgotten_when_it_is_too_much_and_stays_the_same(monkeypatch):
    monkeypatch.setattr(text, "CACHE_LIMIT", 1)
    evidence = Evidence()
    tokens = ["le", "capteur", "the", "avec"]

    assert evidence.counts(tokens) == Evidence().counts(tokens) == (2, 1)
    assert len(evidence) <= 2


def test_a_compound_tells_all_the_languages_of_its_parts():
    assert Evidence().counts(["avec-les"]) == (2, 0)
    assert Evidence().counts(["avec-the"]) == (1, 1)


def test_words_that_tell_no_language_give_none():
    assert guess_language(["xkz", "robot"]) == (None, 0.0)
    assert guess_language(["station", "étude"])[0] == "fr"


def test_a_text_of_one_language_is_one_span():
    [(language, tokens)] = language_spans(FRENCH, Evidence())

    assert (language, tokens[:3]) == ("fr", ["le", "capteur", "mesure"])
    assert [code for code, _ in language_spans(ENGLISH, Evidence())] == ["en"]
    assert [code for code, _ in language_spans("laser", Evidence())] == ["en"]


def test_a_text_of_two_languages_is_cut_at_its_sentences():
    spans = language_spans(f"{FRENCH} {ENGLISH}\n\n!", Evidence())

    assert [(code, tokens[0]) for code, tokens in spans] == [("fr", "le"), ("en", "the")]
