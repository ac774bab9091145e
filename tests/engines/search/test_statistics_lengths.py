import pytest

from motrice.engines.search import Document, Index


def unevenness(index):
    return index._current().caller(None).unevenness


def texts(sizes):
    return [Document(f"d{n}", "", " ".join(f"mot{n}x{k}" for k in range(size))) for n, size in enumerate(sizes)]


@pytest.mark.parametrize("sizes", [[30] * 40, [20, 40] * 20, [1]])
def test_texts_of_one_kind_are_even(tmp_path, sizes):
    with Index.create(tmp_path / "index") as index:
        index.add(texts(sizes))
        index.commit(durable=False)

        assert unevenness(index) == 0.0


def test_titles_mixed_with_long_texts_are_uneven(tmp_path):
    with Index.create(tmp_path / "index") as index:
        index.add(texts([5] * 95 + [300] * 5))
        index.commit(durable=False)

        mean = (5 * 95 + 300 * 5) / 100
        expected = (25 * 95 + 90_000 * 5) / 100 / mean**2 - 1.0 - 0.5
        assert unevenness(index) == pytest.approx(expected)


def test_a_long_text_holds_its_own_among_titles(tmp_path):
    titles = [Document(f"t{n}", "", f"soudure titre{n} divers{n}") for n in range(120)]
    long_text = "soudure laser du cuivre " + " ".join(f"suite{n}" for n in range(150)) + " soudure laser cuivre"
    with Index.create(tmp_path / "index") as index:
        index.add([*titles, *texts([4] * 200), Document("long", "", long_text)])
        index.commit(durable=False)

        assert index.search("soudure laser")[0].id == "long"


def test_an_empty_index_is_even(tmp_path):
    with Index.create(tmp_path / "index") as index:
        assert unevenness(index) == 0.0
