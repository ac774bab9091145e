"""Nothing outside a file is opened, nothing in it grows without end."""

import gzip
import io
import zipfile

import pytest

from motrice.engines.patentfiles import PatentFileError, reading, xmlnodes
from motrice.engines.patentfiles.reading import read
from tests.engines.patentfiles import samples

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>'


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, PARAMETER])
def test_a_file_that_declares_entities_is_refused(records, head):
    with pytest.raises(PatentFileError) as refused:
        records(f"{head}<exchange-document>&a;</exchange-document>")

    assert (refused.value.code, refused.value.line) == ("unsafe_entity", 1)


def test_a_named_dtd_is_not_fetched_and_pictures_may_be_declared(records):
    (record,) = records(samples.USPTO_2002)

    assert record.key == "US6330001B1"


def test_elements_nested_without_end_are_refused(records):
    with pytest.raises(PatentFileError) as refused:
        records("<exchange-document>" * 1000)

    assert refused.value.code == "too_deep"


def test_packed_and_nested_archives_are_read(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("FR_2021/doc.xml", samples.INPI)
        archive.writestr("readme.pdf", "no")
    with zipfile.ZipFile(tmp_path / "year.zip", "w") as archive:
        archive.writestr("week1.zip", inner.getvalue())
        archive.writestr("week2.xml.gz", gzip.compress(samples.european().encode()))

    assert [record.key for record in read(tmp_path / "year.zip")] == ["FR3083001B1", "EP9000001B1"]


def test_a_bomb_is_refused_before_it_fills_the_disk(records, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1_000_000)
    head = samples.european().encode()
    with pytest.raises(PatentFileError) as refused:
        records(gzip.compress(head.replace(b"</SDOBI>", b" " * 3_000_000 + b"</SDOBI>")))

    assert refused.value.code == "too_long"


def test_a_damaged_archive_is_refused(records):
    with pytest.raises(PatentFileError) as refused:
        records(gzip.compress(samples.INPI.encode())[:400])

    assert refused.value.code == "damaged"


def zipped(*members):
    """A zip archive of names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_archives_too_deep_in_one_another_are_refused(records):
    deep = samples.INPI
    for _level in range(4):
        deep = zipped(("a/inner.zip", deep))

    with pytest.raises(PatentFileError) as refused:
        records(deep)
    assert refused.value.code == "too_deep"


def test_an_archive_without_a_file_to_read_is_refused_with_its_name(records):
    with pytest.raises(PatentFileError) as refused:
        records(zipped(("folder.xml/", ""), ("readme.pdf", "no")), "week.zip")

    assert (refused.value.code, refused.value.where) == ("empty", "week.zip")


def test_a_locked_archive_is_refused(records):
    locked = bytearray(zipped(("doc.xml", samples.INPI)))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flag] |= 1

    with pytest.raises(PatentFileError) as refused:
        records(bytes(locked))
    assert refused.value.code == "locked"


def test_a_document_longer_than_any_patent_is_refused(records, monkeypatch):
    monkeypatch.setattr(xmlnodes, "LONGEST_RECORD", 500)

    with pytest.raises(PatentFileError) as refused:
        records(samples.european(text=f"<description>{'glass ' * 100}</description>"))
    assert refused.value.code == "too_long"


def test_a_name_of_the_declarations_that_stands_for_nothing_is_passed_over(records):
    (record,) = records(f"<?xml version='1.0'?><!DOCTYPE x [ %latin; ]>{samples.DOCDB_FRAGMENT.replace('exch:', '')}")

    assert record.titles[0].text == "Śoljice i kočije – izum"


def test_elements_that_do_not_close_one_another_are_refused_with_their_line(records):
    with pytest.raises(PatentFileError, match="mismatched tag") as refused:
        records("<?xml version='1.0'?>\n<exchange-document><a>\n</b></exchange-document>")

    assert (refused.value.code, refused.value.line) == ("not_xml", 3)


def test_what_follows_a_text_that_is_not_xml_is_passed_over_until_the_next_document(records, monkeypatch):
    monkeypatch.setattr(xmlnodes, "BLOCK", 256)
    broken = samples.european(text=f"<description><1>{'glass ' * 200}</description>")

    first, second = records(broken + samples.INPI)
    assert (first.key, second.key) == ("EP9000001B1", "FR3083001B1")
    assert [item.code for item in first.findings] == ["unreadable_text"]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PatentFileError, match=r"absent\.xml"):
        list(read(tmp_path / "absent.xml"))


def test_other_encodings_are_read(records):
    latin = samples.INPI.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    wide = samples.INPI.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    assert records(latin)[0].titles == records(wide)[0].titles == records(samples.INPI)[0].titles


def test_a_document_is_the_same_wherever_its_blocks_are_cut(records, monkeypatch):
    whole = records("\n".join([samples.european().replace("UDAPI", "A & B"), samples.INPI, samples.OPS_FAMILY]))
    for size in (97, 256, 1021):
        monkeypatch.setattr(xmlnodes, "BLOCK", size)
        cut = records("\n".join([samples.european().replace("UDAPI", "A & B"), samples.INPI, samples.OPS_FAMILY]))
        assert [record.key for record in cut] == [record.key for record in whole]
        assert [record.parties for record in cut] == [record.parties for record in whole]


def test_a_document_that_begins_where_a_block_does_is_read(records, monkeypatch):
    first = samples.european() + "\n" * 10
    monkeypatch.setattr(xmlnodes, "BLOCK", len(first.encode()))

    assert [record.key for record in records(first + samples.INPI)] == ["EP9000001B1", "FR3083001B1"]


def test_characters_that_no_database_keeps_are_put_out_or_refused(records):
    portal = '{"patentBag": [{"applicationNumberText": "15120001", "inventionTitle": "A%sB"}]}'
    (record,) = records(portal % "\\u0000")
    (patent,) = records(samples.GREENBOOK.replace("balance", "bal\0ance"))

    assert record.titles[0].text == "A B"
    assert patent.titles[0].text == "Reading bal ance"
    with pytest.raises(PatentFileError) as refused:
        records(portal % "\\ud800")
    assert refused.value.code == "not_json"
