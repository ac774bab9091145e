# ruff: noqa: E501 - what an office writes on one line stays on one
"""The USPTO's older and rarer forms: people, citations, chains of applications, and the service before the portal."""

from datetime import date

import pytest

from motrice.engines.patentfiles import PatentFileError, usptojson
from tests.engines.patentfiles import samples


def grant(inside, after=""):
    """A US grant of today that says little else."""
    return f"<us-patent-grant><us-bibliographic-data-grant>{inside}</us-bibliographic-data-grant>{after}</us-patent-grant>"


def identity(number, country="US", more=""):
    return f"<document-id><country>{country}</country><doc-number>{number}</doc-number>{more}</document-id>"


def test_a_document_without_bibliography_is_noted(records):
    (record,) = records('<us-patent-grant file="US1.XML"><abstract>A lamp.</abstract></us-patent-grant>')

    assert [(item.code, item.value) for item in record.findings] == [("no_bibliography", "US1.XML")]
    assert (record.key, [text.text for text in record.abstracts]) == ("", ["A lamp."])


def test_before_2012_an_applicant_may_be_the_inventor_and_all_people_keep_their_parts(records):
    people = (
        '<parties><applicants><applicant app-type="applicant-inventor"><addressbook><last-name>Kato</last-name>'
        "<first-name>Tomoki</first-name></addressbook><residence><country>JP</country></residence></applicant>"
        '<applicant app-type="applicant"><addressbook/></applicant></applicants>'
        "<agents><agent><addressbook><orgname>Agents Invented</orgname></addressbook></agent></agents></parties>"
        "<assignees><assignee><addressbook><orgname>Lamps Invented Inc.</orgname></addressbook></assignee></assignees>"
    )
    (record,) = records(grant(people))

    assert [(party.role, party.name, party.country) for party in record.parties] == [
        ("applicant", "Kato Tomoki", "JP"),
        ("inventor", "Kato Tomoki", "JP"),
        ("agent", "Agents Invented", ""),
        ("assignee", "Lamps Invented Inc.", ""),
    ]
    assert [item.code for item in record.findings] == ["no_name"]


def test_classes_of_designs_old_patents_and_wrong_symbols(records):
    classes = (
        "<classifications-ipcr><classification-ipcr><section>?</section></classification-ipcr></classifications-ipcr>"
        "<classification-ipc><main-classification>H01J 61/30</main-classification></classification-ipc>"
        "<classification-locarno><main-classification>2605</main-classification></classification-locarno>"
    )
    (record,) = records(grant(classes))

    assert [(item.scheme, item.symbol) for item in record.classifications] == [("IPC", "H01J 61/30"), ("LOC", "2605")]
    assert [item.code for item in record.findings] == ["wrong_class"]


def test_what_is_cited_is_a_patent_or_a_text(records):
    patent = f"<patcit>{identity('8000001', more='<kind>B2</kind><name>Doe</name>')}</patcit><category>cited by examiner</category>"
    text = "<nplcit><othercit>A thesis.</othercit></nplcit>"
    cited = "".join(f"<us-citation>{each}</us-citation>" for each in (patent, text, ""))
    (record,) = records(grant(f"<us-references-cited>{cited}</us-references-cited>"))

    assert [(str(item.number or ""), item.text, item.category) for item in record.citations] == [
        ("US8000001B2", "Doe", "cited by examiner"),
        ("", "A thesis.", ""),
    ]


def test_a_chain_of_applications_tells_parents_ancestors_provisionals_and_the_international_one(records):
    def relation(kind, parent, child):
        parts = f"<parent-doc>{parent}</parent-doc>" if parent else ""
        return f"<{kind}><relation>{parts}<child-doc>{identity(child)}</child-doc></relation></{kind}>"

    related = (
        f"<us-provisional-application>{identity('61/700,001', more='<date>20120901</date>')}</us-provisional-application>"
        + relation("division", identity("12900001", more="<date>20081017</date>"), "13349001")
        + relation("continuation", identity("PCT/JP2007/000001", "WO"), "12900001")
        + relation("reissue", "", "13349001")
        + relation("division", " ", "13349001")
        + "<related-publication/>"
    )
    (record,) = records(
        grant(
            f"<application-reference>{identity('13349001')}</application-reference>"
            f"<us-related-documents>{related}</us-related-documents>"
            f"<pct-or-regional-filing-data>{identity('PCT/JP2007/000001', 'WO')}</pct-or-regional-filing-data>"
        )
    )

    assert [(link.kind, str(link.number)) for link in record.links] == [
        ("provisional", "US201261700001P"),
        ("division", "US90000108A"),
        ("continuation:ancestor", "JP2007000001W"),
        ("international", "JP2007000001W"),
    ]


def test_an_application_of_2001_names_its_people_and_its_provisional(records):
    head = (
        "<inventors><first-named-inventor><name><family-name>Roe</family-name></name><residence><residence-us><city>Reno"
        "</city></residence-us></residence></first-named-inventor><inventor/></inventors>"
        "<continuity-data><non-provisional-of-provisional><document-id><doc-number>60/100,001</doc-number>"
        "<document-date>20000901</document-date></document-id></non-provisional-of-provisional>"
        "<non-provisional-of-provisional/><continuations><continuation-of><parent-child/></continuation-of></continuations>"
        "</continuity-data>"
    )
    (record,) = records(
        f"<patent-application-publication><subdoc-bibliographic-information>{head}</subdoc-bibliographic-information>"
        "<subdoc-abstract>A lamp.</subdoc-abstract></patent-application-publication>"
    )

    assert [(party.name, party.country, party.city) for party in record.inventors] == [("Roe", "US", "Reno")]
    assert [(link.kind, str(link.number)) for link in record.links] == [("provisional", "US10000100P")]
    assert [text.text for text in record.abstracts] == ["A lamp."]
    assert [item.code for item in record.findings] == ["no_name"]


def test_a_grant_of_2002_tells_its_priority_its_chain_and_what_it_cites(records):
    more = (
        "<B300><B310><PDAT>10-097727</PDAT></B310><B320><DATE><PDAT>19980405</PDAT></DATE></B320><B330><CTRY><PDAT>JP</PDAT></CTRY></B330>"
        "<B330><CTRY><PDAT>JP</PDAT></CTRY></B330><B340/></B300>"
        "<B500><B560><B561><PCIT><DOC><DNUM><PDAT>5000001</PDAT></DNUM><KIND><PDAT>A</PDAT></KIND></DOC><PARTY-US>Doe</PARTY-US></PCIT></B561>"
        "<B562><NCIT>A thesis.</NCIT></B562></B560></B500>"
        "<B600><B630><B631/></B630><B631><PARENT-US><PDOC><DOC><DNUM><PDAT>09/100,001</PDAT></DNUM><DATE><PDAT>19980601</PDAT></DATE></DOC></PDOC></PARENT-US></B631>"
        "<B680US><DOC><DNUM><PDAT>60/100,001</PDAT></DNUM><DATE><PDAT>19971001</PDAT></DATE></DOC></B680US><B680US/></B600>"
        "<B800><B860><B861><DOC><DNUM><PDAT>PCT/JP00/02182</PDAT></DNUM></DOC></B861></B860></B800></SDOBI><SDOAB>A film.</SDOAB>"
    )
    (record,) = records(samples.USPTO_2002.replace("</SDOBI>", more))

    assert [(str(claim.number), claim.on) for claim in record.priorities] == [("JP9772798A", date(1998, 4, 5))]
    assert [(link.kind, str(link.number)) for link in record.links] == [
        ("continuation", "US10000198A"),
        ("provisional", "US10000197P"),
        ("international", "JP0002182W"),
    ]
    assert [(str(item.number or ""), item.text) for item in record.citations] == [
        ("US5000001A", "Doe"),
        ("", "A thesis."),
    ]
    assert [text.text for text in record.abstracts] == ["A film."]


def test_a_design_of_2002_has_a_class_of_locarno(records):
    design = (
        samples.USPTO_2002.replace("<PDAT>B1<", "<PDAT>S1<")
        .replace("06330001", "D0435854")
        .replace("B32B  302", "26-05")
    )
    (record,) = records(design)

    assert record.key == "USD435854S1"
    assert [(item.scheme, item.symbol) for item in record.classifications] == [("LOC", "26-05")]


def test_an_unreadable_class_of_2002_is_noted(records):
    (record,) = records(samples.USPTO_2002.replace("B32B  302", "none"))

    assert [(item.code, item.path) for item in record.findings] == [("wrong_class", "PATDOC/SDOBI/B500/B510/B511")]


# The text format before 2001


def test_several_greenbook_patents_are_read_with_what_they_cite_and_come_from(records):
    more = (
        "UREF\nPNO  4000001\nNAM  Doe\nFREF\nPNO  2000001\nCNT  GBX\nRLAP\nCOD  71\nAPN  1000019\nAPD  19790601\n"
        "RLAP\nCOD  93\nAPN  1000027\nABST\nPAL  A balance\n     that reads.\nPCTA\nPCN  odd\nPRIR\n     continues nothing\nCNT  QQX\nAPN  12\n"
    )
    first, second = records(samples.GREENBOOK + more + samples.GREENBOOK.replace("043470010", "D02500019"))

    assert (first.key, second.key) == ("US4347001A", "USD250001S")
    assert [(str(item.number), item.text) for item in first.citations] == [("US4000001", "Doe"), ("GB2000001", "")]
    assert [(link.kind, str(link.number)) for link in first.links] == [
        ("international", "JP7900178W"),
        ("continuation", "US10000179A"),
        ("us-93", "US00100002A"),
    ]
    assert [text.text for text in first.abstracts] == ["A balance that reads."]
    assert [(item.code, item.path, item.value) for item in first.findings] == [("unknown_country", "PRIR/CNT", "QQX")]
    assert second.findings == ()


@pytest.mark.parametrize("text", ["PATN with words\nWKU  1\n", "INVT\nNAM  Yano\nPATN\nWKU  1\n"])
def test_a_text_that_does_not_begin_with_its_patent_is_refused(records, text):
    with pytest.raises(PatentFileError) as refused:
        records(text, "old.txt")

    assert (refused.value.code, refused.value.where, refused.value.line) == ("not_greenbook", "old.txt", 1)


# Answers in JSON


def portal(**row):
    return {"patentBag": [row]}


def test_an_answer_about_one_aspect_finds_its_application_in_its_links(records):
    parent = {"parentApplicationNumberText": "14000001", "childApplicationNumberText": "15120001"}
    (record,) = records(portal(continuityBag={"parentContinuityBag": [parent]}))
    (without,) = records(portal(continuityBag={"childContinuityBag": []}))

    assert record.application.original == "15120001"
    assert without.application is None


def test_a_grant_of_the_portal_and_a_number_that_is_none(records):
    (granted,) = records(portal(patentNumber="9900001", patentTermAdjustmentData={"grantDate": "2018-02-20"}))
    (early,) = records(portal(earliestPublicationNumber="soon"))

    assert (granted.key, granted.is_grant, granted.granted_on) == ("US9900001", True, date(2018, 2, 20))
    assert early.publication is None
    assert [(item.code, item.path, item.value) for item in early.findings] == [
        ("wrong_number", "patentBag[0].earliestPublicationNumber", "soon")
    ]


def test_a_priority_of_an_unknown_country_is_kept_and_noted_with_its_place(records):
    (record,) = records(portal(foreignPriorityBag=[{"ipOfficeName": "ATLANTIS", "applicationNumberText": "12-7"}]))

    assert [claim.original for claim in record.priorities] == ["12-7"]
    assert [(item.path, item.value) for item in record.findings] == [
        ("patentBag[0].foreignPriorityBag[0].countryName", "ATLANTIS")
    ]


def test_an_answer_with_other_things_where_lists_are_expected_is_read_for_the_rest(records):
    row = {
        "applicationNumberText": "15120001", "applicationMetaData": None, "cpcClassificationBag": "A61B13/00",
        "continuityBag": [1], "patentTermAdjustmentData": [], "assignmentBag": [{"assigneeBag": [{"assigneeAddress": "Reno"}]}],
    }  # fmt: skip
    first, second = records({"patentBag": ["text", row, {"applicationNumberText": "15120002"}]})

    assert (first.line, first.application.original, first.classifications, first.findings) == (2, "15120001", (), ())
    assert (second.line, second.application.original) == (3, "15120002")


PEDS = {
    "applId": "10620001", "appFilingDate": "2003-07-28T00:00:00Z", "patentTitle": "STORAGE",
    "appEarlyPubNumber": "US20040073746A1", "appEarlyPubDate": "2004-04-15",
    "inventors": [{"nameLineOne": "DOE", "nameLineTwo": "JANE", "country": "(US)", "city": "RENO, "}],
    "parentContinuity": [
        {"claimApplicationNumberText": "60/400,001", "filingDate": "08-01-2002", "applicationStatusDescription": "Claims Priority from Provisional"},
        {"claimApplicationNumberText": "PCT/US02/00001", "applicationStatusDescription": "is a Continuation of"},
    ],
    "childContinuity": [{"claimApplicationNumberText": "11/100,001", "filingDate": "01-03-2005", "applicationStatusDescription": "is a Division of"}],
    "transactions": [{"code": "WPIR", "recordDate": "2005-01-03", "description": "Issue  Notification"}],
    "assignments": [
        {
            "reelNumber": "18247", "frameNumber": "405", "recordedDate": "09-14-2006", "converyanceName": "MERGER",
            "assignors": [{"assignorName": "OLD DATA INC."}], "assignee": [{"assigneeName": "NEW DATA LLC"}],
        }
    ],
}  # fmt: skip


def peds(*rows):
    return {"queryResults": {"searchResponse": {"response": {"docs": list(rows)}}}}


def test_an_answer_of_the_former_service_is_read_in_its_own_days(records):
    (record,) = records(peds("text", PEDS))

    assert (record.source, record.line, record.key) == ("uspto-peds", 2, "US2004073746A1")
    assert (str(record.application.number), record.application.on) == ("US62000103A", date(2003, 7, 28))
    assert [(party.name, party.country, party.city) for party in record.inventors] == [("DOE JANE", "US", "RENO")]
    assert [(link.kind, str(link.number), link.on, link.is_parent) for link in record.links] == [
        ("provisional", "US40000102P", date(2002, 8, 1), True),
        ("continuation", "US0200001W", None, True),
        ("division", "US10000105A", date(2005, 1, 3), False),
    ]
    assert [(event.code, event.description, event.on) for event in record.events] == [
        ("WPIR", "Issue Notification", date(2005, 1, 3))
    ]
    (entry,) = record.entries
    assert (entry.number, entry.nature, entry.on) == ("18247/405", "MERGER", date(2006, 9, 14))
    assert [party.name for party in (*entry.givers, *entry.takers)] == ["OLD DATA INC.", "NEW DATA LLC"]


def test_a_grant_of_the_former_service_and_a_row_that_says_nothing(records):
    granted, empty = records(peds(PEDS | {"patentNumber": "7000001", "patentIssueDate": "2006-02-14"}, {}))

    assert (granted.key, granted.is_grant, granted.granted_on) == ("US7000001", True, date(2006, 2, 14))
    assert (empty.publication, empty.application) == (None, None)


@pytest.mark.parametrize("answer", ["[]", '{"queryResults": null}', '{"queryResults": {"searchResponse": []}}'])
def test_an_answer_without_patents_is_refused(records, answer):
    with pytest.raises(PatentFileError) as refused:
        records(answer)

    assert refused.value.code == "no_patents"


def test_an_answer_that_is_too_long_or_in_other_letters_is_refused(records, monkeypatch):
    with pytest.raises(PatentFileError, match="not UTF-8"):
        records('{"patentBag": ["Électrode"]}'.encode("latin-1"))
    monkeypatch.setattr(usptojson, "LARGEST", 10)
    with pytest.raises(PatentFileError) as refused:
        records(samples.PORTAL)

    assert refused.value.code == "too_long"


def test_a_recorded_transfer_of_no_title_is_noted(records):
    (record,) = records('<doc><str name="displayId">018247-0405</str></doc>')

    assert [(item.code, item.value) for item in record.findings] == [("no_number", "018247-0405")]
    assert record.entries[0].documents == ()
