"""What every reader checks: days, countries, titles, names and classes, noted where they are odd."""

from datetime import date

import pytest

from motrice.engines.patentfiles import Classification, Party
from motrice.engines.patentfiles.gathering import Draft


@pytest.fixture
def draft():
    return Draft("ops", 7)


def found(draft):
    return [(item.code, item.path, item.line, item.value) for item in draft.done().findings]


@pytest.mark.parametrize("text", ["", "  ", "0001-01-01", "00000000"])
def test_a_day_that_stands_for_none_is_not_noted(draft, text):
    assert draft.day(text, "date") is None
    assert found(draft) == []


def test_a_text_that_is_no_day_is_noted_with_its_place(draft):
    assert draft.day("20210230", "a/date", 12) is None
    assert draft.day("20210228", "a/date") == date(2021, 2, 28)
    assert found(draft) == [("wrong_date", "a/date", 12, "20210230")]


@pytest.mark.parametrize("text", ["unknown", "NULL", "**", " "])
def test_what_offices_write_for_no_country_is_none(draft, text):
    assert draft.country(text, "country") == ""
    assert found(draft) == []


def test_html_in_a_title_or_a_name_becomes_letters_again_and_is_noted(draft):
    draft.title("EN", "Salt &amp; glass", "title")
    draft.title("EN", "NA", "title")
    draft.party(Party("applicant", "Roe &#38; Doe"), "name")

    record = draft.done()
    assert [(text.language, text.text) for text in record.titles] == [("en", "Salt & glass")]
    assert [party.name for party in record.parties] == ["Roe & Doe"]
    assert found(draft) == [
        ("escaped_text", "title", 7, "Salt &amp; glass"),
        ("escaped_text", "name", 7, "Roe &#38; Doe"),
    ]


def test_a_class_is_kept_once(draft):
    for _time in range(2):
        draft.classify(Classification("IPC", "H01M 4/13"), "H01M 4/13", "text")

    assert [item.symbol for item in draft.done().classifications] == ["H01M 4/13"]
