"""Licences through the API: written, changed, ended; what an income gives; what is warned of; what is refused."""

import json
from typing import Any

import pytest
from django.test import Client

from motrice.portfolio.enums import AssetKind
from motrice.portfolio.operations import domains
from tests.agreements.factories import bundle_of, licence_of, opened, with_copyleft
from tests.portfolio.factories import asset_of
from tests.portfolio.operations.test_domains import domain_of


class Caller:
    """One account's calls; each says which status it expects."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        self.client.force_login(user)

    def __call__(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        response = getattr(self.client, method)(f"/api/v1/{path}", **data)
        assert response.status_code == status, response.content
        return response.json() if response.content else None


@pytest.fixture
def officer(place):
    return Caller(place.officer)


def body(place, *assets, **changes):
    """A licence of these assets in equal parts, as the API takes it."""
    return {
        "office": place.office.reference,
        "title": "Licence",
        "exclusivity": "exclusive",
        "territories": ["de", "FR"],
        "parties": [
            {"role": "licensor", "organisation": place.office.reference},
            {"role": "licensee", "name": "Jeune pousse"},
        ],
        "assets": [{"asset": asset.reference, "numerator": 1, "denominator": len(assets)} for asset in assets],
    } | changes


def test_a_bundle_is_written_and_its_income_shared_to_the_cent(place, officer):
    bundle = [
        {"asset": row.asset.reference, "numerator": row.share.numerator, "denominator": row.share.denominator}
        for row in bundle_of(place)
    ]

    made = officer("post", "agreements/licences", 201, **body(place, assets=bundle))
    shared = officer("get", f"agreements/licences/{made['reference']}/income?amount=10000")

    assert (made["status"], made["territories"]) == ("draft", ["DE", "FR"])
    assert [row["kind"] for row in officer("get", f"agreements/licences/{made['reference']}/assets")["items"]] == [
        "patent_family", "software", "know_how",
    ]  # fmt: skip
    assert [row["amount"] for row in shared["items"]] == ["5000", "3333.33", "1666.67"]


def test_shares_that_do_not_sum_are_refused_at_their_field(place, officer):
    asset = opened(place)
    wrong = body(place, assets=[{"asset": asset.reference, "numerator": 1, "denominator": 3}])

    refused = officer("post", "agreements/licences", 422, **wrong)

    assert refused["fields"] == [{"field": "assets", "message": "The shares sum to 1/3 and must sum to one."}]


def test_a_licence_is_changed_brought_into_force_and_terminated(place, officer):
    asset = opened(place)
    path = officer("post", "agreements/licences", 201, **body(place, asset))["reference"]
    changed = {key: value for key, value in body(place, asset, title="Autre").items() if key != "office"}

    assert officer("put", f"agreements/licences/{path}", **changed)["title"] == "Autre"
    officer("post", f"agreements/agreements/{path}/in-force", signed_on="2024-01-05", starts_on="2024-02-01")
    officer("post", f"agreements/agreements/{path}/level", level="network", reason="partagée")
    ended = officer("post", f"agreements/agreements/{path}/terminate", closed_on="2025-01-05", reason="défaut")

    assert (ended["status"], ended["level"]) == ("terminated", "network")
    assert officer("post", f"agreements/agreements/{path}/end", 409, closed_on="2025-01-05")
    assert [row["name"] for row in officer("get", f"agreements/licences/{path}/parties")["items"]] == [
        place.office.name, "Jeune pousse",
    ]  # fmt: skip


def test_copyleft_is_told_with_its_part_and_licence(place, officer):
    reference = officer("post", "agreements/licences", 201, **body(place, with_copyleft(place)))["reference"]

    (told,) = officer("get", f"agreements/licences/{reference}/warnings")["items"]

    assert (told["part"], told["licence"], told["is_conflict"]) == ("signalkit", "GPL-3.0-only", True)


def test_the_list_is_filtered_by_domain_and_equals_the_figure_of_the_domain(place, officer):
    domain, family = domain_of(place, "alloys"), opened(place)
    domains.accept_assets(domain=domain, assets=[(family, "")], actor=place.officer)
    licence_of(place, family)
    licence_of(place, opened(place))

    listed = officer("get", f"agreements/agreements?domain={domain.reference}&held=live&facets=true")
    figures = officer("get", f"portfolio/domains/{domain.reference}/figures")

    assert listed["total"] == figures["others"]["licences"] == 1
    assert [(row["value"], row["count"]) for row in listed["facets"]["domain"]] == [(domain.reference, 1)]


def test_a_licence_with_a_hidden_asset_does_not_exist_for_who_may_not_see_it(place):
    secret = asset_of(place, kind=AssetKind.KNOW_HOW, title="Secret inventé")
    agreement = licence_of(place, opened(place), secret)
    colleague = Caller(place.colleague)

    assert colleague("get", "agreements/agreements")["total"] == 0
    for path in ("", "/assets", "/income?amount=1", "/parties", "/warnings"):
        colleague("get", f"agreements/licences/{agreement.reference}{path}", 404)
    put = {key: value for key, value in body(place, secret).items() if key != "office"}
    colleague("put", f"agreements/licences/{agreement.reference}", 404, **put)
    refused = colleague("post", "agreements/licences", 422, **body(place, secret))
    assert refused["message"] == "No asset that you may see has this reference."
