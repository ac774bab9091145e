"""An amount in parts of whole cents: the parts sum to it, and the cents left over go where the rule says."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.sharing import split


@given(st.integers(-(10**7), 10**7), st.lists(st.integers(1, 50), min_size=1, max_size=7), st.integers(0, 30))
def test_parts_of_an_amount_sum_to_it(cents, parts, left):
    total = sum(parts) + left
    shares = [(str(number), Fraction(part, total)) for number, part in enumerate(parts)]
    if left:
        shares.append(("", Fraction(left, total)))
    amount = Decimal(cents) / 100

    amounts = split(amount, shares)

    assert sum(part for _owner, part in amounts) == amount
    assert all(
        abs(part - amount * share.numerator / share.denominator) < Decimal("0.01")
        for (_o, part), (_n, share) in zip(amounts, shares, strict=True)
    )


def test_shares_above_one_are_refused():
    with pytest.raises(ValueError, match="more than one"):
        split(Decimal(10), [("A", Fraction(2, 3)), ("B", Fraction(1, 2))])


def test_a_share_below_zero_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        split(Decimal(10), [("A", Fraction(2, 3)), ("B", Fraction(-1, 3))])


def test_the_cent_left_over_goes_to_the_part_that_lost_most_and_then_to_the_first():
    third = Fraction(1, 3)

    assert split(Decimal("100"), [("A", third), ("B", third), ("C", third)]) == [
        ("A", Decimal("33.34")), ("B", Decimal("33.33")), ("C", Decimal("33.33")),
    ]  # fmt: skip
    assert split(Decimal("0.05"), [("A", Fraction(1, 4)), ("B", Fraction(3, 4))]) == [
        ("A", Decimal("0.01")), ("B", Decimal("0.04")),
    ]  # fmt: skip


def test_what_is_paid_back_is_shared_as_it_was_received():
    shares = [("A", Fraction(1, 3)), ("B", Fraction(2, 3))]

    back = split(Decimal("-100.01"), shares)

    assert back == [(key, -part) for key, part in split(Decimal("100.01"), shares)]
