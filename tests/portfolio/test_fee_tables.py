"""An amount by a table that may have changed says so, everywhere and with its source; a new table leaves the past."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core import catalogue
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted
from motrice.portfolio.enums import EventKind, Route
from motrice.portfolio.models import Deadline, FeePayment
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.docket import record_payment, refresh_docket
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.queries.docket import cost_forecast
from motrice.portfolio.tables import docket as tables
from motrice.web.formats import day_text
from tests.portfolio.factories import MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db
NEXT = "ep-renewal-invented"


def reading(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def european(place):
    """A European application whose year 4 was paid by a recorded event, and year 5 with an amount."""
    filed_on = date(2021, 3, 10)
    application = application_of(
        place, asset_of(place), office="EP", route=Route.EUROPEAN, number="21700001", filed_on=filed_on
    )
    record_event(
        application=application, kind=EventKind.ANNUITY_PAID, year=4, occurred_on=date(2024, 4, 2), actor=place.officer
    )
    record_payment(
        deadline=application.deadlines.get(rule="ep-annuity", year=5),
        paid_on=date(2025, 3, 3),
        amount=Decimal("930.00"),
        currency="EUR",
        receipt="R-5",
        actor=place.engineer,
    )
    set_level(asset=application.asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    return application


def annuity(application, year):
    return Deadline.objects.select_related("asset").get(application=application, rule="ep-annuity", year=year)


def enter_table(place):
    """The coordinator enters the fees that the office published for the year to come."""
    last = catalogue.entry(tables.FEES, "ep-renewal-2024")
    rows = [{"term": str(year), "category": "standard", "amount": str(3000 + year)} for year in range(3, 21)]
    changes = {
        "rows": rows,
        "valid_from": f"{timezone.localdate().year + 1}-01-01",
        "known_until": "2060-12-31",
        "source": "Official Journal, invented",
    }
    data = {name: value for name, value in last.data.items() if name != "valid_to"} | changes
    catalogue.edit(kind=tables.FEES, code=NEXT, data=data, actor=place.coordinator, reason="Published")
    refresh_docket()


def test_an_estimate_says_so_with_its_source_and_its_day(place, european):
    client = reading(place.engineer)
    deadline = annuity(european, 20)
    assert deadline.is_estimate

    page = client.get(reverse("portfolio:deadline", args=[deadline.reference])).content.decode()
    told = client.get(f"/api/v1/portfolio/deadlines/{deadline.reference}").json()
    forecast = client.get(reverse("portfolio:forecast")).content.decode()
    costs = client.get("/api/v1/portfolio/costs").json()

    source = "williamspowell.com/news/european-patent-office-fees-increase-from-1-april-2024"
    assert "an estimate" in page
    assert source in page
    assert str(day_text(date(2024, 12, 31))) in page
    assert (told["is_estimate"], told["fee_known_until"]) == (True, "2024-12-31")
    assert source in told["fee_source"]
    assert source in forecast
    [table] = [row for row in costs["tables"] if row["code"] == "ep-renewal-2024"]
    assert (table["known_until"], table["count"]) == ("2024-12-31", table["estimate_count"])
    assert Decimal(costs["estimated"][0]["amount"]) > 0


def test_the_list_and_its_file_tell_an_estimate(place, european):
    client = reading(place.officer)

    page = client.get(reverse("portfolio:docket"), {"state": "open", "q": "21700001"}).content.decode()
    answer = client.get(reverse("portfolio:docket"), {"state": "open", "q": "21700001", "format": "csv"})
    lines = b"".join(answer.streaming_content).decode()

    assert "(estimate)" in page
    assert "estimate: table known until" in lines
    assert "ep-renewal-2024 v. 1; EPO fees from 1 April 2024" in lines


def test_a_new_dated_table_prices_what_is_to_come_and_leaves_the_past(place, european):
    past = {year: annuity(european, year) for year in (3, 4, 5)}
    before = cost_forecast(Deadline.objects.all(), today=timezone.localdate())

    enter_table(place)

    for year, row in past.items():
        now = annuity(european, year)
        kept = ("amount", "surcharge", "fee_table", "fee_version", "is_estimate", "state", "done_on")
        assert [getattr(now, name) for name in kept] == [getattr(row, name) for name in kept], year
    assert (FeePayment.objects.get().amount, annuity(european, 5).amount) == (Decimal("930.00"),) * 2
    last = annuity(european, 20)
    assert (last.amount, last.fee_table, last.is_estimate) == (Decimal("3020.00"), NEXT, False)
    after = cost_forecast(Deadline.objects.all(), today=timezone.localdate())
    assert after.total["EUR"] > before.total["EUR"]
    assert after.tables[NEXT, 1][1] == 0


def test_who_keeps_no_catalogue_enters_no_table(place, european):
    data = catalogue.entry(tables.FEES, "ep-renewal-2024").data

    with pytest.raises(NotPermitted):
        catalogue.edit(kind=tables.FEES, code=NEXT, data=data, actor=place.engineer, reason="x")

    assert not catalogue.current(tables.FEES, NEXT)
