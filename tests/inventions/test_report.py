"""The figures of disclosures: how long decisions took, and how many came in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from motrice.inventions import marts
from motrice.inventions.models import Disclosure
from tests.inventions import factories
from tests.inventions.factories import PARIS, Lab

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "middle"), [([], None), ([3.5], 3.5), ([9.0, 1.0], 5.0), ([9.0, 1.0, 2.5], 2.5)])
def test_the_middle_of_the_days_to_a_decision(place: Lab, days, middle):
    factories.received(place)
    for taken in days:
        row = factories.decided(place, "publish")
        Disclosure.objects.filter(pk=row.pk).update(decision_days=taken)

    figures = marts.report(marts.perimeter(place.auditor))

    assert (figures.median_days, figures.decided) == (middle, len(days))


def test_a_decision_on_the_promised_moment_is_in_time(place: Lab):
    for late in (-1, 0, 1):
        row = factories.decided(place, "publish")
        due_at = row.decided_at - timedelta(minutes=late)
        Disclosure.objects.filter(pk=row.pk).update(due_at=due_at)
    Disclosure.objects.filter(pk=factories.decided(place, "publish").pk).update(due_at=None)

    figures = marts.report(marts.perimeter(place.auditor))

    assert (figures.in_time, figures.decided) == (2, 4)


def test_years_begin_at_midnight_here(place: Lab):
    for at in ((2025, 1, 1, 0, 30), (2024, 12, 31, 23, 30), (2022, 6, 1, 12)):
        factories.received(place, at=datetime(*at, tzinfo=PARIS), invented_on=date(2022, 1, 1))
    factories.submitted(place)

    figures = marts.report(marts.perimeter(place.auditor))

    assert figures.by_year == [(2022, 1), (2024, 1), (2025, 1)]
    assert figures.by_unit == [(place.unit.name, place.unit.pk, 3)]
