"""A need or an offer read minutes ago: what others wrote of it since is told to who writes it anew."""

from __future__ import annotations

import pytest
from django.urls import reverse

from motrice.core import audit
from motrice.core.errors import StaleState
from motrice.core.reading import fingerprint
from motrice.sourcing.models import NeedSecret, Offer
from motrice.sourcing.operations.needs import change_secret, correct_need
from motrice.sourcing.operations.offers import ReferenceProject, edit_offer
from tests.directory.factories import EvidenceFactory
from tests.open_page import left_open, told
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import SECRET, World, content, need_of, offer_of, statement
from tests.sourcing.views.test_story import client_of

DONE, LATER = ReferenceProject("Colles marines", 2024), ReferenceProject("Joints froids", 2025)


def test_a_need_corrected_meanwhile_is_told_and_the_rest_stays(place: World):
    need = need_of(place)
    desk, url = client_of(place.officer), reverse("sourcing:need_act", args=[need.reference, "correct"])
    page = left_open(desk.get(url), "problem")
    correct_need(
        need=need, statement=statement(title="Colle au grand froid", tried="Une époxyde"), actor=place.contact
    )

    clash = desk.post(url, page | {"title": "Colle à −60 °C"})

    told(clash, "Colle au grand froid", "Colle à −60 °C", str(place.contact))
    assert desk.post(url, left_open(clash, "problem")).status_code == 302
    need.refresh_from_db()
    assert (need.title, need.tried) == ("Colle à −60 °C", "Une époxyde")


def test_a_confidential_part_written_meanwhile_is_told(place: World):
    need = need_of(place)
    desk, url = client_of(place.officer), reverse("sourcing:need_act", args=[need.reference, "secret"])
    page = left_open(desk.get(url), "text")
    change_secret(need=need, text="Client : Nordlys", actor=place.contact)

    clash = desk.post(url, page | {"text": SECRET + " Et plus."})

    told(clash, "Nordlys", "Et plus.", str(place.contact))
    assert NeedSecret.objects.get().text == "Client : Nordlys"
    assert desk.post(url, left_open(clash, "text")).status_code == 302
    assert NeedSecret.objects.get().text == SECRET + " Et plus."


def test_a_confidential_part_emptied_meanwhile_is_not_brought_back(place: World):
    need = need_of(place)
    desk, url = client_of(place.officer), reverse("sourcing:need_act", args=[need.reference, "secret"])
    page = left_open(desk.get(url), "text")
    change_secret(need=need, text="", actor=place.contact)

    told(desk.post(url, page | {"text": SECRET + " Et plus."}), str(place.contact))

    assert not NeedSecret.objects.exists()


def test_a_program_that_read_a_need_before_others_is_refused(place: World):
    need, desk = need_of(place), Caller(place.officer)
    read = desk("get", f"needs/{need.reference}")
    secret = desk("get", f"needs/{need.reference}/secret")
    Caller(place.contact)("patch", f"needs/{need.reference}", title="Colle au grand froid", tried="Une époxyde")
    Caller(place.contact)("put", f"needs/{need.reference}/secret", text="Client : Nordlys")
    held = {"title": read["title"], "tried": read["tried"]}

    refused = desk("patch", f"needs/{need.reference}", 409, title="Autre", read=held)
    desk("put", f"needs/{need.reference}/secret", 409, text="autre", read={"text": secret["text"]})
    kept = desk("patch", f"needs/{need.reference}", problem="Plus court", tried=read["tried"], read=held)

    assert refused["fields"][0]["field"] == "title"
    assert (kept["problem"], kept["tried"], kept["title"]) == ("Plus court", "Une époxyde", "Colle au grand froid")


def test_an_offer_changed_meanwhile_is_told_and_the_rest_stays(place: World):
    offer = offer_of(place.chemistry, place.chemist, references=(DONE,))
    client, url = client_of(place.chemist), reverse("sourcing:offer_edit", args=[offer.reference])
    page = left_open(client.get(url), "title_fr")
    other = content(title_fr="Essais de collage", text_en="Bonding, tested.", references=(DONE, LATER))
    edit_offer(offer=offer, content=other, owner=offer.owner, actor=place.coordinator)

    clash = client.post(url, page | {"title_fr": "Collages au froid"})

    told(clash, "Essais de collage", "Collages au froid", str(place.coordinator))
    assert client.post(url, left_open(clash, "title_fr")).status_code == 302
    offer = Offer.objects.get()
    assert (offer.title_fr, offer.text_en) == ("Collages au froid", "Bonding, tested.")
    assert [row.title for row in offer.references.all()] == ["Joints froids", "Colles marines"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"segments": ["luxury"]}, "segments"),
        ({"references": (DONE, LATER)}, "references"),
    ],
)
def test_lists_of_an_offer_changed_meanwhile_are_told(place: World, change, field):
    offer = offer_of(place.chemistry, place.chemist, references=(DONE,))
    read = Caller(place.chemist)("get", f"offers/{offer.reference}")
    other = content(**({"references": (DONE,)} | change))
    edit_offer(offer=offer, content=other, owner=offer.owner, actor=place.coordinator)
    mine = {"segments": ["chemistry-materials", "luxury"], "references": [{"title": "Autre", "year": 2020}]}[field]

    refused = Caller(place.chemist)(
        "patch", f"offers/{offer.reference}", 409, **{field: mine}, read={field: read[field]}
    )

    assert refused["fields"][0]["field"] == field
    assert str(place.coordinator) in refused["message"]


def test_a_project_told_as_before_keeps_its_evidence(place: World):
    evidence = EvidenceFactory()
    offer = offer_of(place.chemistry, place.chemist, references=(ReferenceProject(DONE.title, DONE.year, evidence),))
    held = offer.references.get()
    client, url = client_of(place.chemist), reverse("sourcing:offer_edit", args=[offer.reference])

    page = left_open(client.get(url), "title_fr")
    assert client.post(url, page | {"references": "Colles marines; 2024\nJoints froids; 2025"}).status_code == 302

    assert [(row.title, row.evidence) for row in offer.references.all()] == [
        ("Joints froids", None),
        ("Colles marines", evidence),
    ]
    assert held in offer.references.all()
    assert audit.differences() == []


def test_who_writes_without_having_read_is_not_held_up(place: World):
    need = need_of(place)
    correct_need(need=need, statement=statement(title="Un"), actor=place.contact)

    correct_need(need=need, statement=statement(title="Deux"), actor=place.officer)
    with pytest.raises(StaleState, match="title"):
        correct_need(
            need=need, statement=statement(title="Trois"), actor=place.officer, read={"title": fingerprint("Un")}
        )

    need.refresh_from_db()
    assert need.title == "Deux"
