"""Teams accept, ask, refuse with a reason, or answer together; two clicks and two teams at once are safe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation, StaleState
from motrice.sourcing.enums import CandidateStatus, JointStatus, MessageKind, NeedStatus, ReferralStatus
from motrice.sourcing.models import Candidate, Message, Need, Referral
from motrice.sourcing.operations.candidates import exclude, restore, shortlist
from motrice.sourcing.operations.joint import confirm_joint, decline_joint, propose_joint
from motrice.sourcing.operations.outcomes import close_need, record_outcome, reopen_need, withdraw_need
from motrice.sourcing.operations.referrals import (
    accept_referral,
    answer_question,
    ask_question,
    call_back,
    forward_question,
    refuse_referral,
    set_due,
)
from tests.directory.factories import OrganisationFactory
from tests.sourcing.factories import MONDAY, SECRET, World, need_of, person_in, refer

DAY = MONDAY.date()


def states(need: Need) -> tuple[str, list[str]]:
    need.refresh_from_db()
    return need.status, list(need.referrals.order_by("pk").values_list("status", flat=True))


def test_the_first_team_to_accept_answers_the_need(place: World):
    need = need_of(place)
    first, second = refer(place, need, place.chemistry, place.optics)

    refuse_referral(referral=first, refusal="no-capacity", text="Pas avant mars", actor=place.chemist)
    accept_referral(referral=second, answer="Nous savons mesurer cela.", actor=place.optician)

    assert states(need) == (NeedStatus.ANSWERED, [ReferralStatus.REFUSED, ReferralStatus.ACCEPTED])


def test_when_every_team_refuses_the_need_is_in_analysis_again(place: World):
    need = need_of(place)
    for referral, actor in zip(
        refer(place, need, place.chemistry, place.optics), (place.chemist, place.optician), strict=True
    ):
        refuse_referral(referral=referral, refusal="too-early", actor=actor)

    assert states(need) == (NeedStatus.ANALYSIS, [ReferralStatus.REFUSED] * 2)


@pytest.mark.parametrize("refusal", ["", "because"])
def test_a_refusal_needs_a_reason_from_the_list(place: World, refusal):
    need = need_of(place)
    (referral,) = refer(place, need)

    with pytest.raises(RuleViolation) as caught:
        refuse_referral(referral=referral, refusal=refusal, actor=place.chemist)

    assert caught.value.field == "refusal"
    assert states(need) == (NeedStatus.REFERRED, [ReferralStatus.SENT])


def test_only_the_team_asked_answers(place: World):
    (referral,) = refer(place, need_of(place))

    for stranger in (place.optician, place.contact, place.officer, place.coordinator):
        with pytest.raises(NotPermitted):
            accept_referral(referral=referral, answer="Oui", actor=stranger)
    assert Referral.objects.get().status == ReferralStatus.SENT


def test_a_second_click_and_a_stale_page_change_nothing(place: World):
    (referral,) = refer(place, need_of(place))
    stale = Referral.objects.get(pk=referral.pk)

    accept_referral(referral=referral, answer="Oui", actor=place.chemist)
    with pytest.raises(InvalidTransition):
        accept_referral(referral=referral, answer="Oui", actor=place.chemist)
    with pytest.raises(StaleState):
        refuse_referral(referral=stale, refusal="too-early", actor=place.chemist)

    assert Referral.objects.get().status == ReferralStatus.ACCEPTED
    with pytest.raises(RuleViolation, match="already"):
        refer(place, Need.objects.get())


def test_referring_to_several_teams_is_all_or_nothing(place: World):
    need = need_of(place)

    with pytest.raises(RuleViolation, match="not to a company"):
        refer(place, need, place.chemistry, place.rival)

    assert states(need) == (NeedStatus.RECEIVED, [])
    assert Candidate.objects.count() == 0


def test_a_question_goes_to_the_officer_who_forwards_it_without_naming_the_team(place: World):
    need = need_of(place)
    (referral,) = refer(place, need)

    question = ask_question(referral=referral, text="Quelle surface ?", actor=place.chemist)
    forwarded = forward_question(question=question, actor=place.officer)
    with pytest.raises(RuleViolation, match="forwarded"):
        forward_question(question=question, actor=place.officer)
    answer_question(referral=referral, text="Deux mètres carrés", actor=place.officer)

    assert (forwarded.kind, forwarded.text) == (MessageKind.DESK_TO_COMPANY, "Quelle surface ?")
    assert Message.objects.permitted(place.contact).get() == forwarded
    assert [message.kind for message in Message.objects.permitted(place.chemist)] == [
        MessageKind.TEAM_TO_DESK,
        MessageKind.DESK_TO_TEAM,
    ]
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.SENT


def test_the_joint_answer_of_two_teams_is_one(place: World):
    need = need_of(place)
    lead, _partner = refer(place, need, place.chemistry, place.optics)

    joint = propose_joint(referral=lead, partner_team=place.optics, text="Ensemble", actor=place.chemist)
    assert states(need) == (NeedStatus.REFERRED, [ReferralStatus.JOINT, ReferralStatus.SENT])
    with pytest.raises(NotPermitted):
        confirm_joint(joint=joint, actor=place.chemist)
    confirm_joint(joint=joint, actor=place.optician)

    assert states(need) == (NeedStatus.ANSWERED, [ReferralStatus.ACCEPTED] * 2)
    with pytest.raises(InvalidTransition):
        confirm_joint(joint=joint, actor=place.optician)


def test_a_joint_answer_waits_until_the_officer_asks_the_second_team(place: World):
    need = need_of(place)
    (lead,) = refer(place, need)
    joint = propose_joint(referral=lead, partner_team=place.optics, text="Ensemble", actor=place.chemist)
    assert not Need.objects.permitted(place.optician).exists()

    need.refresh_from_db()
    refer(place, need, place.optics)
    joint.refresh_from_db()
    decline_joint(joint=joint, actor=place.optician)

    assert joint.status == JointStatus.DECLINED
    assert states(need) == (NeedStatus.REFERRED, [ReferralStatus.SENT, ReferralStatus.SENT])


def test_a_team_called_back_no_longer_sees_the_need(place: World):
    need = need_of(place)
    (referral,) = refer(place, need)
    assert Need.objects.permitted(place.chemist).exists()

    call_back(referral=referral, reason="Erreur d'équipe", actor=place.officer)

    assert not Need.objects.permitted(place.chemist).exists()
    assert states(need) == (NeedStatus.ANALYSIS, [ReferralStatus.WITHDRAWN])
    refer(place, need)
    assert states(need) == (NeedStatus.REFERRED, [ReferralStatus.WITHDRAWN, ReferralStatus.SENT])


def test_teams_are_set_aside_with_a_reason_and_brought_back(place: World):
    need = need_of(place)
    person = person_in(place.optics)

    with pytest.raises(RuleViolation):
        exclude(need=need, organisation=place.optics, person=person, reason="", actor=place.officer)
    candidate = exclude(
        need=need, organisation=place.optics, person=person, reason="Déjà engagée", actor=place.officer
    )
    assert candidate.status == CandidateStatus.EXCLUDED
    restore(candidate=candidate, actor=place.officer)
    shortlist(need=need, organisation=place.chemistry, actor=place.officer)

    assert sorted(Candidate.objects.values_list("status", flat=True)) == [CandidateStatus.SHORTLISTED] * 2
    with pytest.raises(RuleViolation, match="does not work in"):
        shortlist(need=need, organisation=place.chemistry, person=person, actor=place.officer)


def test_a_need_goes_from_introduction_to_contract_and_closes(place: World):
    need = need_of(place)
    (referral,) = refer(place, need)
    accept_referral(referral=referral, answer="Oui", actor=place.chemist, at=MONDAY)
    need.refresh_from_db()

    def outcome(kind: str, **fields) -> None:
        record_outcome(need=need, kind=kind, dated_on=DAY, actor=place.officer, at=MONDAY, **fields)

    with pytest.raises(RuleViolation, match="the introduction before") as refused:
        outcome("contract", agreement="C-1")
    assert refused.value.field == "kind"  # the form is shown again with what was typed
    with pytest.raises(RuleViolation, match="Say which team"):
        outcome("introduction")
    outcome("introduction", referral=referral)
    with pytest.raises(RuleViolation, match="reference of the contract"):
        outcome("contract", referral=referral)
    outcome("contract", referral=referral, agreement="C-1")
    with pytest.raises(RuleViolation, match="leave the reason empty"):
        close_need(need=need, ending="no-team", actor=place.officer)
    close_need(need=need, actor=place.officer)

    assert need.status == NeedStatus.CLOSED
    assert [str(row) for row in need.outcomes.order_by("pk")] == [
        f"Introduction {DAY}",
        f"Contract signed {DAY}",
    ]


def test_closing_without_outcome_needs_a_reason_and_can_be_reopened(place: World):
    need = need_of(place)
    refer(place, need)

    with pytest.raises(RuleViolation, match="choose the reason"):
        close_need(need=need, actor=place.officer)
    close_need(need=need, ending="no-team", actor=place.officer)
    assert states(need) == (NeedStatus.CLOSED, [ReferralStatus.WITHDRAWN])
    reopen_need(need=need, reason="Une équipe se propose", actor=place.officer)

    assert states(need)[0] == NeedStatus.ANALYSIS
    assert need.outcomes.get().kind == "none"


def test_a_company_withdraws_its_need_and_the_teams_are_told(place: World):
    need = need_of(place)
    refer(place, need)
    mail.outbox.clear()

    withdraw_need(need=need, actor=place.contact, reason="Projet arrêté")

    assert states(need) == (NeedStatus.WITHDRAWN, [ReferralStatus.WITHDRAWN])
    assert sorted(message.to[0] for message in mail.outbox) == sorted([place.chemist.email, place.officer.email])
    assert not [message for message in mail.outbox if SECRET in message.body]
    assert audit.differences() == []


def test_a_need_on_which_teams_of_every_kind_answered_replays_from_the_log(place: World):
    need = need_of(place)
    third = OrganisationFactory(unit=True)
    lead, _partner, _third = refer(place, need, place.chemistry, place.optics, third)
    joint = propose_joint(referral=lead, partner_team=place.optics, text="Ensemble", actor=place.chemist)
    confirm_joint(joint=joint, actor=place.optician)
    close_need(need=Need.objects.get(), ending="solved-elsewhere", actor=place.officer)

    assert audit.differences() == []
    assert audit.verify().faults == ()


@pytest.mark.parametrize("days", [-1, 800, 2_900_000])
def test_a_team_is_given_neither_a_past_day_nor_one_out_of_sight(place: World, days: int):
    referral = refer(place, need_of(place))[0]

    with pytest.raises(RuleViolation, match="The date until which you await an answer"):
        set_due(referral=referral, due_at=MONDAY + timedelta(days=days), actor=place.officer, at=MONDAY)

    assert Referral.objects.get().due_at == referral.due_at


def test_a_team_that_had_not_answered_is_asked_again_after_the_need_is_reopened(place):
    need = need_of(place)
    refer(place, need)
    withdraw_need(need=need, actor=place.contact)
    need = Need.objects.get(pk=need.pk)
    reopen_need(need=need, actor=place.officer, reason="The company has it again.")

    (referral,) = refer(place, Need.objects.get(pk=need.pk))

    assert referral.is_pending
    assert Referral.objects.filter(need=need, organisation=place.chemistry).count() == 2
