"""Two people, or two windows, on one answer: neither overwrites the other unawares, and no words are lost."""

from __future__ import annotations

from typing import Any

import pytest

from motrice.core.errors import InvalidTransition, StaleState
from motrice.core.reading import fingerprint
from motrice.inventions.models import Disclosure, Typing
from motrice.inventions.operations.drafting import answer_disclosure
from motrice.inventions.operations.signing import submit_disclosure
from motrice.inventions.operations.typing import save_typing, waiting_names
from tests.inventions import factories
from tests.inventions.factories import Lab

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(place: Lab) -> Disclosure:
    return factories.draft(place)


def seen(**words: Any) -> dict[str, str]:
    return {name: fingerprint(value) for name, value in words.items()}


def write(disclosure: Disclosure, who: Any, read: dict[str, str], page: str = "", **answers: str) -> Any:
    return save_typing(disclosure=disclosure, answers=answers, actor=who, read=read, page=page)


def test_an_answer_that_another_changed_since_waits_aside(place: Lab, draft: Disclosure):
    read = seen(novelty=draft.novelty)
    write(draft, place.colleague, read, "theirs", novelty="Ni chaleur, ni lumière, ni pression.")

    kept = write(draft, place.researcher, read, "mine", novelty="Sans chaleur.")

    assert Typing.objects.get().answers["novelty"] == "Ni chaleur, ni lumière, ni pression."
    (clash,) = kept.clashes
    assert (clash.name, clash.theirs, clash.mine) == (
        "novelty",
        "Ni chaleur, ni lumière, ni pression.",
        "Sans chaleur.",
    )
    assert (clash.by, clash.at is not None) == (place.colleague.pk, True)
    assert waiting_names(draft, actor=place.researcher) == ["novelty"]
    assert waiting_names(draft, actor=place.colleague) == []


@pytest.mark.parametrize(
    ("choice", "stands"), [("mine", "Sans chaleur."), ("theirs", "Ni chaleur, ni lumière, ni pression.")]
)
def test_whoever_has_two_versions_chooses_one(place: Lab, draft: Disclosure, choice: str, stands: str):
    read = seen(novelty=draft.novelty)
    write(draft, place.colleague, read, "theirs", novelty="Ni chaleur, ni lumière, ni pression.")
    write(draft, place.researcher, read, "mine", novelty="Sans chaleur.")

    answers, chosen = {"novelty": "Sans chaleur."}, {choice: ["novelty"]}
    save_typing(disclosure=draft, answers=answers, actor=place.researcher, read=read, page="mine", **chosen)

    assert Typing.objects.get().answers["novelty"] == stands
    assert waiting_names(draft, actor=place.researcher) == []


def test_an_answer_left_alone_does_not_overwrite(place: Lab, draft: Disclosure):
    read = seen(novelty=draft.novelty, uses=draft.uses)
    write(draft, place.colleague, read, "theirs", novelty="Ni chaleur, ni lumière.", uses=draft.uses)

    kept = write(draft, place.researcher, read, "mine", novelty=draft.novelty, uses="Vitrages.")

    assert Typing.objects.get().answers == {"novelty": "Ni chaleur, ni lumière.", "uses": "Vitrages."}
    assert kept.moved == {"novelty": "Ni chaleur, ni lumière."}
    assert kept.clashes == []
    assert kept.read == seen(novelty="Ni chaleur, ni lumière.", uses="Vitrages.")


def test_a_page_may_write_again_what_it_wrote(place: Lab, draft: Disclosure):
    read = seen(novelty=draft.novelty)
    for words in ("Sans", "Sans cha", draft.novelty, "Sans chaleur."):
        assert write(draft, place.researcher, read, "mine", novelty=words).clashes == []

    assert Typing.objects.get().answers["novelty"] == "Sans chaleur."
    answer_disclosure(
        disclosure=draft, answers={"novelty": "Sans chaleur."}, actor=place.researcher, read=read, page="mine"
    )
    assert draft.novelty == "Sans chaleur."
    assert Typing.objects.get().answers == {}


def test_what_is_saved_from_a_stale_page_is_refused_by_its_field(place: Lab, draft: Disclosure):
    read = seen(novelty=draft.novelty, uses=draft.uses)
    answer_disclosure(disclosure=draft, answers={"novelty": "Ni chaleur, ni lumière."}, actor=place.colleague)

    answers = {"uses": "Vitrages.", "novelty": "Sans chaleur."}
    with pytest.raises(StaleState) as refused:
        answer_disclosure(disclosure=draft, answers=answers, actor=place.researcher, read=read)

    assert refused.value.field == "novelty"
    held = Disclosure.objects.get(pk=draft.pk)
    assert (held.novelty, held.uses) == ("Ni chaleur, ni lumière.", factories.ANSWERS["uses"])


def test_what_is_saved_unread_leaves_what_another_was_typing_aside(place: Lab, draft: Disclosure):
    write(draft, place.colleague, seen(novelty=draft.novelty), "theirs", novelty="Ni chaleur, ni lu")

    answer_disclosure(disclosure=draft, answers={"novelty": "Sans chaleur."}, actor=place.researcher)

    assert Typing.objects.get().answers == {}
    assert waiting_names(draft, actor=place.colleague) == ["novelty"]


def test_line_ends_and_forms_of_values_are_no_change(place: Lab, draft: Disclosure):
    answer_disclosure(disclosure=draft, answers={"novelty": "Une\nDeux", "trl": 4}, actor=place.colleague)
    read = seen(novelty="Une\nDeux", trl=4, invented_on=draft.invented_on)

    kept = write(draft, place.researcher, read, novelty="Une\r\nDeux ", trl="4", invented_on="2026-06-01")

    assert (kept.moved, kept.clashes, Typing.objects.get().answers) == ({}, [], {})


def test_nothing_is_typed_on_what_was_sent_meanwhile(place: Lab, draft: Disclosure):
    stale = Disclosure.objects.get(pk=draft.pk)
    factories.outsider(draft)
    submit_disclosure(disclosure=draft, actor=place.researcher, at=factories.MONDAY)

    with pytest.raises(InvalidTransition):
        write(stale, place.researcher, {}, novelty="Trop tard.")
