"""A record of the directory read minutes ago: what others changed of it since is told to who edits it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from motrice.directory.operations.organisation import edit_organisation, set_address
from motrice.directory.operations.person import edit_person
from tests.directory.factories import OrganisationFactory, PersonFactory, user_with
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"


@pytest.fixture
def other():
    return user_with("officer")


@pytest.fixture
def desk():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user_with("officer"))
    return client


def test_an_organisation_edited_meanwhile_is_told_and_the_rest_stays(desk, other):
    body = OrganisationFactory(name="Société inventée", city="Metz", description="")
    url = reverse("directory:organisation_edit", args=[body.reference])
    page = left_open(desk.get(url), "city")
    edit_organisation(organisation=body, city="Nancy", description="De l’autre", actor=other)

    clash = desk.post(url, page | {"city": "Toul"})

    told(clash, "Nancy", "Toul", str(other))
    assert desk.post(url, left_open(clash, "city")).status_code == 302
    body.refresh_from_db()
    assert (body.city, body.description) == ("Toul", "De l’autre")


def test_an_address_written_meanwhile_is_told(desk, other):
    body = OrganisationFactory()
    set_address(organisation=body, city="Metz", actor=other)
    url = reverse("directory:address_edit", args=[body.reference])
    page = left_open(desk.get(url), "postcode")
    set_address(organisation=body, city="Nancy", actor=other)

    told(desk.post(url, page | {"city": "Toul"}), "Nancy", "Toul", str(other))

    assert body.addresses.get().city == "Nancy"


def test_a_person_edited_meanwhile_is_told(desk, other):
    somebody = PersonFactory(description="")
    url = reverse("directory:person_edit", args=[somebody.reference])
    page = left_open(desk.get(url), "description")
    edit_person(person=somebody, description="De l’autre", actor=other)

    told(desk.post(url, page | {"description": "De moi"}), "De l’autre", "De moi", str(other))

    somebody.refresh_from_db()
    assert somebody.description == "De l’autre"


def test_a_program_that_read_a_record_before_another_changed_it_gets_409(desk, other):
    body, somebody = OrganisationFactory(city="Metz"), PersonFactory(description="")
    set_address(organisation=body, city="Metz", actor=other)
    edit_organisation(organisation=body, city="Nancy", actor=other)
    set_address(organisation=body, city="Nancy", actor=other)
    edit_person(person=somebody, description="De l’autre", actor=other)

    def caller(method, path, body, status=200):
        answer = getattr(desk, method)(f"/api/v1/directory{path}", data=body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    mine = {"city": "Toul", "read": {"city": "Metz"}}
    refused = caller("patch", f"/organisations/{body.reference}", mine, 409)
    caller("put", f"/organisations/{body.reference}/address", mine, 409)
    caller("patch", f"/people/{somebody.reference}", {"description": "De moi", "read": {"description": ""}}, 409)
    caller("patch", f"/organisations/{body.reference}", mine | {"read": {"city": "Nancy"}})

    assert refused["fields"][0]["field"] == "city"
    body.refresh_from_db()
    assert body.city == "Toul"
