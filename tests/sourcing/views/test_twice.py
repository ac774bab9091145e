"""A button pressed twice: each act of the desk is done once, and the second press is answered, never with a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core.models import AuditEntry
from motrice.sourcing.models import Attachment, Candidate, Message, Need, NeedEvent, Outcome, Referral
from motrice.sourcing.operations.candidates import shortlist
from motrice.sourcing.operations.drafts import save_draft
from motrice.sourcing.operations.needs import qualify_need
from motrice.sourcing.operations.referrals import accept_referral
from tests.sourcing.factories import GLUE, World, need_of, refer


def client_of(user: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


@dataclass
class Case:
    """One act: who presses, on which record, with which data, and how far the need has come before."""

    who: str
    url: str
    data: dict[str, Any] = field(default_factory=dict)
    before: tuple[str, ...] = ()


ACTS = {
    "qualify": Case("officer", "need/qualify", {"message": "We look into it."}),
    "write": Case("officer", "need/write", {"text": "Which glue is it?", "awaits_reply": "on"}),
    "reply": Case("contact", "need/reply", {"text": "An epoxy."}),
    "correct": Case("officer", "need/correct", {"title": "Other title", "problem": GLUE, "language": "fr",
                                                "level": "organisation"}),
    "secret": Case("officer", "need/secret", {"text": "another secret"}),
    "decline": Case("officer", "need/decline", {"message": "Not for us."}),
    "withdraw": Case("contact", "need/withdraw", {"reason": ""}),
    "close": Case("officer", "need/close", {"ending": "no-team"}, ("qualified",)),
    "outcome": Case("officer", "need/outcome", {"kind": "introduction"}, ("accepted",)),
    "nda": Case("officer", "need/nda", {"agreement": "NDA-1"}, ("referred",)),
    "refer": Case("officer", "refer", {"message": "Can you help?"}, ("shortlisted",)),
    "accept": Case("chemist", "referral/accept", {"answer": "We test it."}, ("referred",)),
    "refuse": Case("chemist", "referral/refuse", {"refusal": "too-early"}, ("referred",)),
    "ask": Case("chemist", "referral/ask", {"text": "Which glue?"}, ("referred",)),
    "call back": Case("officer", "referral/call_back", {"reason": "Asked by mistake."}, ("referred",)),
}  # fmt: skip
COUNTED = (Message, NeedEvent, Outcome, Referral, Candidate, AuditEntry)


def prepared(place: World, steps: tuple[str, ...]) -> Need:
    need = need_of(place, at=None)
    if steps == ("qualified",):
        qualify_need(need=need, message="Seen.", actor=place.officer)
    if steps == ("shortlisted",):
        shortlist(need=need, organisation=place.chemistry, actor=place.officer)
    if steps in (("referred",), ("accepted",)):
        refer(place, need, place.chemistry, at=None)
    if steps == ("accepted",):
        accept_referral(referral=Referral.objects.get(), answer="Yes.", actor=place.chemist)
    return need


def address(need: Need, name: str) -> str:
    kind, _slash, act = name.partition("/")
    if kind == "refer":
        return reverse("sourcing:refer", args=[need.reference])
    if kind == "referral":
        return reverse("sourcing:referral_act", args=[Referral.objects.get().reference, act])
    return reverse("sourcing:need_act", args=[need.reference, act])


def press(case: Case, place: World, need: Need) -> Callable[[], int]:
    data = dict(case.data)
    if case.url == "refer":
        data["candidates"] = [Candidate.objects.get().pk]
    if case.url == "need/outcome":
        data |= {"referral": Referral.objects.get().pk, "dated_on": timezone.localdate().isoformat()}
    if case.url == "need/nda":
        data |= {"organisation": place.chemistry.pk, "recorded_on": timezone.localdate().isoformat()}
    client, url = client_of(getattr(place, case.who)), address(need, case.url)
    return lambda: client.post(url, data).status_code


@pytest.mark.parametrize("name", ACTS)
def test_an_act_pressed_twice_is_done_once(place: World, name: str):
    case = ACTS[name]
    again = press(case, place, prepared(place, case.before))

    assert again() == 302
    counts = [model.objects.count() for model in COUNTED]
    second = again()

    assert second in (302, 404, 409, 422)
    assert [model.objects.count() for model in COUNTED] == counts


def test_a_need_sent_twice_is_one_need_and_the_second_press_leads_to_it(place: World):
    draft = save_draft(author=place.contact, answers={"title": "Cold glue", "problem": GLUE, "language": "fr"})
    client, url = client_of(place.contact), reverse("sourcing:ask_send", args=[draft.reference])

    first, second = client.post(url, {}), client.post(url, {})

    assert Need.objects.count() == 1
    assert (first.status_code, second["Location"]) == (302, first["Location"])


def test_a_file_too_large_stops_the_need_before_anything_is_sent(place: World, settings: Any):
    draft = save_draft(author=place.contact, answers={"title": "Cold glue", "problem": GLUE, "language": "fr"})
    url = reverse("sourcing:ask_send", args=[draft.reference])
    settings.MAX_UPLOAD_BYTES = 10  # after the form was declared: the operation refuses too

    answer = client_of(place.contact).post(url, {"file": SimpleUploadedFile("essais.csv", b"a;b\n" * 10)})

    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert (Need.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("essais.exe", b"MZ\x90\x00", "not of a kind that can be sent"),
        ("essais.pdf", b"PK\x03\x04 not a pdf", "is not taken"),
        ("essais.txt", b"\xff\xfe\x00", "is not taken"),
        ("vide.csv", b"", "empty"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(place: World, name: str, content: bytes, told: str):
    need = need_of(place, at=None)
    url = reverse("sourcing:need_act", args=[need.reference, "attach"])

    answer = client_of(place.officer).post(url, {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_name_loses_its_path_and_what_a_header_could_misread(place: World):
    need = need_of(place, at=None)
    client, url = client_of(place.officer), reverse("sourcing:need_act", args=[need.reference, "attach"])

    client.post(url, {"file": SimpleUploadedFile("..\\..\\etc\\a<b>:|c.csv", b"a;b\n")})
    kept = Attachment.objects.get()
    answer = client.get(reverse("sourcing:attachment", args=[kept.reference]))

    assert not set(kept.name) & set("<>:|/\\")
    assert ".." not in kept.file.name
    assert answer.getvalue() == b"a;b\n"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_same_file_is_kept_once(place: World):
    need = need_of(place, at=None)
    client, url = client_of(place.officer), reverse("sourcing:need_act", args=[need.reference, "attach"])

    codes = [client.post(url, {"file": SimpleUploadedFile("a.csv", b"a;b\n")}).status_code for _press in range(2)]

    assert codes == [302, 422]
    assert Attachment.objects.count() == 1
