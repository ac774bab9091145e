# ruff: noqa: E501 - what an office writes on one line stays on one
"""The EPO's publication server, the USPTO's generations, INPI."""

import io
from datetime import date

import pytest

from motrice.engines.patentfiles import PatentFileError, read_stream
from tests.engines.patentfiles import samples

VERSIONS = ("1-0", "1-01", "1-1", "1-2", "1-3", "1-4", "1-5", "1-5-1")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_the_european_format_is_known(records, version):
    (record,) = records(samples.european(version))

    assert record.findings == ()
    assert record.key == "EP9000001B1"


def test_a_european_grant_gives_its_bibliography(records):
    (record,) = records(samples.european())

    assert (str(record.application.number), record.application.on) == ("EP19900001A", date(2019, 7, 10))
    assert [(str(claim.number), claim.on) for claim in record.priorities] == [
        ("FR1856001A", date(2018, 7, 12)),
        ("US201862700001P", date(2018, 9, 1)),
    ]
    assert (record.is_grant, record.granted_on) == (True, date(2022, 1, 12))
    assert [(title.language, title.text) for title in record.titles] == [("de", "ELEKTRODE"), ("fr", "ÉLECTRODE")]
    assert [(party.role, party.name, party.country) for party in record.applicants] == [
        ("proprietor", "Université des verres inventée", "FR")
    ]
    assert record.designated == ("DE", "FR")
    assert [(link.kind, str(link.number)) for link in record.links] == [
        ("division", "EP18748586A"),
        ("international", "EP2019068001W"),
        ("international-publication", "WO0220444"),
    ]
    assert [str(item.number) for item in record.citations] == ["WO2014114885A1"]
    assert (record.classifications[0].symbol, record.classifications[0].is_first) == ("H01M 4/13", True)


def test_an_unknown_version_is_read_and_noted(records):
    (record,) = records(samples.european("2-0"))

    assert [(item.code, item.value) for item in record.findings] == [("unknown_version", "ep-patent-document-v2-0")]


def test_a_lone_ampersand_is_read_and_noted(records):
    (record,) = records(samples.european().replace("UDAPI rue", "UDAPI & rue"))

    assert [(item.code, item.line) for item in record.findings] == [("bare_ampersand", 12)]
    assert record.applicants[0].city == "Brest"


def test_a_bibliography_survives_a_text_that_is_not_xml(records):
    (record,) = records(samples.european(text="<description><heading><First Embodiment></heading></description>"))

    assert record.key == "EP9000001B1"
    assert [(item.code, item.path) for item in record.findings] == [
        ("unreadable_text", "ep-patent-document/description/heading")
    ]


def test_a_european_document_with_every_other_field_gives_them_or_notes_them(records):
    text = samples.european(
        extra="<B860><B861><dnum><anum>odd</anum></dnum></B861></B860><B860/><B870><B871><dnum><pnum>odd</pnum></dnum></B871></B870>",
        text='<abstract lang="FR">Une électrode.</abstract><abstract lang="en"> </abstract>',
    )
    for before, after in (
        ("</B510EP>", "</B510EP><B510><B511>H01M 4/13</B511></B510><B520EP><classifications-cpc><classification-cpc>"
                      "<text>H01M 4/131</text></classification-cpc></classifications-cpc></B520EP>"),
        ("<B541>fr</B541>", "<B543/><B541>fr</B541>"),
        ("<B330><ctry>US</ctry></B330>", "<B330><ctry>US</ctry></B330><B330><ctry>US</ctry></B330><B340/>"),
        ("</B560>", "<B561>US 2013/0101709 A1</B561><B562><text>A thesis.</text></B562></B560>"),
        ("</B700>", "<B740><B741><iid>1</iid></B741></B740><B780><B781><snm>Roe</snm><date>20221001</date></B781></B780></B700>"),
        ("</B620>", "</B620><B620EP><parent><cdoc/></parent></B620EP>"),
    ):  # fmt: skip
        assert before in text
        text = text.replace(before, after)
    (record,) = records(text)

    assert [(item.language, item.text) for item in record.abstracts] == [("fr", "Une électrode.")]
    assert [(item.scheme, item.symbol) for item in record.classifications] == [
        ("IPC", "H01M 4/13"), ("IPC", "H01M 4/13"), ("CPC", "H01M 4/131"),
    ]  # fmt: skip
    assert [str(claim.number) for claim in record.priorities] == ["FR1856001A", "US201862700001P"]
    assert [(str(item.number or ""), item.text) for item in record.citations[1:]] == [
        ("US2013101709A1", "US 2013/0101709 A1"), ("", "A thesis."),
    ]  # fmt: skip
    assert [(event.code, event.on, event.text) for event in record.events] == [("26", date(2022, 10, 1), "Roe")]
    assert [link.kind for link in record.links] == ["division", "international", "international-publication"]
    assert [(item.code, item.value) for item in record.findings] == [("no_name", "1"), ("wrong_number", "odd")]


def test_a_european_document_without_bibliography_or_filing_says_so(records):
    (record,) = records('<ep-patent-document id="E1" dtd-version="ep-patent-document-v1-5"/>')

    assert [(item.code, item.value) for item in record.findings] == [("no_bibliography", "E1")]
    assert (record.publication, record.application) == (None, None)


def test_a_us_grant_of_today_gives_its_parent_and_its_numbers(records):
    (record,) = records(samples.USPTO_GRANT)

    assert (record.key, str(record.application.number)) == ("US8900118B2", "US201213349001A")
    assert [str(claim.number) for claim in record.priorities] == ["JP2008148514A"]
    assert [(link.kind, str(link.number)) for link in record.links] == [("continuation", "US90000108A")]
    assert [party.name for party in record.inventors] == ["Kato Tomoki"]
    assert record.missing == ()


def test_a_us_grant_of_2002_gives_its_class_by_places_and_its_greek_letters(records):
    (record,) = records(samples.USPTO_2002)

    assert (record.key, str(record.application.number)) == ("US6330001B1", "US41300199A")
    assert record.classifications[0].symbol == "B32B 3/02"
    assert record.titles[0].text == "A μm film"
    assert [(party.name, party.country) for party in record.inventors] == [("Strand Per", "NO")]


def test_a_us_application_of_2001_gives_its_japanese_priority_and_its_parent(records):
    (record,) = records(samples.USPTO_2001)

    assert record.key == "US2001000943A1"
    assert [str(claim.number) for claim in record.priorities] == ["JP9772799A"]
    assert [(link.kind, str(link.number)) for link in record.links] == [("continuation", "JP0002182W")]
    assert [party.name for party in record.applicants] == ["Lamps Invented Inc."]


def test_a_greenbook_patent_gives_its_fields_continued_lines_included(records):
    (record,) = records(samples.GREENBOOK)

    assert (record.key, str(record.application.number)) == ("US4347001A", "US19252980A")
    assert record.titles[0].text == "Reading balance"
    assert [str(claim.number) for claim in record.priorities] == ["JP8469678A"]
    assert [(party.name, party.country) for party in record.inventors] == [("Yano Shozo", "JP")]
    assert [str(link.number) for link in record.links] == ["JP7900178W"]
    assert record.classifications[0].symbol == "G01G 19/04"


def test_an_answer_of_the_portal_gives_its_chain_and_transfers(records):
    (record,) = records(samples.PORTAL)

    assert (record.key, str(record.application.number)) == ("US2017070001A1", "US201615120001A")
    assert [(link.kind, str(link.number)) for link in record.links] == [
        ("international", "US2015027322W"),
        ("provisional:ancestor", "US201461983088P"),
    ]
    assert [str(claim.number) for claim in record.priorities] == ["JP2017187096A"]
    assert (record.entries[0].number, record.entries[0].executed_on) == ("047305/0442", date(2018, 9, 23))
    assert [event.code for event in record.events] == ["IEXX"]


def test_a_recorded_transfer_names_all_its_titles(records):
    (record,) = records(samples.ASSIGNMENT)

    entry = record.entries[0]
    assert (entry.number, entry.nature, entry.executed_on) == ("018247-0405", "MERGER", date(2006, 9, 13))
    assert [str(item.number) for item in entry.documents] == [
        "US62000103A",
        "US2004073746",
        "US62000203A",
        "US7000001",
    ]
    assert [(party.name, party.country) for party in entry.takers] == [("NEW DATA LLC", "US")]


def test_inpi_gives_the_state_of_fees_and_the_register(records):
    (record,) = records(samples.INPI)

    assert (record.key, str(record.application.number)) == ("FR3083001B1", "FR1856001A")
    assert (record.fees.last_paid_on, record.fees.last_rank) == (date(2023, 7, 13), 6)
    assert (record.fees.next_due_on, record.fees.next_rank) == (date(2024, 7, 31), 7)
    assert (record.fees.granted_on, record.fees.status) == (date(2021, 4, 2), "EN VIGUEUR")
    assert [(entry.number, entry.code) for entry in record.entries] == [("0300001", "TP")]
    assert [(link.kind, str(link.number)) for link in record.links] == [("division", "FR1655555A")]
    assert [(party.name, party.identifier) for party in record.of_role("applicant")] == [
        ("UNIVERSITE DES VERRES INVENTEE", "356000000"),
        ("VERRERIES DE PERROS SAS", ""),
    ]
    assert [(item.code, item.value) for item in record.findings] == [("wrong_siren", "12")]


def test_inpi_gives_other_titles_citations_and_a_lapse_and_notes_what_is_wrong(records):
    text = samples.INPI
    for before, after in (
        ("</inventors>", '<inventor/></inventors><agents><agent><orgname>Cabinet</orgname></agent></agents>'),
        ("</fr-priority-claims>", "<fr-priority-claim><country>FR</country></fr-priority-claim></fr-priority-claims>"),
        ("</related-documents>", "<division><parent-doc/></division></related-documents>"),
        ('percentile="6"', ""), ('percentile="7"', 'percentile="six"'),
        ("</fr-date-availability>", "<fr-date-lapsed>20240201</fr-date-lapsed></fr-date-availability>"),
        ("</fr-bibliographic-data>", "<fr-references-cited><citation><patcit><document-id><country>US</country><doc-number>"
         "8000001</doc-number></document-id></patcit><category>X</category></citation><citation><nplcit>Thèse.</nplcit></citation>"
         "</fr-references-cited><classifications-ipcr><classification-ipcr><text>H01M   4/13</text></classification-ipcr>"
         "</classifications-ipcr></fr-bibliographic-data><abstract>Une électrode.</abstract>"),
    ):  # fmt: skip
        assert before in text
        text = text.replace(before, after)
    (record,) = records(text)

    assert [text.text for text in record.abstracts] == ["Une électrode."]
    assert [item.symbol for item in record.classifications] == ["H01M 4/13"]
    assert [(str(item.number or ""), item.text, item.category) for item in record.citations] == [
        ("US8000001", "", "X"), ("", "Thèse.", ""),
    ]  # fmt: skip
    assert [party.name for party in record.of_role("agent")] == ["Cabinet"]
    assert (record.fees.last_rank, record.fees.next_rank, record.fees.lapsed_on) == (None, None, date(2024, 2, 1))
    assert [(event.code, event.influence, event.fee_year) for event in record.events] == [
        ("PLFP", "+", None), ("ST", "-", None),
    ]  # fmt: skip
    assert [item.code for item in record.findings] == ["no_number", "wrong_siren", "no_name", "wrong_rank"]


def test_inpi_without_bibliography_or_life_says_so(records):
    (record,) = records('<fr-patent-document id="F1"><fr-patent-life/></fr-patent-document>')
    (bare,) = records('<fr-patent-document id="F2"/>')

    assert [(item.code, item.value) for item in record.findings] == [("no_bibliography", "F1")]
    assert (record.publication, record.application, record.events, record.fees.last_paid_on) == (None, None, (), None)
    assert bare.fees is None


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ("", "empty"),
        ("<html><body>sign in</body></html>", "unknown"),
        ('{"error": "quota"}', "no_patents"),
        ('{"patentBag": [', "not_json"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "unknown"),
        ("a,b\n1,2\n", "no_header"),
        ("Publication Number,Applicants\nEP1,A\n", "missing_columns"),
        ('<ops:world-patent-data xmlns:ops="o"><ops:biblio-search/></ops:world-patent-data>', "other_answer"),
        (samples.OPS_BIBLIO[:2000], "cut"),
    ],
)
def test_a_file_that_is_no_patent_file_is_refused_with_its_name_and_advice(records, sample, code):
    with pytest.raises(PatentFileError) as refused:
        records(sample, "wrong.dat")

    assert refused.value.code == code
    assert refused.value.where == "wrong.dat"
    assert refused.value.advice


def test_a_cut_file_gives_what_came_before_and_says_where_it_ends():
    whole = "\n".join([samples.european(), samples.european(kind="A1"), samples.european()[:900]])
    stream = read_stream(io.BytesIO(whole.encode()), "week.xml")
    assert [next(stream).key, next(stream).key] == ["EP9000001B1", "EP9000001A1"]
    with pytest.raises(PatentFileError, match="ends in the middle") as refused:
        next(stream)

    assert refused.value.line > 30
