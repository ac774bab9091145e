"""The bell of every page: it counts what the home page lists for the same reader, in one question."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.models import User
from motrice.sourcing.models import Offer
from motrice.sourcing.operations.needs import write_to_company
from motrice.sourcing.operations.referrals import ask_question
from motrice.web import panels
from tests.sourcing.factories import World, need_of, offer_of, refer

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(place: World) -> World:
    """Something waits for each: two answers for the officer, a team asked, a company asked, two offers hidden."""
    need_of(place)
    asked, joined = need_of(place), need_of(place)
    refer(place, asked, place.chemistry, place.optics)
    refer(place, joined, place.chemistry)
    write_to_company(need=asked, text="Depuis quand ?", actor=asked.owner, awaits_reply=True)
    ask_question(referral=joined.referrals.get(), text="Quel support ?", actor=place.chemist)
    for team in (place.chemistry, place.optics):
        offer_of(team, place.coordinator)
    Offer.objects.update(review_on=timezone.localdate() - timedelta(days=1))
    return place


WAITING = {
    "officer": 3,  # two needs not answered yet, and the question of a team
    "coordinator": 1,  # both hidden offers are one thing to do
    "chemist": 1,
    "optician": 1,
    "contact": 1,
    "rival_contact": 0,
    "researcher": 0,
    "auditor": 0,
}


@pytest.mark.parametrize(("role", "count"), WAITING.items())
def test_the_bell_counts_what_the_home_page_lists_in_one_question_until_the_log_grows(
    busy: World, role: str, count: int
):
    reader = User.objects.get(pk=getattr(busy, role).pk)
    assert reader.active_roles

    with CaptureQueriesContext(connection) as first:
        counted = panels.count_for(reader)
    with CaptureQueriesContext(connection) as again:
        panels.count_for(reader)

    assert (counted, len(panels.waiting_for(reader))) == (count, count)
    assert (len(first), len(again)) == (2, 1)  # where the log stands and the count; then only where the log stands


def test_the_bell_of_another_page_shows_the_count_and_follows_each_change(busy: World):
    client = Client()
    client.force_login(busy.chemist)

    def bell() -> str:
        page = BeautifulSoup(client.get(reverse("directory:units")).content, "html.parser")
        shown = page.select_one(".tool-count")
        return shown.get_text() if shown else ""

    before = bell()
    refer(busy, need_of(busy), busy.chemistry)

    assert (before, bell()) == ("1", "2")


def test_what_changed_names_who_did_it(busy: World):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(busy.chemist)

    lines = BeautifulSoup(client.get("/").content, "html.parser").select(".timeline-what")

    told = [" ".join(line.get_text(" ").split()) for line in lines]
    assert any("put the need to your team" in line for line in told)
    assert [line for line in told if line.startswith("put the need")] == []


@pytest.mark.parametrize(("who", "first"), [("officer", "/desk/needs/"), ("contact", "/my-needs/")])
def test_an_act_on_a_need_leads_back_to_the_list_of_its_reader(place: World, who: str, first: str):
    need, client = need_of(place), Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(getattr(place, who))

    page = client.get(reverse("sourcing:need_act", args=[need.reference, "attach"]))

    assert [url for _label, url in page.context["crumbs"]] == [first, f"/desk/needs/{need.reference}/", ""]
