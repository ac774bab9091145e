"""How votes are counted is fitted to the collection, by its own documents held out one at a time."""

import random
import shutil

import numpy as np
import pytest

from motrice.engines.search import Document, Index, Tuning

USUAL = (Tuning().owner_power, Tuning().owner_decay)


def labelled(count=240, access=("public",), seed=3):
    """Documents that bear three of twenty-four labels, and for each a faint trace of its words."""
    draw = random.Random(seed)
    for number in range(count):
        labels = draw.sample(range(24), 3)
        words = [f"sujet{label}mot{draw.randrange(14)}" for label in labels for _ in range(3)]
        words += [f"commun{draw.randrange(60)}" for _ in range(12)]
        owners = [f"Label {label}" for label in labels]
        yield Document(f"d{seed}-{number}", "", " ".join(words), "fr", owners=owners, access=access)


def built(path, *batches):
    index = Index.create(path)
    for batch in batches:
        index.add(batch)
    index.commit(durable=False)
    return index


def voting(index, access=None):
    return index._current().caller(access).voting(index.tuning)


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    path = tmp_path_factory.mktemp("labels") / "index"
    built(path, labelled()).close()
    return path


def test_faint_votes_add_up_where_many_documents_bear_each_label(labels):
    power, decay = voting(Index.open(labels))
    assert (power, decay) != USUAL
    assert power <= USUAL[0]
    assert decay >= USUAL[1]


def test_owners_are_ranked_by_the_fitted_votes(labels):
    index = Index.open(labels)
    power, decay = voting(index)
    ranking = index.owner_ranking("sujet3mot1 sujet3mot2 sujet5mot4")
    owner = ranking.order[0]
    votes = [ranking.scores[place] ** power for place in ranking._places[owner][: index.tuning.owner_depth]]
    assert ranking.totals[owner] == pytest.approx(sum(v * decay**n for n, v in enumerate(votes)))


def test_few_documents_keep_the_usual_votes(tmp_path):
    with built(tmp_path / "i", labelled(90)) as index:
        assert voting(index) == USUAL


def test_owners_of_one_document_each_keep_the_usual_votes(tmp_path):
    batch = [Document(d.id, "", d.text, "fr", owners=[d.id]) for d in labelled(150)]
    with built(tmp_path / "i", batch) as index:
        assert voting(index) == USUAL


def test_hidden_documents_do_not_sway_the_votes_of_others(labels, tmp_path):
    public = frozenset(["public"])
    hidden = [
        Document(f"h{n}", "", f"sujet{n % 24}mot{n % 14}", "fr", owners=[f"X {n % 7}"], access=["unit:a"])
        for n in range(200)
    ]
    with built(tmp_path / "i", hidden, labelled()) as both:
        assert voting(both, public) == voting(Index.open(labels), public)
        assert voting(both, frozenset(["unit:a"])) == USUAL


def test_an_index_of_before_is_read_with_the_usual_votes(labels, tmp_path):
    shutil.copytree(labels, tmp_path / "old")
    for path in (tmp_path / "old").glob("statistics-*.npz"):
        with np.load(path) as data:
            kept = {name: data[name] for name in data.files if name != "votes"}
        np.savez(path, **kept)
    assert voting(Index.open(tmp_path / "old")) == USUAL


def test_letters_count_less_in_a_long_question(tmp_path):
    words = " ".join(f"procédé{n}nouveau" for n in range(40))
    with built(tmp_path / "i", [Document("a", "", words, "fr"), Document("b", "", "autre chose", "fr")]) as index:
        [hit] = index.search(words, limit=1)
    [even] = Index.open(tmp_path / "i", tuning=Tuning(long_question=1000)).search(words, limit=1)
    assert hit.score < even.score
    short = "procédé3nouveau procédé4nouveau"
    with Index.open(tmp_path / "i", tuning=Tuning(long_question=1000)) as even_index:
        assert Index.open(tmp_path / "i").search(short)[0].score == even_index.search(short)[0].score
