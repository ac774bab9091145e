"""The encoder of the settings: in the texts from the next rebuild on, and told when it is not the one they hold."""

from io import StringIO

import pytest
from django.core.management import call_command

from motrice.core import search_index
from motrice.directory.operations.evidence import withdraw_evidence
from motrice.directory.queries.search import find_texts
from motrice.engines.search import EncoderMismatch, EncoderMissing
from tests.directory.factories import EvidenceFactory, user_with
from tests.engines.search.encoders import MeaningEncoder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _root(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"


@pytest.fixture
def encoders(settings, monkeypatch):
    """Encoders by the folder that the settings name."""
    known = {"": None, "/one": MeaningEncoder("one"), "/two": MeaningEncoder("two")}
    monkeypatch.setattr(search_index, "_encoder", known.__getitem__)
    return settings


def titles(question, actor):
    return [found.evidence.title for found in find_texts(question, actor=actor)]


def status():
    out, err = StringIO(), StringIO()
    call_command("search-index", "status", stdout=out, stderr=err)
    return err.getvalue()


def test_the_encoder_of_the_settings_finds_texts_by_their_meaning_after_a_rebuild(encoders):
    actor = user_with("coordinator")
    text = EvidenceFactory(title="Automobile", text="Portes plus légères.")
    search_index.rebuild()
    encoders.SEARCH_ENCODER = "/one"
    assert titles("vehicle sickness", actor) == []
    assert "run the rebuild" in status()

    search_index.rebuild()
    assert titles("vehicle", actor) == ["Automobile"]
    assert status() == ""

    withdraw_evidence(evidence=text, actor=actor, reason="Doublon")
    search_index.follow()
    assert titles("vehicle", actor) == []


@pytest.mark.parametrize("folder", ["", "/two"])
def test_after_a_change_texts_are_read_without_encoder_until_the_rebuild(encoders, folder):
    actor = user_with("coordinator")
    text = EvidenceFactory(title="Automobile", text="Portes plus légères.")
    encoders.SEARCH_ENCODER = "/one"
    search_index.rebuild()
    search_index._opened.clear()  # another process
    encoders.SEARCH_ENCODER = folder

    assert titles("automobile", actor) == ["Automobile"]
    assert "run the rebuild" in status()
    withdraw_evidence(evidence=text, actor=actor, reason="Doublon")
    with pytest.raises(EncoderMismatch, match="'one'"):
        search_index.follow()
    search_index.rebuild()
    assert status() == ""
    assert titles("automobile", actor) == []


def test_a_folder_that_holds_no_encoder_is_told(settings, tmp_path):
    settings.SEARCH_ENCODER = str(tmp_path / "nothing")
    with pytest.raises(EncoderMissing, match="holds no encoder"):
        search_index.rebuild()
