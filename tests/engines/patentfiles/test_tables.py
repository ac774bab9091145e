"""The result lists of The Lens, Espacenet and PATENTSCOPE."""

from datetime import date

import pytest

from motrice.engines.patentfiles import PatentFileError
from tests.engines.patentfiles import samples


def test_a_lens_list_gives_parties_priorities_and_days_of_either_form(records):
    first, second = records(samples.LENS)

    assert (first.key, first.publication.on) == ("US2013101709A1", date(2013, 4, 25))
    assert str(first.application.number) == "US201213657122A"
    assert [(str(claim.number), claim.on) for claim in first.priorities] == [
        ("US201161550506P", date(2011, 10, 24)),
        ("CA783996TA", None),
    ]
    assert (second.publication.on, str(second.application.number)) == (date(1966, 5, 2), "US2004004764W")
    assert [(item.scheme, item.symbol) for item in first.classifications] == [
        ("CPC", "A23L 1/0067"),
        ("CPC", "G01G 19/00"),
        ("IPC", "A23L 1/00"),
        ("IPC", "C07C"),
    ]


def test_a_semicolon_inside_a_name_is_one_person_and_between_two_bodies_is_two(records):
    record = records(samples.LENS)[0]

    assert [party.name for party in record.applicants] == [
        "CENTRE NAT RECH SCIENT",
        "KRESS ROBERT W.",
        "VERRES SA",
        "FOURS SA",
    ]
    assert [(item.code, item.value) for item in record.findings] == [
        ("semicolon_in_name", "KRESS; ROBERT W."),
        ("joined_parties", "VERRES SA ; FOURS SA"),
    ]


def test_espacenet_parties_of_one_cell_are_parted_on_lines_and_after_countries(records):
    first, second = records(samples.ESPACENET)

    assert [(party.name, party.country) for party in first.applicants] == [("KIM JUN", "KR"), ("TOP ENG CO LTD", "KR")]
    assert [(party.name, party.country) for party in second.inventors] == [("ROE", "FR"), ("DOE", "FR")]
    assert [party.name for party in second.applicants] == ["VERRES INVENTES", "DOE"]
    assert [item.symbol for item in first.classifications] == ["G02B 3/12", "G02B 26/005", "G02B 3/14"]
    assert (first.line, second.line, first.family_id) == (4, 7, "38345342")
    assert "application" in first.missing


def test_patentscope_days_numbers_and_odd_priorities_are_read_or_noted(records):
    first, second, third, fourth = records(samples.PATENTSCOPE)

    assert (first.key, first.publication.on, first.applicants) == ("US2009208610", date(2009, 8, 21), ())
    assert [str(claim.number) for claim in first.priorities] == ["ES200402236UA"]
    assert [str(claim.number) for claim in second.priorities] == ["US22516600P", "EP12173640A"]
    assert [(item.code, item.value) for item in second.findings] == [
        ("wrong_priority", "odd"),
        ("wrong_class", "A21D 13/"),
    ]
    assert (third.key, third.titles[0].text) == ("MXPA05008192A", "Cost per Action")
    assert fourth.publication.number.country == "KR"


def test_a_list_in_windows_letters_is_read_and_noted(records):
    (record, _second) = records(samples.LENS.replace("Oven", "Four à pain").encode("cp1252"))

    assert record.titles[0].text == "Four à pain"
    assert record.findings[0].code == "not_utf8"


def test_a_row_with_fewer_cells_than_columns_is_read_and_noted(records):
    short, long = records(samples.LENS_HEADER + "US,A1\n\n,,\n" + "US,A1,US 2013/0101709 A1" + "," * 11 + ",more\n")

    assert [(item.code, item.value, item.detail) for item in short.findings] == [
        ("wrong_width", "US | A1", "2/14"),
        ("wrong_number", "", ""),
        ("no_number", "US | A1", ""),
    ]
    assert (short.line, long.line) == (2, 5)
    assert (long.key, [(item.code, item.detail) for item in long.findings]) == (
        "US2013101709A1", [("wrong_width", "15/14")],
    )  # fmt: skip


def test_a_lens_number_may_lack_its_kind_and_odd_numbers_are_noted(records):
    row = 'US,A1,US 2013/0101709,1,2013-04-25,odd,,1234;;US 7 P 20111024,Oven,"A B",,many,,\n'
    (record,) = records(samples.LENS_HEADER + row)

    assert (record.key, record.publication.original) == ("US2013101709A1", "US 2013/0101709")
    assert (record.application, record.family_size) == (None, None)
    assert [str(claim.number) for claim in record.priorities] == ["US7P"]
    assert [(item.code, item.path, item.value) for item in record.findings] == [
        ("wrong_number", "Application Number", "odd"),
        ("wrong_priority", "Priority Numbers", "1234"),
    ]


def test_an_espacenet_row_without_priority_notes_none(records):
    first, _second = records(samples.ESPACENET.replace('"2006-02-06"', '""'))

    assert first.findings == ()


def test_a_list_in_wide_letters_is_read(records):
    wide = samples.LENS.replace("Oven", "Four à pain").encode("utf-16")

    assert records(wide)[0].titles[0].text == "Four à pain"


def test_a_header_whose_quotation_is_not_closed_is_refused(records):
    with pytest.raises(PatentFileError) as refused:
        records('"' + samples.LENS_HEADER)

    assert (refused.value.code, refused.value.line) == ("wrong_csv", 1)


def test_an_unclosed_quotation_is_refused_with_its_line(records):
    with pytest.raises(PatentFileError) as refused:
        records(samples.ESPACENET + '"3";"LENTILLE')

    assert (refused.value.code, refused.value.line) == ("wrong_csv", 8)
