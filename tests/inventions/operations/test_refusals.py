"""What the office and the inventors are refused while a disclosure is judged, and what it says."""

from datetime import timedelta

import pytest

from motrice.core.errors import InvalidTransition, RuleViolation, StaleState
from motrice.inventions.models import Attachment, Disclosure, DisclosureEvent, Message
from motrice.inventions.operations import attachments
from motrice.inventions.operations.attachments import attach_file, remove_attachment
from motrice.inventions.operations.decisions import propose_decision
from motrice.inventions.operations.evaluation import (
    begin_evaluation,
    change_level,
    return_disclosure,
    write_message,
)
from motrice.inventions.operations.signing import submit_disclosure
from tests.inventions import factories
from tests.inventions.factories import MONDAY

pytestmark = pytest.mark.django_db
TEXT = "Des joints réparés à froid.".encode()


def attached(disclosure, name="notes.txt", content=TEXT):
    return attach_file(disclosure=disclosure, name=name, content=content, actor=disclosure.author, at=MONDAY)


def stored(place, settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_file_is_added_once_and_no_more_than_so_many(place, settings, monkeypatch):
    disclosure = factories.draft(place)
    attached(disclosure)
    with pytest.raises(RuleViolation, match="among its files already") as refused:
        attached(disclosure)
    monkeypatch.setattr(attachments, "MOST", 1)
    with pytest.raises(RuleViolation, match="at most 1 files"):
        attached(disclosure, name="other.txt")

    assert refused.value.field == "file"
    assert len(stored(place, settings)) == Attachment.objects.count() == 1


def test_no_file_is_added_or_removed_while_inventors_sign(place):
    disclosure = factories.draft(place)
    file = attached(disclosure)
    factories.outsider(disclosure)
    submit_disclosure(disclosure=disclosure, actor=disclosure.author, at=MONDAY)

    with pytest.raises(InvalidTransition, match="Files cannot be added now"):
        attached(disclosure, name="late.txt")
    with pytest.raises(InvalidTransition, match="Files cannot be removed now"):
        remove_attachment(attachment=file, actor=disclosure.author, at=MONDAY)


def test_a_file_whose_row_cannot_be_written_leaves_no_content_behind(place, settings, monkeypatch):
    disclosure = factories.draft(place)

    def refuse(*args, **kwargs):
        raise StaleState("meanwhile")

    monkeypatch.setattr(attachments, "tell", refuse)
    with pytest.raises(StaleState):
        attached(disclosure)

    assert (Attachment.objects.count(), stored(place, settings)) == (0, [])


def test_a_removed_file_keeps_its_row_and_loses_its_content(place, settings, django_capture_on_commit_callbacks):
    disclosure = factories.draft(place)
    file = attached(disclosure)

    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=file, actor=disclosure.author, at=MONDAY)

    assert Attachment.objects.get(pk=file.pk).removed_at == MONDAY
    assert stored(place, settings) == []
    with pytest.raises(InvalidTransition, match="removed already"):
        remove_attachment(attachment=file, actor=disclosure.author, at=MONDAY)


def test_an_act_on_what_was_removed_meanwhile_says_so(place):
    disclosure = factories.draft(place)
    file = attached(disclosure)
    Attachment.objects.filter(pk=file.pk)._raw_delete("default")

    with pytest.raises(StaleState, match="removed meanwhile"):
        remove_attachment(attachment=file, actor=disclosure.author, at=MONDAY)


def test_an_evaluation_may_begin_with_words_of_the_office(place):
    disclosure = factories.received(place)

    begin_evaluation(disclosure=disclosure, actor=disclosure.owner, message=" Quelles mesures ? ", at=MONDAY)

    [message] = Message.objects.filter(disclosure=disclosure)
    assert (message.text, message.is_from_office) == ("Quelles mesures ?", True)


def test_a_disclosure_is_given_back_with_a_reason(place):
    disclosure = factories.evaluated(place)

    with pytest.raises(RuleViolation, match="what is to be corrected") as refused:
        return_disclosure(disclosure=disclosure, reason="  ", actor=disclosure.owner, at=MONDAY)

    assert refused.value.field == "reason"


def test_a_disclosure_whose_decision_waits_is_not_given_back(place):
    disclosure = factories.evaluated(place)
    decision = propose_decision(
        disclosure=disclosure, kind="patent", reasons="Nouveau et demandé.", actor=disclosure.owner, at=MONDAY
    )
    assert decision.needs_approval

    with pytest.raises(InvalidTransition, match="waits for its approval"):
        return_disclosure(disclosure=disclosure, reason="Un essai manque.", actor=disclosure.owner, at=MONDAY)

    assert Disclosure.objects.get(pk=disclosure.pk).status == "evaluation"


def test_one_writes_something_to_somebody_and_the_same_words_once(place):
    draft, disclosure = factories.draft(place), factories.evaluated(place)
    with pytest.raises(InvalidTransition, match="nobody to write to"):
        write_message(disclosure=draft, text="Bonjour", actor=draft.author, at=MONDAY)
    with pytest.raises(RuleViolation, match="Write the message"):
        write_message(disclosure=disclosure, text=" ", actor=disclosure.author, at=MONDAY)

    first = write_message(disclosure=disclosure, text="Voici.", actor=disclosure.author, at=MONDAY)
    again = write_message(
        disclosure=disclosure, text=" Voici. ", actor=disclosure.author, at=MONDAY + timedelta(minutes=1)
    )
    later = write_message(
        disclosure=disclosure, text="Voici.", actor=disclosure.author, at=MONDAY + timedelta(minutes=5)
    )

    assert (again, first.is_from_office) == (first, False)
    assert later != first


def test_a_level_is_chosen_for_a_reason_once_it_is_decided(place):
    open_one, disclosure = factories.evaluated(place), factories.decided(place)
    officer = disclosure.owner
    with pytest.raises(InvalidTransition, match="until it is decided"):
        change_level(disclosure=open_one, level="organisation", reason="filed", actor=officer, at=MONDAY)
    for level, reason, field in (("moon", "filed", "level"), ("organisation", " ", "reason")):
        with pytest.raises(RuleViolation) as refused:
            change_level(disclosure=disclosure, level=level, reason=reason, actor=officer, at=MONDAY)
        assert refused.value.field == field

    events = DisclosureEvent.objects.filter(disclosure=disclosure).count()
    change_level(disclosure=disclosure, level=disclosure.level, reason="as it is", actor=officer, at=MONDAY)
    assert DisclosureEvent.objects.filter(disclosure=disclosure).count() == events
