"""Mails about disclosures that never arrived: who is told, and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from motrice.core import audit
from motrice.inventions.operations.opinions import remind_evaluator
from motrice.inventions.operations.signing import invite_again
from motrice.inventions.words import timeline_items
from tests.inventions import factories
from tests.inventions.factories import Lab, asked_outside
from tests.mails import NOBODY, meets, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def told(disclosure: Any, actor: Any) -> list[str]:
    return [item.what for item in timeline_items(disclosure, actor) if "did not reach" in item.what]


def test_an_inventor_whose_address_is_refused_is_named_to_inventors_and_office(place: Lab, monkeypatch):
    disclosure = factories.submitted(place)
    inventor = disclosure.inventors.get(person=None)
    meets(monkeypatch, NOBODY)
    invite_again(inventor=inventor, actor=place.researcher)

    work()

    line = f"A mail did not reach {inventor.name}: the address was refused. Write otherwise, or correct the address."
    assert told(disclosure, place.researcher) == [line]
    assert told(disclosure, disclosure.owner) == [line]
    assert audit.differences() == []


def test_that_an_evaluator_was_not_reached_is_the_offices_to_know(place: Lab, monkeypatch):
    disclosure = factories.evaluated(place)
    asked = asked_outside(disclosure)
    meets(monkeypatch, NOBODY)
    remind_evaluator(evaluator=asked, actor=disclosure.owner)

    work()

    assert [line.partition(":")[0] for line in told(disclosure, disclosure.owner)] == [
        "A mail did not reach Eve Dehors"
    ]
    assert told(disclosure, place.researcher) == []


def test_an_account_that_is_an_inventor_is_named_to_the_inventors(place: Lab, monkeypatch):
    disclosure = factories.submitted(place)
    inventor = disclosure.inventors.get(person=place.person)
    meets(monkeypatch, NOBODY)
    invite_again(inventor=inventor, actor=disclosure.owner)

    work()

    assert len(told(disclosure, place.researcher)) == len(told(disclosure, disclosure.owner)) == 1
