"""The whole story through the pages: stated, routed, ranked with evidence, referred, answered, reported."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core import search_index
from motrice.sourcing.models import Attachment, Candidate, Need, NeedDraft, Referral
from motrice.sourcing.operations.desk import record_nda
from motrice.sourcing.operations.needs import qualify_need
from tests.directory.factories import EvidenceFactory
from tests.sourcing.factories import GLUE, SECRET, World, need_of, offer_of, refer


def client_of(user) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def text_of(response) -> str:
    assert response.status_code in (200, 422), (response.status_code, response.content[:400])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def evidence(place: World) -> None:
    EvidenceFactory(
        title="Adhesives at low temperature",
        text="Epoxy glue loses strength in the cold; joints tested at -40 °C.",
        language="en",
        of=[place.chemistry],
    )
    EvidenceFactory(
        title="Collage structural au froid", text="Tenue des colles au froid.", language="fr", of=[place.chemistry]
    )
    EvidenceFactory(
        title="Lumière et verre", text="Le collage des verres par une colle optique.", language="fr", of=[place.optics]
    )
    search_index.rebuild()


def test_a_need_goes_from_a_company_to_a_report(place: World):
    evidence(place)
    company, desk, team = client_of(place.contact), client_of(place.officer), client_of(place.chemist)

    company.post(reverse("sourcing:ask"))
    draft = NeedDraft.objects.get()
    for step, data in (
        ("problem", {"title": "Cold glue", "problem": GLUE}),
        ("tried", {"tried": "Two epoxies", "constraints": ""}),
        ("frame", {"language": "fr", "trl": "4", "segment": "", "region": "", "deadline_on": ""}),
        ("secret", {"secret": SECRET, "level": "organisation"}),
    ):
        url = reverse("sourcing:ask_step", args=[draft.reference, step])
        assert company.get(url).status_code == 200
        assert company.post(url, data).status_code == 302
    send = reverse("sourcing:ask_send", args=[draft.reference])
    assert "Who will see it" in text_of(company.get(send))
    file = SimpleUploadedFile("essais.csv", b"temperature;force\n-20;3\n")
    page = text_of(company.post(send, {"file": file, "is_confidential": "on"}, follow=True))
    need = Need.objects.get()
    assert "Your need was sent" in page
    assert SECRET in page
    assert (need.owner, NeedDraft.objects.count(), Attachment.objects.count()) == (place.officer, 0, 1)

    assert "Cold glue" in text_of(desk.get(reverse("sourcing:queue")))
    act = reverse("sourcing:need_act", args=[need.reference, "qualify"])
    assert "the clock has stopped" in text_of(desk.post(act, {"message": "We look into it."}, follow=True))

    ranking = text_of(desk.get(reverse("sourcing:ranking", args=[need.reference])))
    assert ranking.index("1. Laboratoire inventé des colles") < ranking.index("Adhesives at low temperature")
    assert "Without this piece" in ranking
    desk.post(
        reverse("sourcing:candidate_act", args=[need.reference]),
        {"owner": f"team-{place.chemistry.reference}"},
    )
    candidate = Candidate.objects.get()
    assert candidate.evidence[0]["words"]
    refer_url = reverse("sourcing:refer", args=[need.reference])
    assert "without learning of the others" in text_of(desk.get(refer_url))
    assert "1 team was asked." in text_of(
        desk.post(refer_url, {"candidates": [candidate.pk], "message": "Can you help?"}, follow=True)
    )

    referral = Referral.objects.get()
    page = text_of(team.get(reverse("sourcing:referral", args=[referral.reference])))
    assert GLUE in page
    assert SECRET not in page
    assert "opens to your team once its NDA is recorded" in page
    accept = reverse("sourcing:referral_act", args=[referral.reference, "accept"])
    assert "Accepted" in text_of(team.post(accept, {"answer": "We test joints."}, follow=True))

    outcome = reverse("sourcing:need_act", args=[need.reference, "outcome"])
    day = timezone.localdate().isoformat()
    data = {"kind": "introduction", "referral": referral.pk, "dated_on": day}
    assert "The outcome was recorded." in text_of(desk.post(outcome, data, follow=True))
    assert "Introduced" in text_of(company.get(reverse("sourcing:need", args=[need.reference])))
    report = text_of(desk.get(reverse("sourcing:report")))
    assert "1 introductions per need" in report


def test_a_refused_form_says_why_at_its_field(place: World):
    need = need_of(place)
    response = client_of(place.officer).post(
        reverse("sourcing:need_act", args=[need.reference, "qualify"]), {"message": "  "}
    )

    assert response.status_code == 422
    assert response.context["form"].errors["message"]


def test_the_confidential_part_opens_to_a_team_with_its_nda(place: World):
    need = need_of(place, at=None)
    first, second = refer(place, need, place.chemistry, place.optics, at=None)
    record_nda(
        need=need,
        organisation=place.chemistry,
        recorded_on=timezone.localdate(),
        agreement="NDA-1",
        actor=place.officer,
    )

    pages = [
        text_of(client_of(user).get(reverse("sourcing:referral", args=[row.reference])))
        for user, row in ((place.chemist, first), (place.optician, second))
    ]

    assert [SECRET in page for page in pages] == [True, False]


@pytest.mark.parametrize("role", ["rival_contact", "other_officer", "optician", "researcher"])
def test_a_need_does_not_exist_for_others(place: World, role):
    need = need_of(place)
    refer(place, need, place.chemistry)
    client = client_of(getattr(place, role))

    assert client.get(reverse("sourcing:need", args=[need.reference])).status_code == 404
    for name in ("queue", "my_needs", "referrals"):
        page = client.get(reverse(f"sourcing:{name}"))
        assert need.title not in text_of(page)
        assert need.reference not in page.content.decode()


def test_every_page_of_the_coordinator_and_the_auditor_opens_without_the_secret_of_the_first(place: World):
    need = need_of(place)
    refer(place, need)
    offer_of(place.chemistry, place.chemist)
    for user, sees in ((place.coordinator, False), (place.auditor, True)):
        client = client_of(user)
        page = text_of(client.get(reverse("sourcing:need", args=[need.reference])))
        assert (SECRET in page) is sees
        for name in ("queue", "referrals", "offers", "report", "segments", "routing", "overdue_offers", "my_desk"):
            text_of(client.get(reverse(f"sourcing:{name}")))
    assert "Open needs by officer" in text_of(client_of(place.coordinator).get(reverse("sourcing:overview")))


def test_a_file_is_served_as_a_download_to_who_may_read_it_only(place: World):
    need = need_of(place)
    refer(place, need)
    client = client_of(place.contact)
    client.post(
        reverse("sourcing:need_act", args=[need.reference, "attach"]),
        {"file": SimpleUploadedFile("../../é vil;name.csv", b"a;b\n"), "is_confidential": "on"},
    )
    file = Attachment.objects.get()
    url = reverse("sourcing:attachment", args=[file.reference])

    response = client.get(url)

    assert response.content == b"a;b\n"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment;")
    assert ".." not in response["Content-Disposition"]
    assert re.fullmatch(r"needs/[0-9a-f]{32}", file.file.name)
    readers = (place.chemist, place.coordinator, place.officer)
    assert [client_of(user).get(url).status_code for user in readers] == [404, 404, 200]


def test_a_file_that_is_not_what_it_says_is_refused(place: World):
    need = need_of(place)
    response = client_of(place.contact).post(
        reverse("sourcing:need_act", args=[need.reference, "attach"]),
        {"file": SimpleUploadedFile("plan.pdf", b"MZ\x90 not a plan")},
    )

    assert response.status_code == 422
    assert "whose content is what its name says" in text_of(response)
    assert not Attachment.objects.exists()


def test_the_reason_why_one_sees_a_need_is_told(place: World):
    need = need_of(place)

    page = text_of(client_of(place.officer).get(reverse("sourcing:need_why", args=[need.reference])))

    assert "You are in charge of this need." in page
    assert "Your office is in charge of this need." in page


def test_a_page_leads_its_coordinator_to_no_page_that_is_refused(place: World):
    need = need_of(place)
    qualify_need(need=need, message="Bonjour", actor=place.officer)
    url = reverse("sourcing:need", args=[need.reference])
    ranking, asked = (reverse(f"sourcing:{name}", args=[need.reference]) for name in ("ranking", "refer"))

    officers, coordinators = (client_of(who).get(url).content.decode() for who in (place.officer, place.coordinator))

    assert [page in officers for page in (ranking, asked)] == [True, True]
    assert [page in coordinators for page in (ranking, asked)] == [False, False]
