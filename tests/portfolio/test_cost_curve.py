"""The cost curve: each sum is that of the fees that it opens, for all owners or for the part of one."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from motrice.portfolio.lists.costs import ahead_rows, paid_rows
from motrice.portfolio.marts.costs import costs_of
from motrice.portfolio.models import Asset, Deadline, DocketEvent, FeePayment, Ownership
from motrice.portfolio.operations.assets import Owner
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.queries.fee_parts import Share
from motrice.portfolio.views import docket_steering
from tests.portfolio.factories import MONDAY, application_of, asset_of
from tests.portfolio.test_steering_facets import THIRD

D = Decimal


def fee(application, due_on, amount, *, currency="EUR", term="", **changes):
    fields = {"rule": "test", "rule_version": 1, "nature": "act", "state": "open", "confidence": "confirmed"}
    return Deadline.objects.create(
        asset=application.asset, application=application, term=term or str(due_on)[2:8], original_on=due_on,
        due_on=due_on, closes_on=due_on, amount=amount and D(amount), currency=currency, **(fields | changes),
    )  # fmt: skip


def payment(place, application, paid_on, amount, currency="EUR"):
    event = DocketEvent.objects.create(
        application=application, kind="fee_paid", occurred_on=paid_on, recorded_by=place.officer, recorded_at=MONDAY
    )
    return FeePayment.objects.create(event=event, paid_on=paid_on, amount=D(amount), currency=currency)


@pytest.fixture
def costly(place):
    """One family owned by thirds with fees in two offices and currencies, one of the office alone."""
    thirds = [Owner(body, THIRD) for body in (place.office, place.company, place.rival)]
    shared = application_of(place, asset_of(place, title="Shared", owners=thirds))
    alone_asset = asset_of(place, title="Alone", owners=[Owner(place.office, Fraction(1))])
    alone = application_of(place, alone_asset, number="2002514", office="EP", route="european")
    Deadline.objects.all().delete()
    year = localdate().year
    payment(place, shared, date(2022, 3, 31), "38.00")
    payment(place, shared, date(2022, 3, 31), "2.00")
    payment(place, alone, date(2023, 3, 31), "530.00")
    payment(place, alone, date(2023, 4, 1), "10.00", "USD")
    fee(shared, date(year + 1, 3, 31), "100.00")
    fee(alone, date(year + 1, 3, 31), "700.00")
    fee(alone, date(year + 2, 3, 31), None)
    fee(alone, date(year + 3, 3, 31), "900.00", choice="drop")
    fee(alone, date(year + 4, 3, 31), "900.00", state="done")
    return place


def found(place, owner=None):
    share = Share(frozenset([owner.pk])) if owner else None
    return costs_of(paid_rows(place.officer), ahead_rows(place.officer), share)


def test_fees_are_summed_by_year_and_office_in_each_currency_apart(costly):
    euros, dollars = found(costly)
    year = localdate().year

    assert [row for row in euros.by_year() if any(row[1:])] == [
        (2022, D("40.00"), D("0.00")), (2023, D("530.00"), D("0.00")), (year + 1, D("0.00"), D("800.00")),
    ]  # fmt: skip
    assert euros.by_office() == [("EP", D("530.00"), D("700.00")), ("FR", D("40.00"), D("100.00"))]
    assert (euros.paid, euros.to_come) == (D("570.00"), D("800.00"))
    assert (dollars.currency, dollars.paid, dollars.to_come) == ("USD", D("10.00"), D("0.00"))


def test_each_fee_is_split_to_the_cent_and_the_parts_make_the_whole(costly):
    parts = {owner.name: found(costly, owner)[0] for owner in (costly.office, costly.company, costly.rival)}

    assert parts[costly.company.name].paid == D("12.67") + D("0.67")
    assert parts[costly.company.name].to_come == D("33.33")
    assert parts[costly.office.name].paid == D("12.67") + D("0.67") + D("530.00")
    assert sum(part.paid for part in parts.values()) == 570


def test_an_owner_bears_what_fell_on_the_days_of_its_share(costly):
    transfer_share(
        asset=Asset.objects.get(title="Shared"), giver=costly.company, taker=costly.office, share=THIRD,
        on=date(2022, 3, 31), actor=costly.officer, ground="Deed",
    )  # fmt: skip

    assert found(costly, costly.company) == []
    assert found(costly, costly.office)[0].by_year()[0] == (2022, D("26.66"), D("0.00"))


def amounts(client, url):
    """The sum told by a list of fees, and that of its rows."""
    context = client.get(url).context
    rows = [cell.html for row in context["rows"] for cell in row.cells if cell.column.key == "amount"]
    return context["list_note"], sum(D(text.replace("€", "").replace(",", "").replace("US$", "")) for text in rows)


def test_each_bar_and_each_office_opens_the_fees_that_make_it(costly, client):
    client.force_login(costly.officer)

    costs = client.get(reverse("portfolio:figures")).context["costs"]

    assert [one.chart.unit for one in costs] == ["EUR", "USD"]
    euros = costs[0]
    shown = [(value, url) for one in euros.chart.series for value, url in zip(one.values, one.links, strict=True)]
    assert {amounts(client, url) for value, url in shown if value} == {
        ("in all €40", D(40)), ("in all €530", D(530)), ("in all €800", D(800)),
    }  # fmt: skip
    assert {line.name: amounts(client, line.paid_url) for line in euros.offices} == {
        "European Patent Office": ("in all €530", D(530)),
        "France": ("in all €40", D(40)),
    }
    assert amounts(client, euros.total.to_come_url) == ("in all €800", D(800))


def test_each_bar_of_the_forecast_opens_the_fees_that_make_it(costly, client, monkeypatch):
    monkeypatch.setattr(docket_steering, "SHOWN", 2)
    client.force_login(costly.officer)

    charts = client.get(reverse("portfolio:forecast")).context["charts"]

    told = {
        chart.title.split(",")[0]: {
            str(name): (value, amounts(client, url)[0].rpartition(" ")[2], amounts(client, url)[1])
            for name, value, url in zip(chart.categories, chart.series[0].values, chart.series[0].links, strict=True)
            if value
        }
        for chart in charts
    }
    assert told["By year"] == {str(localdate().year + 1): (800, "€800", 800)}
    assert told["By office"] == {"EP": (700, "€700", 700), "FR": (100, "€100", 100)}
    assert list(told["By co-owner"].values()) == [
        (733.34, "€733.34", 800), (33.33, "€33.33", 100), (33.33, "€33.33", 100),
    ]  # fmt: skip
    assert "others" in told["By co-owner"]


def test_what_nobody_is_known_to_own_has_its_bar_and_its_list(costly, client):
    fee(Asset.objects.get(title="Shared").applications.get(), date(localdate().year, 12, 31), "50.00")
    Ownership.objects.filter(asset__title="Shared").delete()
    client.force_login(costly.officer)

    chart = client.get(reverse("portfolio:forecast")).context["charts"][2]
    bars = dict(zip(map(str, chart.categories), chart.series[0].links, strict=True))

    assert amounts(client, bars["nobody known"]) == ("part of nobody known: €150", D(150))


def test_the_lists_of_fees_keep_the_filters_of_the_portfolio_and_tell_the_part_of_an_owner(costly, client):
    client.force_login(costly.officer)
    query = {"co_owner": "company", "part": costly.company.reference, "currency": "EUR"}

    page = client.get(reverse("portfolio:figures"), query)
    listed = client.get(page.context["costs"][0].total.paid_url)

    assert listed.context["total"] == 2
    assert listed.context["list_note"] == "part of Société inventée des Aciers: €13.34"
    assert [text for text, _url in listed.context["chips"]] == [
        "Part of the owner: Société inventée des Aciers",
        "Currency: EUR",
        "Kind: Patent family",
        "Co-owner: any company",
    ]


def test_whoever_does_not_work_on_a_title_sees_none_of_its_costs(costly, client):
    client.force_login(costly.contact)

    assert client.get(reverse("portfolio:figures")).context["costs"] == []
    for name in ("fees_paid", "fees_ahead"):
        assert client.get(reverse(f"portfolio:{name}")).context["total"] == 0


def test_the_api_tells_the_same_sums_under_the_same_filters(costly, client):
    client.force_login(costly.officer)
    query = {"part": costly.company.reference, "co_owner": "company"}

    answer = client.get("/api/v1/portfolio/cost-curve", query).json()

    [euros] = answer

    assert (euros["currency"], euros["paid"], euros["to_come"]) == ("EUR", "13.34", "33.33")
    assert euros["by_office"] == {"FR": {"paid": "13.34", "to_come": "33.33"}}
