"""Counts the titles of applicants as an office's yearly ranking does: by publication or by filing, whole or in parts.

Every number comes with exactly the titles behind it. An applicant is any hashable key; a title names each of its
applicants once, whatever was printed twice.
"""

from __future__ import annotations

from motrice.engines.titles.counting import (
    FRACTIONAL,
    WHOLE,
    Basis,
    Count,
    Ranked,
    Title,
    counted_in,
    pairs,
    ranked,
    tally,
)
from motrice.engines.titles.expecting import Expected, expected_in, published_by
from motrice.engines.titles.gaps import Gap, Listed, Reason, compare

__all__ = [
    "FRACTIONAL",
    "WHOLE",
    "Basis",
    "Count",
    "Expected",
    "Gap",
    "Listed",
    "Ranked",
    "Reason",
    "Title",
    "compare",
    "counted_in",
    "expected_in",
    "pairs",
    "published_by",
    "ranked",
    "tally",
]
