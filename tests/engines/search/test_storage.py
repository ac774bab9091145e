"""Short ways to the same result: arrays that grow in place, words in many lists, the vector of one question."""

import numpy as np
import pytest
from scipy import sparse

from motrice.engines.search import Document, Index, Tuning
from motrice.engines.search.latent import FRENCH, MANY, LatentModel
from motrice.engines.search.spelling import first_known, in_many
from motrice.engines.search.storage import Growing, numbered
from motrice.engines.search.vectors import UNSHIFTED, single


def test_what_a_growing_array_handed_out_stays_as_it_was():
    growing = Growing(np.arange(100))

    first = growing.longer(100, np.array([7]))
    second = growing.longer(101, np.array([8, 9]))
    other = growing.longer(101, np.array([5]))

    assert first.tolist() == [*range(100), 7]
    assert second.tolist() == [*range(100), 7, 8, 9]
    assert other.tolist() == [*range(100), 7, 5]
    assert np.shares_memory(first, second)


@pytest.mark.parametrize("apart", [1, 1000])
@pytest.mark.parametrize("least", [1, 2, 3, 5, 6])
def test_members_of_many_lists_are_counted_whatever_the_lengths_of_the_lists(least, apart):
    generator = np.random.default_rng(least)
    lists = [apart * np.unique(generator.integers(0, 60, size)).astype(np.uint32) for size in (3, 80, 20, 45, 9, 200)]
    counts = np.bincount(np.concatenate(lists), minlength=60)

    found, shared = in_many(lists, least)

    assert found.tolist() == np.nonzero(counts >= least)[0].tolist()
    assert shared.tolist() == counts[counts >= least].tolist()


@pytest.mark.parametrize("french", [True, False])
def test_the_vector_of_a_question_is_that_of_a_text_of_the_same_words(french):
    mapping = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0], [0.7, 0.3, 0.0], [0.0, 0.4, 0.6]]))
    model = LatentModel(
        terms=np.array([5, 2, 9]),
        idf=np.array([1.0, 2.0, 3.0], dtype=np.float32),
        projection=np.array([[0.5, 0.1], [0.2, -0.7], [0.9, 0.3]], dtype=np.float32),
        map_ends=mapping.indptr[1:].astype(np.int64),
        map_columns=mapping.indices,
        map_weights=mapping.data,
        order=np.argsort([5, 2, 9], kind="stable"),
    )
    terms, counts = np.array([9, 2, 9, 4]), np.array([1.0, 3.0, 1.0, 1.0], dtype=np.float32)
    matrix = model.weighted(terms, counts, np.zeros(4, dtype=np.int64), 1)

    expected = model.vectors(matrix, np.array([FRENCH if french else 0]))[0]

    assert model.direction(terms, counts, french=french) == pytest.approx(expected, abs=1e-6)
    assert not model.direction(np.array([4]), np.ones(1, dtype=np.float32), french=french).any()


def test_the_columns_of_many_terms_are_those_of_a_few():
    generator = np.random.default_rng(3)
    known = generator.permutation(5000)[:400]
    nothing = np.empty((400, 0), dtype=np.float32), np.empty(0, np.int64), np.empty(0), np.empty(0)
    model = LatentModel(known, np.ones(400, dtype=np.float32), *nothing, order=np.argsort(known))
    many = generator.integers(0, 6000, MANY + 1)

    found = model.columns(many)

    assert found.tolist() == np.concatenate([model.columns(part) for part in np.array_split(many, 3)]).tolist()
    assert {int(term) for term in many[found >= 0]} == set(known.tolist())
    assert model.columns(many[:0]).tolist() == []


def test_a_reader_that_follows_commits_answers_as_one_that_opens_the_index(tmp_path):
    tuning = Tuning(latent_min_documents=20)
    words = ["turbine", "soudure", "enzyme", "capteur", "polymère", "catalyse"]
    words += ["robot", "laser", "vaccin", "membrane", "pompe", "alliage"]
    question = "soudure laser inédite7 inconnue3"
    with Index.create(tmp_path / "index", tuning=tuning) as index:
        for batch in range(12):
            index.add(
                Document(
                    f"{batch}-{n}",
                    words[(n + batch) % 12],
                    f"{words[n % 12]} {words[(n * 5 + 1) % 12]} inédite{batch} inconnue{n}",
                    access=["public"],
                )
                for n in range(30 if batch == 0 else 2)
            )
            index.remove([f"{batch - 1}-1"])
            index.commit(durable=False)
            found = index.search(question, limit=60, access=["public"])
            assert found == Index.open(tmp_path / "index", tuning=tuning).search(question, limit=60, access=["public"])
    assert found[0].id == "7-0"


@pytest.mark.parametrize("size", [50, 50_000])
def test_numbers_are_told_apart_whether_they_stand_close_or_far(size):
    values = np.random.default_rng(1).integers(0, size, 300).astype(np.uint32)

    different, places = numbered(values, size)

    assert different.tolist() == sorted(set(values.tolist()))
    assert (different[places] == values).all()


def test_every_number_of_half_precision_is_read_as_it_is():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]

    assert ((single(halves) * UNSHIFTED).view(np.uint32) == halves.astype(np.float32).view(np.uint32)).all()


@pytest.mark.parametrize(("known", "looked_up"), [(range(0, 100, 2), 1), (range(50, 60), 6), ((), 10)])
def test_terms_are_looked_up_until_enough_are_known(known, looked_up):
    """Five are wanted of a hundred, and looked up by ten."""
    asked = []

    class Caller:
        def frequencies(self, terms):
            asked.append(len(terms))
            return np.isin(terms, list(known)).astype(float)

    found = first_known(np.arange(100), Caller(), 5)

    assert found == list(known)[:5]
    assert asked == [10] * looked_up
