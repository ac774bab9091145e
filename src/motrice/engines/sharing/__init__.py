"""An amount of money in parts, exact to the cent: one rounding rule for fees, costs and income alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def split(amount: Decimal, parts: Sequence[tuple[K, Fraction]]) -> list[tuple[K, Decimal]]:
    """An amount in parts of whole cents that sum to it; raises `ValueError` when the shares exceed one.

    The rule (largest remainders): each part is its exact share cut to the cent below; the cents left over go one each
    to the parts that lost most by the cut, the first in order where two lost as much. Shares that sum to less than one
    share out that much of the amount. What is below zero, such as income paid back, is the mirror of what is above.
    """
    total = sum((share for _key, share in parts), Fraction(0))
    if total > 1:
        raise ValueError(f"The shares sum to {total}, more than one.")
    if any(share < 0 for _key, share in parts):
        raise ValueError("No share is below zero.")
    cents = int((amount * 100).to_integral_value())
    sign = -1 if cents < 0 else 1
    exact = [abs(cents) * share for _key, share in parts]
    whole = [int(value) for value in exact]
    missing = int(abs(cents) * total) - sum(whole)
    order = sorted(range(len(parts)), key=lambda index: (whole[index] - exact[index], index))
    for index in order[:missing]:
        whole[index] += 1
    return [(key, Decimal(sign * value) / 100) for (key, _share), value in zip(parts, whole, strict=True)]
