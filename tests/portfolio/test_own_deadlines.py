"""What a co-owner is told of the deadlines of its titles: its own part, and nothing of the others or of the docket."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.ownership import transfer_share
from tests.portfolio.factories import MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db
API = "/api/v1/portfolio/own-deadlines"
THIRD = Fraction(1, 3)


def reading(user):
    client = Client()
    client.force_login(user)
    return client


def told(user, address=None):
    return reading(user).get(address or reverse("portfolio:my_deadlines")).content.decode()


@pytest.fixture
def shared(place):
    """A title of the office, the company and the other office by thirds, with an annuity in two months."""
    owners = (Owner(place.office, THIRD), Owner(place.company, THIRD), Owner(place.other_office, THIRD))
    asset = asset_of(place, title="Alliage inventé partagé", docket_number="SECRET-7", owners=owners)
    filed_on = timezone.localdate() - timedelta(days=365 * 7 - 60)
    application_of(place, asset, number="1900001", filed_on=filed_on, at=timezone.now())
    set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    return asset


@pytest.fixture
def annuity(shared):
    return Deadline.objects.get(asset=shared, rule="fr-annuity", year=8)


def test_a_company_is_told_its_own_share_and_its_own_part_of_the_fee(place, shared, annuity):
    answer = reading(place.contact).get(f"{API}?limit=200&due_from={annuity.due_on}&due_to={annuity.due_on}").json()

    assert annuity.amount == Decimal("136.00")
    [row] = [row for row in answer["items"] if row["amount"] is not None]
    assert row == {
        "title": shared.title,
        "share": "1/3",
        "due_on": annuity.due_on.isoformat(),
        "state": "open",
        "amount": "45.33",
        "currency": "EUR",
        "is_estimate": True,
    }


def test_the_parts_of_the_owners_sum_to_the_fee(place, shared, annuity):
    asked = f"{API}?limit=200&due_from={annuity.due_on}&due_to={annuity.due_on}"

    rows = [reading(user).get(asked).json() for user in (place.contact, place.other_officer, place.officer)]

    parts = [Decimal(row["amount"]) for answer in rows for row in answer["items"] if row["amount"]]
    assert sorted(parts) == [Decimal("45.33"), Decimal("45.33"), Decimal("45.34")]
    assert sum(parts) == annuity.amount


def test_the_page_of_a_company_names_neither_the_docket_nor_the_other_owners(place, shared, annuity):
    page = told(place.contact)

    assert shared.title in page
    assert "45.33" in page
    hidden = ("136.00", "SECRET-7", place.other_office.name, "French annuity", "fr-annuity", annuity.reference)
    assert [word for word in hidden if word in page] == []
    assert reading(place.contact).get(reverse("portfolio:deadline", args=[annuity.reference])).status_code == 404
    assert f'href="{reverse("portfolio:my_deadlines")}"' in told(place.contact, reverse("portfolio:my_titles"))


def test_who_owns_nothing_of_it_is_told_nothing_nor_counted_anything(place, shared):
    assert shared.title not in told(place.rival_contact)
    assert reading(place.rival_contact).get(API).json()["total"] == 0
    assert reading(place.lab_director).get(API).json()["total"] == 0


def test_a_title_that_is_kept_to_its_circle_is_not_told(place, shared):
    assert reading(place.contact).get(API).json()["total"] > 0

    type(shared).objects.filter(pk=shared.pk).update(level=Level.CIRCLE)

    assert reading(place.contact).get(API).json()["total"] == 0


def test_what_falls_due_after_a_part_was_given_away_is_no_longer_told(place, shared, annuity):
    transfer_share(
        asset=shared,
        giver=place.company,
        taker=place.other_office,
        share=THIRD,
        on=annuity.due_on,
        actor=place.officer,
        ground="Deed",
    )

    days = [row["due_on"] for row in reading(place.contact).get(f"{API}?limit=200").json()["items"]]

    assert days
    assert max(days) < annuity.due_on.isoformat()


def test_three_titles_cost_the_queries_of_one(place, shared, django_assert_max_num_queries):
    client = reading(place.contact)
    client.get(API)
    with django_assert_max_num_queries(12) as one:
        client.get(API)
    count = len(one)
    for number in (1, 2):
        other = asset_of(place, title=f"Autre alliage inventé {number}")
        application_of(place, other, number=f"190001{number}", filed_on=shared.starts_on)
        set_level(asset=other, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    client.get(API)

    with django_assert_max_num_queries(count):
        client.get(API)
