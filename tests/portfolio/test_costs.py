"""The forecast of costs: the same as the engine's, deadline by deadline, and as the list behind it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.engines.docketing import Deadline as Derived
from motrice.engines.docketing import Holding, Key, forecast, totals
from motrice.portfolio.enums import Route
from motrice.portfolio.models import Deadline, Ownership
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.queries.docket import cost_forecast
from tests.portfolio.factories import MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db
THIRD = Fraction(1, 3)


@pytest.fixture
def owned_in_many_ways(place):
    """One title by thirds, one of a single owner, one that changes hands in six years."""
    filed_on = timezone.localdate() - timedelta(days=365 * 3)
    thirds = (Owner(place.office, THIRD), Owner(place.company, THIRD), Owner(place.rival, THIRD))
    for number, owners in enumerate(
        (thirds, (Owner(place.office, Fraction(1)),), (Owner(place.office, Fraction(1)),))
    ):
        asset = asset_of(place, title=f"Alliage inventé {number}", owners=owners)
        application_of(place, asset, number=f"230001{number}", filed_on=filed_on)
        application_of(place, asset, office="EP", route=Route.EUROPEAN, number=f"2370001{number}", filed_on=filed_on)
        set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    transfer_share(
        asset=asset,
        giver=place.office,
        taker=place.company,
        share=Fraction(2, 7),
        on=timezone.localdate() + timedelta(days=365 * 6),
        actor=place.officer,
        ground="Deed",
    )


def engine_costs(today: date):
    def lines():
        for row in Deadline.objects.filter(state="open", closes_on__gte=today).select_related("application"):
            key = Key(str(row.application_id), row.rule, row.trigger, row.term)
            yield (
                str(row.asset_id),
                row.application.office,
                Derived(
                    key,
                    row.nature,
                    row.original_on,
                    row.due_on,
                    row.state,
                    (),
                    amount=row.amount,
                    currency=row.currency,
                    is_estimate=row.is_estimate,
                ),
            )

    def holdings(asset):
        rows = Ownership.objects.filter(asset_id=int(asset)).select_related("organisation").order_by("pk")
        return [Holding(row.organisation.name, row.share, row.starts_on, row.ends_on) for row in rows]

    return list(forecast(lines(), holdings, first_year=today.year, years=20))


def test_the_forecast_is_the_engines_to_the_cent(place, owned_in_many_ways):
    today = timezone.localdate()
    costs = engine_costs(today)

    found = cost_forecast(Deadline.objects.permitted(place.officer), today=today)

    def sums(by):
        return {key: total.amount for key, total in totals(costs, by).items()}

    def told(by):
        return {(key, currency): amount for currency, each in by.items() for key, amount in each.items()}

    assert told(found.by_owner) == sums("owner")
    assert told(found.by_office) == sums("office")
    assert told(found.by_year) == sums("year")
    assert found.estimated == {currency: total.estimated for (currency,), total in totals(costs).items()}
    assert len(found.by_owner["EUR"]) == 3
    assert sum(found.by_owner["EUR"].values()) == found.total["EUR"]


def test_the_forecast_asks_as_often_for_one_title_as_for_three(place, owned_in_many_ways, django_assert_num_queries):
    today = timezone.localdate()
    one = Deadline.objects.filter(asset__title="Alliage inventé 0")

    with django_assert_num_queries(5):
        cost_forecast(one, today=today)
    with django_assert_num_queries(5):
        cost_forecast(Deadline.objects.all(), today=today)
