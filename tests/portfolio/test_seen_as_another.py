"""What somebody who sees the site as another is told of an asset: never more of it than their own rights tell."""

from __future__ import annotations

import pytest
from django.test import Client

from motrice.portfolio.operations.assets import set_level
from tests.portfolio.factories import MONDAY, World, published_family

pytestmark = pytest.mark.django_db


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shared(place: World):
    asset = published_family(place)
    set_level(asset=asset, level="network", actor=place.officer, reason="Publiée", at=MONDAY)
    return asset


def test_the_inside_of_an_asset_stays_closed_to_a_coordinator_in_the_view_of_its_officer(place: World, shared):
    address = f"/portfolio/assets/{shared.reference}/"
    client = as_user(place.coordinator)
    client.post("/account/view-as/", {"email": place.officer.email, "reason": "A question", "kind": ""})

    page, form = client.get(address).content.decode(), client.get(f"{address}classify/")

    assert shared.title in page
    assert str(place.engineer) in as_user(place.officer).get(address).content.decode()
    assert str(place.engineer) not in page
    assert as_user(place.officer).get(f"{address}classify/").status_code == 200
    assert form.status_code == 403


def test_the_history_of_an_asset_stays_closed_to_a_coordinator_in_the_view_of_an_auditor(place: World, shared):
    client = as_user(place.coordinator)
    client.post("/account/view-as/", {"email": "", "reason": "A question", "kind": "auditor"})

    page = client.get(f"/history/portfolio.asset/{shared.reference}/")
    told = client.get(f"/api/v1/accounts/records/portfolio.asset/{shared.reference}/history")

    assert as_user(place.auditor).get(f"/history/portfolio.asset/{shared.reference}/").status_code == 200
    assert (page.status_code, told.status_code) == (403, 403)
