"""Several people at once on one disclosure: nobody's words are lost."""

from __future__ import annotations

from typing import Any

import pytest

from motrice.inventions.models import Disclosure, Typing
from motrice.inventions.operations.drafting import answer_disclosure, save_typing
from tests.core.test_concurrency import at_once
from tests.inventions import factories
from tests.inventions.factories import Lab, lab

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15


@pytest.fixture
def place(settings: Any, tmp_path: Any) -> Lab:
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "files", tmp_path / "search"
    return lab()


def type_in(place: Lab, disclosure: Disclosure, *names: str) -> str:
    for name in names:
        save_typing(disclosure=disclosure, answers={name: f"words of {name}"}, actor=place.researcher)
    return "typed"


def test_fields_typed_at_once_are_all_kept(place: Lab):
    disclosure = factories.draft(place)
    names = [[f"{who}{n}" for n in range(ROUNDS)] for who in "ab"]

    results = at_once(*(lambda mine=mine: type_in(place, disclosure, *mine) for mine in names))

    assert results == ["typed", "typed"]
    assert Typing.objects.get().answers == {name: f"words of {name}" for mine in names for name in mine}


def test_what_is_typed_while_another_field_is_saved_is_kept(place: Lab):
    disclosure = factories.draft(place)
    names = [f"a{n}" for n in range(ROUNDS)]

    def save() -> str:
        mine = Disclosure.objects.get(pk=disclosure.pk)
        for number in range(ROUNDS):
            type_in(place, mine, "problem")
            answer_disclosure(disclosure=mine, answers={"problem": f"Problem {number}"}, actor=place.researcher)
        return "saved"

    results = at_once(save, lambda: type_in(place, disclosure, *names))

    assert results == ["saved", "typed"]
    assert Typing.objects.get().answers == {name: f"words of {name}" for name in names}
