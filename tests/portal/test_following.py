"""What one follows on the home page: what changed since the last visit, permission-true, with the way to stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.models import Follow
from motrice.accounts.operations.follows import set_follow
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.sourcing.operations.needs import qualify_need
from tests.directory.factories import OrganisationFactory
from tests.sourcing.factories import World, need_of, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> World:
    return world()


def home(client: Client) -> Any:
    return client.get(reverse("portal:home")).context


def client_of(user: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def change(record: Any, *, actor: Any = None, **fields: Any) -> None:
    with audit.operation(actor or system_user(), "test.change", subject=record) as op:
        op.update(record, **fields)


def told(items: Any) -> list[str]:
    return [f"{item.about}: {item.what}" if item.about else str(item.what) for item in items]


def test_a_change_of_a_followed_record_is_told_by_its_fields_without_values(place: World):
    set_follow(record=place.chemistry, actor=place.officer, follows=True)
    client = client_of(place.officer)

    change(place.chemistry, region="Corse")
    change(place.optics, region="Corse")

    assert told(home(client)["news"]) == [f"{place.chemistry}: changed region"]


def test_ones_own_changes_are_left_out(place: World):
    set_follow(record=place.chemistry, actor=place.officer, follows=True)

    change(place.chemistry, actor=place.officer, region="Corse")

    assert told(home(client_of(place.officer))["news"]) == []


def test_a_record_that_may_no_longer_be_seen_is_told_no_more(place: World):
    hidden = OrganisationFactory(unit=True, name="Laboratoire caché")
    set_follow(record=hidden, actor=place.contact, follows=True)
    change(hidden, region="Corse")
    client = client_of(place.contact)
    assert [row.words for row in home(client)["followed"]] == [str(hidden)]

    change(hidden, level=Level.CIRCLE)

    context = home(client)
    assert (told(context["news"]), list(context["followed"])) == ([], [])


def test_changes_before_the_last_visit_come_apart(place: World):
    set_follow(record=place.chemistry, actor=place.officer, follows=True)
    client = client_of(place.officer)
    change(place.chemistry, region="Corse")
    home(client)
    session = client.session
    session["home_visit"] = ["", (timezone.now() + timedelta(seconds=1) - timedelta(hours=2)).isoformat()]
    session.save()
    change(place.chemistry, description="Nouvelle présentation.")

    first, again = home(client), home(client)

    assert len(told(first["news"])) == len(told(again["news"])) == 2
    session = client.session
    session["home_visit"] = [timezone.now().isoformat(), timezone.now().isoformat()]
    session.save()
    assert (told(home(client)["news"]), len(told(home(client)["earlier"]))) == ([], 2)


def test_an_officer_reads_the_story_of_a_need_followed_in_a_colleagues_charge(place: World):
    need = need_of(place, at=None)
    client = client_of(place.coordinator)
    assert told(home(client)["news"]) == []

    client.post(reverse("accounts:follow", args=["sourcing.need", need.reference]), {"follow": "yes"})
    qualify_need(need=need, message="Vu.", actor=place.officer)

    assert f"{need.title}: took the need in charge and answered the company" in told(home(client)["news"])


def test_one_stops_following_from_the_home_page(place: World):
    set_follow(record=place.chemistry, actor=place.officer, follows=True)
    client = client_of(place.officer)
    (row,) = home(client)["followed"]

    client.post(reverse("accounts:follow", args=[row.label, row.reference]), {"follow": "no", "next": "/"})

    assert not Follow.objects.exists()
    assert list(home(client)["followed"]) == []


def test_following_more_records_asks_no_more_queries(place: World):
    client, counts = client_of(place.officer), []
    home(client)
    for teams in ([place.chemistry], [place.optics, place.institute]):
        for team in teams:
            set_follow(record=team, actor=place.officer, follows=True)
            change(team, description="Autre texte.")
        home(client)
        with CaptureQueriesContext(connection) as caught:
            home(client)
        counts.append(len(caught))

    assert counts[0] == counts[1]
