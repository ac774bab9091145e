"""An act on what its reader did not see is told first: a statement, a question, a day or a rule that changed since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from motrice.core import catalogue
from motrice.core.errors import NotPermitted
from motrice.core.models import CatalogueEntry
from motrice.sourcing import rules
from motrice.sourcing.models import Message, Need, Referral
from motrice.sourcing.operations.candidates import shortlist
from motrice.sourcing.operations.catalogue import change_entry
from motrice.sourcing.operations.needs import correct_need, qualify_need
from motrice.sourcing.operations.referrals import ask_question, set_due
from tests.directory.factories import user_with
from tests.open_page import left_open, told
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import World, need_of, refer, statement
from tests.sourcing.views.test_story import client_of

CODE = "institute-of-segment"


def correct(place: World, need: Need, **changes: Any) -> None:
    correct_need(need=Need.objects.get(pk=need.pk), statement=statement(**changes), actor=place.contact)


@pytest.fixture
def need(place: World) -> Need:
    need = need_of(place)
    qualify_need(need=need, message="Bonjour.", actor=place.officer)
    return need


@pytest.fixture
def referral(place: World, need: Need) -> Referral:
    (referral,) = refer(place, need, at=None)
    return referral


ANSWERS = [
    ("accept", {"answer": "Oui."}, "accepted"),
    ("refuse", {"refusal": "no-time"}, "refused"),
    ("propose_joint", {"partner": "OPTICS", "text": "Ensemble."}, "joint"),
]


@pytest.mark.parametrize(("act", "typed", "then"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_a_team_answers_no_statement_that_it_has_not_read(place: World, need, referral, act, typed, then):
    typed = {**typed, **({"refusal": rules.choices(rules.REFUSAL)[0][0]} if act == "refuse" else {})}
    typed |= {"partner": place.optics.reference} if act == "propose_joint" else {}
    team, url = client_of(place.chemist), reverse("sourcing:referral_act", args=[referral.reference, act])
    page = left_open(team.get(url), "read-problem")
    correct(place, need, problem="La colle cède dès −20 °C.")

    clash = team.post(url, page | typed)

    told(clash, "La colle cède dès −20 °C.", str(place.contact))
    referral.refresh_from_db()
    assert referral.status == "sent"
    assert team.post(url, left_open(clash, "read-problem") | typed).status_code == 302
    referral.refresh_from_db()
    assert referral.status == then


def test_an_officer_refers_no_statement_that_they_have_not_read(place: World, need):
    chosen = shortlist(need=need, organisation=place.chemistry, reason="Colles.", actor=place.officer)
    desk, url = client_of(place.officer), reverse("sourcing:refer", args=[need.reference])
    page = left_open(desk.get(url), "message") | {"candidates": str(chosen.pk), "message": "Pouvez-vous aider ?"}
    correct(place, need, title="Colle au grand froid")

    told(desk.post(url, page), "Colle au grand froid", str(place.contact))

    assert not Referral.objects.exists()


def test_a_past_day_is_refused_at_its_field_on_the_page_that_refers(place: World, need):
    chosen = shortlist(need=need, organisation=place.chemistry, reason="Colles.", actor=place.officer)
    url = reverse("sourcing:refer", args=[need.reference])

    page = client_of(place.officer).post(
        url, {"candidates": str(chosen.pk), "message": "Pouvez-vous aider ?", "due_at": "2020-01-31"}
    )

    assert list(page.context["form"].errors) == ["due_at"]


def test_a_question_asked_meanwhile_is_not_forwarded_unread(place: World, referral):
    ask_question(referral=referral, text="Quelle température ?", actor=place.chemist)
    desk, url = client_of(place.officer), reverse("sourcing:forward", args=[referral.reference])
    page = left_open(desk.get(url), "text")
    ask_question(referral=Referral.objects.get(), text="Quelle humidité ?", actor=place.chemist)

    clash = desk.post(url, page)

    told(clash, "Quelle humidité ?", str(place.chemist))
    assert not Message.objects.filter(kind="desk_company", forwards__isnull=False).exists()
    assert desk.post(url, left_open(clash, "text") | {"text": "Humidité ?"}).status_code == 302


def test_the_day_awaited_is_shown_and_not_written_over_unread(place: World, referral):
    url = reverse("sourcing:referral_act", args=[referral.reference, "due"])
    day = timezone.localdate()
    desk = client_of(place.officer)
    page = left_open(desk.get(url), "due_at")
    assert page["due_at"] == timezone.localdate(referral.due_at).isoformat()
    set_due(referral=referral, due_at=timezone.now() + timedelta(days=30), actor=place.coordinator)

    clash = desk.post(url, page | {"due_at": (day + timedelta(days=9)).isoformat()})

    told(clash, str(place.coordinator))
    referral.refresh_from_db()
    assert timezone.localdate(referral.due_at) == day + timedelta(days=30)
    assert desk.post(url, left_open(clash, "due_at")).status_code == 302
    referral.refresh_from_db()
    assert timezone.localdate(referral.due_at) == day + timedelta(days=9)


def test_programs_that_act_on_what_was_changed_are_refused(place: World, need, referral):
    desk, team, path = Caller(place.officer), Caller(place.chemist), f"referrals/{referral.reference}"
    seen = {name: desk("get", f"needs/{need.reference}")[name] for name in ("title", "problem", "trl")}
    awaited = desk("get", path)["due_at"]
    correct(place, need, problem="Autre.")
    set_due(referral=referral, due_at=timezone.now() + timedelta(days=30), actor=place.coordinator)
    later = (timezone.now() + timedelta(days=9)).isoformat()

    team("post", f"{path}/accept", 409, text="Oui.", read=seen)
    team("post", f"{path}/refuse", 409, refusal=rules.choices(rules.REFUSAL)[0][0], read=seen)
    team("post", f"{path}/joint", 409, partner=place.optics.reference, text="Oui.", read=seen)
    desk("post", f"{path}/due", 409, due_at=later, read={"due_at": awaited})
    desk("post", f"{path}/due", 422, due_at=later, read={"due_at": "demain"})
    team("post", f"{path}/ask", 201, text="Quelle humidité ?")
    desk("post", f"{path}/forward", 409, read={"text": "Quelle température ?"})

    desk("post", f"{path}/due", due_at=later, read={"due_at": desk("get", path)["due_at"]})
    assert team("post", f"{path}/accept", text="Oui.", read=seen | {"problem": "Autre."})["status"] == "accepted"


def test_a_rule_changed_meanwhile_is_not_removed_unread(place: World):
    client, url = client_of(place.coordinator), reverse("sourcing:routing_retire", args=[CODE])
    page = left_open(client.get(url), "reason")
    entry = catalogue.entry(rules.ROUTING, CODE)
    change_entry(entry=entry, data=entry.data | {"max_load": 12}, actor=user_with("administrator"), reason="Fewer.")

    clash = client.post(url, page | {"reason": "Unused."})

    told(clash, "“Open needs at most”: 12")
    assert catalogue.current(rules.ROUTING, CODE)
    assert client.post(url, left_open(clash, "reason")).status_code == 302
    assert not catalogue.current(rules.ROUTING, CODE)


def test_a_program_removes_no_rule_and_changes_no_segment_that_is_not_as_it_read(place: World):
    caller = Caller(place.coordinator)
    rule = next(row for row in caller("get", "routing")["rules"] if row["code"] == CODE)
    segment = next(row for row in caller("get", "segments") if row["code"] == "luxury")
    text = {name: segment[name] for name in ("name", "description", "naf")}
    for kind, code, change in ((rules.ROUTING, CODE, {"max_load": 12}), (rules.SEGMENT, "luxury", {"naf": ["3213Z"]})):
        entry = catalogue.entry(kind, code)
        change_entry(entry=entry, data=entry.data | change, actor=place.coordinator, reason="Other.")
    count = CatalogueEntry.objects.count()

    caller("post", f"routing/{CODE}/retire", 409, reason="Unused.", read={"data": rule["data"]})
    caller("put", "segments/luxury", 409, **(text | {"naf": ["32"]}), reason="Mine.", read=text)
    assert CatalogueEntry.objects.count() == count
    caller("post", f"routing/{CODE}/retire", 204, reason="Unused.", read={"data": rule["data"] | {"max_load": 12}})
    caller("put", "segments/luxury", **(text | {"naf": ["32"]}), reason="Mine.", read=text | {"naf": ["3213Z"]})


def test_who_may_not_edit_learns_nothing_of_what_changed(place: World):
    entry = catalogue.entry(rules.ROUTING, CODE)

    with pytest.raises(NotPermitted):
        change_entry(entry=entry, data=entry.data, actor=place.officer, reason="x", read={"data": "before"})
