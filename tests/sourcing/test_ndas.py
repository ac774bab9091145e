"""The NDA of a team: it opens the confidential part, ends on a day, or is taken back when it was a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core.errors import RuleViolation
from motrice.core.models import AuditEntry
from motrice.sourcing.models import Nda, Need
from motrice.sourcing.operations.desk import end_nda, record_nda, withdraw_nda
from motrice.sourcing.operations.outcomes import withdraw_need
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import SECRET, World, need_of, refer
from tests.sourcing.views.test_story import client_of, text_of


def signed(place: World) -> Nda:
    """A need put to two teams; the first signed."""
    need = need_of(place, at=None)
    refer(place, need, place.chemistry, place.optics, at=None)
    return record_nda(
        need=need,
        organisation=place.chemistry,
        recorded_on=timezone.localdate(),
        agreement="NDA-1",
        actor=place.officer,
    )


def page_of(place: World, need: Need, user: str) -> str:
    return text_of(client_of(getattr(place, user)).get(reverse("sourcing:need", args=[need.reference]), follow=True))


def buttons(place: World, need: Need, user: str) -> list[str]:
    """What may be done with the NDAs there are."""
    page = page_of(place, need, user)
    return [name for name in ("Record the end of an NDA", "Take back an NDA recorded by mistake") if name in page]


def act(place: World, need: Need, name: str, **data: object) -> str:
    client: Client = client_of(place.officer)
    return text_of(client.post(reverse("sourcing:need_act", args=[need.reference, name]), data, follow=True))


def test_an_nda_recorded_by_mistake_closes_at_once_and_the_history_keeps_it(place: World):
    nda = signed(place)
    assert SECRET in page_of(place, nda.need, "chemist")

    told = act(place, nda.need, "nda-withdraw", nda=nda.pk, reason="Signed for another need")

    assert "what is confidential is closed to the team" in told
    assert not Nda.objects.exists()
    assert SECRET not in page_of(place, nda.need, "chemist")
    assert "recorded by mistake: the confidential part is closed to you" in page_of(place, nda.need, "chemist")
    assert f"took back the NDA of {place.chemistry.name}" in page_of(place, nda.need, "contact")
    assert "recorded by mistake" not in page_of(place, nda.need, "optician")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.verb, entry.reason) == ("need.withdraw_nda", "Signed for another need")


def test_the_buttons_stand_beside_the_ndas_as_long_as_they_serve(place: World):
    nda = signed(place)
    assert buttons(place, nda.need, "officer") == ["Record the end of an NDA", "Take back an NDA recorded by mistake"]
    assert buttons(place, nda.need, "auditor") == []

    end_nda(nda=nda, ended_on=timezone.localdate(), actor=place.officer)

    assert buttons(place, nda.need, "officer") == ["Take back an NDA recorded by mistake"]
    withdraw_nda(nda=nda, reason="mistake", actor=place.officer)
    assert buttons(place, nda.need, "officer") == []


def test_an_nda_ends_after_its_need_did(place: World):
    nda = signed(place)
    withdraw_need(need=nda.need, reason="", actor=place.contact)
    need = Need.objects.get()

    assert "Record the end of an NDA" in page_of(place, need, "officer")
    act(place, need, "nda-end", nda=nda.pk, ended_on=timezone.localdate().isoformat())

    nda.refresh_from_db()
    assert nda.ends_on == timezone.localdate()


def test_the_only_nda_stands_chosen_and_of_several_none(place: World):
    nda = signed(place)
    address = reverse("sourcing:need_act", args=[nda.need.reference, "nda-end"])
    assert client_of(place.officer).get(address).context["form"]["nda"].value() == nda.pk

    record_nda(
        need=nda.need,
        organisation=place.optics,
        recorded_on=timezone.localdate(),
        agreement="NDA-2",
        actor=place.officer,
    )

    assert client_of(place.officer).get(address).context["form"]["nda"].value() is None


def test_an_nda_is_taken_back_by_the_desk_alone_and_for_a_reason(place: World):
    nda = signed(place)
    path = f"needs/{nda.need.reference}/ndas/{place.chemistry.reference}/withdraw"

    Caller(place.chemist)("post", path, 403, reason="mine")
    Caller(place.rival_contact)("post", path, 404, reason="not mine")
    assert Caller(place.officer)("post", path, 422, reason="  ")["fields"][0]["field"] == "reason"
    Caller(place.officer)("post", path, 204, reason="Wrong team")
    Caller(place.officer)("post", path, 404, reason="Again")
    Caller(place.chemist)("get", f"needs/{nda.need.reference}/secret", 404)


def test_the_team_is_told_of_the_end_of_its_nda_and_no_other(place: World):
    nda = signed(place)
    end_nda(nda=nda, ended_on=timezone.localdate(), actor=place.officer)

    assert "recorded the end of the NDA of your team" in page_of(place, nda.need, "chemist")
    assert "of the NDA of" not in page_of(place, nda.need, "optician")


def test_an_end_recorded_already_is_not_written_over(place: World):
    nda = signed(place)
    stale = Nda.objects.get()
    end_nda(nda=nda, ended_on=timezone.localdate() + timedelta(days=30), actor=place.officer)

    with pytest.raises(RuleViolation, match="recorded already"):
        end_nda(nda=stale, ended_on=timezone.localdate(), actor=place.officer)
    withdraw_nda(nda=nda, reason="mistake", actor=place.officer)
    with pytest.raises(RuleViolation, match="taken back meanwhile"):
        end_nda(nda=stale, ended_on=timezone.localdate(), actor=place.officer)
