"""Nothing outside a file is opened, nothing in it grows without end."""

import gzip
import io
import zipfile

import pytest

from motrice.engines.patentfiles import PatentFileError, reading
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


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PatentFileError, match=r"absent\.xml"):
        list(read(tmp_path / "absent.xml"))


def test_other_encodings_are_read(records):
    latin = samples.INPI.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    wide = samples.INPI.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    assert records(latin)[0].titles == records(wide)[0].titles == records(samples.INPI)[0].titles


def test_a_document_is_the_same_wherever_its_blocks_are_cut(records, monkeypatch):
    from motrice.engines.patentfiles import xmlnodes

    whole = records("\n".join([samples.european().replace("UDAPI", "A & B"), samples.INPI, samples.OPS_FAMILY]))
    for size in (97, 256, 1021):
        monkeypatch.setattr(xmlnodes, "BLOCK", size)
        cut = records("\n".join([samples.european().replace("UDAPI", "A & B"), samples.INPI, samples.OPS_FAMILY]))
        assert [record.key for record in cut] == [record.key for record in whole]
        assert [record.parties for record in cut] == [record.parties for record in whole]


def test_characters_that_no_database_keeps_are_put_out_or_refused(records):
    portal = '{"patentBag": [{"applicationNumberText": "15120001", "inventionTitle": "A%sB"}]}'
    (record,) = records(portal % "\\u0000")
    (patent,) = records(samples.GREENBOOK.replace("balance", "bal\0ance"))

    assert record.titles[0].text == "A B"
    assert patent.titles[0].text == "Reading bal ance"
    with pytest.raises(PatentFileError) as refused:
        records(portal % "\\ud800")
    assert refused.value.code == "not_json"
