"""Needs through the API: listed as on the page, corrected, their confidential part, files, drafts."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motrice.sourcing.models import Attachment, Need, NeedDraft, NeedSecret
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import GLUE, SECRET, World, need_of, refer


def test_the_list_is_searched_filtered_and_counted_as_on_its_page(place: World):
    glue, other = need_of(place), need_of(place, title="Un tout autre besoin")
    desk = Caller(place.officer)
    desk("post", f"needs/{glue.reference}/qualify", text="Bonjour")

    assert desk("get", "needs?q=autre")["items"][0]["reference"] == other.reference
    assert desk("get", "needs?status=analysis&status=closed")["total"] == 1
    assert desk("get", "needs?when=unanswered")["items"][0]["reference"] == other.reference
    assert [row["title"] for row in desk("get", "needs?sort=-title")["items"]] == [
        "Un tout autre besoin",
        "Colle au froid",
    ]
    counts = desk("get", "needs?facets=true")["facets"]["status"]
    assert {row["value"]: row["count"] for row in counts} == {"analysis": 1, "received": 1}


def test_a_filter_takes_references_and_refuses_what_it_does_not_know(place: World):
    need = need_of(place)
    desk, rival = Caller(need.owner), Caller(place.rival_contact)

    assert need.office is not None
    assert desk("get", f"needs?office={need.office.reference}")["total"] == 1
    assert desk("get", "needs?facets=true")["facets"]["office"][0]["value"] == need.office.reference
    assert desk("get", "needs?office=AAAAAAAA", 422)["fields"][0]["field"] == "office"
    assert desk("get", "needs?status=lost", 422)["fields"][0]["field"].endswith("status.0")
    hidden = rival("get", "needs?facets=true")
    assert (hidden["total"], hidden["facets"]["office"], hidden["facets"]["status"]) == (0, [], [])


def test_the_list_as_a_file_is_for_who_may_export(place: World):
    need_of(place)

    found = Caller(place.officer).client.get("/api/v1/desk/needs/export?format=csv&columns=title")
    refused = Caller(place.contact).client.get("/api/v1/desk/needs/export?format=xlsx")

    assert b"".join(found.streaming_content).decode("utf-8-sig").splitlines()[1] == "Colle au froid"
    assert refused.status_code == 403


def test_a_statement_is_corrected_field_by_field(place: World):
    need = need_of(place, trl=4)
    company = Caller(place.contact)

    answer = company("patch", f"needs/{need.reference}", title="Colle à −20 °C", trl=None)
    refused = company("patch", f"needs/{need.reference}", 422, naf_code="vingt")
    Caller(place.auditor)("patch", f"needs/{need.reference}", 403, title="Autre")

    assert (answer["title"], answer["problem"], answer["trl"]) == ("Colle à −20 °C", GLUE, None)
    assert refused["fields"][0]["field"] == "naf_code"


def test_the_confidential_part_is_written_and_emptied(place: World):
    need = need_of(place)
    path = f"needs/{need.reference}/secret"

    assert Caller(place.contact)("put", path, text="Nouveau")["text"] == "Nouveau"
    Caller(place.coordinator)("put", path, 403, text="Autre")
    assert Caller(place.officer)("put", path, 204, text="") is None
    assert not NeedSecret.objects.exists()


def test_the_company_is_told_to_a_team_only_when_it_is_not_hidden(place: World):
    need = need_of(place, hides_company=True)
    refer(place, need)

    Caller(place.chemist)("get", f"needs/{need.reference}/company", 403)
    shown = Caller(place.officer)("get", f"needs/{need.reference}/company")
    assert shown["name"] == place.company.name
    Need.objects.filter(pk=need.pk).update(hides_company=False)
    assert Caller(place.chemist)("get", f"needs/{need.reference}/company")["contact"] == ""


def test_the_timeline_tells_each_its_own(place: World):
    need = need_of(place)
    refer(place, need)
    path = f"needs/{need.reference}/timeline"

    desk = [row["kind"] for row in Caller(place.officer)("get", path)["items"]]
    team = [row["kind"] for row in Caller(place.chemist)("get", path)["items"]]

    assert desk[:2] == ["received", "assigned"]
    assert team == ["referred"]


def test_a_file_is_sent_read_and_removed(place: World, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    need = need_of(place)
    company, path = Caller(place.contact), f"/api/v1/desk/needs/{need.reference}/files"

    made = company.client.post(path, {"file": SimpleUploadedFile("essai.txt", SECRET.encode())})
    assert made.status_code == 201, made.content
    wrong = company.client.post(path, {"file": SimpleUploadedFile("essai.pdf", b"texte")})
    reference = made.json()["reference"]
    read = company.client.get(f"/api/v1/desk/files/{reference}")

    assert wrong.json()["fields"][0]["field"] == "file"
    assert (read.content.decode(), read["X-Content-Type-Options"]) == (SECRET, "nosniff")
    Caller(place.coordinator)("get", f"files/{reference}", 404)
    company("delete", f"files/{reference}", 204)
    company("get", f"files/{reference}", 404)
    assert Attachment.objects.get().removed_at is not None


def test_a_draft_is_kept_sent_or_thrown_away(place: World):
    company = Caller(place.contact)
    Caller(place.officer)("post", "drafts", 403, title="Non")
    draft = company("post", "drafts", 201, title="Froid")["reference"]

    assert company("post", f"drafts/{draft}/send", 422)["fields"][0]["field"] == "problem"
    company("patch", f"drafts/{draft}", problem=GLUE, hides_company=True)
    Caller(place.rival_contact)("get", f"drafts/{draft}", 404)
    sent = company("post", f"drafts/{draft}/send", 201)

    assert Need.objects.get(reference=sent["reference"]).company == place.company
    other = company("post", "drafts", 201)["reference"]
    company("delete", f"drafts/{other}", 204)
    assert not NeedDraft.objects.exists()


def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(place: World, django_assert_num_queries):
    need_of(place)
    desk = Caller(place.officer)
    with CaptureQueriesContext(connection) as one:
        desk("get", "needs?facets=true")
    need_of(place)
    need_of(place)
    with django_assert_num_queries(len(one)):
        assert desk("get", "needs?facets=true")["total"] == 3


@pytest.mark.parametrize("path", ["needs", "needs/export", "drafts", "referrals/export", "offers/export", "officers"])
def test_nobody_gets_401(place: World, path):
    assert Client().get(f"/api/v1/desk/{path}").status_code == 401
