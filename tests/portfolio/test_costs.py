"""The forecast of costs: the same as the engine's, deadline by deadline, and as the list behind it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.engines.docketing import Deadline as Derived
from motrice.engines.docketing import Holding, Key, forecast, totals
from motrice.portfolio.enums import Route
from motrice.portfolio.lists.costs import ahead_rows
from motrice.portfolio.marts.costs import costs_of
from motrice.portfolio.models import Deadline, Ownership
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.queries.docket import cost_forecast
from motrice.portfolio.queries.fee_parts import Share
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

    by_name = {
        currency: {owner.name: amount for owner, amount in each.items()} for currency, each in found.by_owner.items()
    }
    assert told(by_name) == sums("owner")
    assert told(found.by_office) == sums("office")
    assert told(found.by_year) == sums("year")
    assert found.estimated == {currency: total.estimated for (currency,), total in totals(costs).items()}
    assert len(found.by_owner["EUR"]) == 3
    assert sum(found.by_owner["EUR"].values()) == found.total["EUR"]


def test_the_forecast_asks_no_more_for_three_titles(place, owned_in_many_ways, django_assert_max_num_queries):
    today = timezone.localdate()
    one = Deadline.objects.filter(asset__title="Alliage inventé 0")

    with django_assert_max_num_queries(6):
        cost_forecast(one, today=today)
    with django_assert_max_num_queries(6):
        cost_forecast(Deadline.objects.all(), today=today)


AWKWARD = [(1, 3, 1, 3, 1, 3), (1, 7, 2, 7, 4, 7), (5, 11, 5, 11, 1, 11), (1, 2, 1, 3, 1, 6)]


@pytest.mark.parametrize("parts", AWKWARD, ids=str)
def test_the_curve_and_the_forecast_agree_to_the_cent_on_awkward_shares(place, parts):
    shares = [Fraction(*parts[at : at + 2]) for at in (0, 2, 4)]
    bodies = (place.office, place.company, place.rival)
    asset = asset_of(place, owners=[Owner(body, share) for body, share in zip(bodies, shares, strict=True)])
    application_of(place, asset, filed_on=timezone.localdate() - timedelta(days=365 * 3))
    set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    for at, row in enumerate(Deadline.objects.filter(amount__isnull=False)):
        row.amount += Decimal(at) / 100  # amounts of every remainder
        row.save(update_fields=["amount"])

    [(currency, by_owner)] = cost_forecast(ahead_rows(place.officer), today=timezone.localdate()).by_owner.items()
    curve = {
        body.name: costs_of(None, ahead_rows(place.officer), Share(frozenset([body.pk])))[0].to_come for body in bodies
    }

    assert {owner.name: amount for owner, amount in by_owner.items()} == curve
    assert sum(curve.values()) == costs_of(None, ahead_rows(place.officer))[0].to_come
    assert currency == "EUR"
