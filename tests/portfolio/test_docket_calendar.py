"""The docket as a month: what the list holds, day by day, by the same rights and filters."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations.assets import set_level
from tests.portfolio.factories import MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def months(place):
    """Five families whose annuities of the third year fall due on the same day; one stays in its circle."""
    filed_on = timezone.localdate() - timedelta(days=365 * 2 - 60)
    for number in range(5):
        asset = asset_of(place, title=f"Alliage inventé {number}", docket_number=f"AL-{number}")
        application_of(place, asset, number=f"240000{number}", filed_on=filed_on, at=timezone.now())
        if number:
            set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    return Deadline.objects.filter(rule="fr-annuity", year=3).order_by("pk").first().due_on


def month_of(user, day, **filters):
    client = signed_in(user)
    return client.get(reverse("portfolio:docket_calendar"), {"month": f"{day:%Y-%m}"} | filters)


def test_a_day_tells_its_count_names_three_and_opens_the_list_of_the_rest(place, months):
    page = month_of(place.engineer, months).content.decode()

    here = Deadline.objects.filter(due_on=months).count()
    assert f"{here} deadlines</a>" in page
    assert page.count("French annuity, year 3") == 3
    address = f"{reverse('portfolio:docket')}?due_from={months}&amp;due_to={months}"
    assert address in page
    listed = signed_in(place.engineer).get(address.replace("&amp;", "&")).content.decode()
    assert f"<strong>{here} deadlines</strong>" in listed


def test_who_is_in_no_circle_counts_one_title_less(place, months):
    here = Deadline.objects.filter(due_on=months)

    inside, outside = (month_of(user, months).content.decode() for user in (place.engineer, place.colleague))

    assert f"{here.count()} deadlines</a>" in inside
    assert f"{here.exclude(asset__title='Alliage inventé 0').count()} deadlines</a>" in outside
    assert "AL-0" not in outside
    assert month_of(place.rival_contact, months).content.decode().count("AL-") == 0


def test_the_filters_of_the_list_narrow_the_month_and_stay_when_it_is_turned(place, months):
    page = month_of(place.engineer, months, q="AL-2", state="open").content.decode()

    assert "AL-2" in page
    assert "AL-3" not in page
    assert 'rel="next" href="?q=AL-2&amp;state=open&amp;month=' in page


def test_the_month_is_turned_no_further_than_the_list_goes(place, months):
    last = timezone.localdate() + timedelta(days=731)

    page = month_of(place.engineer, last).content.decode()

    assert 'rel="prev"' in page
    assert 'rel="next"' not in page
    assert month_of(place.engineer, last, month="2026-13").status_code == 404


def test_a_month_of_five_titles_costs_the_queries_of_one(place, months):
    with CaptureQueriesContext(connection) as many:
        month_of(place.engineer, months)
    with CaptureQueriesContext(connection) as one:
        month_of(place.engineer, months, q="AL-3")
    assert abs(len(many) - len(one)) <= 1


def test_the_list_leads_to_the_calendar(place, months):
    page = signed_in(place.engineer).get(reverse("portfolio:docket")).content.decode()

    assert f'href="{reverse("portfolio:docket_calendar")}"' in page
