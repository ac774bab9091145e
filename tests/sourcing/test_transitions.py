"""The state tables, over all states, for whoever handles, answers or states."""

from __future__ import annotations

import pytest

from motrice.sourcing.enums import NeedStatus, ReferralStatus
from motrice.sourcing.models import Need, Referral
from motrice.sourcing.transitions import NEED, REFERRAL
from tests.sourcing.factories import World, need_of, refer

N, R = NeedStatus, ReferralStatus
DESK = {
    N.RECEIVED: ["qualify", "refer", "decline", "withdraw"],
    N.ANALYSIS: ["refer", "close", "decline", "withdraw"],
    N.REFERRED: ["refer", "close", "withdraw"],
    N.ANSWERED: ["refer_again", "introduce", "close", "withdraw"],
    N.INTRODUCED: ["close"],
    N.CLOSED: ["reopen"],
    N.OUT_OF_SCOPE: ["reopen"],
    N.WITHDRAWN: ["reopen"],
}
COMPANY = {N.RECEIVED: ["withdraw"], N.ANALYSIS: ["withdraw"], N.REFERRED: ["withdraw"], N.ANSWERED: ["withdraw"]}
TEAM = {N.REFERRED: ["answer", "fall_back"], N.ANSWERED: ["answer"]}
REFERRAL_TEAM = {
    R.SENT: ["ask", "accept", "refuse", "propose_joint"],
    R.QUESTIONED: ["ask", "accept", "refuse", "propose_joint"],
    R.JOINT: ["confirm_joint", "drop_joint"],
}
REFERRAL_DESK = {R.SENT: ["call_back"], R.QUESTIONED: ["reply", "call_back"], R.JOINT: ["call_back"]}


@pytest.mark.parametrize("status", list(N))
def test_the_moves_of_a_need_in_each_state(place: World, status):
    need = need_of(place)
    refer(place, need)
    need = Need.objects.get()
    need.status = status

    def moves(actor) -> list[str]:
        return [move.name for move in NEED.available(need, actor)]

    expected = [DESK[status], DESK[status], COMPANY.get(status, []), TEAM.get(status, []), [], []]
    actors = (place.officer, place.coordinator, place.contact, place.chemist, place.optician, place.auditor)
    assert [moves(actor) for actor in actors] == expected


@pytest.mark.parametrize("status", list(R))
def test_the_moves_of_a_referral_in_each_state(place: World, status):
    refer(place, need_of(place))
    referral = Referral.objects.get()
    referral.status = status

    def moves(actor) -> list[str]:
        return [move.name for move in REFERRAL.available(referral, actor)]

    expected = [REFERRAL_TEAM.get(status, []), REFERRAL_DESK.get(status, []), [], []]
    actors = (place.chemist, place.officer, place.optician, place.contact)
    assert [moves(actor) for actor in actors] == expected
