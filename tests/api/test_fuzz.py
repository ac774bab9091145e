"""The API under generated calls: every operation, right bodies and wrong ones, on real records and on none.

One account holds every role, so that calls reach the operations; what they write is taken back. An answer has a status
that the document declares and the body that it declares for it; a body that the document forbids is refused.
"""

from __future__ import annotations

import functools
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.tokens import create_token, known_scopes
from motrice.accounts.operations.users import system_user
from motrice.config import urls
from motrice.config.api import api
from motrice.sourcing.operations.candidates import exclude
from motrice.sourcing.operations.drafts import save_draft
from tests.leaks.reader import PlainClient
from tests.leaks.routes import API_MODELS
from tests.sourcing import factories as desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
RIGHT, WRONG = 3, 2  # calls of each sort to each operation
AREAS = ("accounts", "directory", "sourcing")
SAFE = ("GET", "HEAD")


@pytest.fixture
def document(monkeypatch, settings, tmp_path) -> dict[str, Any]:
    assert urls.urlpatterns, "reading the addresses mounts the API"
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    cache.clear()
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                for limit in operation.throttle_objects:
                    monkeypatch.setattr(limit, "num_requests", 10**9)
    return json.loads(json.dumps(dict(api.get_openapi_schema(path_prefix="/api/v1/"))))


@pytest.fixture
def secret() -> str:
    """The token of an account with every role, in a small world of the desk."""
    place = desk.world()
    need = desk.need_of(place)
    desk.refer(place, need, place.chemistry)
    desk.offer_of(place.chemistry, place.chemist)
    exclude(need=need, organisation=place.optics, actor=need.owner, reason="Déjà occupée")
    actor = place.coordinator
    for kind, on in (
        ("administrator", None), ("auditor", None), ("officer", place.institute), ("officer", None),
        ("lab_director", place.chemistry), ("company_contact", place.company),
    ):  # fmt: skip
        grant_role(user=actor, kind=kind, on=on, actor=system_user())
    actor.__dict__.pop("active_roles", None)
    save_draft(author=actor, answers={"title": "Froid"})
    until = timezone.localdate() + timedelta(days=2)
    return create_token(actor=actor, name="fuzz", scopes=known_scopes(), expires_on=until)[1]


def real(path: str) -> dict[str, Any]:
    """The parameters of an address that name a record of the world, or nothing."""
    model = next((model for start, model in API_MODELS.items() if path.startswith(start)), None)
    row = model._base_manager.order_by("pk").last() if model is not None else None
    return {"reference": row.reference} if row is not None else {}


@functools.cache
def handler() -> Any:
    return PlainClient(raise_request_exception=False).handler


def send(case: Any, secret: str) -> Any:
    """The generated call through the test client, taken back afterwards."""
    query = urlencode(case.query or {}, doseq=True)
    extra: dict[str, Any] = {"QUERY_STRING": query, "headers": {"Authorization": f"Bearer {secret}"}}
    client = PlainClient(raise_request_exception=False)
    client.handler = handler()  # one for all: each new one loads the middleware anew
    with transaction.atomic():
        if case.body is NOT_SET:
            response = client.generic(case.method, case.formatted_path, b"", "application/json", **extra)
        else:
            body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
            response = client.generic(case.method, case.formatted_path, body, "application/json", **extra)
        transaction.set_rollback(True)
    return response


def fault_of(response: Any, operation: dict[str, Any], document: dict[str, Any]) -> str:
    """What an answer does that the document does not say; empty when all is well."""
    declared = operation["responses"].get(str(response.status_code))
    if declared is None:
        return "" if response.status_code == 405 else f"answers {response.status_code}, which nothing declares"
    schema = declared.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return ""
    whole = {**schema, "components": document["components"]}
    error = next(iter(Draft202012Validator(whole).iter_errors(json.loads(response.content))), None)
    return "" if error is None else f"answers {response.status_code} with {error.message[:200]} at {error.json_path}"


def try_operation(operation: Any, mode: Any, count: int, path: str, run: Any) -> None:
    """Give `run` some generated calls of an operation, half of them on a real record."""
    for parameters in ({}, real(path)) if real(path) else ({},):

        @settings(
            max_examples=count,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=parameters or None))
        def call(case: Any) -> None:
            run(case)

        call()


def refuses(case: Any) -> bool:
    """Whether the body is one that the document forbids, and nothing else decides."""
    body = case.meta.components.get("body") if case.meta is not None else None
    return body is not None and "NEGATIVE" in str(body.mode)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize(("mode", "count"), [(GenerationMode.POSITIVE, RIGHT), (GenerationMode.NEGATIVE, WRONG)])
def test_generated_calls_get_the_answers_that_are_declared(document, secret, area, mode, count):
    schema = schemathesis.openapi.from_dict(document)
    faults: list[str] = []
    tried = 0
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if described["tags"] != [area]:
                continue

            def run(case: Any, described: dict[str, Any] = described, path: str = path) -> None:
                nonlocal tried
                tried += 1
                response = send(case, secret)
                fault = fault_of(response, described, document)
                if not fault and refuses(case) and response.status_code < 400:
                    fault = f"takes a body that the document forbids: {case.body!r:.200}"
                if fault:
                    faults.append(f"{case.method} {case.formatted_path} ({path}): {fault}")

            if mode is GenerationMode.NEGATIVE and not (described.get("parameters") or described.get("requestBody")):
                continue
            try_operation(schema[path][method.upper()], mode, count, path, run)

    assert tried > 30
    assert not faults, "\n".join(sorted(set(faults)))
