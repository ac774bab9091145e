"""The deadlines on the page of an asset: what comes next in sight, the rest folded and counted."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from motrice.portfolio.models import Deadline
from motrice.portfolio.views.docket_section import IN_SIGHT
from tests.portfolio.factories import application_of, asset_of

pytestmark = pytest.mark.django_db


def test_what_comes_next_stands_before_the_folded_years_and_the_past(place):
    asset = asset_of(place)
    application_of(place, asset, filed_on=date(2020, 1, 15))
    waiting = list(Deadline.objects.filter(asset=asset, state="open").order_by("due_on", "pk"))
    over = Deadline.objects.filter(asset=asset).exclude(state="open")
    client = Client()
    client.force_login(place.engineer)

    page = client.get(reverse("portfolio:asset", args=[asset.reference])).content.decode()

    at = [page.index(f"/docket/{row.reference}/") for row in waiting]
    later, past = page.index(f"Later: {len(waiting) - IN_SIGHT}<"), page.index(f"Done or past: {over.count()}<")
    assert at == sorted(at)
    assert at[IN_SIGHT - 1] < later < at[IN_SIGHT] < past
    assert past < min(page.index(f"/docket/{row.reference}/") for row in over)
