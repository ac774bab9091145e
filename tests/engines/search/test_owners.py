"""Owners are ranked by evidence, and each piece weighs exactly what is told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motrice.engines.search import Document, Index, Tuning
from tests.engines.search.test_access import documents, made, questions
from tests.examples import examples

slow = settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_owners_come_with_evidence_in_words(index):
    first = index.rank_owners("stockage des batteries au lithium", access=["public"])[0]
    assert first.owner in {"Laboratoire A", "Laboratoire B"}
    assert [piece.id for piece in first.evidence] == ["battery"]
    assert ("lithium", "lithium", "same") in [
        (m.query_word, m.document_word, m.how) for m in first.evidence[0].matches
    ]


def test_words_are_matched_across_languages(index):
    first = index.rank_owners("crues de rivières")[0]
    assert first.owner == "Laboratoire C"
    pairs = {(m.query_word, m.document_word, m.how) for m in first.evidence[0].matches}
    assert ("rivières", "rivers", "translation") in pairs


def test_misspelt_words_say_so(index):
    [hit] = index.search("perovskyte")
    assert [(m.query_word, m.document_word, m.how) for m in hit.matches] == [("perovskyte", "perovskite", "spelling")]


def test_filters_limit_the_evidence(index):
    owners = index.rank_owners("energy batteries floods", filters={"kind": "offer"})
    assert [owner.owner for owner in owners] == ["Laboratoire C"]
    assert [piece.id for piece in owners[0].evidence] == ["river"]


def check_evidence(index, question, access=None):
    """Remove each piece in turn and compare with what was told, then put it back."""
    told = index.rank_owners(question, limit=100, access=access)
    assert [owner.rank for owner in told] == list(range(1, len(told) + 1))
    checked = 0
    for owner in told[:3]:
        assert sum(piece.share for piece in owner.evidence) == pytest.approx(1.0)
        for piece in owner.evidence[:3]:
            yield owner, piece
            checked += 1


@slow
@given(batch=documents, question=questions)
def test_removing_a_piece_changes_score_and_rank_exactly_as_told(tmp_path_factory, batch, question):
    by_id = {document.id: document for document in batch}
    with made(tmp_path_factory.mktemp("o") / "i", batch) as index:
        for owner, piece in list(check_evidence(index, question)):
            index.remove([piece.id])
            index.commit(durable=False)
            after = {found.owner: found for found in index.rank_owners(question, limit=100)}
            found = after.get(owner.owner)
            assert (found.rank if found else None) == piece.rank_without
            assert (found.score if found else 0.0) == piece.score_without
            index.add([by_id[piece.id]])
            index.commit(durable=False)


def test_the_next_document_enters_the_pool_as_told(tmp_path):
    tuning = Tuning(owner_pool=5, owner_depth=2, latent_weight=0.0)
    batch = [
        Document(f"d{n}", "", "laser " * (9 - n) + "optique " * n, "fr", owners=[f"Lab {n % 3}", f"Lab {n % 2}"])
        for n in range(9)
    ]
    with made(tmp_path / "i", batch, tuning) as index:
        for owner, piece in list(check_evidence(index, "laser")):
            index.remove([piece.id])
            index.commit(durable=False)
            after = {found.owner: found for found in index.rank_owners("laser", limit=100)}
            found = after.get(owner.owner)
            assert (found.rank if found else None) == piece.rank_without
            assert (found.score if found else 0.0) == piece.score_without
            index.add([document for document in batch if document.id == piece.id])
            index.commit(durable=False)


@given(shares=st.integers(1, 40))
@settings(max_examples=examples(5), deadline=None)
def test_many_documents_of_one_owner_still_share_to_one(tmp_path_factory, shares):
    batch = [Document(f"d{n}", "Laser", f"laser {n}", "fr", owners=["Lab"]) for n in range(shares)]
    with Index.create(tmp_path_factory.mktemp("s") / "i") as index:
        index.add(batch)
        index.commit(durable=False)
        [owner] = index.rank_owners("laser")
        assert sum(piece.share for piece in owner.evidence) == pytest.approx(1.0)
        assert owner.document_count == shares
