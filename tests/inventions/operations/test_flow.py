"""A disclosure from its draft to its decision: what each step asks, refuses and leaves behind."""

from __future__ import annotations

from fractions import Fraction

import pytest

from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.directory.operations.merge import last_merge, merge, undo_merge
from motrice.engines.sealing import sealed_file, verify_file
from motrice.inventions.models import Decision, Disclosure, Inventor, Seal, Signature
from motrice.inventions.operations.decisions import approve_decision, propose_decision, reopen_disclosure
from motrice.inventions.operations.drafting import add_inventor, change_inventor
from motrice.inventions.operations.evaluation import (
    change_level,
    return_disclosure,
)
from motrice.inventions.operations.opinions import give_opinion, invite_evaluator
from motrice.inventions.operations.sealing import version_of
from motrice.inventions.operations.signing import (
    contest_share,
    recall_disclosure,
    sign_disclosure,
    sign_outside,
    submit_disclosure,
)
from motrice.inventions.queries import missing_answers
from motrice.inventions.rules import choices
from tests.directory.factories import PersonFactory
from tests.inventions import factories
from tests.inventions.factories import MONDAY, Lab

pytestmark = pytest.mark.django_db


def share_text(disclosure: Disclosure) -> list[str]:
    rows = Inventor.objects.filter(disclosure=disclosure)
    return [fault.words for fault in missing_answers(disclosure, list(rows)) if fault.field == "share"]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (
            Fraction(33, 100),
            "The shares sum to 299/300 (≈ 99.67\N{NO-BREAK SPACE}%): 1/300 (≈ 0.33\N{NO-BREAK SPACE}%) is missing.",
        ),
        (
            Fraction(34, 100),
            "The shares sum to 151/150 (≈ 100.67\N{NO-BREAK SPACE}%): 1/150 (≈ 0.67\N{NO-BREAK SPACE}%) is too much.",
        ),
    ],
)
def test_shares_that_do_not_sum_to_one_are_said_and_nothing_is_lost(place: Lab, last, words):
    disclosure = factories.draft(place)
    factories.outsider(disclosure, share=last)

    with pytest.raises(RuleViolation, match="The shares sum to"):
        submit_disclosure(disclosure=disclosure, actor=place.researcher)

    disclosure.refresh_from_db()
    assert share_text(disclosure) == [words]
    assert (disclosure.status, disclosure.title) == ("draft", "Joint qui se répare à froid")
    assert [row.share for row in disclosure.inventors.all()] == [Fraction(1, 3), Fraction(1, 3), last]


def test_three_thirds_sum_to_exactly_one(place: Lab):
    disclosure = factories.draft(place)
    factories.outsider(disclosure)

    submit_disclosure(disclosure=disclosure, actor=place.researcher)

    assert disclosure.status == "submitted"


def test_a_disclosure_has_an_officer_of_its_host_at_once(place: Lab):
    disclosure = factories.submitted(place)

    assert disclosure.owner in (place.officer, place.second)
    assert disclosure.office == place.school
    assert disclosure.routing == {"how": "hosts", "office": place.school.name, "among": 2, "load": 0}
    assert disclosure.sign_due_at.date().isoformat() == "2026-12-07"


def test_nobody_answers_for_the_laboratory(place: Lab):
    disclosure = factories.draft(place)
    factories.outsider(disclosure)
    for user in (place.officer, place.second):
        user.roles.update(ends_on=factories.SINCE.replace(year=2021))

    with pytest.raises(RuleViolation, match="No transfer officer answers for"):
        submit_disclosure(disclosure=disclosure, actor=place.researcher)

    disclosure.refresh_from_db()
    assert disclosure.status == "draft"


def test_an_outside_inventor_confirms_and_signs_without_an_account(place: Lab):
    disclosure = factories.submitted(place)
    chloe = Inventor.objects.select_related("disclosure").get(email="chloe@example.org")

    row = sign_outside(inventor=chloe, typed_name="chloé  dehors", confirms_share=True, at=MONDAY)

    assert (row.numerator, row.denominator, row.by_address) == (1, 3, "chloe@example.org")
    assert row.signed_by is None
    disclosure.refresh_from_db()
    assert disclosure.status == "submitted"


@pytest.mark.parametrize(
    ("name", "confirms", "field"), [("Autre Nom", True, "typed_name"), ("Chloé Dehors", False, "confirms_share")]
)
def test_a_signature_asks_for_the_name_and_the_share(place: Lab, name, confirms, field):
    factories.submitted(place)
    chloe = Inventor.objects.select_related("disclosure").get(email="chloe@example.org")

    with pytest.raises(RuleViolation) as error:
        sign_outside(inventor=chloe, typed_name=name, confirms_share=confirms)

    assert error.value.field == field
    assert not Signature.objects.exists()


def test_the_correspondent_prepares_but_does_not_sign(place: Lab):
    disclosure = factories.draft(place, by=place.correspondent)
    factories.outsider(disclosure)
    submit_disclosure(disclosure=disclosure, actor=place.correspondent, at=MONDAY)
    first = Inventor.objects.select_related("disclosure", "person").filter(disclosure=disclosure).first()

    with pytest.raises(NotPermitted):
        sign_disclosure(inventor=first, typed_name=first.name, confirms_share=True, actor=place.correspondent)

    assert not Signature.objects.exists()


def test_an_inventor_does_not_sign_for_another(place: Lab):
    factories.submitted(place)
    chloe = Inventor.objects.select_related("disclosure", "person").get(email="chloe@example.org")

    with pytest.raises(NotPermitted):
        sign_disclosure(inventor=chloe, typed_name=chloe.name, confirms_share=True, actor=place.researcher)

    assert not Signature.objects.exists()


def test_the_last_signature_receives_and_seals(place: Lab):
    disclosure = factories.received(place)

    seal = Seal.objects.get(disclosure=disclosure)
    proof = verify_file(sealed_file(disclosure.reference, [version_of(seal)]), expected=seal.hash)
    assert disclosure.status == "received"
    assert disclosure.due_at.date().isoformat() == "2027-03-17"
    assert proof.faults == ()
    assert [row["share"] for row in proof.content["signatures"]] == ["1/3", "1/3", "1/3"]
    assert "Chloé Dehors" in seal.page


def test_a_contested_share_is_told_and_the_disclosure_taken_back(place: Lab):
    disclosure = factories.submitted(place)
    chloe = Inventor.objects.select_related("disclosure").get(email="chloe@example.org")
    contest_share(inventor=chloe, reason="La moitié me revient.", at=MONDAY)

    recall_disclosure(disclosure=Disclosure.objects.get(pk=disclosure.pk), actor=place.researcher, at=MONDAY)

    chloe.refresh_from_db()
    assert chloe.contest == "La moitié me revient."
    assert Disclosure.objects.get(pk=disclosure.pk).status == "draft"


def test_a_corrected_disclosure_is_signed_and_sealed_anew_on_the_first_seal(place: Lab):
    disclosure = factories.received(place)
    return_disclosure(disclosure=disclosure, reason="Précisez les essais.", actor=disclosure.owner, at=MONDAY)
    assert not Signature.objects.filter(void_at=None).exists()
    submit_disclosure(disclosure=disclosure, actor=place.researcher, at=MONDAY)
    factories.sign_all(disclosure)

    first, second = Seal.objects.filter(disclosure=disclosure)

    assert (second.position, second.previous) == (2, first.hash)
    assert verify_file(sealed_file(disclosure.reference, [version_of(first), version_of(second)])).holds


def test_what_was_sent_is_no_longer_written(place: Lab):
    disclosure = factories.submitted(place)
    row = disclosure.inventors.select_related("disclosure").first()

    with pytest.raises(InvalidTransition):
        change_inventor(inventor=row, share=Fraction(1, 2), actor=place.researcher)
    with pytest.raises(InvalidTransition):
        add_inventor(disclosure=disclosure, name="X", email="x@example.org", actor=place.researcher)

    assert disclosure.inventors.count() == 3


def opinion_scores(score: int = 4) -> dict:
    return {code: {"score": score, "reason": "Vu."} for code, _name in choices("inventions.criterion")}


def test_an_evaluator_gives_an_opinion_that_stays_theirs_to_read(place: Lab):
    disclosure = factories.evaluated(place)
    asked = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner, at=MONDAY)

    given = give_opinion(
        evaluator=asked, scores=opinion_scores(), summary="Bon", advice="patent", actor=place.expert, at=MONDAY
    )

    rows = type(given).objects
    assert [score["score"] for score in given.scores] == [4] * 6
    assert list(rows.permitted(place.expert)) == list(rows.permitted(disclosure.owner)) == [given]
    assert not rows.permitted(place.researcher).exists()


def test_an_opinion_lacks_no_criterion_and_no_reason(place: Lab):
    disclosure = factories.evaluated(place)
    asked = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner, at=MONDAY)
    scores = opinion_scores() | {"market": {"score": 9, "reason": "x"}}

    with pytest.raises(RuleViolation) as error:
        give_opinion(evaluator=asked, scores=scores, summary="x", advice="patent", actor=place.expert)

    assert error.value.field == "score_market"


def test_no_inventor_evaluates_their_own_result(place: Lab):
    disclosure = factories.evaluated(place)

    with pytest.raises(RuleViolation, match="one of its inventors"):
        invite_evaluator(disclosure=disclosure, user=place.colleague, actor=disclosure.owner)

    assert not disclosure.evaluators.exists()


def test_who_proposes_a_patent_does_not_approve_it(place: Lab):
    disclosure = factories.evaluated(place)
    decision = propose_decision(
        disclosure=disclosure, kind="patent", reasons="Nouveau.", actor=disclosure.owner, at=MONDAY
    )

    with pytest.raises(NotPermitted):
        approve_decision(decision=decision, actor=disclosure.owner)

    disclosure.refresh_from_db()
    assert (disclosure.status, decision.status) == ("evaluation", "proposed")
    assert not Decision.objects.permitted(place.researcher).exists()


def test_an_approved_patent_is_decided_by_two_people(place: Lab):
    disclosure = factories.decided(place, "patent")
    decision = disclosure.decisions.get()

    assert (disclosure.status, disclosure.decision, disclosure.decision_days) == ("decided", "patent", 0.0)
    assert decision.approved_by not in (None, decision.proposed_by)
    assert list(Decision.objects.permitted(place.researcher)) == [decision]


def test_publishing_needs_no_second_person(place: Lab):
    disclosure = factories.decided(place, "publish")

    assert disclosure.decisions.get().approved_by is None
    assert disclosure.decision == "publish"


def test_a_decided_disclosure_is_taken_up_again_and_keeps_its_decision(place: Lab):
    disclosure = factories.decided(place, "more_work")

    reopen_disclosure(disclosure=disclosure, reason="Essais faits.", actor=disclosure.owner, at=MONDAY)

    assert (disclosure.status, disclosure.decision, disclosure.decided_at) == ("evaluation", "", None)
    assert [row.status for row in disclosure.decisions.all()] == ["superseded"]


def test_the_level_opens_only_after_the_decision(place: Lab):
    disclosure = factories.evaluated(place)
    with pytest.raises(InvalidTransition):
        change_level(disclosure=disclosure, level="organisation", reason="x", actor=disclosure.owner)
    colleague = factories.user_with("legal", on=place.school)
    other = factories.decided(place, "publish")
    assert not Disclosure.objects.permitted(colleague).exists()

    change_level(disclosure=other, level="organisation", reason="Publié.", actor=other.owner, at=MONDAY)

    assert list(Disclosure.objects.permitted(colleague)) == [other]


def test_everything_is_in_the_log(place: Lab):
    factories.decided(place, "patent")

    assert audit.differences() == []
    assert audit.verify().faults == ()


def test_a_person_named_twice_keeps_both_shares_when_the_two_records_are_merged(place: Lab):
    disclosure = factories.draft(place)
    before = disclosure.inventors.get(person=place.person).share
    twin = PersonFactory(family_name="Inventée bis")
    add_inventor(disclosure=disclosure, person=twin, share=Fraction(1, 6), actor=place.researcher)

    merge(kept=place.person, absorbed=twin, actor=place.coordinator)

    assert disclosure.inventors.get(person=place.person).share == before + Fraction(1, 6)
    undo_merge(entry=last_merge(type(twin).objects.get(pk=twin.pk)), actor=place.coordinator)
    assert disclosure.inventors.get(person=place.person).share == before
    assert disclosure.inventors.get(person=twin).share == Fraction(1, 6)
