"""The API under generated calls: no crash, and answers as the document declares them."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core import NOT_SET

from motrice.accounts.operations.tokens import create_token, known_scopes
from motrice.config import urls
from motrice.config.api import api
from tests.directory.factories import OrganisationFactory, user_with

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
EXAMPLES = 12
CHECKED = {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 422, 429}


def operations():
    assert urls.urlpatterns, "reading the addresses mounts the API"
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return [(method.upper(), path) for path, items in document["paths"].items() for method in items]


@pytest.fixture
def schema(monkeypatch):
    cache.clear()
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                for limit in operation.throttle_objects:
                    monkeypatch.setattr(limit, "num_requests", 10**9)
    document = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    return schemathesis.openapi.from_dict(document)


def send(case, secret):
    """The generated call through the test client, in the test's own transaction."""
    body = b"" if case.body is NOT_SET else json.dumps(case.body).encode()
    query = urlencode(case.query or {}, doseq=True)
    return Client(raise_request_exception=False).generic(
        case.method,
        case.formatted_path,
        body,
        content_type=case.media_type or "application/json",
        QUERY_STRING=query,
        headers={"Authorization": f"Bearer {secret}"},
    )


@pytest.mark.parametrize(("method", "path"), operations())
def test_no_generated_call_breaks_the_api(schema, method, path):
    organisation = OrganisationFactory(unit=True)
    actor = user_with("coordinator")
    secret = create_token(
        actor=actor, name="fuzz", scopes=known_scopes(), expires_on=timezone.localdate() + timedelta(days=2)
    )[1]
    operation = schema[path][method]
    faults = []

    def check(case):
        if "reference" in (case.path_parameters or {}) and len(str(case.path_parameters["reference"])) % 2:
            case.path_parameters["reference"] = organisation.reference
        with transaction.atomic():
            response = send(case, secret)
            transaction.set_rollback(True)
        if response.status_code not in CHECKED:
            faults.append((response.status_code, case.as_curl_command()))
        elif response.status_code >= 400 and response.status_code != 405:
            assert set(response.json()) == {"code", "message", "fields"}

    run = settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(_given(operation.as_strategy(), check))
    run()

    assert faults == []


def _given(strategy, check):
    from hypothesis import given

    @given(case=strategy)
    def call(case):
        check(case)

    return call
