import numpy as np
import pytest

from motrice.engines.search import Document, Index, Tuning
from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.shapes import RUN, Shapes, build, padded, runs_of

FILLER = [Document(f"f{n}", "", f"remplissage numero{n} banal{n} courant{n}", language="fr") for n in range(30)]


def test_runs_of_a_vocabulary_are_those_of_each_of_its_words():
    terms = ["a", "soudure", "é", "électrode", "x9"]

    ends, runs = build(terms)

    for number, term in enumerate(terms):
        start = ends[number - 1] if number else 0
        assert runs[start : ends[number]].tolist() == runs_of(padded(term)).tolist()
    assert len(padded("a")) == RUN


def test_no_words_have_no_runs():
    ends, runs = build([])

    assert len(ends) == len(runs) == 0


@pytest.fixture
def index(tmp_path):
    with Index.create(tmp_path / "index", tuning=Tuning(latent_weight=0.0)) as index:
        index.add(
            [
                *FILLER,
                Document("far", "", "la photosynthèse des plantes vertes au soleil", language="fr"),
                Document("near", "", "un procédé électrochimique de dépôt au soleil", language="fr"),
            ]
        )
        index.commit(durable=False)
        yield index


def test_derived_words_are_alike(index):
    hits = index.search("électrochimie soleil")

    assert [hit.id for hit in hits[:2]] == ["near", "far"]


def test_likeness_is_between_none_and_one(index):
    snapshot = index._current()
    rows = np.arange(snapshot.count)
    postings, owner = snapshot.postings_of(rows)
    query = index._ranker.parse("un procédé électrochimique de dépôt au soleil", snapshot, None)

    likeness = snapshot.shapes.likeness(query.groups, postings, owner, snapshot.language[rows], snapshot.caller(None))

    assert likeness.argmax() == snapshot.count - 1
    assert likeness.max() == pytest.approx(1.0, abs=0.02)
    assert likeness.min() >= 0.0


def test_words_newer_than_the_table_are_passed_over(index):
    index.add([Document("new", "", "des quasicristaux icosaédriques au soleil", language="fr")])
    index.commit(durable=False)

    assert index.search("quasicristaux icosaédriques")[0].id == "new"


def test_unreadable_table_is_reported_with_its_folder(tmp_path):
    with pytest.raises(IndexCorrupt, match="cannot be read"):
        Shapes(tmp_path, [])
