"""Co-ownership and the details of each kind of asset through the API."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.directory.enums import RelationKind
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.operations.assets import set_level
from tests.directory.factories import RelationFactory
from tests.portfolio.factories import MONDAY, asset_of


class Caller:
    """One account's calls; each says which status it expects."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        self.client.force_login(user)

    def __call__(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        response = getattr(self.client, method)(f"/api/v1/portfolio/{path}", **data)
        assert response.status_code == status, response.content
        return response.json() if response.content else None


@pytest.fixture
def officer(place):
    return Caller(place.officer)


def opened(place, **changes):
    asset = asset_of(place, **changes)
    return set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="ouverte", at=MONDAY)


def test_a_sale_is_told_with_its_price_to_the_other_owner(place, officer):
    path = f"assets/{opened(place).reference}/owners/sale"
    sale = {"seller": place.office.reference, "buyer": place.rival.reference, "numerator": 1, "denominator": 4,
            "price": "12000.00", "text": "Comptant"}  # fmt: skip

    (notice,) = officer("post", path, **sale)

    assert (notice["subject"], notice["owner"], notice["price"]) == ("sale", place.company.name, "12000.00")
    assert (notice["buyer"], notice["numerator"], notice["denominator"]) == (place.rival.name, 1, 4)


def test_a_share_is_transferred_and_corrected_in_exact_parts(place, officer):
    path = f"assets/{asset_of(place).reference}/owners"
    giver, taker = place.company.reference, place.other_office.reference
    deed = {"giver": giver, "taker": taker, "numerator": 1, "denominator": 6, "on": "2024-07-01", "ground": "acte"}

    assert "L613-29" in officer("post", f"{path}/transfer", 422, **deed)["message"]
    after = officer("post", f"{path}/transfer", exempt="règlement", **deed)

    assert sorted((row["numerator"], row["denominator"], row["ends_on"] or "") for row in after) == [
        (1, 2, ""),
        (1, 2, "2024-06-30"),
        (1, 3, ""),
        (1, 6, ""),
    ]
    parts = [{"organisation": place.office.reference, "numerator": 1, "denominator": 2}]
    refused = officer("post", f"{path}/correct", 422, shares=parts, starts_on="2025-01-01", reason="erreur")
    assert "50" in refused["message"]
    Caller(place.contact)("post", f"{path}/transfer", 404, **deed)
    Caller(place.engineer)("post", f"{path}/transfer", 403, **deed)


def test_an_agent_is_named_proposed_and_given_its_mandate(place, officer):
    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    names = {"unit": place.laboratory.reference, "agent": place.office.reference, "starts_on": "2021-01-01"}
    made = officer("post", "agents", 201, **names)
    path = f"assets/{asset_of(place).reference}/agent"

    told = officer("get", path)
    assert (told["agent"], told["mandate"]) == (place.office.name, None)
    assert [row["code"] for row in told["reasons"]] == ["designated_for_unit"]

    given = officer("post", path, on=timezone.localdate().isoformat())
    assert (given["mandate"], given["article"]) == (place.office.name, told["reasons"][0]["article"])
    late = {"agent": place.other_office.reference, "declared_on": "2024-01-01", "agreed_on": "2024-03-01"}
    assert "2024" in officer("post", f"{path}/agreed", 422, **late, ground="accord")["message"]

    Caller(place.other_officer)("post", f"agents/{made['reference']}/end", 403, ends_on="2025-01-01")
    assert officer("post", f"agents/{made['reference']}/end", ends_on="2025-01-01")["ends_on"] == "2025-01-01"
    officer("post", f"agents/{made['reference']}/end", 409, ends_on="2026-01-01", read={"ends_on": None})
    assert [row["reference"] for row in officer("get", "agents")["items"]] == [made["reference"]]


def test_a_notice_between_agents_needs_its_offset(place, officer):
    path = f"assets/{asset_of(place).reference}/agent/notices"
    body = {"sender": place.office.reference, "recipient": place.other_office.reference}

    officer("post", path, 422, **body, notified_at="2024-04-30T09:30:00")
    officer("post", path, 201, **body, notified_at="2024-04-30T09:30:00+02:00")

    assert officer("get", path)["items"][0]["sender"] == place.office.name


def test_an_abandonment_tells_its_date_and_refuses_to_be_confirmed_before_it(place, officer):
    asset, contact = opened(place), Caller(place.contact)
    made = officer("post", f"assets/{asset.reference}/abandonments", 201, reason="aucun preneur")
    assert [row["code"] for row in made["refusals"]] == ["not_received"]
    notice = contact("get", "notices")["items"][0]["reference"]
    assert contact("get", f"notices/{notice}")["received_on"] is None
    assert Caller(place.rival_contact)("get", "notices")["items"] == []

    officer("post", f"notices/{notice}/receipt", received_on=timezone.localdate().isoformat())
    told = officer("get", f"abandonments/{made['reference']}")
    assert [row["code"] for row in told["refusals"]] == ["too_early"]
    assert told["earliest_on"] > timezone.localdate().isoformat()
    assert "art. 9" in officer("post", f"abandonments/{made['reference']}/confirm", 422)["message"]

    contact("post", f"notices/{notice}/answer", answer="takes_over", text="oui")
    today = timezone.localdate().isoformat()
    over = {"taker": place.company.reference, "on": today, "ground": "acte"}
    assert officer("post", f"abandonments/{made['reference']}/hand-over", **over)["status"] == "taken_over"


def test_a_co_owner_opens_a_notice_and_its_delay_runs_from_that_day(place, officer):
    asset, contact = opened(place), Caller(place.contact)
    made = officer("post", f"assets/{asset.reference}/abandonments", 201, reason="aucun preneur")
    path = f"notices/{contact('get', 'notices')['items'][0]['reference']}"

    Caller(place.rival_contact)("post", f"{path}/open", 404)
    officer("post", f"{path}/open", 403)
    contact("post", "notices/AAAAAAAA/open", 404)
    assert contact("get", path)["received_on"] is None
    read = contact("post", f"{path}/open")

    assert (read["received_on"], read["answer"]) == (timezone.localdate().isoformat(), "")
    assert contact("post", f"{path}/open") == read
    told = officer("get", f"abandonments/{made['reference']}")
    assert [row["code"] for row in told["refusals"]] == ["too_early"]
    officer("post", f"{path}/receipt", 422, received_on=timezone.localdate().isoformat())


def test_an_abandonment_is_withdrawn_and_a_protection_told(place, officer):
    asset = opened(place)
    made = officer("post", f"assets/{asset.reference}/abandonments", 201, reason="aucun preneur")
    again = officer("post", f"abandonments/{made['reference']}/withdraw", reason="un preneur")
    assert (again["status"], again["earliest_on"]) == ("withdrawn", None)

    sent = officer(
        "post", f"assets/{asset.reference}/notices", decided_on=timezone.localdate().isoformat(), text="Dépôt"
    )
    assert [row["owner"] for row in sent] == [place.company.name]
    officer("post", f"abandonments/{made['reference']}/offers", 422, owner=place.company.reference)


def test_costs_are_for_those_who_read_them(place, officer):
    asset = opened(place)
    body = {"payer": place.office.reference, "paid_on": "2024-02-01", "amount": "1250.50", "what": "taxes"}

    officer("post", f"assets/{asset.reference}/costs", 201, **body)

    assert officer("get", f"assets/{asset.reference}/costs")["items"][0]["amount"] == "1250.50"
    assert Caller(place.contact)("get", f"assets/{asset.reference}/costs")["items"] == []


def test_a_software_tells_its_warnings(place, officer):
    path = f"assets/{opened(place, kind=AssetKind.SOFTWARE).reference}"
    officer("post", f"{path}/software/parts", 422, name="Bidule", licence="Foo-1", use="linked")
    officer("post", f"{path}/software/parts", 201, name="Noyau", licence="agpl-3.0-only", use="copied")
    officer("post", f"{path}/software/versions", 201, label="1.0", released_on="2024-01-01")

    told = officer("patch", f"{path}/software", is_exclusive=True)

    assert [(row["part"], row["code"], row["is_conflict"]) for row in told["concerns"]] == [
        ("Noyau", "network_copyleft", True)
    ]
    assert officer("get", f"{path}/software/parts")["items"][0]["licence"] == "AGPL-3.0-only"
    assert Caller(place.contact)("get", f"{path}/software/parts")["items"] == []
    Caller(place.contact)("get", f"{path}/software", 403)
    officer("patch", f"assets/{asset_of(place).reference}/software", 422, is_exclusive=True)


def test_a_part_is_taken_off_the_list_by_its_name_and_version(place, officer):
    asset = opened(place, kind=AssetKind.SOFTWARE)
    path = f"assets/{asset.reference}/software/parts"
    for version in ("1.0", ""):
        officer("post", path, 201, name="Noyau", version=version, licence="MIT", use="linked")

    Caller(place.rival_contact)("post", f"{path}/remove", 404, name="Noyau")
    Caller(place.contact)("post", f"{path}/remove", 403, name="Noyau")
    unknown = officer("post", f"{path}/remove", 422, name="Noyau", version="2.0")
    officer("post", f"{path}/remove", 422, version="1.0")
    family = officer("post", f"assets/{asset_of(place).reference}/software/parts/remove", 422, name="Noyau")
    officer("post", f"{path}/remove", 204, name=" Noyau ")

    assert (unknown["fields"][0]["field"], family["fields"][0]["field"]) == ("name", "kind")
    assert "Noyau 2.0" in unknown["message"]
    assert [(row["name"], row["version"]) for row in officer("get", path)["items"]] == [("Noyau", "1.0")]
    officer("post", f"{path}/remove", 422, name="Noyau")


def test_a_measure_is_ended_by_its_number_as_it_was_read(place, officer):
    asset, other = (opened(place, kind=AssetKind.KNOW_HOW, title=title) for title in ("Secret", "Autre"))
    path = f"assets/{asset.reference}/measures"
    made = officer("post", path, 201, kind="storage", text="coffre", starts_on="2024-01-01")
    end = f"{path}/{made['number']}/end"

    Caller(place.rival_contact)("post", end, 404, ends_on="2025-01-31")
    Caller(place.contact)("post", end, 403, ends_on="2025-01-31")
    for wrong in (
        f"{path}/0/end",
        f"{path}/{10**30}/end",
        f"{path}/{-(10**30)}/end",
        end.replace(asset.reference, other.reference),
    ):
        officer("post", wrong, 404, ends_on="2025-01-31")
    early = officer("post", end, 422, ends_on="2023-12-31")
    officer("post", end, 422)
    ended = officer("post", end, ends_on="2025-01-31", read={"ends_on": None})
    stale = officer("post", end, 409, ends_on="2026-01-31", read={"ends_on": None})

    assert ended == made | {"ends_on": "2025-01-31"}
    assert "precede" in early["message"]
    assert stale["fields"][0]["field"] == "ends_on"
    assert officer("get", path)["items"] == [ended]
    assert officer("post", end, ends_on="2026-01-31", read={"ends_on": "2025-01-31"})["ends_on"] == "2026-01-31"


def test_measures_and_materials_are_kept(place, officer):
    secret = f"assets/{asset_of(place, kind=AssetKind.KNOW_HOW).reference}"
    officer("post", f"{secret}/measures", 201, kind="storage", text="coffre", starts_on="2024-01-01")
    assert officer("get", f"{secret}/measures")["items"][0]["text"] == "coffre"

    material = f"assets/{asset_of(place, kind=AssetKind.MATERIAL).reference}"
    assert officer("patch", f"{material}/material", origin="lot 3")["origin"] == "lot 3"
    officer("patch", f"{secret}/material", 422, origin="lot 3")
