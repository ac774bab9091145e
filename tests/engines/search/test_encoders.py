"""The optional view of an encoder: what it adds, and that the index stays whole with it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from motrice.engines.search import Document, EncoderMismatch, Index, IndexCorrupt, Tuning
from motrice.engines.search.encoders import EncoderMark
from tests.engines.search.encoders import AskingEncoder, BrokenEncoder, MeaningEncoder
from tests.engines.search.test_access import callers, documents, questions, slow

CAR = Document("car", "Automobile", "Lighter doors.", language="en", owners=["Lab A"], access=["public"])
ILL = Document("ill", "Disease", "A test of blood.", language="en", owners=["Lab B"], access=["public"])
ICE = Document("ice", "Glacier", "Radar soundings.", language="en", owners=["Lab C"], access=["network"])
BATCH = (CAR, ILL, ICE)


def ids(hits):
    return [hit.id for hit in hits]


@pytest.fixture
def index(tmp_path):
    with Index.create(tmp_path / "index", encoder=MeaningEncoder()) as index:
        index.add(BATCH)
        index.commit(durable=False)
        yield index


def test_a_text_without_any_word_of_the_question_is_found_by_its_meaning(index, tmp_path):
    with Index.create(tmp_path / "plain") as plain:
        plain.add(BATCH)
        plain.commit(durable=False)
        assert plain.search("voiture sickness avalanche vehicle") == []
    assert ids(index.search("vehicle")) == ["car"]
    assert index.search("vehicle")[0].matches == ()
    assert [hit.owner for hit in index.rank_owners("avalanche")] == ["Lab C"]


def test_words_and_meaning_add_up(index):
    index.add([Document("word", "Sickness", "Doors."), Document("doors", "Doors", "Doors.")])
    index.commit(durable=False)
    assert ids(index.search("sickness doors"))[0] == "word"
    assert set(ids(index.search("sickness doors"))) == {"word", "doors", "ill", "car"}


def test_the_vector_goes_with_its_document(index):
    index.add([replace(CAR, title="Cheese")])
    index.remove(["ill"])
    index.commit(durable=False)
    assert ids(index.search("vehicle")) == []
    assert ids(index.search("fromage")) == ["car"]
    assert ids(index.search("maladie")) == []


def test_a_new_process_finds_the_same_and_goes_on(index):
    before = index.search("vehicle glacier")
    index.close()
    with Index.open(index.directory, encoder=MeaningEncoder()) as again:
        assert again.search("vehicle glacier") == before
        again.add([Document("milk", "Milk", "Pasteurised.", language="en")])
        again.commit(durable=False)
        assert ids(again.search("fromage")) == ["milk"]
    assert ids(index.search("fromage")) == ["milk"]


def test_what_was_not_committed_leaves_no_vector_behind(index):
    index.add([Document("lost", "Cheese", "Lost.", language="en")])
    index.close()
    index.add([Document("kept", "Snow", "Kept.", language="en")])
    index.commit(durable=False)
    assert ids(index.search("neige")) == ["ice", "kept"] or ids(index.search("neige")) == ["kept", "ice"]
    assert index.search("fromage") == []


def test_another_encoder_is_refused(index):
    with pytest.raises(EncoderMismatch, match=r"made with the encoder 'meanings-1', not 'meanings-2'"):
        Index.open(index.directory, encoder=MeaningEncoder("meanings-2"))
    assert Index.encoder_of(index.directory) == "meanings-1"


def test_without_its_encoder_an_index_is_read_and_not_written(index):
    index.close()
    with Index.open(index.directory) as plain:
        assert plain.search("vehicle") == []
        assert ids(plain.search("automobile doors")) == ["car"]
        with pytest.raises(EncoderMismatch, match="open it with that encoder"):
            plain.add([CAR])
        with pytest.raises(EncoderMismatch, match="open it with that encoder"):
            plain.remove(["car"])


def test_an_index_without_encoder_takes_none_later(tmp_path):
    Index.create(tmp_path / "plain").close()
    with pytest.raises(EncoderMismatch, match="made without an encoder"):
        Index.open(tmp_path / "plain", encoder=MeaningEncoder())
    assert Index.encoder_of(tmp_path / "plain") is None


def test_an_unreadable_mark_is_told(index):
    (index.directory / "motrice-search.json").write_text('{"format": 4, "encoder": {"name": "x"}}')
    with pytest.raises(IndexCorrupt):
        Index.open(index.directory)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda texts: np.zeros((len(texts) + 1, 5)), "shape"),
        (lambda texts: np.zeros((len(texts), 4)), "shape"),
        (lambda texts: np.full((len(texts), 5), np.nan), "not numbers"),
    ],
)
def test_an_encoder_that_fails_leaves_the_index_as_it_was(tmp_path, answer, message):
    encoder = BrokenEncoder(answer)
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        index.add(BATCH)
        index.commit(durable=False)
        with pytest.raises(ValueError, match=message):
            index.add([Document("ok", "Snow", "Powder."), replace(CAR, title="Cheddar")])
        index.add([Document("late", "Milk", "Pasteurised.", language="en")])
        index.commit(durable=False)
        assert len(index) == len(BATCH) + 1
        assert ids(index.search("vehicle")) == ["car"]
        assert ids(index.search("fromage")) == ["late"]


def test_questions_may_be_read_in_another_way(tmp_path):
    with Index.create(tmp_path / "index", encoder=AskingEncoder()) as index:
        index.add(BATCH)
        index.commit(durable=False)
        assert ids(index.search("vehicle")) == ["ice"]


def test_a_question_is_encoded_once(tmp_path):
    encoder = MeaningEncoder()
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        index.add(BATCH)
        index.commit(durable=False)
        index.search("vehicle")
        index.rank_owners("vehicle")
        assert encoder.read.count("vehicle") == 1


def test_clusters_and_what_came_after_them_are_both_found(tmp_path):
    tuning = Tuning(latent_exact_limit=100, latent_clusters=4, latent_probes=4)
    words = ("Automobile", "Disease", "Glacier", "Cheese")
    many = [Document(f"d{n}", f"{words[n % 4]} {n}", "Filler.", language="en") for n in range(150)]
    with Index.create(tmp_path / "index", tuning=tuning, encoder=MeaningEncoder()) as index:
        index.add(many)
        index.commit(durable=False)
        assert list(index.directory.glob("clusters-neural-*"))
        index.add([Document("late", "Sickness", "Late.", language="en")])
        index.commit(durable=False)
        found = set(ids(index.search("maladie", limit=100)))
        assert {f"d{n}" for n in range(1, 150, 4)} | {"late"} == found
    with Index.open(tmp_path / "index", tuning=tuning, encoder=MeaningEncoder()) as again:
        assert set(ids(again.search("maladie", limit=100))) == found


@slow
@given(batch=documents, question=questions, access=callers)
def test_the_encoder_tells_nothing_of_hidden_documents(tmp_path_factory, batch, question, access):
    words = ["automobile", "disease", "glacier", "cheese"]
    batch = [replace(d, title=f"{words[n % 4]} {d.title}") for n, d in enumerate(batch)]
    seen = [d for d in batch if set(d.access) & access]
    folder = tmp_path_factory.mktemp("e")
    asked = f"{question} vehicle lait"
    answers = []
    for name, chosen in (("all", batch), ("seen", seen)):
        with Index.create(folder / name, encoder=MeaningEncoder()) as index:
            index.add(chosen)
            index.commit(durable=False)
            found = index.search(asked, limit=50, access=access), index.rank_owners(asked, limit=50, access=access)
            answers.append(({(h.id, h.score) for h in found[0]}, {(o.owner, o.score) for o in found[1]}))
    assert answers[0] == answers[1]


def test_removing_a_piece_found_by_meaning_changes_the_owner_exactly_as_told(index):
    van = Document("van", "Vehicle", "Vans.", language="en", owners=["Lab A"])
    index.add([van])
    index.commit(durable=False)
    told = next(owner for owner in index.rank_owners("voiture vans") if owner.owner == "Lab A")
    assert {piece.id for piece in told.evidence} == {"car", "van"}
    for piece in told.evidence:
        kept = CAR if piece.id == "car" else van
        index.remove([piece.id])
        index.commit(durable=False)
        after = next(owner for owner in index.rank_owners("voiture vans") if owner.owner == "Lab A")
        assert (after.score, after.rank) == (piece.score_without, piece.rank_without)
        index.add([kept])
        index.commit(durable=False)


def test_nearness_starts_where_unrelated_texts_are():
    mark = EncoderMark("x", 2, floor=0.8)
    assert mark.nearness(np.array([-1.0, 0.8, 0.9, 1.0])) == pytest.approx([0.0, 0.0, 0.5, 1.0])


@pytest.mark.parametrize("name", ["", None, 3])
def test_an_encoder_needs_a_name(tmp_path, name):
    with pytest.raises(ValueError, match="needs a name"):
        Index.create(tmp_path / "index", encoder=MeaningEncoder(name))
    assert not (tmp_path / "index").exists()
