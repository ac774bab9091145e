"""An agreement read minutes ago: what others changed of it since is told to who writes it anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from motrice.agreements.operations.agreements import hand_over_agreement, set_agreement_level
from motrice.agreements.operations.licences import edit_licence
from motrice.core.confidentiality import Level
from tests.agreements.factories import bundle_of, content, licence_of, opened
from tests.agreements.test_api import Caller
from tests.directory.factories import user_with
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(place):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(place.colleague)
    return client


@pytest.fixture
def program(place):
    return Caller(place.colleague)


def edit_url(agreement):
    return reverse("agreements:licence_edit", args=[agreement.reference])


def test_the_terms_of_a_licence_written_meanwhile_are_told(desk, place):
    asset = opened(place)
    licence = licence_of(place, asset, live=False)
    page = left_open(desk.get(edit_url(licence)), "field_of_use")
    edit_licence(agreement=licence, content=content(place, asset, field_of_use="Outillage"), actor=place.officer)

    clash = desk.post(edit_url(licence), page | {"field_of_use": "Horlogerie"})

    told(clash, "Outillage", "Horlogerie", str(place.officer))
    licence.licence.refresh_from_db()
    assert licence.licence.field_of_use == "Outillage"
    assert desk.post(edit_url(licence), left_open(clash, "field_of_use")).status_code == 302


def test_the_assets_of_a_licence_written_meanwhile_are_told_before_they_are_replaced(desk, place):
    bundle = bundle_of(place)
    assets = [row.asset for row in bundle]
    licence = licence_of(place, *assets, live=False)
    page = left_open(desk.get(edit_url(licence)), "field_of_use")
    fewer = replace(content(place, assets[0]), title=licence.title)
    edit_licence(agreement=licence, content=fewer, actor=place.officer)

    told(desk.post(edit_url(licence), page | {"field_of_use": "Horlogerie"}), f"{assets[0]} 1", str(place.officer))

    assert licence.licence.bundle.count() == 1


def test_a_program_that_read_other_terms_or_parties_gets_409(program, place):
    asset = opened(place)
    licence = licence_of(place, asset, live=False)
    path = f"agreements/licences/{licence.reference}"
    seen, parties = program("get", path), program("get", f"{path}/parties")["items"]
    names = ("title", "exclusivity", "field_of_use", "is_worldwide", "territories", "summary", "number")
    body = {name: seen[name] for name in names} | {
        "parties": [
            {"role": row["role"], "organisation": row["organisation"], "name": row["name"]} for row in parties
        ],
        "assets": [{"asset": asset.reference, "numerator": 1, "denominator": 1}],
    }
    read = {"parties": parties, "assets": program("get", f"{path}/assets")["items"], "title": seen["title"]}
    program("put", path, **body, read=read)
    edit_licence(agreement=licence, content=replace(content(place, asset), title="Autre"), actor=place.officer)

    refused = program("put", path, 409, **body | {"title": "La mienne"}, read={"title": seen["title"]})
    program("put", path, 409, **body, read=read | {"parties": parties[:1]})

    assert refused["fields"][0]["field"] == "title"
    assert "Autre" in refused["message"]


def test_the_level_and_the_officer_of_an_agreement_are_not_changed_unawares(desk, program, place):
    licence, third = licence_of(place, opened(place)), user_with("officer", on=place.office)
    urls = {act: reverse("agreements:agreement_act", args=[licence.reference, act]) for act in ("level", "hand-over")}
    pages = {
        "level": left_open(desk.get(urls["level"]), "level"),
        "hand-over": left_open(desk.get(urls["hand-over"]), "officer"),
    }
    set_agreement_level(agreement=licence, level=Level.NETWORK, reason="x", actor=place.officer)
    hand_over_agreement(agreement=licence, officer=third, actor=place.officer)

    level = {"level": Level.PUBLIC, "reason": "x"}
    told(desk.post(urls["level"], pages["level"] | level), "Network", str(place.officer))
    told(desk.post(urls["hand-over"], pages["hand-over"] | {"officer": place.colleague.pk}), str(third))
    path = f"agreements/agreements/{licence.reference}"
    program("post", f"{path}/level", 409, **level, read={"level": "organisation"})
    officer = {"officer": place.colleague.reference, "read": {"officer": place.officer.reference}}
    program("post", f"{path}/hand-over", 409, **officer)

    licence.refresh_from_db()
    assert (licence.level, licence.officer) == (Level.NETWORK, third)
