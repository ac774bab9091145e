"""The directory through the API: the same operations and policies as the pages."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from motrice.core.confidentiality import Level
from motrice.core.models import ImportRun
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    MechanismFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)
from tests.directory.importers.test_imports import line

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/directory"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SEARCH_ROOT = tmp_path / "search"


@pytest.fixture
def caller(client):
    client.force_login(user_with("officer"))

    def call(method, path, body=None, status=200):
        response = getattr(client, method)(f"{ROOT}{path}", data=body, content_type="application/json")
        assert response.status_code == status, response.content
        return response.json()

    return call


def test_an_organisation_is_added_corrected_renamed_and_listed(caller):
    made = caller(
        "post",
        "/organisations",
        {"kind": "unit", "name": "Laboratoire inventé", "identifiers": [{"scheme": "ror", "value": "02feahw73"}]},
        201,
    )
    path = f"/organisations/{made['reference']}"

    assert caller("patch", path, {"city": "Brest"})["city"] == "Brest"
    assert caller("post", f"{path}/rename", {"name": "Autre nom", "on": "2020-01-01"})["name"] == "Autre nom"
    assert caller("get", f"{path}/identifiers")["items"][0]["value"] == "02feahw73"
    assert caller("get", "/search?q=https://ror.org/02feahw73")["items"][0]["reference"] == made["reference"]
    assert caller("get", "/organisations?kind=unit&q=autre")["total"] == 1
    refused = caller("post", f"{path}/identifiers", {"scheme": "siren", "value": "303265046"}, 422)
    assert refused["fields"][0]["field"] == "value"
    assert caller("patch", path, {"colour": "red"}, 422)["fields"]


def test_links_and_people_of_a_day(caller):
    unit = OrganisationFactory(unit=True)
    for rank, last in ((1, None), (2, date(2019, 12, 31))):
        RelationFactory(target=unit, rank=rank, ends_on=last)
    person = PersonFactory()
    path = f"/organisations/{unit.reference}"

    assert [item["rank"] for item in caller("get", f"{path}/supervisors?on=2019-06-01")["items"]] == [1, 2]
    assert [item["rank"] for item in caller("get", f"{path}/supervisors?on=2020-06-01")["items"]] == [1]
    other = OrganisationFactory()
    link = {"other": other.reference, "kind": "hosts", "is_source": False}
    assert caller("post", f"{path}/links", link, 201)["source"] == other.reference
    assert caller("post", f"{path}/links", link, 422)["fields"][0]["field"] == "starts_on"
    caller("post", f"{path}/people", {"person": person.reference, "role": "director"}, 201)
    assert caller("get", f"{path}/people")["items"][0]["person"]["reference"] == person.reference


def test_evidence_merges_and_mechanisms(caller):
    load_catalogue()
    kept, other = OrganisationFactory(unit=True), OrganisationFactory(unit=True)
    caller("post", "/evidence", {"kind": "patent", "title": "Verre", "owners": [other.reference]}, 201)
    caller("post", f"/organisations/{kept.reference}/merge", {"other": other.reference})
    assert caller("get", f"/organisations/{kept.reference}/evidence")["items"][0]["title"] == "Verre"
    caller("get", f"/organisations/{other.reference}", status=404)

    MechanismFactory(organisation__kind=OrganisationKind.MECHANISM, regions=["Bretagne"])
    found = caller("get", "/mechanisms/finder?region=Bretagne&done=pre_maturation")
    assert (found["total"], found["items"][0]["type"]) == (1, "SATT")
    caller("get", "/mechanisms/finder?domain=alchemy", status=422)


def test_people_are_added_and_corrected(caller):
    made = caller("post", "/people", {"given_name": "Inventée", "family_name": "Dupré"}, 201)

    assert caller("patch", f"/people/{made['reference']}", {"description": "Verres"})["description"] == "Verres"
    assert caller("get", "/people?q=dup")["total"] == 1


def test_what_may_not_be_seen_is_not_there(client, caller):
    secret = OrganisationFactory(unit=True, name="Secret", level=Level.CIRCLE)
    EvidenceFactory(of=[secret])
    AffiliationFactory(organisation=secret)
    client.force_login(user_with("company_contact", on=OrganisationFactory(company=True)))

    assert caller("get", "/organisations?q=secret")["total"] == 0
    for path in ("", "/links", "/people", "/evidence", "/identifiers", "/supervisors"):
        caller("get", f"/organisations/{secret.reference}{path}", status=404)
    assert caller("get", "/search?q=secret")["total"] == 0
    caller("post", "/organisations", {"kind": "unit", "name": "Refusée"}, 403)
    assert caller("get", "/imports")["total"] == 0
    assert not Organisation.objects.filter(name="Refusée").exists()


@pytest.mark.parametrize(("kind", "field"), [("rnsr", "file"), ("anr-investments", "beside")])
def test_a_file_that_is_too_large_is_refused_before_it_is_kept(client, caller, settings, kind, field):
    settings.MAX_UPLOAD_BYTES = 2**20
    files = {"file": SimpleUploadedFile("names.csv", b"a,b\n"), "beside": SimpleUploadedFile("links.csv", b"a,b\n")}
    files[field] = SimpleUploadedFile("large.csv", b"a" * (2**20 + 1))

    sent = client.post(f"{ROOT}/imports", {"kind": kind, **files})

    assert sent.status_code == 422
    assert [told["field"] for told in sent.json()["fields"]] == [field]
    assert "large.csv" in sent.json()["message"]
    assert "1 MB" in sent.json()["message"]
    assert not ImportRun.objects.exists()


def test_an_import_is_sent_decided_written_and_undone(client, caller):
    import json

    content = json.dumps(line(1, "Université inventée")).encode()
    sent = client.post(f"{ROOT}/imports", {"kind": "ror", "file": SimpleUploadedFile("names.jsonl", content)})
    assert sent.status_code == 201, sent.content
    path = f"/imports/{sent.json()['reference']}"

    assert caller("get", path)["status"] == "ready"
    assert caller("get", f"{path}/proposals?state=open")["items"][0]["title"] == "Université inventée"
    assert caller("get", f"{path}/findings")["total"] == 0
    caller("post", f"{path}/decide", {"accept": True})
    assert caller("post", f"{path}/write")["status"] == "done"
    assert Organisation.objects.get().name == "Université inventée"
    assert caller("post", f"{path}/undo")["status"] == "undone"
    caller("post", f"{path}/explode", status=422)
    assert not Organisation.objects.exists()
