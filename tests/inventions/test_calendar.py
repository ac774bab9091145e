"""The dates of disclosures in one's calendar: one's own, by reference, without a word of the result."""

from __future__ import annotations

import pytest

from motrice.inventions.operations.opinions import invite_evaluator
from motrice.sourcing.feeds import DESK
from tests.inventions import factories
from tests.inventions.factories import Lab

pytestmark = pytest.mark.django_db


def keys(user) -> list[str]:
    text = DESK.content(user).decode()
    assert "Joint" not in text
    return sorted(line[4:].split("@")[0][:-9] for line in text.splitlines() if line.startswith("UID:disclosure-"))


def test_each_reader_has_the_dates_that_are_theirs_to_keep(place: Lab):
    factories.submitted(place)
    received, evaluated = factories.received(place), factories.evaluated(place)
    invite_evaluator(disclosure=evaluated, user=place.expert, actor=evaluated.owner)

    held = sorted(keys(place.officer) + keys(place.second))

    assert received.owner != evaluated.owner or len(held) == 2
    assert held == ["disclosure-decide", "disclosure-take"]
    assert keys(place.researcher) == ["disclosure-sign"]
    assert keys(place.expert) == ["disclosure-opinion"]
    assert keys(place.coordinator) == keys(place.stranger) == []
