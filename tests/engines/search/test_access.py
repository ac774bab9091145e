"""What one may not see changes nothing: neither results, scores, counts nor facets."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motrice.engines.search import Document, Index, Tuning
from tests.engines.search.conftest import COLLECTION
from tests.examples import examples

WORDS = ["battery", "solar", "capteur", "rivière", "polymer", "laser", "enzyme", "énergie", "robot", "catalyst"]
TOKENS = ["public", "network", "unit:a", "unit:b"]

documents = st.lists(
    st.builds(
        Document,
        id=st.uuids().map(str),
        title=st.sampled_from(WORDS),
        text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
        language=st.sampled_from(["fr", "en", None]),
        owners=st.lists(st.sampled_from(["Lab A", "Lab B", "Lab C", "Lab D"]), max_size=3, unique=True),
        kind=st.sampled_from(["project", "offer"]),
        tags=st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True),
        access=st.lists(st.sampled_from(TOKENS), max_size=2, unique=True),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda document: document.id,
)

questions = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
callers = st.sets(st.sampled_from(TOKENS), max_size=3)
slow = settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def everything_asked(index, question, access):
    return (
        index.search(question, limit=50, access=access),
        index.rank_owners(question, limit=50, access=access),
        index.count(question, access=access),
        index.count("", access=access),
        [index.facets(question, field, access=access) for field in ("kind", "language", "tags", "owners")],
    )


def made(directory, batch, tuning=None):
    index = Index.create(directory, tuning=tuning)
    index.add(batch)
    index.commit(durable=False)
    return index


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (None, {"battery", "solar", "river", "secret"}),
        ([], set()),
        (["public"], {"battery", "river"}),
        (["public", "network"], {"battery", "solar", "river"}),
        (["unit:c"], {"secret"}),
        (["unknown"], set()),
    ],
)
def test_a_caller_finds_and_counts_what_they_hold_a_token_for(index, access, expected):
    found = index.search("batteries solar energy floods sodium", access=access)
    assert {hit.id for hit in found} == expected
    assert index.count("", access=access) == len(expected)


def test_a_document_without_tokens_is_seen_by_trusted_callers_only(empty):
    empty.add([Document("hidden", "Lasers", "Lasers")])
    empty.commit(durable=False)
    assert empty.search("lasers", access=["public"]) == []
    assert [hit.id for hit in empty.search("lasers")] == ["hidden"]


def test_access_as_one_string_is_refused(index):
    with pytest.raises(TypeError, match="list of strings"):
        index.search("batteries", access="public")


@slow
@given(batch=documents, question=questions, access=callers)
def test_nothing_hidden_is_ever_returned(tmp_path_factory, batch, question, access):
    with made(tmp_path_factory.mktemp("a") / "i", batch) as index:
        seen = {d.id for d in batch if set(d.access) & access}
        hits, owners, count, total, _ = everything_asked(index, question, access)
        assert {hit.id for hit in hits} <= seen
        assert {piece.id for owner in owners for piece in owner.evidence} <= seen
        assert count <= total == len(seen)


@slow
@given(batch=documents, hidden=documents, question=questions, access=callers)
def test_hidden_documents_never_change_an_answer(tmp_path_factory, batch, hidden, question, access):
    hidden = [replace(d, id="hidden-" + d.id, access=[t for t in d.access if t not in access]) for d in hidden]
    directory = tmp_path_factory.mktemp("b")
    with made(directory / "without", batch) as without, made(directory / "with", [*hidden, *batch]) as mixed:
        expected = everything_asked(without, question, access)
        assert everything_asked(mixed, question, access) == expected
        mixed.remove([d.id for d in hidden])
        mixed.commit(durable=False)
        assert everything_asked(mixed, question, access) == expected
        without.add(hidden)
        without.commit(durable=False)
        assert everything_asked(without, question, access) == expected


def test_a_learnt_model_is_shaped_by_open_documents_alone(tmp_path):
    tuning = Tuning(latent_min_documents=20, latent_dimensions=8)
    opened = [
        Document(f"o{n}", WORDS[n % 10], f"{WORDS[n % 10]} {WORDS[(n * 3 + 1) % 10]} {WORDS[n * 7 % 10]}", "en")
        for n in range(60)
    ]
    opened = [replace(d, access=["public"], owners=[f"Lab {n % 7}"]) for n, d in enumerate(opened)]
    hidden = [
        Document(f"h{n}", "secret", f"{WORDS[n % 10]} {WORDS[(n + 5) % 10]} robot enzyme", "en", access=["unit:a"])
        for n in range(200)
    ]
    with (
        made(tmp_path / "without", opened, tuning) as without,
        made(tmp_path / "with", hidden + opened, tuning) as mixed,
    ):
        for question in ("laser enzyme", "solar energy robot"):
            expected = everything_asked(without, question, {"public"})
            assert expected[0]
            assert everything_asked(mixed, question, {"public"}) == expected
        assert mixed.search("secret robot", access=["unit:a"])


def test_removed_is_as_if_never_added(tmp_path):
    extra = Document("extra", "Batteries", "Batteries au lithium pour l'énergie", "fr", owners=["Lab X"])
    with made(tmp_path / "never", COLLECTION) as never, made(tmp_path / "removed", COLLECTION) as removed:
        removed.add([extra])
        removed.commit(durable=False)
        assert "extra" in [hit.id for hit in removed.search("lithium")]
        removed.remove(["extra"])
        removed.commit(durable=False)
        for question in ("batteries lithium", "solar energy", "floods"):
            assert everything_asked(removed, question, None) == everything_asked(never, question, None)


FAMILIES = [
    "interface", "internat", "interactif", "intérieur", "interieur", "interaction", "hôte", "hote", "hôtel",
    "élucider", "elucider", "cellule", "cellulaire", "cellulite", "capteur", "captif", "mesuré", "mesure",
    "mesurer", "détection", "detection", "détecteur", "polymère", "polymere", "polymorphe", "robotique", "robuste",
    "IRM", "MRI", "imagerie", "résonance", "magnétique", "AAV9", "AAV", "9", "VIH", "HIV", "conférence",
    "conference", "confinement", "côte", "cote", "côté", "pêche", "peche", "péché", "sécurité", "securite",
    "sécurisé", "réseau", "reseau", "résille",
]  # fmt: skip
ASKED = (
    "interaktion", "hote", "hôte", "elucidé", "celule", "capteurs mesurés", "détektion", "polymère", "IRM", "AAV 9",
    "VIH en conférence", "imagerie par résonance magnétique", "cote", "peche", "sécurité du réseau", "MRI",
)  # fmt: skip


def families(draw, name, words, access):
    """Texts of a few words each, drawn from words that look like one another."""
    return [
        Document(f"{name}{n}", "", " ".join(draw.choices(words, k=9)), "fr", owners=[f"Lab {n % 7}"], access=access)
        for n in range(60)
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("access", ["public", "network"])
def test_words_that_only_hidden_documents_hold_change_no_answer(tmp_path, seed, access):
    draw = random.Random(f"{seed} {access}")
    seen = families(draw, "seen", draw.sample(FAMILIES, 34), [access])
    hidden = families(draw, "hidden", FAMILIES, ["unit:a"])
    tuning = Tuning(latent_weight=0.0, feedback_documents=0)
    bare, full = (made(tmp_path / name, batch, tuning) for name, batch in (("a", seen), ("b", hidden + seen)))

    for question in ASKED:
        ours, theirs = (everything_asked(index, question, [access]) for index in (bare, full))
        assert answered(ours) == answered(theirs), question


def answered(found):
    """What was answered, but for the forms of words, which are those first met in the whole collection."""
    return re.sub(r"document_word='[^']*'", "", repr(found))
