"""A need typed in two windows: no words are lost, and what each left alone stays as the other wrote it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motrice.sourcing.models import NeedDraft
from motrice.sourcing.operations.drafts import save_draft
from tests.open_page import left_open, told
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import World
from tests.sourcing.views.test_story import client_of


@pytest.fixture
def draft(place: World) -> NeedDraft:
    return save_draft(author=place.contact, answers={"title": "Colle", "problem": "Elle cède."})


@pytest.fixture
def window(place: World) -> Client:
    return client_of(place.contact)


def url_of(draft: NeedDraft, name: str = "ask_step", step: str = "problem") -> str:
    return reverse(f"sourcing:{name}", args=[draft.reference, step])


def answers(draft: NeedDraft) -> tuple[Any, ...]:
    draft.refresh_from_db()
    return draft.answers["title"], draft.answers["problem"]


def test_words_of_another_window_are_told_and_written_over_only_knowingly(draft, window):
    first, second = (left_open(window.get(url_of(draft)), "problem") for _window in range(2))
    window.post(url_of(draft), second | {"title": "Autre titre", "problem": "Autre onglet."})

    clash = window.post(url_of(draft), first | {"problem": "Premier onglet."})

    told(clash, "Autre onglet.", "Premier onglet.", "You, in another window,", "Autre titre")
    assert answers(draft) == ("Autre titre", "Autre onglet.")
    assert window.post(url_of(draft), left_open(clash, "problem")).status_code == 302
    assert answers(draft) == ("Autre titre", "Premier onglet.")


def test_what_is_typed_is_kept_again_and_again_by_its_own_page(draft, window):
    page = left_open(window.get(url_of(draft)), "problem")
    save = url_of(draft, "ask_save")

    for text in ("U", "Un", "Un texte"):
        assert window.post(save, page | {"problem": text}).json()["clashes"] == {}
    assert window.post(url_of(draft), page | {"problem": "Un texte entier."}).status_code == 302

    assert answers(draft) == ("Colle", "Un texte entier.")


def test_while_typing_the_other_window_is_told_and_what_was_left_alone_follows(draft, window):
    first, second = (left_open(window.get(url_of(draft)), "problem") for _window in range(2))
    save = url_of(draft, "ask_save")
    window.post(save, second | {"title": "Autre titre", "problem": "Autre onglet."})

    answer = window.post(save, first | {"problem": "Premier onglet."}).json()

    assert answer["moved"] == {"title": "Autre titre"}
    assert list(answer["clashes"]) == ["problem"]
    assert "Autre onglet." in answer["clashes"]["problem"]
    assert 'data-clash="problem"' in answer["clashes"]["problem"]
    assert answers(draft) == ("Autre titre", "Autre onglet.")
    (mark,) = re.findall(r'name="seen-problem" value="(\w+)"', answer["clashes"]["problem"])
    window.post(save, first | {"problem": "Premier onglet.", "seen-problem": mark})
    assert answers(draft)[1] == "Autre onglet."
    assert window.post(url_of(draft), first | {"problem": "Premier.", "seen-problem": mark}).status_code == 302
    assert answers(draft)[1] == "Premier."


def test_a_choice_of_another_window_is_told_in_words(draft, window):
    first, second = (left_open(window.get(url_of(draft, step="frame")), "language") for _window in range(2))
    window.post(url_of(draft, step="frame"), second | {"trl": "3", "language": "en"})

    clash = window.post(url_of(draft, step="frame"), first | {"trl": "5"})

    told(clash, "You, in another window,")
    draft.refresh_from_db()
    assert (draft.answers["trl"], draft.answers["language"]) == ("3", "en")


def test_a_program_that_read_a_draft_before_it_changed_is_refused(place: World, draft):
    caller, path = Caller(place.contact), f"drafts/{draft.reference}"
    read = caller("get", path)["answers"]
    caller("patch", path, problem="Autre.")

    refused = caller("patch", path, 409, title="Titre", problem="Mien.", read=read)
    caller("patch", path, title="Titre", problem=read["problem"], read=read)

    assert refused["fields"][0]["field"] == "problem"
    assert answers(draft) == ("Titre", "Autre.")
