"""A need kept to a named circle: only the officer, the coordinator and the people named find it, anywhere."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from motrice.accounts.operations.roles import grant_role
from motrice.sourcing.models import Need, Referral
from motrice.sourcing.operations.needs import qualify_need
from tests.directory.factories import user_with
from tests.sourcing.factories import World, need_of, refer
from tests.sourcing.views.test_story import client_of, text_of

TITLE = "Encre conductrice discrète"


@pytest.fixture
def need(place: World) -> Need:
    """A need of the circle, put to one team."""
    made = need_of(place, at=None, level="circle", title=TITLE)
    qualify_need(need=made, message="Vu.", actor=place.officer)
    refer(place, made, place.chemistry, at=None)
    return Need.objects.get()


def found_by(user, url: str) -> tuple[int, bool]:
    """How many rows a list counts for somebody, and whether it shows the need."""
    response = client_of(user).get(url)
    return response.context["total"], TITLE in text_of(response)


def test_lists_search_and_counts_tell_only_the_circle(place: World, need: Need):
    colleague, member = user_with("officer", on=place.institute), user_with("researcher", on=place.chemistry)
    url = f"{reverse('sourcing:queue')}?q=conductrice"

    seen = {name: found_by(getattr(place, name), url) for name in ("officer", "coordinator", "auditor", "chemist")}
    outside = (colleague, member, place.other_officer, place.optician, place.rival_contact)
    unseen = [found_by(user, url) for user in outside]

    assert set(seen.values()) == {(1, True)}
    assert set(unseen) == {(0, False)}


def test_another_contact_of_the_company_does_not_find_it(place: World, need: Need):
    second = user_with("company_contact", on=place.company)

    assert found_by(place.contact, reverse("sourcing:my_needs")) == (1, True)
    assert found_by(second, reverse("sourcing:my_needs")) == (0, False)
    assert client_of(second).get(reverse("sourcing:need", args=[need.reference])).status_code == 404


def test_somebody_named_reads_it_from_that_day_on(place: World, need: Need):
    guest = user_with("researcher", on=place.optics)
    page = reverse("sourcing:need", args=[need.reference])
    assert client_of(guest).get(page).status_code == 404

    grant_role(user=guest, kind="circle", on=need, actor=place.officer)

    assert TITLE in text_of(client_of(type(guest).objects.get(pk=guest.pk)).get(page))


def test_a_member_of_the_team_asked_is_not_told_its_head_is(place: World, need: Need):
    member = user_with("researcher", on=place.chemistry)
    url = reverse("sourcing:referral", args=[Referral.objects.get().reference])

    assert client_of(place.chemist).get(url).status_code == 200
    assert client_of(member).get(url).status_code == 404


def test_mails_name_the_reference_and_never_the_title(place: World, need: Need):
    mail.outbox.clear()
    need_of(place, at=None, level="circle", title=TITLE)

    assert len(mail.outbox) == 2
    assert [TITLE in message.subject + message.body for message in mail.outbox] == [False, False]


def test_the_report_counts_it_for_the_circle_alone(place: World, need: Need):
    colleague = user_with("officer", on=place.institute)
    totals = [
        client_of(user).get(reverse("sourcing:report")).context["total"].value for user in (place.officer, colleague)
    ]

    assert totals == [1, 0]
