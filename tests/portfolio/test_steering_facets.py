"""The facets of steering: each count is that of the list that ticking it gives."""

from datetime import date
from fractions import Fraction

import pytest
from django.http import QueryDict
from django.urls import reverse

from motrice.portfolio.lists.assets import PORTFOLIO
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import Owner
from motrice.web.lists.state import read_state
from tests.portfolio.factories import HALF, application_of, asset_of
from tests.portfolio.operations.test_domains import domain_of
from tests.portfolio.test_steering_pages import put

THIRD = Fraction(1, 3)


def facet(actor, key, **chosen):
    """Each value of a facet with its label and count."""
    params = QueryDict(mutable=True)
    params.update(chosen)
    seen = Asset.objects.permitted(actor)
    state = read_state(params, PORTFOLIO.columns, PORTFOLIO.facets, seen)
    _total, shown = PORTFOLIO.counts(seen, state, actor)
    return {value.value: (value.label, value.count) for one in shown if one.facet.key == key for value in one.values}


def listed(client, actor, **query):
    client.force_login(actor)
    return client.get(reverse("portfolio:assets"), query).context["total"]


@pytest.fixture
def owned(place):
    """One family of the office alone, one with a company, one with two companies, one with another school."""
    asset_of(place, title="Alone", owners=[Owner(place.office, Fraction(1))])
    asset_of(place, title="Two", owners=[Owner(place.office, HALF), Owner(place.company, HALF)])
    three = [Owner(body, THIRD) for body in (place.office, place.company, place.rival)]
    asset_of(place, title="Three", owners=three)
    asset_of(place, title="School", owners=[Owner(place.office, HALF), Owner(place.other_office, HALF)])
    return place


def test_co_owners_are_told_apart_and_each_count_is_that_of_its_list(owned, client):
    found = facet(owned.officer, "co_owner")

    assert found == {
        "company": ("any company", 2),
        "other": ("any other body", 1),
        owned.company.reference: ("Société inventée des Aciers (company)", 2),
        owned.rival.reference: ("Société inventée des Fontes (company)", 1),
        owned.other_office.reference: ("École inventée des alliages", 1),
    }
    assert {key: listed(client, owned.officer, co_owner=key) for key in found} == {
        key: count for key, (_label, count) in found.items()
    }


def test_a_co_owner_that_one_may_not_know_of_is_neither_counted_nor_filtered_by(owned, client):
    Asset.objects.filter(title="Three").update(level="network")
    stranger = owned.rival_contact

    assert facet(stranger, "co_owner") == {
        "company": ("any company", 1),
        owned.rival.reference: ("Société inventée des Fontes (company)", 1),
    }
    assert listed(client, stranger, co_owner=owned.rival.reference) == 1
    assert listed(client, stranger, co_owner=owned.company.reference) == 0


def test_years_of_first_filing_run_from_the_latest_and_count_what_they_list(place, client):
    for number, day in enumerate((date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31))):
        application_of(place, asset_of(place, title=f"Filed {day}"), number=f"200251{number}", filed_on=day)
    asset_of(place, title="Never filed")

    found = facet(place.officer, "year")

    assert list(found.items()) == [("2020", ("2020", 2)), ("2019", ("2019", 1)), ("none", ("not stated", 1))]
    for key, (_label, count) in found.items():
        assert listed(client, place.officer, year=key) == count
    assert listed(client, place.officer, year="20201") == 4


def test_values_of_one_facet_are_counted_under_the_others(owned, client):
    domain = domain_of(owned)
    put(owned, domain, *Asset.objects.filter(title__in=["Two", "School"]))

    assert facet(owned.officer, "co_owner", domain=str(domain.pk))["company"] == ("any company", 1)
    assert listed(client, owned.officer, domain=domain.pk, co_owner="company") == 1


def test_the_api_counts_and_filters_by_co_owner_and_year(owned, client):
    client.force_login(owned.officer)

    answer = client.get("/api/v1/portfolio/assets", {"facets": "true", "co_owner": "company"}).json()

    assert answer["total"] == 2
    assert [(one["value"], one["count"]) for one in answer["facets"]["co_owner"]][:3] == [
        ("company", 2),
        ("other", 1),
        (owned.company.reference, 2),
    ]
    assert answer["facets"]["year"] == [{"value": "none", "label": "not stated", "count": 2}]
    assert client.get("/api/v1/portfolio/assets", {"co_owner": owned.rival.reference}).json()["total"] == 1
