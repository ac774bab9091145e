"""The calendar at a secret address: what its owner sees, no more, and nothing once it is revoked."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from motrice.accounts.operations.calendar_addresses import make_calendar_address
from motrice.accounts.operations.roles import end_role
from motrice.accounts.operations.users import system_user
from motrice.sourcing.models import Need, Referral
from motrice.sourcing.operations.needs import qualify_need
from tests.sourcing.factories import GLUE, SECRET, World, need_of, refer


def calendar_of(user: Any) -> list[dict[str, str]]:
    """The events of somebody's calendar, asked without being signed in."""
    _feed, token = make_calendar_address(kind="desk", actor=user)
    response = Client().get(reverse("accounts:calendar", args=[token]))
    assert response["Content-Type"].startswith("text/calendar")
    return [
        {"summary": str(event["summary"]), "url": str(event["url"])}
        for event in Calendar.from_ical(response.content).walk("VEVENT")
    ]


@pytest.mark.parametrize(
    "role", ["officer", "other_officer", "coordinator", "auditor", "chemist", "optician", "contact", "rival_contact"]
)
def test_each_event_leads_to_a_page_its_owner_may_open_and_others_have_none(place: World, role: str):
    need = need_of(place, at=None)
    refer(place, need, place.chemistry, at=None)
    need_of(place, at=None, title="Autre besoin")
    user = getattr(place, role)
    client = Client()
    client.force_login(user)

    events = calendar_of(user)

    paths = [event["url"].removeprefix(settings.SITE_URL) for event in events]
    assert {client.get(path).status_code for path in paths} <= {200}
    assert bool(events) == (role in ("officer", "chemist"))


def test_the_calendar_tells_dates_and_titles_and_never_a_text(place: World):
    need = need_of(place, at=None)
    refer(place, need, place.chemistry, at=None)

    told = str(calendar_of(place.officer) + calendar_of(place.chemist))

    assert need.reference in told
    assert Referral.objects.get().reference in told
    assert GLUE[:20] not in told
    assert SECRET not in told


def test_a_need_of_a_circle_is_named_by_its_reference_alone(place: World):
    need = need_of(place, at=None, level="circle", title="Encre discrète")

    told = str(calendar_of(place.officer))

    assert need.reference in told
    assert "Encre discrète" not in told


def test_an_answer_takes_the_date_out_of_the_calendar(place: World):
    need = need_of(place, at=None)
    before = calendar_of(place.officer)

    qualify_need(need=need, message="Vu.", actor=place.officer)

    assert (len(before), calendar_of(place.officer)) == (1, [])


def test_who_leaves_the_desk_keeps_an_empty_calendar(place: World):
    need_of(place, at=None)
    _feed, token = make_calendar_address(kind="desk", actor=place.officer)

    end_role(role=place.officer.roles.get(), actor=system_user())

    assert b"VEVENT" not in Client().get(reverse("accounts:calendar", args=[token])).content
    assert Need.objects.count() == 1
