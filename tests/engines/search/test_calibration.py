"""BM25 is fitted to the collection, by open documents alone, and a short question is read in its language."""

import random

import pytest

from motrice.engines.search import Document, Index, Tuning

WORDS = [f"mot{n}" for n in range(400)]


def texts(count, *, seed=1, size=(10, 60), access=("public",), start=0):
    generator = random.Random(seed)
    return [
        Document(
            f"{access[0]}-{start + n}",
            " ".join(generator.choices(WORDS[:200], k=4)),
            " ".join(generator.choices(WORDS, k=generator.randint(*size))),
            language="en",
            access=access,
        )
        for n in range(count)
    ]


def fit(index, access=None):
    return index._current().caller(access).fit(index.tuning)


def made(path, documents):
    index = Index.create(path)
    index.add(documents)
    index.commit(durable=False)
    return index


def test_a_small_collection_keeps_the_usual_setting(tmp_path):
    with made(tmp_path / "index", texts(90)) as index:
        assert fit(index) == (Tuning().k1, Tuning().b)


def test_a_larger_collection_has_its_own_setting_and_keeps_it_when_opened_again(tmp_path):
    with made(tmp_path / "index", texts(150)) as index:
        found = fit(index)

    assert found != (Tuning().k1, Tuning().b)
    assert fit(Index.open(tmp_path / "index")) == found


def test_long_texts_among_titles_want_little_normalisation_of_length(tmp_path):
    mixed = texts(150, size=(150, 200)) + [
        Document(f"t{n}", "", " ".join(random.Random(n).sample(WORDS, 5)), language="en", access=["public"])
        for n in range(600)
    ]
    with made(tmp_path / "even", texts(150, size=(40, 50))) as even, made(tmp_path / "mixed", mixed) as uneven:
        assert fit(uneven)[1] < fit(even)[1]


def test_hidden_documents_do_not_move_the_setting(tmp_path):
    hidden = texts(200, seed=9, size=(100, 300), access=("unit:a",))
    with made(tmp_path / "plain", texts(150)) as plain, made(tmp_path / "both", hidden + texts(150)) as both:
        assert fit(both, frozenset(["public"])) == fit(plain, frozenset(["public"]))


def test_who_sees_no_open_document_has_the_usual_setting(tmp_path):
    with made(tmp_path / "index", texts(150)) as index:
        assert fit(index, frozenset(["unit:a"])) == (Tuning().k1, Tuning().b)


def test_titles_alone_are_fitted_too(tmp_path):
    titles = [
        Document(f"t{n}", " ".join(random.Random(n).sample(WORDS, 10)), "", language="en", access=["public"])
        for n in range(150)
    ]
    with made(tmp_path / "index", titles) as index:
        assert fit(index) != (Tuning().k1, Tuning().b)


@pytest.fixture
def english(tmp_path):
    with made(
        tmp_path / "english",
        [Document(f"d{n}", "", f"chronic pain relief study {n}", language="en", access=["public"]) for n in range(4)]
        + [Document("bread", "", "bread baking and flour", language="en", access=["public"])],
    ) as index:
        yield index


def test_a_short_question_is_read_in_the_language_of_the_collection(english):
    assert "bread" not in {hit.id for hit in english.search("pain relief")}


def test_a_question_whose_words_the_collection_lacks_is_translated(english):
    assert english.search("farine")[0].id == "bread"
