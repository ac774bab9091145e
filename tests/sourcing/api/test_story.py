"""The desk through the API: the same rights and refusals as the pages."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from motrice.sourcing.models import Need, Referral
from tests.sourcing.factories import GLUE, SECRET, World, need_of, refer


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, path: str, **body):
    return client.post(f"/api/v1/desk/{path}", json.dumps(body), content_type="application/json")


def test_a_need_is_stated_qualified_referred_and_answered(place: World):
    company, desk, team = client_of(place.contact), client_of(place.officer), client_of(place.chemist)

    made = post(company, "needs", title="Froid", problem=GLUE, secret=SECRET, company=place.company.reference)
    assert made.status_code == 201, made.content
    reference = made.json()["reference"]
    assert post(desk, f"needs/{reference}/qualify", text="Bonjour").json()["status"] == "analysis"
    asked = post(desk, f"needs/{reference}/referrals", teams=[place.chemistry.reference], message="Pouvez-vous ?")
    assert asked.status_code == 201, asked.content
    referral = asked.json()[0]["reference"]
    assert post(team, f"referrals/{referral}/refuse", refusal="because").status_code == 422
    assert post(team, f"referrals/{referral}/accept", text="Oui").json()["status"] == "accepted"
    assert desk.get(f"/api/v1/desk/needs/{reference}").json()["status"] == "answered"
    assert desk.get("/api/v1/desk/report").json()["answers"] == 1


def test_the_confidential_part_has_its_own_address_and_policy(place: World):
    need = need_of(place)
    refer(place, need)
    path = f"/api/v1/desk/needs/{need.reference}"

    for user in (place.officer, place.contact, place.chemist, place.coordinator):
        assert SECRET not in client_of(user).get(path).content.decode()
    statuses = [
        client_of(user).get(f"{path}/secret").status_code
        for user in (place.officer, place.contact, place.auditor, place.chemist, place.coordinator)
    ]
    assert statuses == [200, 200, 200, 404, 404]


@pytest.mark.parametrize("path", ["needs", "referrals", "offers", "segments", "report"])
def test_nobody_gets_401(place: World, path):
    assert Client().get(f"/api/v1/desk/{path}").status_code == 401


def test_lists_hold_what_one_may_see_and_no_more(place: World):
    need_of(place)
    refer(place, Need.objects.get())

    totals = [
        client_of(user).get(f"/api/v1/desk/{path}").json()["total"]
        for path in ("needs", "referrals")
        for user in (place.officer, place.contact, place.chemist, place.other_officer, place.rival_contact)
    ]

    assert totals == [1, 1, 1, 0, 0, 1, 0, 1, 0, 0]
    assert Referral.objects.count() == 1
