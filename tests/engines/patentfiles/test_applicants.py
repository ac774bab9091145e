"""Which body an applicant's name means, with its reasons."""

import pytest

from motrice.engines.patentfiles.applicants import Bodies, Body

CNRS, CEA, IFREMER, INRIA, IFSTTAR, PASTEUR, UPMC, LILLE, THALES, MINES = range(1, 11)
BODIES = Bodies(
    [
        Body(CNRS, ["Centre national de la recherche scientifique"], ["CNRS"], "FR", ["180089013"]),
        Body(CEA, ["Commissariat à l'énergie atomique et aux énergies alternatives"], ["CEA"], "FR"),
        Body(IFREMER, ["Institut français de recherche pour l'exploitation de la mer"], ["Ifremer"], "FR"),
        Body(INRIA, ["Institut national de recherche en informatique et en automatique"], ["Inria"], "FR"),
        Body(IFSTTAR, ["Institut français des sciences et technologies des transports"], ["IFSTTAR"], "FR"),
        Body(PASTEUR, ["Institut Pasteur"], [], "FR"),
        Body(UPMC, ["Sorbonne Université", "Université Pierre et Marie Curie"], ["UPMC"], "FR"),
        Body(LILLE, ["Université de Lille"], [], "FR"),
        Body(THALES, ["Thales"], [], "FR"),
        Body(MINES, ["Centre national d'études des mines inventées"], [], "FR"),
    ]
)


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("CENTRE NAT RECH SCIENT", CNRS, "shortened"),
        ("CENTRE NAT DE LA RECH SCIENT (CNRS)", CNRS, "acronym"),
        ("COMMISSARIAT ENERGIE ATOMIQUE", CEA, "likeness"),
        ("COMMISSARIAT À I ÉNERGIE ATOMIQUE ET AUX ÉNERGIES ALTERNATIVES", CEA, "same_words"),
        ("COMMISSARIAL A L EN ATOMIQUE ET AUX EN ALTERNATIVES", CEA, "shortened"),
        ("IFREMER", IFREMER, "acronym"),
        ("INST FRANÇAIS DE RECH POUR L EXPL DE LA MER IFREMER", IFREMER, "acronym"),
        ("LFREMER INST FRANCAIS DE RECH", IFREMER, "near_acronym"),
        ("INST FR RECH EXPLOITATION MER", IFREMER, "shortened"),
        ("INRIA INST NAT DE RECH EN INFORMATIQ", INRIA, "acronym"),
        ("INST NAT RECH INF AUTOMAT", INRIA, "shortened"),
        ("PASTEUR INSTITUT", PASTEUR, "same_words"),
        ("UNIV PIERRE ET MARIE CURIE (UPMC)", UPMC, "acronym"),
        ("THALES SA", THALES, "same_words"),
    ],
)
def test_the_spellings_of_one_body_lead_to_it_with_a_reason(name, body, reason):
    best = BODIES.best(name, "FR")[0]

    assert best.id == body
    assert reason in best.reasons
    assert 0.55 <= best.score < 1


@pytest.mark.parametrize("name", ["PARROT", "GUYETANT STEPHANE", "MICROSOFT CORP", "", "SA"])
def test_a_name_that_is_near_nothing_gives_nothing(name):
    assert BODIES.best(name, "FR") == []


def test_two_letters_away_from_an_acronym_is_not_near_it():
    found = BODIES.best("ABREMER INST DE RECH", "FR")

    assert [match for match in found if "near_acronym" in match.reasons] == []


def test_only_a_number_or_the_very_name_is_sure():
    assert BODIES.best("NOM QUELCONQUE", "FR", "180089013")[0].score == 1
    assert BODIES.best("INSTITUT PASTEUR", "FR")[0].score == 1


def test_another_country_lowers_the_likeness_and_is_said():
    near, far = BODIES.best("CENTRE NAT RECH SCIENT", "FR")[0], BODIES.best("CENTRE NAT RECH SCIENT", "CA")[0]

    assert far.score < near.score
    assert "other_country" in far.reasons


def test_two_bodies_of_one_name_are_never_sure():
    twins = Bodies([Body(1, ["Institut des verres"]), Body(2, ["Institut des verres"])])

    best = twins.best("INSTITUT DES VERRES")
    assert "several" in best[0].reasons
    assert best[0].score < 1
