"""An invitation or an opinion that was written in another window is told before it is written over."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from motrice.accounts.models import User
from motrice.inventions.models import Evaluator, Opinion
from motrice.inventions.operations.opinions import invite_evaluator
from motrice.inventions.operations.outside_opinions import change_outside
from tests.inventions import factories
from tests.inventions.factories import Lab, asked_outside
from tests.inventions.operations.test_outside_opinions import opinion
from tests.inventions.test_api import Caller
from tests.inventions.views.test_outside_opinions import address, answers, visitor
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(place: Lab) -> Evaluator:
    return asked_outside(factories.evaluated(place, at=None), at=None, has_promised=True, shown=["problem"])


def other(place: Lab, asked: Evaluator) -> User:
    """The other officer of the office."""
    return place.second if asked.disclosure.owner == place.officer else place.officer


def test_what_a_colleague_changed_of_an_invitation_is_told_and_the_rest_stays(place: Lab, asked, as_user: Any):
    desk, url = as_user(asked.disclosure.owner), reverse("inventions:evaluator_change", args=[asked.reference])
    page = left_open(desk.get(url), "question")
    change_outside(evaluator=asked, question="Est-ce nouveau ?", shown=[], actor=other(place, asked))

    clash = desk.post(url, page | {"question": "Est-ce utile ?"})

    told(clash, "Est-ce nouveau ?", "Est-ce utile ?", str(other(place, asked)))
    assert desk.post(url, left_open(clash, "question")).status_code == 302
    asked.refresh_from_db()
    assert (asked.question, asked.shown) == ("Est-ce utile ?", [])


def test_an_opinion_given_in_another_window_is_told_before_it_is_written_over(asked):
    window, second = visitor(), visitor()
    page = left_open(window.get(address(asked)), "summary")
    assert second.post(address(asked), answers() | {"summary": "Non."}).status_code == 302

    clash = window.post(address(asked), page | answers() | {"summary": "Oui."})

    told(clash, "Non.", "Oui.", "What you typed is kept")
    assert Opinion.objects.get().summary == "Non."
    assert window.post(address(asked), left_open(clash, "summary")).status_code == 302
    assert Opinion.objects.get().summary == "Oui."


def test_an_opinion_sent_twice_by_a_double_press_is_no_clash(asked):
    window = visitor()
    page = left_open(window.get(address(asked)), "summary") | answers()

    assert [window.post(address(asked), page).status_code for _press in range(2)] == [302, 302]


def test_programs_that_write_over_what_was_changed_are_refused(place: Lab, asked):
    office, held = Caller(asked.disclosure.owner), {"question": asked.question, "shown": asked.shown, "files": []}
    change_outside(evaluator=asked, question="Est-ce nouveau ?", actor=other(place, asked))
    mine = {"question": "Est-ce utile ?", "shown": ["problem", "uses"]}

    refused = office("patch", f"/opinions/{asked.reference}", 409, mine | {"read": held})
    changed = office(
        "patch", f"/opinions/{asked.reference}", 200, mine | {"read": held | {"question": "Est-ce nouveau ?"}}
    )

    assert [row["field"] for row in refused["fields"]] == ["question"]
    assert (changed["question"], changed["shown"]) == ("Est-ce utile ?", ["problem", "uses"])


def test_a_program_that_read_an_opinion_before_it_was_corrected_is_refused(place: Lab):
    disclosure = factories.evaluated(place, at=None)
    row = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner)
    expert, path, none = Caller(place.expert), f"/opinions/{row.reference}", {"read": {"opinion": None}}
    given = opinion() | {"advice": "secret"}

    first = expert("put", path, 200, given | none)
    expert("put", path, 200, given | none)
    expert("put", path, 409, given | {"summary": "Autre."} | none)
    expert("put", path, 422, given | {"read": {"opinion": "Autre."}})
    corrected = expert("put", path, 200, given | {"summary": "Autre.", "read": {"opinion": first}})

    assert corrected["summary"] == "Autre."
