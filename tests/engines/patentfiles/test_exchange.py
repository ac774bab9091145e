"""OPS and DOCDB: the same document in two dresses."""

from datetime import date

from motrice.engines.patentfiles import Number
from tests.engines.patentfiles import samples


def test_a_biblio_answer_gives_all_it_says(records):
    (record,) = records(samples.OPS_BIBLIO)

    assert record.key == "EP9000001A1"
    assert record.publication.on == date(2020, 1, 15)
    assert (record.application.number, record.application.on) == (Number("EP", "19900001", "A"), date(2019, 7, 10))
    assert [(str(claim.number), claim.on, claim.is_active, claim.original) for claim in record.priorities] == [
        ("FR1856001A", date(2018, 7, 12), True, "1856001")
    ]
    assert [(party.name, party.raw, party.country) for party in record.applicants] == [
        ("UNIV DES VERRES INVENTEE", "Université des verres inventée", "FR")
    ]
    assert [(title.language, title.text) for title in record.titles] == [
        ("fr", "Électrode pour accumulateur"),
        ("en", "Electrode for a battery"),
    ]
    assert [(item.scheme, item.symbol) for item in record.classifications] == [
        ("IPC", "H01M 4/13"),
        ("CPC", "H01M 4/131"),
    ]
    assert [(str(item.number), item.category) for item in record.citations] == [("US8000001B2", "X")]
    assert record.missing == ()


def test_a_family_answer_gives_its_members_with_claims_and_what_is_missing(records):
    members = records(samples.OPS_FAMILY)

    assert [str(member.publication.number) for member in members] == [
        "EP9000001A1",
        "EP9000001B1",
        "FR3083001A1",
        "WO2020012001A1",
        "US2021300001A1",
    ]
    assert {member.family_id for member in members} == {"90000001"}
    assert [(str(claim.number), claim.is_active, claim.linkage) for claim in members[4].priorities] == [
        ("FR1856001A", True, ""),
        ("EP2019068001W", False, "W"),
    ]
    assert members[1].is_grant
    assert members[0].missing == ("title", "applicant", "inventor", "class")


def test_legal_events_tell_code_influence_country_and_year(records):
    paid, lapsed = records(samples.OPS_FAMILY)[0].events

    assert (paid.code, paid.influence, paid.country, paid.fee_year) == ("PGFP", "+", "FR", 5)
    assert (paid.on, paid.paid_on) == (date(2023, 8, 16), date(2023, 7, 25))
    assert paid.document == Number("EP", "19900001", "A")
    assert (lapsed.code, lapsed.influence, lapsed.country) == ("PG25", "-", "AT")
    assert lapsed.effective_on == date(2022, 1, 12)


def test_a_fragment_with_an_undeclared_prefix_and_capital_entities_is_read(records):
    (record,) = records(samples.DOCDB_FRAGMENT)

    assert record.titles[0].text == "Śoljice i kočije – izum"
    assert [(party.name, party.raw, party.country) for party in record.applicants] == [
        ("STAKLO D O O", "STAKLO D.O.O.", "YU")
    ]
    assert [str(claim.number) for claim in record.priorities] == ["US9500698P"]


def test_the_same_fragment_without_any_prefix_gives_the_same_record(records):
    bare = samples.DOCDB_FRAGMENT.replace("exch:", "")

    assert records(bare) == records(samples.DOCDB_FRAGMENT)


def test_several_fragments_in_one_file_are_all_read(records):
    assert len(records(samples.DOCDB_FRAGMENT * 3)) == 3


def test_parties_joined_in_one_name_are_taken_apart_and_noted(records):
    joined = samples.DOCDB_FRAGMENT.replace("STAKLO D O O  ", "STAKLO D O O; FABRIKA STAKLA ")
    (record,) = records(joined)

    assert [party.name for party in record.applicants] == ["STAKLO D O O", "FABRIKA STAKLA"]
    assert [item.code for item in record.findings] == ["joined_parties"]


def test_an_unknown_entity_is_kept_and_noted_with_its_place(records):
    (record,) = records(samples.DOCDB_FRAGMENT.replace("&ndash;", "&notaletter;"))

    assert "&notaletter;" in record.titles[0].text
    assert [(item.code, item.value) for item in record.findings] == [("unknown_entity", "&notaletter;")]
    assert record.findings[0].path.endswith("bibliographic-data/invention-title")


def test_wrong_codes_and_days_are_noted_with_path_and_kept(records):
    wrong = samples.DOCDB_FRAGMENT.replace(
        "<country>YU</country><doc-number>1401</doc-number><kind>A</kind><date>2003",
        "<country>QQ</country><doc-number>1401</doc-number><kind>ZZZ</kind><date>2003",
    )
    (record,) = records(wrong)

    assert {(item.code, item.value) for item in record.findings} == {
        ("unknown_country", "QQ"),
        ("unknown_kind", "ZZZ"),
    }
    assert str(record.publication.number) == "QQ1401ZZZ"
