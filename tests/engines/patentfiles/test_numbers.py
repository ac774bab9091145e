"""Numbers in DOCDB form from the ways in which they are written."""

from datetime import date

import pytest

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import country_of, is_country, is_grant
from motrice.engines.patentfiles.text import classification, day, parted


@pytest.mark.parametrize(
    ("written", "on", "expected"),
    [
        ("WO2007091771A1", None, "WO2007091771A1"),
        ("WO02020444", date(2002, 3, 14), "WO0220444"),
        ("WO 02/051231 A1", date(2002, 7, 4), "WO02051231A1"),
        ("WO1998/012345 A2", date(1998, 3, 26), "WO9812345A2"),
        ("US 2013/0101709 A1", None, "US2013101709A1"),
        ("US 08927118 B2", None, "US8927118B2"),
        ("USD0435854S1", None, "USD435854S1"),
        ("USRE012345E1", None, "USRE12345E1"),
        ("ep0546210B2", None, "EP0546210B2"),
        ("EP 2 A1", None, "EP0000002A1"),
        ("FR 2973005 A1", None, "FR2973005A1"),
        ("JP S5512345 A", None, "JPS5512345A"),
        ("mxMX/a/2008/013315", None, "MX2008013315A"),
        ("FRFR2973005A1", None, "FR2973005A1"),
    ],
)
def test_publication_numbers(written, on, expected):
    assert str(numbers.whole(written, on)) == expected


@pytest.mark.parametrize("written", ["", "QQ123", "Action Fees and Rebates", "WO"])
def test_what_is_no_publication_number_gives_none(written):
    assert numbers.whole(written) is None


@pytest.mark.parametrize(
    ("country", "written", "on", "expected"),
    [
        ("EP", "01963450.0", None, "EP01963450A"),
        ("US", "13/949,141", date(2013, 7, 23), "US201313949141A"),
        ("US", "09/083,597", date(1998, 5, 22), "US8359798A"),
        ("US", "331477 P", date(2001, 11, 16), "US33147701P"),
        ("US", "61/424,419", date(2010, 12, 17), "US201061424419P"),
        ("US", "61/418,928", date(2010, 12, 2), "US41892810P"),
        ("US", "29116510", date(1999, 1, 6), "US11651099F"),
        ("JP", "2008-148514", date(2008, 6, 5), "JP2008148514A"),
        ("JP", "11-097727", date(1999, 4, 5), "JP9772799A"),
        ("JP", "53/84696", date(1978, 7, 10), "JP8469678A"),
        ("JP", "H10-186098", None, "JP18609898A"),
        ("DE", "102006031298.5", None, "DE102006031298A"),
        ("GB", "0320567.3", None, "GB0320567A"),
        ("FR", "10 51751", None, "FR1051751A"),
        ("WO", "PCT/JP00/02182", None, "JP0002182W"),
        ("WO", "WO2015US027322", None, "US2015027322W"),
        ("WO", "PCT/QQ00/02182", None, "WOPCTQQ0002182A"),
        ("FR", "FR1051751", None, "FR1051751A"),
        ("US", "US201313949141", None, "US201313949141A"),
        ("US", "201261424419", None, "US201261424419P"),
        ("JP", "53/84696", None, "JP8469653A"),
        ("JP", "H12-123456", None, "JP2000123456A"),
        ("WO", "PCT/US15/27322", None, "US2015027322W"),
    ],
)
def test_application_numbers(country, written, on, expected):
    assert str(numbers.application(country, written, "", on)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20000517", date(2000, 5, 17)),
        ("2000-05-17T04:00:00Z", date(2000, 5, 17)),
        ("21.08.2009", date(2009, 8, 21)),
        ("25/04/13", date(2013, 4, 25)),
        ("02/05/66", date(1966, 5, 2)),
        ("19990600", None),
        ("0001-01-01", None),
        ("31.02.2009", None),
        ("soon", None),
    ],
)
def test_days(written, expected):
    assert day(written) == expected


def test_a_day_with_its_month_first_is_read_where_it_is_expected():
    assert (day("05-17-2000", american=True), day("2000-05-17", american=True)) == (date(2000, 5, 17),) * 2
    assert day("05-17-2000") is None


def test_parties_of_one_cell_without_countries_are_parted_on_lines_and_empty_ones_left_out():
    assert parted("ROE\n \nDOE") == [("ROE", ""), ("DOE", "")]


@pytest.mark.parametrize(
    ("written", "symbol", "version", "is_first"),
    [
        ("A61K   9/16        20060101AFI20051008RMEP        ", "A61K 9/16", "20060101", True),
        ("B28B   1/    29            A I                    ", "B28B 1/29", "", False),
        ("B65F  17/28        20130101 LA20210830BHEP", "B65F 17/28", "20130101", False),
        (" 7C 07C  29/44   A", "C07C 29/44", "", False),
        ("G06F015/16", "G06F 15/16", "", False),
        ("G01G 1904", "G01G 19/04", "", False),
        ("C07C", "C07C", "", False),
    ],
)
def test_classes(written, symbol, version, is_first):
    found = classification("IPC", written)

    assert (found.symbol, found.version, found.is_first) == (symbol, version, is_first)


def test_codes_of_countries_and_kinds():
    assert (is_country("EP"), is_country("YU"), is_country("QQ")) == (True, True, False)
    assert [country_of(text) for text in ("JPX", "(US)", "japan", "fr", "Atlantis")] == ["JP", "US", "JP", "FR", ""]
    assert [is_grant("EP", "B1"), is_grant("US", "A1"), is_grant("US", "A"), is_grant("CN", "C")] == [
        True,
        False,
        True,
        True,
    ]
