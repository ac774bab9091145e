"""The API: who calls, what is refused and in which shape, pages of a list."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from motrice.accounts.models import ApiToken
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.tokens import create_token, revoke_token
from motrice.accounts.operations.users import close_user, create_user, system_user
from motrice.core.errors import RuleViolation
from tests.directory.factories import user_with

pytestmark = pytest.mark.django_db
ME = "/api/v1/accounts/me"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def system():
    return system_user()


@pytest.fixture
def administrator(system):
    user = create_user(email="ada@example.org", display_name="Ada Règle", actor=system)
    grant_role(user=user, kind="administrator", actor=system)
    return user


@pytest.fixture
def researcher(system):
    return create_user(email="rosa@example.org", display_name="Rosa Verre", actor=system)


def token_for(user, *scopes, days=30):
    return create_token(
        actor=user, name="script", scopes=list(scopes), expires_on=timezone.localdate() + timedelta(days=days)
    )


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_nobody_gets_401_and_not_a_redirection():
    response = Client().get(ME)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "not_signed_in"


def test_an_unknown_address_of_the_api_answers_in_its_shape():
    response = Client().get("/api/v1/nothing/here")

    assert response.status_code == 404
    assert set(response.json()) == {"code", "message", "fields"}


def test_a_token_reads_within_its_scope_and_notes_its_use(researcher):
    token, secret = token_for(researcher, "accounts:read")

    response = Client().get(ME, headers=bearer(secret))

    assert response.status_code == 200
    assert response.json()["email"] == "rosa@example.org"
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert secret not in str(ApiToken.objects.values())


def test_a_token_of_another_area_is_refused_by_name_of_the_scope(researcher):
    secret = token_for(researcher, "directory:read")[1] if "directory:read" in _scopes() else None
    if secret is None:
        pytest.skip("only one area is mounted")

    response = Client().get(ME, headers=bearer(secret))

    assert response.status_code == 403
    assert "accounts:read" in response.json()["message"]


def _scopes():
    from motrice.accounts.operations.tokens import known_scopes

    return known_scopes()


def test_a_reading_token_cannot_write(administrator, researcher):
    secret = token_for(administrator, "accounts:read")[1]

    response = Client().post(
        "/api/v1/accounts/roles",
        {"user": researcher.reference, "kind": "researcher"},
        content_type="application/json",
        headers=bearer(secret),
    )

    assert response.status_code == 403
    assert not researcher.roles.exists()


@pytest.mark.parametrize("fate", ["revoked", "expired", "closed account", "altered"])
def test_a_token_that_is_no_longer_good_opens_nothing(administrator, researcher, fate):
    token, secret = token_for(researcher, "accounts:read")
    if fate == "revoked":
        revoke_token(token=token, actor=researcher)
    elif fate == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    elif fate == "closed account":
        close_user(user=researcher, actor=administrator, reason="left")
    else:
        secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")

    assert Client().get(ME, headers=bearer(secret)).status_code == 401


def test_a_token_needs_known_scopes_and_an_end(researcher):
    with pytest.raises(RuleViolation) as caught:
        create_token(actor=researcher, name="x", scopes=["everything"], expires_on=timezone.localdate())
    assert caught.value.field == "scopes"
    with pytest.raises(RuleViolation) as caught:
        create_token(actor=researcher, name="x", scopes=["accounts:read"], expires_on=date(2199, 1, 1))
    assert caught.value.field == "expires_on"


def test_a_session_reads_but_writes_only_with_its_csrf_token(administrator, researcher):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    assert client.get(ME).status_code == 200
    refused = client.post(
        "/api/v1/accounts/roles",
        {"user": researcher.reference, "kind": "researcher"},
        content_type="application/json",
    )

    assert refused.status_code == 403
    assert "CSRF" in refused.json()["message"]
    assert not researcher.roles.exists()


def test_a_list_has_pages_links_and_a_total_within_rights(administrator, researcher, system):
    for number in range(4):
        create_user(email=f"p{number}@example.org", display_name=f"Personne {number}", actor=system)
    secret = token_for(administrator, "accounts:read")[1]
    own = token_for(researcher, "accounts:read")[1]

    page = Client().get("/api/v1/accounts/users?limit=2&offset=2", headers=bearer(secret))
    alone = Client().get("/api/v1/accounts/users", headers=bearer(own))

    assert page.json()["total"] == 6
    assert len(page.json()["items"]) == 2
    assert [part.split("; ")[1] for part in page["Link"].split(", ")] == [
        'rel="first"',
        'rel="last"',
        'rel="prev"',
        'rel="next"',
    ]
    assert (alone.json()["total"], alone.json()["items"][0]["email"]) == (1, "rosa@example.org")


def test_a_refused_value_names_its_field_in_the_language_asked_for(administrator, researcher):
    secret = token_for(administrator, "accounts:write")[1]
    body = {"user": researcher.reference, "kind": "researcher"}
    headers = {**bearer(secret), "Accept-Language": "en"}
    post = Client().post

    assert post("/api/v1/accounts/roles", body, content_type="application/json", headers=headers).status_code == 201
    again = post("/api/v1/accounts/roles", body, content_type="application/json", headers=headers)
    shape = post("/api/v1/accounts/roles", {"kind": "emperor"}, content_type="application/json", headers=headers)

    assert again.status_code == 422
    assert again.json() == {
        "code": "rule_violation",
        "message": "Rosa Verre holds this role already.",
        "fields": [{"field": "kind", "message": "Rosa Verre holds this role already."}],
    }
    assert shape.status_code == 422
    assert {item["field"] for item in shape.json()["fields"]} == {"user", "kind"}


@pytest.mark.parametrize("path", ["organisations", "organisations/export"])
@pytest.mark.parametrize(
    ("query", "field"), [("level=hidden", "level.0"), ("sort=size", "sort"), ("levle=public", "levle")]
)
def test_what_a_list_does_not_understand_is_refused_by_its_name(path, query, field):
    coordinator = user_with("coordinator")
    headers = bearer(token_for(coordinator, "directory:read")[1])

    answer = Client().get(f"/api/v1/directory/{path}?{query}", headers=headers)

    assert answer.status_code == 422
    assert field in [item["field"] for item in answer.json()["fields"]]


def test_a_body_that_is_not_json_and_one_too_large_are_refused_in_words(administrator, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    secret = token_for(administrator, "accounts:write")[1]
    post = Client().post

    broken = post("/api/v1/accounts/roles", "{", content_type="application/json", headers=bearer(secret))
    large = post("/api/v1/accounts/roles", "x" * 200, content_type="application/json", headers=bearer(secret))

    assert (broken.status_code, broken.json()["code"]) == (400, "bad_request")
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


def test_a_method_that_an_address_lacks_says_which_it_takes(administrator):
    response = Client().delete(ME)

    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert response.json()["code"] == "method_not_allowed"


def test_too_many_calls_are_refused_with_the_time_to_wait(researcher, monkeypatch):
    from motrice.config.api import api

    secret = token_for(researcher, "accounts:read")[1]
    limit = next(iter(_throttles(api)))
    monkeypatch.setattr(limit, "num_requests", 2)
    client = Client(headers=bearer(secret))

    statuses = [client.get(ME).status_code for _turn in range(3)]
    last = client.get(ME)

    assert statuses == [200, 200, 429]
    assert int(last["Retry-After"]) > 0
    assert last.json()["code"] == "too_many_requests"


def test_an_empty_rate_is_no_limit_and_a_rate_set_again_holds(researcher, settings, monkeypatch):
    from motrice.config.api import api

    limit = next(iter(_throttles(api)))
    for name in ("rate", "num_requests", "duration"):
        monkeypatch.setattr(limit, name, None)
    client = Client(headers=bearer(token_for(researcher, "accounts:read")[1]))

    statuses = []
    for rate in ("", "1200/m"):
        settings.API_RATE = rate
        statuses.append(client.get(ME).status_code)

    assert statuses == [200, 200]


def _throttles(api):
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                if operation.view_func.__name__ == "me":
                    yield from operation.throttle_objects


def test_the_document_declares_refusals_for_every_operation(client):
    document = client.get("/api/v1/openapi.json").json()

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            missing = {"401", "403", "404", "422", "429"} - set(operation["responses"])
            assert not missing, (method, path, missing)
            assert operation["security"], (method, path)
