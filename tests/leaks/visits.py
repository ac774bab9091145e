"""What to visit: every page read and posted to, every operation of the API, with the record that the address names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from motrice.config.api import api
from tests.leaks import routes
from tests.leaks.world import PROBE, LeakWorld

# What a list is asked, beside its bare address: a search, an order, the exports.
QUERIES = (f"?q={PROBE}", "?q=froid", "?sort=name&order=name", "?format=csv", "?format=xlsx")
# An operation says what it may be asked: lest it read what it does not name, it is asked all of it once together.
TOGETHER = f"?q={PROBE}&sort=name&order=name&format=csv"


@dataclass(frozen=True)
class Visit:
    """One request to make, and the record that its address names."""

    name: str
    url: str
    method: str
    record: Any = None
    action: str = "view"
    is_whole_route: bool = False  # the route has no parameter: this is its only address
    queries: tuple[str, ...] = QUERIES
    door: Any = None  # the record that the guard of the page loads before all else


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
        return [
            ({key: getattr(row, key)}, row) for row in world.records(guard.model, guard.action) if hasattr(row, key)
        ]
    return None


def page_visits(world: LeakWorld) -> Iterator[Visit]:
    """Every page, read and posted to."""
    for name, _path, pattern in routes.walk():
        if name in routes.SKIPPED or name.startswith("api:"):
            continue
        guard = getattr(pattern.callback, "guard", None)
        for values, record in parameters(name, pattern, world) or []:
            url = reverse(name, kwargs=values)
            action = guard.action if guard is not None and record is not None else "view"
            door = record
            if guard is not None and guard.by in values:
                door = guard.model._base_manager.filter(**{guard.by: values[guard.by]}).first()
            for method in ("GET", "POST"):
                yield Visit(name, url, method, record, action, is_whole_route=not values, door=door)


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


def api_visits(world: LeakWorld) -> Iterator[Visit]:
    """Every operation of the API."""
    for name, address, method, operation in api_operations():
        queries = api_queries(operation)
        for values in api_parameters(name, address, operation, world) or []:
            yield Visit(name, address.format(**values), method, is_whole_route=not values, queries=queries)


def api_queries(operation: Any) -> tuple[str, ...]:
    """What an operation is asked beside its bare address."""
    named = {item["name"] for item in operation.get("parameters", []) if item["in"] == "query"}
    return (*(query for query in QUERIES if query[1:].partition("=")[0] in named), TOGETHER)


def not_covered(world: LeakWorld) -> list[str]:
    """The routes and operations of which nobody has said how to build the parameters."""
    pages = [
        f"{name} ({address})"
        for name, address, pattern in routes.walk()
        if name not in routes.SKIPPED and not name.startswith("api:") and parameters(name, pattern, world) is None
    ]
    return pages + [
        f"{method} {address} ({name})"
        for name, address, method, operation in api_operations()
        if api_parameters(name, address, operation, world) is None
    ]
