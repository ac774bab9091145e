# ruff: noqa: E501 - what an office writes on one line stays on one
"""The many forms of DOCDB and OPS: numbers of priorities, parties, classes and citations that stand otherwise."""

from datetime import date

import pytest

from motrice.engines.patentfiles.exchange import of_epodoc

HEAD = '<exchange-document country="FR" doc-number="3083001" kind="B1" date-publ="20210402"{0}>'


def document(inside, head=""):
    """A document of DOCDB that says little else."""
    return f"{HEAD.format(head)}<bibliographic-data>{inside}</bibliographic-data></exchange-document>"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("WO1998US16128", "US9816128W"),
        ("NL19981010536", "NL1010536A"),
        ("US19980083597", "US8359798A"),
        ("US201314010101", "US201314010101A"),
        ("FR20180056001", "FR1856001A"),
        ("GB20030020567", "GB0320567A"),
        ("EP20190900001", "EP00900001A"),
        ("JP20080148514", "JP2008148514A"),
        ("JP19990097727", "JP9772799A"),
        ("DE200610031298", "DE102006031298A"),
        ("KR20040012345", "KR20040012345A"),
        ("CH12345", "CH12345A"),
        ("DE12345678", "DE12345678A"),
        ("XXABC", "XXABC"),
    ],
)
def test_epodoc_numbers_are_turned_into_those_of_docdb(written, number):
    assert str(of_epodoc(written)) == number


@pytest.mark.parametrize("written", ["", "FR"])
def test_an_epodoc_number_without_digits_is_none(written):
    assert of_epodoc(written) is None


def test_a_document_without_number_is_read_without_publication_or_application(records):
    (record,) = records("<exchange-document><bibliographic-data/></exchange-document>")

    assert (record.publication, record.application, record.is_grant) == (None, None, False)
    assert record.missing[:4] == ("publication", "publication_date", "application", "filing_date")


def test_a_document_of_docdb_has_the_number_and_day_of_its_own_attributes(records):
    (record,) = records(document("", ' date-of-last-exchange="20210408"'))

    assert (record.source, record.key, record.publication.on) == ("docdb", "FR3083001B1", date(2021, 4, 2))
    assert (record.is_grant, record.granted_on) == (True, date(2021, 4, 2))


def test_an_application_in_a_form_of_the_office_alone_has_no_number(records):
    identity = '<application-reference data-format="original"><document-id><doc-number>18/56001</doc-number>'
    (record,) = records(document(f"{identity}</document-id></application-reference>"))

    assert record.application is None


def test_a_priority_that_only_its_office_numbers_is_noted_and_one_that_was_turned_is_too(records):
    claim = '<priority-claim sequence="{0}" data-format="{1}"><document-id><doc-number>{2}</doc-number></document-id></priority-claim>'
    claims = claim.format("1", "original", "odd 12") + claim.format("x", "epodoc", "NL19981010536")
    (record,) = records(document(f"<priority-claims>{claims}</priority-claims>"))

    assert [(str(claim.number), claim.sequence) for claim in record.priorities] == [("NL1010536A", 0)]
    assert [(item.code, item.value, item.detail) for item in record.findings] == [
        ("no_number", "odd 12", ""),
        ("converted_number", "NL19981010536", "NL1010536A"),
    ]


def test_designated_states_are_kept_and_an_unknown_code_is_noted(records):
    region = "<designation-of-states><designation-epc><contracting-states>{0}</contracting-states></designation-epc></designation-of-states>"
    (record,) = records(document(region.format("<country>FR</country><country>QQ</country><country>FR</country>")))

    assert record.designated == ("FR", "QQ")
    assert [(item.code, item.value) for item in record.findings] == [("unknown_country", "QQ")]


def test_an_empty_abstract_and_a_party_without_name_are_left_out(records):
    party = '<parties><applicants><applicant sequence="1" data-format="docdb"/></applicants></parties>'
    (record,) = records(document(f'{party}<abstract lang="en"> </abstract><abstract lang="FR">Verre.</abstract>'))

    assert record.parties == ()
    assert [(text.language, text.text) for text in record.abstracts] == [("fr", "Verre.")]


def test_classes_of_before_2006_are_read_where_there_is_no_other(records):
    old = "<classification-ipc><main-classification>H01M4/13</main-classification></classification-ipc>"
    new = "<classifications-ipcr><classification-ipcr><text>C07C  29/44</text></classification-ipcr></classifications-ipcr>"

    assert [item.symbol for item in records(document(old))[0].classifications] == ["H01M 4/13"]
    assert [item.symbol for item in records(document(old + new))[0].classifications] == ["C07C 29/44"]


def test_classes_of_national_schemes_are_left_out_and_a_wrong_symbol_is_noted(records):
    row = '<patent-classification><classification-scheme scheme="{0}"/><classification-symbol>{1}</classification-symbol></patent-classification>'
    rows = row.format("UC", "429/209") + row.format("CPCI", "H01M 4/131") + row.format("CPCI", "nothing")
    (record,) = records(document(f"<patent-classifications>{rows}</patent-classifications>"))

    assert [(item.scheme, item.symbol) for item in record.classifications] == [("CPC", "H01M 4/131")]
    assert [(item.code, item.value) for item in record.findings] == [("wrong_class", "nothing")]


def test_citations_name_a_patent_in_any_form_or_other_literature(records):
    docdb = '<document-id document-id-type="docdb"><country>US</country><doc-number>8000001</doc-number></document-id>'
    glued, odd = (
        "<document-id><doc-number>WO2014114885A1</doc-number></document-id>",
        "<document-id><doc-number>7/A</doc-number></document-id>",
    )
    cited = "".join(f"<patcit>{identity}</patcit>" for identity in (docdb, glued, odd, ""))
    (record,) = records(
        document(
            f'<references-cited><citation cited-phase="SEA">{cited}<nplcit><text>A thesis.</text></nplcit>'
            "<category>X</category></citation></references-cited>"
        )
    )

    assert [str(item.number) for item in record.citations[:3]] == ["US8000001", "WO2014114885A1", "7/A"]
    assert [(item.number, item.text) for item in record.citations[3:]] == [(None, "A thesis.")]
    assert {(item.category, item.phase) for item in record.citations} == {("X", "SEA")}


def test_a_family_member_without_a_document_inside_is_read_from_itself(records):
    member = '<family-member family-id="7"><priority-claim sequence="1" kind="national"><document-id document-id-type="docdb"><country>FR</country><doc-number>1856001</doc-number><kind>A</kind></document-id></priority-claim></family-member>'
    (record,) = records(member)

    assert (record.source, record.family_id, [str(claim.number) for claim in record.priorities]) == (
        "ops", "7", ["FR1856001A"],
    )  # fmt: skip
