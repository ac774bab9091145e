"""What the history of a disclosure tells its inventors, and its office."""

from __future__ import annotations

import pytest

from motrice.inventions import rules
from motrice.inventions.operations.opinions import give_opinion, invite_evaluator
from tests.directory.factories import user_with
from tests.inventions import factories
from tests.inventions.factories import Lab

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(place: Lab):
    """A disclosure on which somebody was asked for an opinion, and gave it; with the opinion's author."""
    disclosure = factories.evaluated(place)
    reader = user_with("researcher", on=place.unit)
    row = invite_evaluator(disclosure=disclosure, user=reader, actor=disclosure.owner)
    scores = {code: {"score": 2, "reason": "Seen."} for code, _name in rules.choices(rules.CRITERION)}
    give_opinion(evaluator=row, scores=scores, summary="Good.", advice="patent", actor=reader)
    return disclosure, reader


def told(client, disclosure):
    page = client.get(f"/history/inventions.disclosure/{disclosure.reference}/").content.decode()
    lines = client.get(f"/api/v1/accounts/records/inventions.disclosure/{disclosure.reference}/history").json()
    return page, [(line["verb"], line["by"]) for line in lines["items"]]


def test_an_inventor_is_not_told_who_judges_the_result(place: Lab, as_user, judged):
    disclosure, reader = judged

    page, lines = told(as_user(place.researcher), disclosure)

    assert str(reader) not in page
    assert {verb for verb, _by in lines}.isdisjoint({"disclosure.invite_evaluator", "disclosure.opinion"})
    assert "disclosure.start" in {verb for verb, _by in lines}


def test_the_office_is_told_who_judges_the_result(place: Lab, as_user, judged):
    disclosure, reader = judged

    page, lines = told(as_user(disclosure.owner), disclosure)

    assert str(reader) in page
    assert ("disclosure.opinion", str(reader)) in lines
