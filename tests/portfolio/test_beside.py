"""Beside an organisation or a person stand the assets that the reader may see of them, and nothing of the others."""

import pytest

from motrice.portfolio.operations.assets import set_level
from tests.portfolio.factories import MONDAY, published_family


@pytest.fixture
def asset(place):
    return published_family(place)


def page_of(client, actor, record):
    client.force_login(actor)
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_laboratory_the_owners_and_the_inventor_lead_to_an_open_asset(client, place, asset):
    set_level(asset=asset, level="network", actor=place.officer, reason="Publiée", at=MONDAY)

    for record in (place.laboratory, place.office, place.company, place.inventor):
        assert asset.title in page_of(client, place.officer, record)


def test_nothing_of_a_closed_asset_stands_beside_them(client, place, asset):
    for record in (place.laboratory, place.office, place.company):
        assert asset.title not in page_of(client, place.other_officer, record)
    assert asset.title not in page_of(client, place.coordinator, place.inventor)


def test_who_does_not_work_on_an_open_asset_learns_neither_owner_nor_inventor_from_it(client, place, asset):
    set_level(asset=asset, level="public", actor=place.officer, reason="Publiée", at=MONDAY)

    assert asset.title in page_of(client, place.coordinator, place.laboratory)
    assert asset.title not in page_of(client, place.coordinator, place.company)
    assert asset.title not in page_of(client, place.coordinator, place.inventor)
