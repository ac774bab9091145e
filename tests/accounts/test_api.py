"""Accounts, doors, records and the log through the API."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.models import ApiToken, Follow, Invitation, User
from motrice.accounts.operations.tokens import create_token
from motrice.core import catalogue
from motrice.core.models import AuditEntry, CatalogueEntry
from motrice.directory.operations.organisation import edit_organisation
from tests.database import load_catalogue
from tests.directory.factories import OrganisationFactory, user_with
from tests.open_page import left_open

pytestmark = pytest.mark.django_db


class Caller:
    """Calls of one account."""

    def __init__(self, user):
        cache.clear()
        self.user, self.client = user, Client(headers={"Accept-Language": "en"})
        self.client.force_login(user)

    def __call__(self, method, path, status=200, **body):
        data = None if method == "get" else body
        response = getattr(self.client, method)(f"/api/v1/accounts{path}", data=data, content_type="application/json")
        assert response.status_code == status, response.content
        return response.json() if response.content else None


@pytest.fixture
def administrator():
    return Caller(user_with("administrator"))


def test_accounts_are_listed_read_and_closed_by_administrators(administrator):
    someone = user_with("researcher", on=OrganisationFactory(unit=True))
    stranger = Caller(user_with())

    assert administrator("get", "/users?role=researcher")["items"][0]["reference"] == someone.reference
    stranger("get", f"/users/{someone.reference}", 404)
    administrator("post", f"/users/{someone.reference}/close", 422)
    assert administrator("post", f"/users/{someone.reference}/close", reason="left")["is_active"] is False
    assert not User.objects.get(pk=someone.pk).is_active


def test_a_profile_is_changed_and_ones_data_are_given():
    someone = Caller(user_with())

    assert someone("patch", "/me", display_name="Ada Inventée", language="en")["display_name"] == "Ada Inventée"
    someone("patch", "/me", 422, email="other@example.org")
    assert someone("get", "/me/data")["account"]["name"] == "Ada Inventée"
    assert AuditEntry.objects.filter(verb="user.own_data", actor=someone.user).exists()


def test_an_invitation_is_sent_listed_and_revoked(administrator, mailoutbox):
    body = {"email": "nova@example.org", "display_name": "Nova Inventée", "kind": "researcher"}
    Caller(user_with())("post", "/invitations", 403, **body)

    made = administrator("post", "/invitations", 201, **body)
    again = administrator("post", "/invitations", 422, **body)

    assert (made["state"], len(mailoutbox)) == ("open", 1)
    assert again["fields"][0]["field"] == "email"
    assert administrator("get", "/invitations?q=nova")["total"] == 1
    Caller(user_with())("post", f"/invitations/{made['reference']}/revoke", 404)
    assert administrator("post", f"/invitations/{made['reference']}/revoke")["state"] == "revoked"
    assert Invitation.objects.get().accepted_at is None


def test_ones_own_tokens_are_listed_without_their_secret_and_revoked():
    owner = Caller(user_with())
    end = timezone.localdate() + timedelta(days=3)
    token, secret = create_token(actor=owner.user, name="script", scopes=["accounts:read"], expires_on=end)

    listed = owner("get", "/tokens")
    Caller(user_with())("post", f"/tokens/{token.reference}/revoke", 404)

    assert (listed["total"], secret in str(listed)) == (1, False)
    assert owner("post", f"/tokens/{token.reference}/revoke")["revoked_at"]
    assert ApiToken.objects.get().revoked_at is not None


def test_why_a_record_is_seen_and_its_history_are_told_to_whom_they_concern():
    unit = OrganisationFactory(unit=True)
    keeper, reader = Caller(user_with("lab_director", on=unit)), Caller(user_with())
    edit_organisation(organisation=unit, actor=keeper.user, city="Brest", reason="moved")
    path = f"/records/directory.organisation/{unit.reference}"

    assert keeper("get", f"{path}/why")["total"] >= 1
    line = keeper("get", f"{path}/history")["items"][0]
    assert (line["reason"], line["changes"][0]["after"]) == ("moved", "Brest")
    reader("get", f"{path}/history", 403)
    reader("get", f"/records/directory.nothing/{unit.reference}/why", 404)
    reader("put", f"{path}/follow", 204, follows=True)
    assert Follow.objects.get().object_pk == unit.pk


def test_a_list_is_saved_under_a_name_and_forgotten():
    owner, other = Caller(user_with()), Caller(user_with())
    made = owner("post", "/saved-views", 201, list_name="directory.units", name="Bretagne", query="region=Bretagne")

    assert owner("get", "/saved-views?list_name=directory.units")["items"] == [made]
    assert other("get", "/saved-views")["total"] == 0
    other("delete", f"/saved-views/{made['reference']}", 404)
    owner("delete", f"/saved-views/{made['reference']}", 204)
    owner("post", "/saved-views", 422, list_name="directory.units", name=" ", query="")


def test_the_log_is_read_verified_and_exported_on_a_mission(administrator):
    auditor = Caller(user_with("auditor"))
    number = AuditEntry.objects.latest("sequence").sequence

    assert auditor("get", "/audit?verb=user.create&sort=sequence")["total"] >= 2
    assert auditor("get", f"/audit/{number}/changes")["items"][0]["action"]
    assert auditor("post", "/audit/verify")["faults"] == []
    assert auditor.client.get("/api/v1/accounts/audit/export").status_code == 200
    administrator("post", "/audit/verify", 403)
    administrator("get", f"/audit/{number}/changes", 404)


def test_the_catalogue_has_its_next_version_by_who_may(administrator):
    load_catalogue()
    entry = administrator("get", "/catalogue?kind=sourcing.refusal")["items"][0]
    path = f"/catalogue/{entry['kind']}/{entry['code']}"

    Caller(user_with())("put", path, 403, data=entry["data"], reason="x")
    made = administrator("put", path, data=entry["data"] | {"order": 7}, reason="x")
    administrator("put", path, 422, data={"name": 3}, reason="x")
    administrator("put", "/catalogue/sourcing.refusal/nothing", 404, data={}, reason="x")

    assert (made["version"], made["data"]["order"]) == (entry["version"] + 1, 7)


def test_a_version_made_meanwhile_is_told_to_who_makes_the_next(administrator):
    load_catalogue()
    entry = administrator("get", "/catalogue?kind=sourcing.refusal")["items"][0]
    path, code = f"/catalogue/{entry['kind']}/{entry['code']}", entry["code"]
    url = reverse("accounts:catalogue_edit", args=[entry["kind"], code])
    page = left_open(administrator.client.get(url), "data")
    other = user_with("administrator")
    catalogue.edit(kind=entry["kind"], code=code, data=entry["data"] | {"order": 41}, actor=other, reason="x")

    mine = json.dumps(entry["data"] | {"order": 7})
    clash = administrator.client.post(url, page | {"data": mine, "reason": "y"})
    refused = administrator("put", path, 409, data=json.loads(mine), reason="y", read={"data": entry["data"]})

    text = clash.content.decode()
    assert (clash.status_code, [word for word in ("41", str(other)) if word not in text]) == (422, [])
    assert refused["fields"][0]["field"] == "data"
    assert administrator.client.post(url, left_open(clash, "data")).status_code == 302
    assert catalogue.entry(entry["kind"], code).data["order"] == 7


def test_who_retires_an_entry_leaves_the_content_that_another_wrote(administrator):
    load_catalogue()
    entry = administrator("get", "/catalogue?kind=sourcing.refusal")["items"][0]
    url = reverse("accounts:catalogue_edit", args=[entry["kind"], entry["code"]])
    page = left_open(administrator.client.get(url), "data")
    data = entry["data"] | {"order": 41}
    catalogue.edit(kind=entry["kind"], code=entry["code"], data=data, actor=user_with("administrator"), reason="x")

    administrator.client.post(url, page | {"is_retired": "on", "reason": "y"})

    last = CatalogueEntry.objects.filter(kind=entry["kind"], code=entry["code"]).latest("version")
    assert (last.is_retired, last.data["order"]) == (True, 41)
