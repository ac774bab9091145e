"""The leak test: every route, as every kind of reader, over a world with planted words, compared with the policy.

Three comparisons. A planted word comes back only to whom the policy lets read it: in body, headers, file names,
spreadsheets and refusals alike. A record's own page opens if and only if the policy says so. And taking out of the
world whatever a reader may not see changes nothing in what that reader gets: no count, order or facet tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils.translation import override

from motrice.config.api import api
from motrice.core.policies import allows
from motrice.directory.models import Organisation
from motrice.web.guards import public
from tests.leaks import routes
from tests.leaks.reading import bare, texts
from tests.leaks.world import PROBE, LeakWorld, build, remove

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ACTORS = [
    "anonymous",
    "company contact",
    "contact of a rival company",
    "researcher of another unit",
    "researcher of the unit asked",
    "director of the unit asked",
    "director of a unit not asked",
    "officer in charge",
    "officer of another office",
    "officer of the network",
    "coordinator",
    "administrator",
    "auditor",
    "director of the network",
    "reviewer",
    "investor",
    "named in circles",
    "without a role",
]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUERIES = ["", f"?q={PROBE}", "?q=froid", "?sort=name&order=name", "?format=csv", "?format=xlsx"]


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> Iterator[LeakWorld]:
    settings.SEARCH_ROOT = tmp_path / "search"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.API_RATE = "1000000/m"
    cache.clear()
    with override("en"):
        place = build()
        routes.rebuild_indexes()
        yield place


@dataclass(frozen=True)
class Visit:
    """One request to make, and the record that its address names."""

    name: str
    url: str
    method: str
    record: Any = None
    action: str = "view"


def client_of(actor: Any) -> Client:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    if not isinstance(actor, AnonymousUser):
        client.force_login(actor, backend=BACKEND)
    return client


def send(client: Client, visit: Visit, query: str = "", **extra: Any) -> Any:
    """One request whose writes are taken back."""
    with transaction.atomic():
        method = getattr(client, visit.method.lower())
        data = {} if visit.method == "GET" else {"content_type": "application/json", "data": "{}"}
        if visit.method == "POST" and not visit.url.startswith("/api/"):
            data = {}
        response = method(visit.url + query, **data, **extra)
        response.captured = texts(response)
        transaction.set_rollback(True)
    return response


def parameters(name: str, pattern: Any, world: LeakWorld) -> list[tuple[dict[str, Any], Any]] | None:
    """The parameters of a route and the record each names; None when nobody has said how to build them."""
    converters = pattern.pattern.converters
    if name in routes.PARAMETERS:
        return [(values, None) for values in routes.PARAMETERS[name](world)]
    if not pattern.pattern.regex.groups:
        return [({}, None)]
    guard = getattr(pattern.callback, "guard", None)
    if guard is not None and guard.model is not None and len(converters) == 1:
        key = next(iter(converters))
        return [({key: getattr(row, key)}, row) for row in world.records(guard.model) if hasattr(row, key)]
    return None


def page_visits(world: LeakWorld) -> list[Visit]:
    """Every page, read and posted to."""
    found = []
    for name, _path, pattern in routes.walk():
        if name in routes.SKIPPED or name.startswith("api:"):
            continue
        guard = getattr(pattern.callback, "guard", None)
        for values, record in parameters(name, pattern, world) or []:
            url = reverse(name, kwargs=values)
            action = guard.action if guard is not None and record is not None else "view"
            found += [Visit(name, url, "GET", record, action), Visit(name, url, "POST", record, action)]
    return found


def api_operations() -> Iterator[tuple[str, str, str, Any]]:
    """Every operation of the API: its name, address and method."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], address, method.upper(), operation


def api_parameters(name: str, address: str, operation: Any, world: LeakWorld) -> list[dict[str, Any]] | None:
    """The values of the address's own parameters."""
    inside = [item["name"] for item in operation.get("parameters", []) if item["in"] == "path"]
    if not inside:
        return [{}]
    if name in routes.API_PARAMETERS:
        return routes.API_PARAMETERS[name](world)
    build_values = routes.api_records(address)
    return None if build_values is None else build_values(world)


def api_visits(world: LeakWorld) -> list[Visit]:
    """Every operation of the API."""
    found = []
    for name, address, method, operation in api_operations():
        for values in api_parameters(name, address, operation, world) or []:
            found.append(Visit(name, address.format(**values), method))
    return found


def leaks_in(response: Any, visit: Visit, world: LeakWorld, forbidden: list[Any]) -> list[str]:
    """The planted words that came back and should not have."""
    return [
        f"{visit.method} {visit.url} ({visit.name}, {response.status_code}) tells the {canary.where}"
        for canary in forbidden
        if canary.word in response.captured and canary.word not in visit.url
    ]


def test_every_route_is_covered(world):
    missing = [
        f"{name} ({address})"
        for name, address, pattern in routes.walk()
        if name not in routes.SKIPPED and not name.startswith("api:") and parameters(name, pattern, world) is None
    ]
    missing += [
        f"{method} {address} ({name})"
        for name, address, method, operation in api_operations()
        if api_parameters(name, address, operation, world) is None
    ]
    assert not missing, "say in tests/leaks/routes.py how to build the parameters of:\n" + "\n".join(missing)


@pytest.mark.parametrize("who", ACTORS)
def test_a_reader_gets_only_what_the_policy_lets_them_read(world, who):
    actor = world.actors[who]
    client = client_of(actor)
    forbidden = [canary for canary in world.canaries if not canary.readable(actor)]
    faults = []
    for visit in [*page_visits(world), *api_visits(world)]:
        first = send(client, visit)
        is_list = visit.method == "GET" and visit.record is None and first.status_code == 200
        for query in QUERIES if is_list else [""]:
            response = send(client, visit, query) if query else first
            faults += leaks_in(response, visit, world, forbidden)
            if response.status_code >= 500:
                faults.append(f"{visit.method} {visit.url}{query} ({visit.name}) breaks: {response.status_code}")
            faults += door_faults(response, visit, actor)
    assert not faults, f"as {who}:\n" + "\n".join(sorted(set(faults)))


def door_faults(response: Any, visit: Visit, actor: Any) -> list[str]:
    """A record's page opens only to whom the policy lets see it, and to all of them."""
    if visit.record is None or response.status_code == 405:
        return []
    what = f"{visit.method} {visit.url} ({visit.name}, {response.status_code})"
    to_sign_in = response.status_code == 302 and "/account/login/" in response["Location"]
    closed = response.status_code in (401, 404) or to_sign_in
    if not allows(actor, "view", visit.record):
        return [] if closed else [f"{what} answers who may not see the record"]
    if not allows(actor, visit.action, visit.record):
        return [] if closed or response.status_code == 403 else [f"{what} answers who may not {visit.action}"]
    return [f"{what} is closed to who may open it"] if response.status_code == 404 and not to_sign_in else []


@pytest.mark.parametrize("who", ACTORS)
def test_taking_out_what_a_reader_may_not_see_changes_nothing_for_them(world, who):
    actor = world.actors[who]
    hidden = [row for row in world.whole if not allows(actor, "view", row)]
    visits = [
        visit
        for visit in [*page_visits(world), *api_visits(world)]
        if visit.method == "GET"
        and (visit.record is None or allows(actor, "view", visit.record))
        and not any(getattr(row, "reference", "-") in visit.url for row in hidden)
        and visit.name not in routes.TELL_OF_ALL
    ]
    before = {(visit, query): answer(actor, visit, query) for visit in visits for query in compared(visit)}
    before = {key: found for key, found in before.items() if found[0] < 400}
    for row in hidden:
        if type(row)._base_manager.filter(pk=row.pk).exists():
            remove(row)
    routes.rebuild_indexes()
    faults = [
        f"{visit.url}{query} ({visit.name}) {difference(before[visit, query], answer(actor, visit, query))}"
        for visit, query in before
        if before[visit, query] != answer(actor, visit, query)
    ]
    assert hidden or who in ("auditor",), "this reader sees everything: the test would show nothing"
    assert not faults, f"as {who}:\n" + "\n".join(faults)


def compared(visit: Visit) -> list[str]:
    return ["", f"?q={PROBE}"] if visit.record is None else [""]


def answer(actor: Any, visit: Visit, query: str) -> tuple[int, str]:
    """What a reader gets, in a session of its own."""
    with transaction.atomic():
        response = getattr(client_of(actor), visit.method.lower())(visit.url + query)
        text = bare(response)
        transaction.set_rollback(True)
    return response.status_code, text


def difference(first: tuple[int, str], second: tuple[int, str]) -> str:
    """The first line that differs."""
    pairs = zip(first[1].splitlines(), second[1].splitlines(), strict=False)
    lines = next(((one, two) for one, two in pairs if one != two), ("", ""))
    return f"{first[0]} {lines[0][:300]!r} became {second[0]} {lines[1][:300]!r}"


@pytest.mark.parametrize("who", ["coordinator", "auditor", "named in circles"])
def test_planted_words_do_come_back_to_those_who_may_read_them(world, who):
    """Else the test above would pass on empty pages."""
    actor = world.actors[who]
    client = client_of(actor)
    captured = "\n".join(send(client, visit).captured for visit in page_visits(world) if visit.method == "GET")
    expected = [
        canary for canary in world.canaries if canary.readable(actor) and canary.where.startswith("name of a ")
    ]

    seen = [canary for canary in expected if canary.word in captured]

    assert len(expected) >= 6
    assert [canary.where for canary in expected if canary not in seen] == []


@public
def _leaky(request: Any) -> HttpResponse:
    """A page that forgot the policy, as somebody might write it."""
    return HttpResponse(", ".join(Organisation.objects.values_list("name", flat=True)))


@public
def _counting(request: Any) -> HttpResponse:
    """A page that tells only how many there are."""
    return HttpResponse(f"{Organisation.objects.count()} organisations")


urlpatterns = [path("leaky/", _leaky, name="leaky"), path("counting/", _counting, name="counting")]


@pytest.mark.urls(__name__)
def test_a_page_that_forgets_the_policy_is_found(world):
    actor = world.actors["without a role"]
    forbidden = [canary for canary in world.canaries if not canary.readable(actor)]
    visit = Visit("leaky", "/leaky/", "GET")

    found = leaks_in(send(client_of(actor), visit), visit, world, forbidden)
    counted = Visit("counting", "/counting/", "GET")
    before = answer(actor, counted, "")
    remove(world.whole[0])

    assert len(found) >= 6
    assert answer(actor, counted, "") != before


@pytest.mark.urls("tests.leaks.uncovered")
def test_a_new_route_that_nobody_covered_is_found(world):
    found = [name for name, _address, pattern in routes.walk() if parameters(name, pattern, world) is None]

    assert found == ["uncovered"]
