"""Decisions: who proposes, who approves, what is refused with words, and the ways back."""

from datetime import timedelta

import pytest

from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.inventions.models import Decision, Disclosure, Signature
from motrice.inventions.operations.decisions import (
    approve_decision,
    propose_decision,
    refuse_decision,
    reopen_disclosure,
    restore_disclosure,
    withdraw_disclosure,
)
from tests.inventions import factories
from tests.inventions.factories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def disclosure(place):
    return factories.evaluated(place)


def proposed(disclosure, **parts):
    usual = {"kind": "patent", "reasons": "Nouveau et demandé.", "actor": disclosure.owner, "at": MONDAY}
    return propose_decision(disclosure=disclosure, **usual | parts)


def other_officer(place, disclosure):
    return place.second if disclosure.owner_id == place.officer.pk else place.officer


@pytest.mark.parametrize(
    ("parts", "field"),
    [({"reasons": "  "}, "reasons"), ({"next_step_on": MONDAY.date() - timedelta(days=1)}, "next_step_on")],
)
def test_a_decision_has_reasons_and_a_next_step_to_come(disclosure, parts, field):
    with pytest.raises(RuleViolation) as refused:
        proposed(disclosure, **parts)

    assert refused.value.field == field
    assert not Decision.objects.filter(disclosure=disclosure).exists()


def test_one_decision_waits_at_a_time_and_somebody_else_approves_it(place, disclosure):
    decision = proposed(disclosure)
    with pytest.raises(InvalidTransition, match="is proposed already"):
        proposed(disclosure)
    with pytest.raises(NotPermitted, match="Somebody else than who proposed it"):
        approve_decision(decision=decision, actor=disclosure.owner, at=MONDAY)

    approve_decision(decision=decision, actor=other_officer(place, disclosure), at=MONDAY)

    assert Disclosure.objects.get(pk=disclosure.pk).decision == "patent"
    with pytest.raises(InvalidTransition, match="does not wait for an approval"):
        approve_decision(decision=decision, actor=other_officer(place, disclosure), at=MONDAY)


def test_a_decision_that_needs_no_second_person_is_taken_at_once(disclosure):
    decision = proposed(disclosure, kind="publish")

    assert (decision.status, decision.approved_by, disclosure.decision) == ("taken", None, "publish")
    assert disclosure.decided_at == MONDAY


def test_a_decision_is_refused_for_a_reason_and_proposed_again(place, disclosure):
    decision, second = proposed(disclosure), other_officer(place, disclosure)
    with pytest.raises(RuleViolation) as refused:
        refuse_decision(decision=decision, reason=" ", actor=second, at=MONDAY)
    assert refused.value.field == "reason"

    refuse_decision(decision=decision, reason=" Trop tôt. ", actor=second, at=MONDAY)

    assert (decision.status, decision.refusal) == ("refused", "Trop tôt.")
    assert proposed(disclosure).status == "proposed"


def test_an_inventor_decides_nothing_on_their_own_result(place, disclosure):
    place.person.user = disclosure.owner
    place.person.save(update_fields=["user"])

    with pytest.raises(NotPermitted, match="An inventor does not decide"):
        proposed(disclosure)


def test_without_a_second_person_a_decision_that_needs_one_is_not_proposed(place, disclosure):
    for user in (place.officer, place.second, place.director, place.coordinator):
        if user.pk != disclosure.owner_id:
            user.is_active = False
            user.save(update_fields=["is_active"])

    with pytest.raises(RuleViolation, match="Nobody else of the office can approve"):
        proposed(disclosure, at=None)

    assert not Decision.objects.filter(disclosure=disclosure).exists()


def test_a_decided_disclosure_is_taken_up_again_for_a_reason(place):
    disclosure = factories.decided(place)
    with pytest.raises(RuleViolation) as refused:
        reopen_disclosure(disclosure=disclosure, reason="", actor=disclosure.owner, at=MONDAY)
    assert refused.value.field == "reason"

    reopen_disclosure(disclosure=disclosure, reason="Un essai de plus.", actor=disclosure.owner, at=MONDAY)

    assert (disclosure.decision, disclosure.decided_at, disclosure.level) == ("", None, "circle")
    assert [row.status for row in Decision.objects.filter(disclosure=disclosure)] == ["superseded"]


def test_a_sent_disclosure_is_withdrawn_for_a_reason_with_what_was_proposed_and_taken_up_as_a_draft(disclosure):
    decision = proposed(disclosure)
    with pytest.raises(RuleViolation) as refused:
        withdraw_disclosure(disclosure=disclosure, actor=disclosure.author, at=MONDAY)
    assert refused.value.field == "reason"

    withdraw_disclosure(disclosure=disclosure, reason="Déjà publié.", actor=disclosure.author, at=MONDAY)

    assert (disclosure.status, Decision.objects.get(pk=decision.pk).status) == ("withdrawn", "refused")
    restore_disclosure(disclosure=disclosure, actor=disclosure.author, at=MONDAY)
    assert disclosure.status == "draft"
    assert not Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).exists()


def test_a_draft_is_withdrawn_without_a_word_to_anybody(place, mailoutbox):
    draft = factories.draft(place)

    withdraw_disclosure(disclosure=draft, actor=draft.author, at=MONDAY)

    assert (draft.status, mailoutbox) == ("withdrawn", [])
