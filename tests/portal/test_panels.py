"""What each role finds on its home page at the same moment of one need: its own part, and nobody else's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.sourcing.models import Need
from motrice.sourcing.operations.clock import run_clock
from motrice.sourcing.operations.needs import qualify_need, write_to_company
from motrice.sourcing.operations.referrals import accept_referral, ask_question
from tests.sourcing.factories import World, need_of, refer, world

pytestmark = pytest.mark.django_db
ROLES = ("officer", "other_officer", "coordinator", "auditor", "chemist", "optician", "contact", "rival_contact")


@pytest.fixture
def place() -> World:
    return world()


def waiting(place: World) -> dict[str, list[str]]:
    """What waits for each role, by the act that it asks for."""
    found = {}
    for role in ROLES:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(getattr(place, role))
        response = client.get(reverse("portal:home"))
        found[role] = [item.what for item in response.context["waiting"]]
    return {role: items for role, items in found.items() if items}


def long_ago() -> datetime:
    return timezone.now() - timedelta(days=20)


def test_a_need_received_waits_for_its_officer_alone(place: World):
    need_of(place, at=None)

    assert waiting(place) == {"officer": ["Answer Société inventée du Froid: Colle au froid"]}


def test_a_late_need_waits_for_the_coordinator_too(place: World):
    need_of(place, at=long_ago())
    run_clock()

    assert waiting(place) == {
        "officer": ["Answer Société inventée du Froid: Colle au froid"],
        "coordinator": ["Late: Colle au froid"],
    }


def test_a_need_taken_in_charge_waits_for_a_team_to_be_found(place: World):
    qualify_need(need=need_of(place, at=None), message="Vu.", actor=place.officer)

    assert waiting(place) == {"officer": ["Find who can answer: Colle au froid"]}


def test_a_referral_waits_for_the_team_asked_and_for_no_other(place: World):
    need = need_of(place, at=None)
    qualify_need(need=need, message="Vu.", actor=place.officer)
    refer(place, need, place.chemistry, at=None)

    assert waiting(place) == {"chemist": ["Can your team help? Colle au froid"]}


def test_a_question_waits_for_the_officer_and_then_for_the_company(place: World):
    need = need_of(place, at=None)
    qualify_need(need=need, message="Vu.", actor=place.officer)
    (referral,) = refer(place, need, place.chemistry, at=None)

    ask_question(referral=referral, text="Quelle colle ?", actor=place.chemist)
    asked = waiting(place)
    write_to_company(need=Need.objects.get(), text="Quelle colle ?", awaits_reply=True, actor=place.officer)

    assert asked == {"officer": [f"Answer the question of {place.chemistry.name}"]}
    assert waiting(place) == asked | {"contact": ["Answer the desk: Colle au froid"]}


def test_an_accepted_need_waits_for_its_introduction(place: World):
    need = need_of(place, at=None)
    qualify_need(need=need, message="Vu.", actor=place.officer)
    (referral,) = refer(place, need, place.chemistry, at=None)
    accept_referral(referral=referral, answer="Oui.", actor=place.chemist)

    assert waiting(place) == {"officer": ["Introduce a laboratory: Colle au froid"]}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_act_asked_for_has_its_words_and_leads_to_a_page(place: World, language: str):
    need_of(place, at=long_ago())
    run_clock()
    client = Client()
    client.cookies["motrice_language"] = language
    client.force_login(place.coordinator)

    items: list[Any] = client.get(reverse("portal:home")).context["waiting"]

    assert [str(item.act) for item in items] == [{"fr": "Ouvrir", "en": "Open"}[language]]
    assert client.get(items[0].url).status_code == 200
