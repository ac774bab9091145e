"""What a question means beside its words: synonyms, words that come back, and documents that answer alike."""

from dataclasses import replace

import pytest

from motrice.engines.search import Document, Index, Tuning
from motrice.engines.search.expansion import there_and_back

PLAIN = Tuning(shape_weight=0.0, latent_weight=0.0)


def made(path, documents, tuning=PLAIN):
    index = Index.create(path, tuning=tuning)
    index.add(documents)
    index.commit(durable=False)
    return index


def order(index, question):
    return [hit.id for hit in index.search(question)]


@pytest.fixture
def watched(tmp_path):
    documents = [
        Document("same", "", "la surveillance des ponts du département", "fr", owners=["Lab A"]),
        Document("synonym", "", "le suivi des ponts du département", "fr", owners=["Lab B"]),
        Document("other", "", "la peinture des ponts du département", "fr", owners=["Lab C"]),
    ]
    with made(tmp_path / "index", documents) as index:
        yield index


def test_a_synonym_is_found_after_the_word_itself(watched):
    hits = watched.search("la surveillance de mon installation")

    assert [hit.id for hit in hits] == ["same", "synonym"]
    assert [(match.query_word, match.document_word, match.how) for match in hits[1].matches] == [
        ("surveillance", "suivi", "synonym")
    ]


def test_owners_are_ranked_by_what_their_documents_say_themselves(watched):
    assert [hit.owner for hit in watched.rank_owners("la surveillance de mon installation")] == ["Lab A"]


def test_a_word_of_two_languages_has_the_synonyms_of_the_question_alone():
    assert dict(there_and_back("surveillance", "fr", 0.5))["suivi"] == 1.0
    assert "surveillance" not in dict(there_and_back("surveillance", "fr", 0.5))
    assert all(share >= 0.25 for _, share in there_and_back("monitoring", "en", 0.5))


def test_of_two_words_as_rare_the_one_that_comes_back_in_its_texts_says_more(tmp_path):
    documents = [
        *(Document(f"a{n}", "", "zorbal zorbal zorbal divers", "en", access=["public"]) for n in range(6)),
        *(Document(f"b{n}", "", "quimper divers autre chose", "en", access=["public"]) for n in range(6)),
        Document("once", "", "quimper banal", "en", access=["public"]),
        Document("back", "", "zorbal banal", "en", access=["public"]),
        *(Document(f"h{n}", "", "quimper quimper quimper quimper", "en", access=["unit:a"]) for n in range(6)),
    ]
    with made(tmp_path / "index", documents) as index, made(tmp_path / "open", documents[:-6]) as opened:
        found = order(index, "zorbal quimper banal")
        assert index.search("zorbal quimper banal", access=["public"]) == opened.search(
            "zorbal quimper banal", access=["public"]
        )
        seen = [hit.id for hit in index.search("zorbal quimper banal", access=["public"])]
    even = Index.open(tmp_path / "open", tuning=replace(PLAIN, returning_power=0.0))

    assert seen.index("back") < seen.index("once")
    assert "back" in found
    scores = {hit.id: hit.score for hit in even.search("zorbal quimper banal", access=["public"])}
    assert scores["back"] == pytest.approx(scores["once"])


def test_a_document_among_others_that_answer_comes_before_one_that_stands_alone(tmp_path):
    tuning = Tuning(latent_min_documents=20, latent_dimensions=8, shape_weight=0.0, latent_weight=1e-6)
    tuning = replace(tuning, feedback_weight=0.0, neighbour_weight=0.0)
    light = ["photon", "cavity", "mirror", "lens", "prism", "grating", "beam", "crystal", "fibre", "pulse"]
    kitchen = ["sugar", "flour", "butter", "oven", "yeast", "vanilla", "almond", "cream", "raisin", "honey"]
    documents = [
        *(Document(f"l{n}", "", f"{light[n % 10]} {light[(n + 1) % 10]} welding copper", "en") for n in range(20)),
        *(Document(f"k{n}", "", f"{kitchen[n % 10]} {kitchen[(n + 1) % 10]} cake recipe", "en") for n in range(20)),
        Document("alone", "", "flour sugar oven welding", "en"),
        Document("among", "", "lens mirror cavity welding", "en"),
    ]
    with made(tmp_path / "index", documents, tuning) as index:
        before = {hit.id: hit.score for hit in index.search("welding copper recipe", limit=50)}
    index = Index.open(tmp_path / "index", tuning=replace(tuning, neighbour_weight=0.2))
    after = {hit.id: hit.score for hit in index.search("welding copper recipe", limit=50)}

    assert before["among"] == pytest.approx(before["alone"], abs=1e-5)
    assert after["among"] > after["alone"] + 0.01


def test_a_word_is_as_rare_as_in_the_language_of_the_collection(tmp_path):
    # "Bread" is "pain" in French, which is another word in a collection in English, and a frequent one.
    filler = [Document(f"f{n}", "", f"treatment of chronic pain in ward {n} of the hospital", "en") for n in range(40)]
    butter = [Document(f"b{n}", "", "production of butter in a small dairy of the north", "en") for n in range(4)]
    bread = [Document("bread", "", "production of bread in a small bakery of the north", "en")]
    with made(tmp_path / "index", [*filler, *butter, *bread]) as index:
        assert order(index, "is it bread with butter")[0] == "bread"
    french = [Document(f"p{n}", "", f"le pain de la boulangerie du quartier {n}", "fr") for n in range(40)]
    with made(tmp_path / "mixed", [*french, *butter, *bread]) as index:
        assert order(index, "is it bread with butter")[0] == "b0"
