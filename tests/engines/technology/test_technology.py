"""Classes as they are written anywhere, prefixes, and fields by the longest prefix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.technology import Concordance, plain_prefix, plain_symbol

TABLE = Concordance({"H04N": 2, "H04N 1/": 3, "H04N 21/": 4, "G01N": 10, "G01N 33/": 11, "A61K": 16, "A61K 8/": 14})


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("A61K31/00", "A61K 31/00"),
        ("A61K  31/00", "A61K 31/00"),
        ("a61k 31/00 (2006.01)", "A61K 31/00"),
        ("A61K0031000000", "A61K 31/00"),
        ("H01M0010052500", "H01M 10/0525"),
        ("A61K   8/97        20170101AFI", "A61K 8/97"),
        ("H04L 9", "H04L 9"),
        ("Nice 9", "NICE 9"),
    ],
)
def test_a_class_is_read_from_each_of_its_spellings(written, plain):
    assert plain_symbol(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("b22f", "B22F"), ("H01M 10", "H01M 10/"), ("H01M10/", "H01M 10/"), ("H01M 10/05", "H01M 10/05"),
        ("A61", "A61"), ("H", "H"), ("robotics", ""), ("H01M 10/05 and more", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_prefix_is_read_and_a_whole_group_is_closed(written, plain):
    assert plain_prefix(written) == plain


def test_a_group_does_not_take_a_longer_number_along():
    assert "H01M 10/52".startswith(plain_prefix("H01M 10"))
    assert not "H01M 100/52".startswith(plain_prefix("H01M 10"))


def test_the_longest_prefix_decides():
    found = [TABLE.field_of(symbol) for symbol in ("H04N 5/00", "H04N 1/00", "H04N 21/23", "G01N 33/50", "A61K8/97")]

    assert found == [2, 3, 4, 11, 14]


def test_a_class_newer_than_the_concordance_has_no_field():
    assert TABLE.field_of("G06V 10/82") is None
    assert TABLE.fields_of(["G06V 10/82", "G01N 33/50", "G01N 21/00", "G01N 33/68"]) == (11, 10)


@given(st.dictionaries(st.text("AB1/ ", max_size=5), st.integers(1, 35), max_size=12), st.text("AB1/ ", max_size=7))
def test_the_field_is_that_of_the_longest_prefix_whatever_the_table(table, symbol):
    fitting = [prefix for prefix in table if prefix and plain_symbol(symbol).startswith(prefix)]
    expected = table[max(fitting, key=len)] if fitting else None

    assert Concordance(table).field_of(symbol) == expected
