"""A need on a past day, whole, for who keeps it; each part by its own rule."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from motrice.sourcing.models import Need
from motrice.sourcing.operations.attachments import attach_file, remove_attachment
from motrice.sourcing.operations.needs import qualify_need
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import MONDAY, World, need_of, refer

WEDNESDAY = MONDAY + timedelta(days=2)


def told(place: World) -> Need:
    """A need received on Monday with a file, answered and referred on Wednesday, its file removed then."""
    need = need_of(place, secret="Mot secret de la formule")
    file = attach_file(
        need=need, name="plan.txt", content=b"Un plan", is_confidential=False, actor=place.officer, at=MONDAY
    )
    qualify_need(need=need, message="Bonjour", actor=place.officer, at=WEDNESDAY)
    refer(place, need, at=WEDNESDAY)
    remove_attachment(attachment=file, actor=place.officer, at=WEDNESDAY)
    return need


def page(reader, need: Need, day) -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(reader)
    answer = client.get(reverse("accounts:history", args=["sourcing.need", need.reference]), {"on": day})
    return (
        answer.content.decode().split('id="changes-title"')[0]
        if answer.status_code == 200
        else str(answer.status_code)
    )


def test_the_page_shows_the_state_and_the_parts_of_that_day(place: World):
    need = told(place)

    monday, wednesday = (page(place.officer, need, at.date().isoformat()) for at in (MONDAY, WEDNESDAY))

    assert "received" in monday
    assert "Referrals (" not in monday
    assert "Referrals (" in wednesday
    assert place.chemistry.name in wednesday
    assert "did not exist" in page(place.officer, need, "2020-01-01")


def test_each_part_is_read_by_who_may_read_it_today(place: World):
    need = told(place)
    monday = MONDAY.date().isoformat()

    assert "Mot secret" in page(place.officer, need, monday)
    assert "Mot secret" not in page(place.coordinator, need, monday)
    assert need.title in page(place.coordinator, need, monday)
    assert page(place.chemist, need, monday) == "403"
    assert page(place.rival_contact, need, monday) == "404"


def test_the_same_through_the_api(place: World):
    need = told(place)
    address = f"../accounts/records/sourcing.need/{need.reference}/as-of"

    officer = Caller(place.officer)
    then = officer("get", f"{address}?on={MONDAY.date()}")
    labels = [part["label"] for part in then["parts"]]
    assert {field["value"] for field in then["fields"]} >= {need.title, need.reference}
    assert not [label for label in labels if label.startswith("referral")]
    assert [
        part for part in officer("get", f"{address}?on={WEDNESDAY.date()}")["parts"] if "referral" in part["label"]
    ]
    officer("get", f"{address}?on=2020-01-01", 404)
    officer("get", f"{address}?on=yesterday", 422)
    Caller(place.contact)("get", f"{address}?on={MONDAY.date()}", 403)
