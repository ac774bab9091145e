"""How long a result list is, told without reading it."""

import gzip

from motrice.engines.patentfiles import list_length
from tests.engines.patentfiles import samples

ROW = 'FR,A1,FR 3090000 A1,000-1,2020-01-17,FR 1800000 A,2018-07-12,,Title,"Société inventée",,1,,A01B1/00\n'
LIST = (samples.LENS_HEADER + ROW * 3).encode()


def test_a_list_is_as_long_as_its_lines_packed_or_not(tmp_path):
    plain, packed = tmp_path / "lens.csv", tmp_path / "lens.csv.gz"
    plain.write_bytes(LIST)
    packed.write_bytes(gzip.compress(LIST))

    assert (list_length(plain), list_length(packed)) == (4, 4)


def test_other_files_are_no_lists_and_a_damaged_one_has_no_more_than_what_can_be_read(tmp_path):
    xml, cut = tmp_path / "family.xml", tmp_path / "cut.csv.gz"
    xml.write_text(samples.family(samples.family_member("1", "A1", "20200115", "2", "20190710", country="EP")))
    cut.write_bytes(gzip.compress(LIST)[:-12])

    assert list_length(xml) is None
    assert list_length(cut) in range(5)
