"""What is learnt at a commit: when, from which texts, and that a shorter way gives the same."""

from dataclasses import fields

import numpy as np
import pytest
from scipy import sparse

from motrice.engines.search import Document, Index, Tuning, calibration, fitting
from motrice.engines.search import vectors as stored
from motrice.engines.search.calibration import Trial, calibrated
from motrice.engines.search.latent import french_map
from motrice.engines.search.spelling import build, trigram_hashes
from motrice.engines.search.statistics import CallerStatistics, ClassStatistics
from motrice.engines.search.storage import Appender, Vocabulary
from motrice.engines.search.text import Analyzer
from motrice.engines.search.vectors import Corpus
from motrice.engines.search.voting import Shared, whole_owners

WORDS = [beginning + end for beginning in ("verre", "glace", "sable", "pierre", "laine", "soie") for end in "abcd"]


def texts(count, *, first=0, title="", **parts):
    """Documents of three words each."""
    return [
        Document(
            f"d{n}", title, " ".join(WORDS[(n * step) % 24] for step in (1, 5, 7)), "fr", access=["public"], **parts
        )
        for n in range(first, first + count)
    ]


def made(path, documents, tuning=None):
    index = Index.create(path, tuning=tuning)
    index.add(documents)
    index.commit(durable=False)
    return index


def corpus_of(index):
    snapshot = index._current()
    return Corpus(snapshot.rows, snapshot.postings, snapshot.alive, snapshot.vocabulary)


def test_words_counted_a_stretch_at_a_time_are_those_counted_at_once(tmp_path, monkeypatch):
    with made(tmp_path / "index", texts(40, title="Verre")) as index:
        corpus = corpus_of(index)
    chosen = np.arange(3, 40)
    at_once = fitting.count_rows(corpus, chosen)
    monkeypatch.setattr(fitting, "COUNTED_AT_ONCE", 1)
    monkeypatch.setattr(fitting, "CHUNK", 7)

    stretched = fitting.count_rows(corpus, chosen)

    for each in fields(ClassStatistics):
        assert np.array_equal(getattr(stretched, each.name), getattr(at_once, each.name)), each.name


def test_what_earlier_commits_learnt_is_deleted_but_for_the_one_before(tmp_path):
    tuning = Tuning(
        latent_min_documents=20, latent_dimensions=4, refit_minimum=1, refit_growth=0.1, latent_refit_growth=0.1
    )
    with made(tmp_path / "index", texts(30), tuning) as index:
        for turn in range(1, 5):
            index.add(texts(30 * 2**turn, first=30 * 2**turn))
            index.commit(durable=False)

        names = {path.name for path in index.directory.iterdir()}
        manifest = index._current().manifest
        answers = index.search("verrea glaceb")
    assert manifest["generation"] == 5
    for kind, current in (
        ("statistics", manifest["statistics"]),
        ("spelling", manifest["spelling"]),
        ("model-shared", manifest["models"]["shared"]["name"]),
    ):
        kept = sorted(name for name in names if name.startswith(f"{kind}-"))
        assert (len(kept), kept[-1]) == (2, current)
    assert Index.open(tmp_path / "index", tuning=tuning).search("verrea glaceb") == answers


def test_what_a_killed_commit_left_is_written_over_and_what_is_in_use_is_kept(tmp_path):
    with Index.create(tmp_path / "index") as index:
        for name in ("spelling-00000001", "spelling-00000002", "spelling-00000003"):
            (index.directory / name).mkdir()
        index.add(texts(3))
        index.commit(durable=False)
        index.add(texts(1, first=3))
        index.commit(durable=False)

        assert index._current().manifest["spelling"] == "spelling-00000001"
        assert [hit.id for hit in Index.open(index.directory).search("verrea", limit=1)] == ["d0"]


def test_a_model_stays_while_the_collection_grows_little_and_new_rows_have_their_vectors(tmp_path):
    tuning = Tuning(latent_min_documents=20, latent_dimensions=4)
    with made(tmp_path / "index", texts(40), tuning) as index:
        model = index._current().manifest["models"]["shared"]["name"]
        index.add(texts(2, first=40))
        index.commit(durable=False)
        grown = index._current()
        index.remove(["d0"])
        index.commit(durable=False)
        fewer = index._current()

        assert grown.manifest["models"]["shared"] == fewer.manifest["models"]["shared"]
        assert (grown.manifest["models"]["shared"]["name"], grown.manifest["models"]["shared"]["rows"]) == (model, 42)
        assert np.linalg.norm(grown.vectors["shared"].stored[40:].astype(float), axis=1) == pytest.approx(1, abs=0.01)


def test_a_model_learns_from_a_sample_of_documents_and_the_most_frequent_words(tmp_path):
    tuning = Tuning(latent_dimensions=4, latent_sample=30, latent_max_terms=8)
    with made(tmp_path / "index", [*texts(60), *texts(30, first=1001, title="verrea glaceb")]) as index:
        corpus = corpus_of(index)
        statistics = index._current().classes["*"]

    model = stored.learn_model(corpus, np.arange(90), statistics, tuning)

    kept = dict(zip(statistics.terms.tolist(), statistics.frequencies.tolist(), strict=True))
    assert len(model.terms) == 8
    modelled = statistics.terms[stored.modelled(statistics)].tolist()
    assert sorted((kept[term] for term in modelled), reverse=True)[:8] == sorted(
        (kept[int(term)] for term in model.terms), reverse=True
    )


def test_only_the_nearest_vectors_are_given_when_many_are_near(tmp_path):
    near = np.array([[1.0, 0.0], [0.8, 0.6], [0.6, 0.8], [-1.0, 0.0]], dtype=stored.VECTOR)
    (tmp_path / "v.bin").write_bytes(near.tobytes())
    kept = stored.Stored(tmp_path, {"clusters": "", "clustered": 0}, near.shape, tmp_path / "v.bin")
    direction = np.array([1.0, 0.0], dtype=np.float32)

    assert sorted(kept.nearest(direction, np.ones(4, dtype=bool), 2, 1)) == [0, 1]
    assert sorted(kept.nearest(direction, np.array([False, True, True, True]), 9, 1)) == [1, 2]


def test_a_large_collection_is_calibrated_on_a_sample_of_it(tmp_path):
    usual = Tuning(calibration_minimum=20, calibration_questions=30)
    words = [f"mot{n}" for n in range(60)]
    batch = [
        Document(
            f"d{n}", "", " ".join(words[(n * step + n // 7) % 60] for step in range(1, 13)), "fr", access=["public"]
        )
        for n in range(60)
    ]
    with made(tmp_path / "index", batch) as index:
        corpus, statistics = corpus_of(index), index._current().classes["*"]

    sampled = calibrated(corpus, np.arange(60), statistics, Tuning(calibration_minimum=20, calibration_sample=40))
    again = calibrated(corpus, np.arange(60), statistics, Tuning(calibration_minimum=20, calibration_sample=40))

    assert sampled == again
    assert sampled[0] in calibration.K1
    assert sampled[1] in calibration.B
    assert calibrated(corpus, np.arange(10), statistics, usual) == calibration.UNFITTED


def test_of_many_documents_only_those_that_answer_best_are_compared(monkeypatch):
    # Six documents hold the word more often than the one asked for; all as long as one another.
    counts = sparse.csr_matrix(np.array([*[[float(n)] for n in range(2, 8)], [1.0]]))
    question = (6, np.array([0]), np.array([1.0]), np.zeros(1))

    def gain():
        trial = Trial(counts, np.full(7, 10.0), np.array([1.0]))
        trial.ask(*question)
        return trial.gain

    assert gain() == pytest.approx(np.full((5, 6), 1 / np.log2(2 + 6)))
    monkeypatch.setattr(calibration, "CONTRASTED", 2)
    assert gain() == pytest.approx(np.full((5, 6), 1 / np.log2(2 + 2)))


def test_a_sample_of_owners_has_all_the_documents_of_each_and_is_counted_anew():
    shared = Shared(np.array([0, 0, 1, 2, 3, 3, 4]), np.array([0, 1, 0, 2, 1, 2, 3]))
    generator = np.random.default_rng(1)

    kept = whole_owners(shared, 4, generator)
    fewer = shared.kept(kept)

    drawn = {int(owner) for owner in fewer.owners}
    whole = [owner for owner in range(4) if set(shared.places[shared.owners == owner]) <= set(kept)]
    assert 0 < len(kept) < 5
    assert set(whole) <= drawn
    assert [int(kept[place]) for place in fewer.places] == [p for p in shared.places.tolist() if p in kept]


def test_votes_are_fitted_on_a_sample_of_owners_where_there_are_many(tmp_path):
    tuning = Tuning(calibration_minimum=20, calibration_questions=20, calibration_sample=60)
    words = [f"mot{n}" for n in range(60)]
    batch = [
        Document(
            f"d{n}",
            "",
            " ".join(words[(n % 20) * 3 + k % 3] + " " + words[(n * k) % 60] for k in range(6)),
            "fr",
            owners=[f"Lab {n % 20}"],
            access=["public"],
        )
        for n in range(100)
    ]
    with made(tmp_path / "index", batch, tuning) as index:
        power, decay = index._current().caller(None).voting(tuning)
        alone = index._current().caller(frozenset(["unit:a"]))

    assert (power, decay) != (0.0, 0.0)
    assert alone.voting(tuning) == (tuning.owner_power, tuning.owner_decay)


def test_documents_without_owners_have_no_votes_to_fit(tmp_path):
    with made(
        tmp_path / "index",
        texts(40, title="verre glace sable pierre eau feu terre air"),
        Tuning(calibration_minimum=20),
    ) as index:
        assert index._current().classes["*"].power == 0.0


def test_who_knows_of_no_document_has_a_usual_length():
    assert CallerStatistics([]).average_length(2.0) == 100.0


def test_a_french_word_spreads_over_the_stems_of_its_translations():
    names = ["capteur", "sensor", "mp3", "pile"]
    places = {"capteur": 0, "sensor": 1, "mp3": 2, "pile": 3}

    found = french_map(names, {0, 2, 3}, places, Analyzer().stem, 0.7).toarray()

    assert found[0] == pytest.approx([0.3, 0.7, 0, 0])
    assert found[1:] == pytest.approx(np.eye(4)[1:])


def test_runs_of_letters_are_listed_with_the_words_that_hold_them():
    table = build(["abcd", "ab", "xbcdx", "abc7"], np.arange(4))

    def holders(run):
        code = int(trigram_hashes(run)[0])
        return table["terms"][table["ends"][code - 1] : table["ends"][code]].tolist()

    assert (holders(b"bcd"), holders(b"_ab"), holders(b"dx_")) == ([0, 2], [0], [2])


def test_a_form_without_accents_is_noted_once(tmp_path):
    appender = Appender(tmp_path, {})
    vocabulary = Vocabulary(tmp_path)

    for _time in range(2):
        vocabulary.note_form("energie", "énerg", appender)

    assert appender.lengths["forms"] == len("energie\ténerg\n".encode())
    assert vocabulary.unaccented == {"energie": {"énerg"}}
    appender.close()
