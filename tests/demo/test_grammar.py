"""The noun phrases of the demonstration texts agree in gender, number and sound."""

from random import Random

import pytest

from motrice.demo.content.grammar import Pattern, Term, english, french, indefinite


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("msc|capteur|sensor", ("le capteur", "un capteur", "du capteur", "au capteur", "de capteur")),
        ("fsc|enceinte|chamber", ("l'enceinte", "une enceinte", "de l'enceinte", "à l'enceinte", "d'enceinte")),
        ("fsu|corrosion|corrosion", ("la corrosion", "de la corrosion", "de la corrosion", "à la corrosion", None)),
        (
            "msu|hydrogène|hydrogen",
            ("l'hydrogène", "de l'hydrogène", "de l'hydrogène", "à l'hydrogène", "d'hydrogène"),
        ),
        ("fpp|hottes|hoods", ("les hottes", "des hottes", "des hottes", "aux hottes", "de hottes")),
        ("mpp|aciers|steels", ("les aciers", "des aciers", "des aciers", "aux aciers", "d'aciers")),
        ("fsc|halle d'essais|test hall", ("la halle d'essais", "une halle d'essais", None, None, "de halle d'essais")),
    ],
)
def test_french_articles_agree_and_elide(source, expected):
    term = Term.parse(source)

    written = tuple(french(form, term, "") for form in ("le", "un", "du", "au", "de"))

    assert [pair for pair in zip(written, expected, strict=True) if pair[1] and pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("X-ray tube", "an X-ray tube"),
        ("unit", "a unit"),
        ("optical bench", "an optical bench"),
        ("European call", "a European call"),
        ("LED lamp", "an LED lamp"),
        ("rig", "a rig"),
    ],
)
def test_english_article_follows_the_sound(phrase, expected):
    assert indefinite(phrase) == expected


def test_english_leaves_the_article_out_where_nothing_is_counted():
    assert english("a", Term.parse("fsu|corrosion|corrosion"), "") == "corrosion"
    assert english("a", Term.parse("fpp|membranes|membranes"), "new") == "new membranes"
    assert english("a", Term.parse("fsc|membrane|membrane"), "old") == "an old membrane"


def test_pattern_makes_verbs_participles_and_nested_choices_agree():
    source = "{le.x} {v.x est/sont} mesuré{es.x}[ deux fois [par jour|par nuit]|]."
    written = {
        Pattern(source, "fr").render({"x": Term.parse("fpp|membranes|membranes")}, Random(seed)) for seed in range(20)
    }

    assert written == {
        "Les membranes sont mesurées.",
        "Les membranes sont mesurées deux fois par jour.",
        "Les membranes sont mesurées deux fois par nuit.",
    }


@pytest.mark.parametrize("source", ["[une|deux", "une|deux", "un]", "{ici.x}", "un } seul"])
def test_pattern_refuses_what_it_cannot_read(source):
    with pytest.raises(ValueError, match=r"une|un|ici"):
        Pattern(source, "fr")


@pytest.mark.parametrize("source", ["xsc|mur|wall", "msx|mur|wall", "ms|mur|wall", "mur|wall"])
def test_term_refuses_an_unknown_code(source):
    with pytest.raises(ValueError, match=r"code|unpack"):
        Term.parse(source)
