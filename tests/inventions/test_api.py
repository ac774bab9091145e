"""Disclosures through the API: the story of the pages, with the same rights."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.test import Client

from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations.drafting import change_inventor
from motrice.inventions.operations.signing import sign_outside
from motrice.inventions.rules import choices
from tests.inventions import factories
from tests.inventions.factories import Lab

pytestmark = pytest.mark.django_db
BASE = "/api/v1/inventions"


class Caller:
    """Somebody who calls the API under their session."""

    def __init__(self, user) -> None:
        self.client = Client(headers={"Accept-Language": "en"})
        self.client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def __call__(self, method: str, path: str, expect: int, body=None):
        send = getattr(self.client, method)
        response = send(f"{BASE}{path}", body, content_type="application/json") if body is not None else send(
            f"{BASE}{path}", content_type="application/json"
        )  # fmt: skip
        assert response.status_code == expect, response.content[:500]
        return response.json() if response.content else None


def test_a_disclosure_from_its_draft_to_its_decision(place: Lab):
    ada, owner = Caller(place.researcher), None
    made = ada("post", "/disclosures", 201, {"unit": place.unit.reference, "language": "en"})
    path = f"/disclosures/{made['reference']}"
    ada("patch", path, 200, {"title": "Seal", "summary": "It heals.", "novelty": "Cold.", "trl": 4,
                             "invented_on": "2026-06-01", "has_no_tie": True, "has_no_divulgation": True})  # fmt: skip
    own = ada("get", f"{path}/inventors", 200)["items"][0]
    ada("patch", f"/inventors/{own['reference']}", 200, {"share": "1/3", "employer": "School"})
    ada("post", f"{path}/inventors", 201, {"name": "Chloé", "email": "c@example.org", "share": "66 %",
                                           "employer": "Elsewhere"})  # fmt: skip
    refused = ada("post", f"{path}/submit", 422)
    assert "The shares sum to 149/150" in refused["message"]
    assert ada("get", f"{path}/standing", 200)["missing"] == [refused["message"]]
    chloe = Inventor.objects.select_related("disclosure").get(name="Chloé")
    ada("patch", f"/inventors/{chloe.reference}", 200, {"share": "2/3"})
    ada("post", f"{path}/submit", 200)
    ada("post", f"{path}/sign", 200, {"typed_name": "Ada Inventée", "confirms_share": True})
    chloe.refresh_from_db()
    sign_outside(inventor=Inventor.objects.select_related("disclosure").get(pk=chloe.pk), typed_name="Chloé",
                 confirms_share=True)  # fmt: skip
    disclosure = Disclosure.objects.get(reference=made["reference"])
    owner, expert = Caller(disclosure.owner), Caller(place.expert)
    owner("post", f"{path}/evaluate", 200, {"message": "Thank you."})
    asked = owner("post", f"{path}/evaluators", 201, {"email": place.expert.email})
    scores = {code: {"score": 5, "reason": "Seen."} for code, _name in choices("inventions.criterion")}
    given = expert("put", f"/opinions/{asked['reference']}", 200,
                   {"scores": scores, "summary": "Good.", "advice": "patent"})  # fmt: skip
    assert given["mean"] == 1.0
    assert ada("get", f"{path}/opinions", 200)["items"] == []
    proposed = owner("post", f"{path}/decisions", 201, {"kind": "patent", "reasons": "New."})
    owner("post", f"/decisions/{proposed['reference']}/approve", 403)
    Caller(place.director)("post", f"/decisions/{proposed['reference']}/approve", 200)

    decided = owner("get", "/decided/patent", 200)["items"]
    assert [row["reference"] for row in decided] == [made["reference"]]
    assert [row["status"] for row in ada("get", f"{path}/decisions", 200)["items"]] == ["taken"]
    proof = ada.client.get(f"{BASE}{path}/proof").content.decode()
    assert ada("post", "/verify", 200, {"text": proof})["holds"]
    assert owner("get", "/report", 200)["by_decision"] == [{"key": "patent", "value": 1}]


@pytest.mark.parametrize("who", ["coordinator", "stranger", "expert"])
def test_others_get_nothing(place: Lab, who):
    disclosure = factories.received(place)
    caller = Caller(getattr(place, who))

    caller("get", f"/disclosures/{disclosure.reference}", 404)
    caller("post", f"/disclosures/{disclosure.reference}/evaluate", 404, {})
    assert caller("get", "/disclosures", 200)["total"] == 0


def test_an_inventor_is_asked_no_more_than_their_own_share(place: Lab):
    disclosure = factories.submitted(place)
    Caller(place.colleague)(
        "post", f"/disclosures/{disclosure.reference}/sign", 422, {"typed_name": "X", "confirms_share": True}
    )

    assert not Inventor.objects.filter(signatures__isnull=False).exists()


def test_an_answer_that_changed_since_it_was_read_is_refused_by_its_field(place: Lab):
    disclosure = factories.draft(place)
    path, call = f"/disclosures/{disclosure.reference}", Caller(place.researcher)
    read = {"title": disclosure.title, "trl": disclosure.trl}
    call("patch", path, 200, {"title": "First", "read": read})

    refused = call("patch", path, 409, {"title": "Second", "uses": "Windows.", "read": read})
    assert (refused["code"], refused["fields"][0]["field"]) == ("stale_state", "title")
    typed = call("put", f"{path}/typing", 409, {"answers": {"title": "Second"}, "read": read})
    assert typed["fields"][0]["field"] == "title"
    assert call("patch", path, 200, {"title": disclosure.title, "uses": "Glass.", "read": read})["title"] == "First"
    assert call("patch", path, 200, {"title": "Second", "read": {"title": "First"}})["title"] == "Second"


def test_a_program_that_read_another_line_of_an_inventor_gets_409(place: Lab):
    disclosure = factories.draft(place)
    row = disclosure.inventors.get(person=place.person)
    change_inventor(inventor=row, share=Fraction(1, 4), actor=place.colleague)

    ada, path = Caller(place.researcher), f"/inventors/{row.reference}"
    refused = ada("patch", path, 409, {"share": "1/5", "read": {"share": "1/3"}})
    ada("patch", path, 200, {"share": "1/5", "read": {"share": "25 %"}})

    assert refused["fields"][0]["field"] == "share"
    row.refresh_from_db()
    assert row.share == Fraction(1, 5)
