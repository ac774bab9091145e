"""The history says what was done as a reader would, the whole verb before its last part."""

import pytest
from django.utils import translation

from motrice.accounts.history import verb_words


@pytest.mark.parametrize(
    ("verb", "english", "french"),
    [
        ("session.open", "signed in", "a ouvert une session"),
        ("session.close_others", "signed out everywhere else", "a fermé ses autres sessions"),
        ("call.open", "opened", "a ouvert"),
        ("desk.moved_on", "desk: moved on", "desk: moved on"),
    ],
)
def test_a_verb_is_told_in_words(verb, english, french):
    with translation.override("en"):
        assert verb_words(verb) == english
    with translation.override("fr"):
        assert verb_words(verb) == french
