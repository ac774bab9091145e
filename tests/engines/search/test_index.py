"""Adding, removing, committing, finding."""

import multiprocessing
from datetime import date, datetime

import numpy as np
import pytest

from motrice.engines.search import Document, Index, IndexCorrupt, IndexLocked, IndexMissing, writer
from tests.engines.search.conftest import BATTERY, COLLECTION


def ids(hits):
    return [hit.id for hit in hits]


def test_one_document_is_added_as_a_list_of_one(empty):
    assert empty.add(BATTERY) == 1
    empty.commit()
    assert ids(empty.search("batteries")) == ["battery"]


def test_lists_that_are_absent_are_empty_and_a_time_is_its_day(empty):
    empty.add(Document("a", "Laser", "Laser", owners=None, tags=None, date=datetime(2024, 5, 2, 23, 59)))  # noqa: DTZ001 - as a caller may give it
    empty.commit()
    assert empty.count("", {"date_from": date(2024, 5, 2), "date_to": "2024-05-02"}) == 1
    assert empty.rank_owners("laser") == []


def test_a_writer_that_forgets_its_words_and_lays_out_often_indexes_the_same(empty, monkeypatch):
    monkeypatch.setattr(writer, "CACHE_LIMIT", 1)
    monkeypatch.setattr(writer, "BATCH", 2)
    batch = [Document(f"d{n}", "l'énergie", f"lithium-ion laser numéro{n}", "fr") for n in range(5)]
    assert empty.add(batch) == 5
    empty.commit()
    assert empty.count("énergie") == empty.count("lithium") == 5
    assert ids(empty.search("numéro3"))[0] == "d3"


def test_a_text_of_two_languages_is_of_the_one_it_holds_most_of(empty):
    french = "Le capteur mesure la température de la pièce et il envoie les valeurs dans le nuage. "
    english = "The sensor reads the heat of the room and it sends the values to the cloud. "
    empty.add([Document("fr", "", french * 2 + english), Document("en", "", english * 2 + french)])
    empty.commit()
    assert {hit.id: hit.language for hit in empty.search("capteur sensor")} == {"fr": "fr", "en": "en"}


def test_a_document_is_found_after_commit_and_not_before(empty):
    empty.add([BATTERY])
    assert empty.search("batteries") == []
    empty.commit()
    assert ids(empty.search("batteries")) == ["battery"]


@pytest.mark.parametrize(
    "question",
    ["electrique", "stockage d’énergie", "electrochimique", "Li4Ti5O12", "lithium ion", "véhicule électrique"],
)
def test_inflection_accents_elision_and_formulae_do_not_matter(index, question):
    assert ids(index.search(question))[0] == "battery"


def test_subscripts_are_read_as_digits(index):
    assert ids(index.search("TiO₂")) == ["solar"]


@pytest.mark.parametrize("question", ["", "   ", "\x00\x01", "???", "()[]{}+-&|!^~*"])
def test_a_question_without_words_finds_nothing(index, question):
    assert index.search(question) == []
    assert index.rank_owners(question) == []


@pytest.mark.parametrize("question", ['solar AND "cells', "words:solar", "solar~2^3 -cells", "[solar TO cells]"])
def test_query_syntax_is_read_as_words(index, question):
    assert ids(index.search(question))[0] == "solar"


def test_a_question_of_a_megabyte_is_answered(index):
    assert ids(index.search("solar cells " * 90_000))[0] == "solar"


def test_the_same_id_replaces_the_document(index):
    index.add([Document("river", "Glaciers", "Melting of glaciers.", language="en")])
    index.commit()
    assert ids(index.search("floods")) == []
    assert ids(index.search("glaciers")) == ["river"]
    assert len(index) == len(COLLECTION)


def test_of_two_documents_with_one_id_in_one_batch_the_last_stays(empty):
    empty.add([Document("a", "first", "apple"), Document("a", "second", "pear")])
    empty.commit()
    assert len(empty) == 1
    assert ids(empty.search("apple")) == []
    assert ids(empty.search("pear")) == ["a"]


def test_removing_tells_how_many_were_there(index):
    assert index.remove(["river", "unknown", "river"]) == 1
    index.commit()
    assert ids(index.search("floods")) == []
    assert len(index) == len(COLLECTION) - 1


def test_the_only_document_of_an_index_opened_again_can_be_removed(empty):
    empty.add([BATTERY])
    empty.commit()
    empty.close()
    with Index.open(empty.directory) as again:
        again.remove(["battery"])
        again.commit()
        assert again.search("batteries") == []


def test_a_document_removed_before_its_first_commit_never_shows(empty):
    empty.add([BATTERY])
    assert empty.remove(["battery"]) == 1
    empty.commit()
    assert len(empty) == 0
    assert empty.search("batteries") == []


def test_removed_then_added_again_shows_once(index):
    index.remove(["battery"])
    index.add([BATTERY])
    index.commit()
    assert ids(index.search("lithium")) == ["battery"]
    assert index.count("lithium") == 1


@pytest.mark.parametrize("identifier", ["a/b c", "é\u200b", "x" * 1000, "\x00", 'AND "', "\ud800"])
def test_odd_ids_come_back_and_can_be_removed(empty, identifier):
    empty.add([Document(identifier, "odd", "apple")])
    empty.commit()
    [hit] = empty.search("apple")
    assert empty.remove([hit.id]) == 1
    empty.commit()
    assert empty.search("apple") == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (Document("", "t", "x"), "non-empty"),
        (Document("x" * 2000, "t", "x"), "longer than 1024"),
        (Document("a", None, "x"), "title must be a string"),
        (Document("a", "t", "x", owners="Lab"), "list of strings"),
        (Document("a", "t", "x", tags=[3]), "must hold strings"),
        (Document("a", "t", "x", date="last year"), "not a date"),
        (Document("a", "t", "x", date=3), "must be a date"),
        ({"id": "a"}, "Expected a motrice.engines.search.Document"),
    ],
)
def test_a_wrong_document_is_refused_and_nothing_of_its_batch_is_kept(index, document, message):
    with pytest.raises((TypeError, ValueError), match=message):
        index.add([Document("good", "good", "apple"), document])
    index.commit()
    assert index.search("apple") == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "project"}, {"battery", "solar", "secret"}),
        ({"kind": ["project", "offer"]}, {"battery", "solar", "river", "secret"}),
        ({"language": "fr"}, {"battery", "secret"}),
        ({"tags": ["materials"]}, {"solar"}),
        ({"tags": ["materials", "water"]}, {"solar", "river"}),
        ({"owners": ["Laboratoire C"]}, {"river", "secret"}),
        ({"date_from": "2021-01-01"}, {"solar", "river"}),
        ({"date_from": "2020-01-01", "date_to": "2021-12-31"}, {"battery", "solar"}),
        ({"kind": "nothing"}, set()),
        ({"kind": None}, {"battery", "solar", "river", "secret"}),
        ({"kind": "project", "language": "en"}, {"solar"}),
    ],
)
def test_filters_keep_what_they_say(index, filters, expected):
    found = index.search("batteries solar energy floods sodium lithium", filters=filters)
    assert set(ids(found)) == expected
    assert index.count("", filters) == len(expected)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"colour": "red"}, "Unknown filter 'colour'"),
        ({"date_from": "soon"}, "not a date"),
        ({"kind": [1]}, "must hold strings"),
        ({"date_to": ""}, "needs a date"),
    ],
)
def test_a_wrong_filter_is_refused(index, filters, message):
    for ask in (index.search, index.rank_owners, index.count):
        with pytest.raises((TypeError, ValueError), match=message):
            ask("batteries", filters=filters)


@pytest.mark.parametrize("limit", [-1, 2.5, True])
def test_a_wrong_limit_is_refused(index, limit):
    with pytest.raises((TypeError, ValueError), match="limit"):
        index.search("batteries", limit=limit)


def test_limit_zero_is_an_empty_answer(index):
    assert index.search("batteries", limit=0) == []
    assert index.rank_owners("batteries", limit=0) == []


def test_facets_count_the_matching_documents(index):
    assert index.facets("batteries solar", "tags") == [("energy", 2), ("materials", 1)]
    assert index.facets("", "kind") == [("project", 3), ("offer", 1)]
    with pytest.raises(ValueError, match="Unknown facet"):
        index.facets("", "colour")


def test_readers_see_a_commit_without_being_told(index):
    reader = Index.open(index.directory)
    index.add([Document("new", "Glaciers", "Glaciers")])
    assert reader.search("glaciers") == []
    index.commit()
    assert ids(reader.search("glaciers")) == ["new"]


def test_an_index_opened_again_answers_the_same(index):
    question = "énergie solaire et batteries"
    before = index.search(question)
    index.close()
    assert Index.open(index.directory).search(question) == before


def test_a_second_writer_is_refused_by_name_and_let_in_after(index):
    index.remove(["river"])
    other = Index.open(index.directory)
    with pytest.raises(IndexLocked, match="Another writer"):
        other.add([BATTERY])
    index.close()
    assert other.add([BATTERY]) == 1
    other.close()


def test_closing_drops_what_was_not_committed(index):
    index.add([Document("new", "Glaciers", "Glaciers")])
    index.close()
    index.add([Document("other", "Volcans", "Volcans")])
    index.commit()
    assert index.search("glaciers") == []
    assert ids(index.search("volcans")) == ["other"]


def test_opening_nothing_and_creating_over_something_say_so(tmp_path, index):
    with pytest.raises(IndexMissing, match=r"Index\.create"):
        Index.open(tmp_path / "nowhere")
    with pytest.raises(IndexMissing, match=r"Index\.open"):
        Index.create(index.directory)


@pytest.mark.parametrize("name", ["rows.bin", "postings.bin", "terms.bin", "strings.bin", "inverted/meta.json"])
def test_a_damaged_index_says_what_to_do(index, name):
    index.close()
    (index.directory / name).write_bytes(b"\xff")
    with pytest.raises(IndexCorrupt, match="index the documents again"):
        Index.open(index.directory)


def test_a_missing_statistics_file_says_what_to_do(index):
    index.close()
    for path in index.directory.glob("statistics-*"):
        path.unlink()
    with pytest.raises(IndexCorrupt, match="index the documents again"):
        Index.open(index.directory)


def test_another_format_is_refused(index):
    index.close()
    (index.directory / "motrice-search.json").write_text('{"format": 99}')
    with pytest.raises(IndexCorrupt, match="format 99"):
        Index.open(index.directory)


def _ask(directory, queue):
    queue.put([hit.id for hit in Index.open(directory).search("lithium")])


def test_another_process_reads_what_this_one_wrote(index):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_ask, args=(index.directory, queue))
    process.start()
    assert queue.get(timeout=60) == ["battery"]
    process.join()


def test_a_filter_may_be_an_iterator_or_a_long_array(empty):
    empty.add([Document(f"d{n}", f"word{n}", "battery", owners=[f"o{n}"]) for n in range(1300)])
    empty.commit(durable=False)
    first = np.array([f"o{n}" for n in range(1200)])
    second = first.copy()
    second[600] = "o1250"  # in the middle, which is left out where a long array is shown

    assert empty.search("word1250", filters={"owners": first}) == []
    assert [hit.id for hit in empty.search("word1250", filters={"owners": second})] == ["d1250"]
    assert [hit.id for hit in empty.search("word7", filters={"owners": (owner for owner in ["o7"])})] == ["d7"]


def test_no_facets_are_given_where_none_are_asked_for(index):
    assert index.facets("", "kind", limit=0) == []
