"""What follows from events, shares and levels."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest

from motrice.core.errors import RuleViolation
from motrice.portfolio import rules
from motrice.portfolio.enums import EventKind, FilingStatus


@dataclass(frozen=True)
class Happened:
    kind: str
    occurred_on: date


def happened(*pairs):
    return [Happened(kind, date(2020 + year, 1, 1)) for kind, year in pairs]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], (FilingStatus.PENDING, None, None)),
        ([(EventKind.FILING, 0)], (FilingStatus.PENDING, date(2020, 1, 1), None)),
        (
            [(EventKind.FILING, 0), (EventKind.GRANT, 3)],
            (FilingStatus.GRANTED, date(2023, 1, 1), date(2023, 1, 1)),
        ),
        (
            [(EventKind.FILING, 0), (EventKind.GRANT, 3), (EventKind.OPPOSITION, 4), (EventKind.OPPOSITION_END, 5)],
            (FilingStatus.GRANTED, date(2025, 1, 1), date(2023, 1, 1)),
        ),
        (
            [(EventKind.FILING, 0), (EventKind.GRANT, 3), (EventKind.LAPSE, 4)],
            (FilingStatus.LAPSED, date(2024, 1, 1), date(2023, 1, 1)),
        ),
        (
            [(EventKind.FILING, 0), (EventKind.GRANT, 3), (EventKind.LAPSE, 4), (EventKind.RESTORATION, 5)],
            (FilingStatus.GRANTED, date(2025, 1, 1), date(2023, 1, 1)),
        ),
        (
            [(EventKind.FILING, 0), (EventKind.WITHDRAWAL, 1), (EventKind.GRANT, 3)],
            (FilingStatus.WITHDRAWN, date(2021, 1, 1), None),
        ),
    ],
    ids=["nothing", "filed", "granted", "opposed and kept", "lapsed", "restored", "withdrawn for good"],
)
def test_state_of_a_filing_follows_its_events_in_whatever_order_they_come(pairs, expected):
    for order in permutations(happened(*pairs)):
        assert rules.filing_state(order) == expected


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(1, 2), "50\N{NO-BREAK SPACE}%"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 8), "12.5\N{NO-BREAK SPACE}%"),
        (Fraction(101, 100), "101\N{NO-BREAK SPACE}%"),
    ],
)
def test_a_share_is_a_percentage_when_that_is_exact(share, words):
    assert rules.share_words(share) == words


def test_shares_that_do_not_sum_to_one_are_refused_with_their_sum():
    rules.require_whole([Fraction(1, 3)] * 3)

    with pytest.raises(RuleViolation, match="99\N{NO-BREAK SPACE}%"):
        rules.require_whole([Fraction(1, 2), Fraction(49, 100)])
