"""The door of an evaluator without an account, and the office's pages on who was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motrice.inventions.links import opinion_token
from motrice.inventions.models import Disclosure, Evaluator, Opinion
from motrice.inventions.operations.attachments import attach_file, remove_attachment
from motrice.inventions.operations.decisions import propose_decision
from motrice.inventions.operations.opinions import end_evaluator
from motrice.inventions.rules import choices
from tests.inventions import factories
from tests.inventions.factories import Lab, asked_outside
from tests.inventions.test_api import Caller

pytestmark = pytest.mark.django_db
PROMISE = {"promises": "on", "is_free": "on", "typed_name": "Eve Dehors", "version": "1"}
SECRETS = ("Joint qui se répare", "fissure", "Les joints se fissurent", "Ada Inventée", "Le marché", "essais.txt")


def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


def address(row: Evaluator) -> str:
    return f"/disclosures/opinion/{opinion_token(row)}/"


def answers() -> dict[str, str]:
    data = {"summary": "Solid.", "advice": "patent"}
    for code, _name in choices("inventions.criterion"):
        data |= {f"score_{code}": "4", f"reason_{code}": "Seen."}
    return data


@pytest.fixture
def asked(place: Lab) -> Evaluator:
    """Somebody asked today: two texts and one of two files were chosen for them."""
    disclosure = factories.evaluated(place, at=timezone.now())
    files = [
        attach_file(disclosure=disclosure, name=name, content=b"mesures", actor=place.researcher)
        for name in ("essais.txt", "cahier.txt")
    ]
    return asked_outside(
        disclosure, at=None, question="Le marché ?", topic="Polymers", shown=["problem"], files=[files[0].reference]
    )


def test_nothing_is_told_before_secrecy_is_promised(asked: Evaluator):
    client, url = visitor(), address(asked)
    file = f"{url}files/{asked.shown_files[0]}/"

    page = client.get(url).content.decode()
    refused = client.post(url, {"typed_name": "Eve Dehors"})
    saved = client.post(f"{url}save/", {"summary": "x"})

    assert (refused.status_code, saved.status_code, client.get(file).status_code) == (422, 403, 410)
    assert "Polymers" in page
    for text in (page, refused.content.decode(), client.get(f"{url}decline/").content.decode()):
        assert not [word for word in SECRETS if word in text]


def test_what_the_officer_chose_is_read_and_nothing_else(asked: Evaluator):
    client, url = visitor(), address(asked)
    other = asked.disclosure.attachments.exclude(reference__in=asked.shown_files).get()
    client.post(url, PROMISE)

    page = client.get(url)

    text = page.content.decode()
    assert [word for word in SECRETS if word not in text] == ["Ada Inventée"]
    assert not [word for word in ("cahier.txt", "demande ni chaleur", "Agence", "Chloé", "Vitrages") if word in text]
    assert b"mesures" in b"".join(client.get(f"{url}files/{asked.shown_files[0]}/"))
    assert client.get(f"{url}files/{other.reference}/").status_code == 404
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    for elsewhere in (f"/disclosures/{asked.disclosure.reference}/", f"/disclosures/files/{other.reference}/"):
        assert client.get(elsewhere).status_code == 302


def test_an_opinion_is_written_in_several_sittings_and_then_given(asked: Evaluator):
    client, url = visitor(), address(asked)
    client.post(url, PROMISE)
    client.post(f"{url}save/", {"summary": "half a sen", "score_novelty": "3"})
    client.post(url, {"summary": "half a sentence", "score_novelty": "3", "save": "1"})
    assert "half a sentence" in client.get(url).content.decode()
    assert not Opinion.objects.exists()

    client.post(url, answers())

    page = client.get(url).content.decode()
    assert "half a sentence" not in page
    assert Opinion.objects.get().evaluator == asked


@pytest.mark.parametrize("end", ["called off", "declined", "decided", "over", "forged"])
def test_a_closed_address_tells_nothing(place: Lab, asked: Evaluator, end: str):
    client, url, status = visitor(), address(asked), 410
    client.post(url, PROMISE)
    disclosure = Disclosure.objects.get(pk=asked.disclosure_id)
    if end == "called off":
        end_evaluator(evaluator=Evaluator.objects.get(), actor=disclosure.owner)
    elif end == "declined":
        assert client.post(f"{url}decline/", {"kind": "time"}).status_code == 200
    elif end == "decided":
        propose_decision(disclosure=disclosure, kind="publish", reasons="Utile.", actor=disclosure.owner)
    elif end == "over":
        Evaluator.objects.update(open_until=timezone.localdate() - timedelta(days=1))
    else:
        url, status = "/disclosures/opinion/WyJ4IiwieSJd:1abcde:forged/", 404

    for method, part in (("get", ""), ("post", ""), ("get", "decline/"), ("get", f"files/{asked.shown_files[0]}/")):
        answer = getattr(client, method)(url + part)
        assert answer.status_code == status, part
        assert not [
            word for word in (*SECRETS, asked.disclosure.reference, "Polymers") if word in answer.content.decode()
        ]


def test_a_file_removed_since_is_shown_no_more(place: Lab, asked: Evaluator):
    client, url = visitor(), address(asked)
    client.post(url, PROMISE)
    remove_attachment(attachment=asked.disclosure.attachments.get(name="essais.txt"), actor=place.researcher)

    assert "essais.txt" not in client.get(url).content.decode()
    assert client.get(f"{url}files/{asked.shown_files[0]}/").status_code == 404


def test_a_secret_address_is_asked_only_so_often(asked: Evaluator, settings: Any):
    settings.LINK_RATE, url = "3/d", address(asked)

    statuses = [visitor().get(url).status_code for _time in range(4)]

    assert statuses == [200, 200, 200, 429]


def test_the_officer_asks_changes_reminds_and_calls_off(place: Lab, as_user: Any):
    disclosure = factories.evaluated(place, at=timezone.now() - timedelta(days=1))
    client, base = as_user(disclosure.owner), f"/disclosures/{disclosure.reference}"
    day = timezone.localdate() + timedelta(days=20)
    form = {"name": "Eve Dehors", "email": "eve@example.org", "language": "en", "open_until": day.isoformat()}
    assert client.post(f"{base}/act/outside/", form | {"email": place.expert.email}).status_code == 422
    client.post(f"{base}/act/outside/", form | {"shown": ["problem", "uses"]})
    row = Evaluator.objects.get()
    assert "asked, awaited by" in client.get(f"{base}/evaluation/").content.decode()

    client.post(
        f"/disclosures/opinions/{row.reference}/change/", {"shown": ["novelty"], "open_until": day.isoformat()}
    )
    Evaluator.objects.update(invited_at=timezone.now() - timedelta(days=1))
    client.post(f"/disclosures/opinions/{row.reference}/remind/")
    visitor().post(address(row), PROMISE)
    page = client.get(f"{base}/evaluation/").content.decode()
    client.post(f"/disclosures/opinions/{row.reference}/end/", {"confirmed": "1"})

    assert "Reads: title, what it is, what is new." in page
    assert "secrecy promised, awaited by" in page
    row.refresh_from_db()
    assert row.reminded_at is not None
    assert row.state(timezone.localdate()) == "ended"


def test_the_office_asks_outside_through_the_api_and_never_sees_the_address(place: Lab):
    disclosure = factories.evaluated(place, at=timezone.now())
    officer, path = Caller(disclosure.owner), f"/disclosures/{disclosure.reference}/evaluators"
    made = officer("post", f"{path}/outside", 201, {"name": "Eve", "email": "eve@example.org", "shown": ["uses"]})
    officer("post", f"{path}/outside", 422, {"name": "Eve", "email": place.expert.email})
    changed = officer("patch", f"/opinions/{made['reference']}", 200, {"shown": []})
    officer("post", f"/opinions/{made['reference']}/remind", 409)

    listed = officer("get", path, 200)["items"]

    assert (changed["shown"], listed[0]["state"], listed[0]["is_outside"]) == ([], "asked", True)
    assert Evaluator.objects.get().key not in str(listed)
    Caller(place.researcher)("post", f"{path}/outside", 403, {"name": "Eve", "email": "e@example.org"})
    officer("delete", f"/opinions/{made['reference']}", 204)
