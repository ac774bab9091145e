"""Texts placed by likeness: the same twice, near when alike, and never failing on few or empty texts."""

from math import dist
from random import Random
from statistics import mean

import pytest

from motrice.engines.landscape import SIDE, positions

WORDS = (
    "laser femtoseconde gravure impulsion optique verre miroir faisceau",
    "batterie lithium électrolyte anode cathode charge cellule séparateur",
    "levure fermentation enzyme souche culture arôme lactique milieu",
)


def texts(count):
    rng = Random(7)
    return [" ".join(rng.sample(WORDS[rank % 3].split(), 5)) for rank in range(count)]


def test_texts_of_one_subject_lie_nearer_to_one_another_than_to_others():
    places = positions(texts(90))

    same = mean(dist(places[i], places[j]) for i in range(90) for j in range(i) if i % 3 == j % 3)
    other = mean(dist(places[i], places[j]) for i in range(90) for j in range(i) if i % 3 != j % 3)

    assert same * 2 < other


def test_the_same_texts_have_the_same_places_inside_the_square():
    first, second = positions(texts(40)), positions(texts(40))

    assert first == second
    assert all(0 <= x <= SIDE and 0 <= y <= SIDE for x, y in first)
    assert len(set(first)) > 30


@pytest.mark.parametrize("given", [[], ["seul"], ["un", "deux"], ["", ""], ["laser verre", "laser verre"], texts(5)])
def test_few_or_empty_texts_have_places_too(given):
    assert len(positions(given)) == len(given)
