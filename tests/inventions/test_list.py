"""The list of disclosures: its counts and its periods, of few rows or of many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from motrice.inventions.lists import DISCLOSURES
from motrice.inventions.models import Disclosure
from motrice.web.lists import counting
from motrice.web.lists.state import read_state
from tests.inventions import factories
from tests.inventions.factories import MONDAY, Lab

pytestmark = pytest.mark.django_db


def counted(place: Lab, query: str = "") -> tuple[int, dict[str, list[tuple[str, str, int]]]]:
    """How many rows, and the values of each facet with their words and counts."""
    seen = Disclosure.objects.permitted(place.auditor)
    state = read_state(QueryDict(query), DISCLOSURES.columns, DISCLOSURES.facets, seen)
    total, facets = DISCLOSURES.counts(seen, state, place.auditor)
    return total, {
        shown.facet.key: [(value.value, value.label, value.count) for value in shown.values] for shown in facets
    }


@pytest.mark.parametrize("query", ["", "status=received", "q=joint"])
def test_counts_are_the_same_whether_rows_are_few_or_many(place: Lab, monkeypatch, query):
    factories.received(place)
    factories.received(place, title="Autre joint", domain="wipo-05")
    factories.submitted(place)
    factories.draft(place, domain="")
    few = counted(place, query)

    grouped, real = [], counting._grouped
    monkeypatch.setattr(counting, "LARGE", 0)
    monkeypatch.setattr(counting, "_grouped", lambda rows, facets: grouped.extend(facets) or real(rows, facets))

    assert counted(place, query) == few
    assert few[1]["unit"] == [(str(place.unit.pk), place.unit.name, few[0])]
    assert {"unit", "owner", "domain"}.isdisjoint(facet.key for facet in grouped)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (MONDAY.date(), MONDAY.date(), 1),
        (MONDAY.date() + timedelta(days=1), None, 0),
        (None, MONDAY.date() - timedelta(days=1), 0),
        (date.min, date.max, 1),
        (date.max, None, 0),
        (None, date.min, 0),
    ],
)
@pytest.mark.parametrize("hour", [0, 23])
def test_a_period_of_times_holds_both_its_days_whole(place: Lab, start, end, found, hour):
    factories.received(place, at=MONDAY.replace(hour=hour, minute=30))
    received = next(facet for facet in DISCLOSURES.facets if facet.key == "received")

    assert received.between(Disclosure.objects.all(), start, end).count() == found
