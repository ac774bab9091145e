"""The page that shows the API to people: every operation and every body, made from the OpenAPI document itself.

Made on the server and read without a script, so that it has the language, the look and the policy of the other pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from motrice.config.api import KEY_HEADER, api
from motrice.web.guards import public

ROOT = "/api/v1/"
SHAPE = "#/components/schemas/"


@dataclass(frozen=True)
class Kind:
    """The type of a value in words, with the name of the body that it leads to."""

    words: str
    body: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A parameter of an operation or a field of a body."""

    name: str
    place: str
    kind: Kind
    is_required: bool
    words: str = ""


@dataclass(frozen=True)
class Answer:
    """What an operation answers when it succeeds."""

    status: str
    kind: Kind | None


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    key: str
    method: str
    path: str
    words: str
    parameters: list[Entry]
    body: Kind | None
    answers: list[Answer]
    refusals: list[str]
    takes_key: bool


@dataclass(frozen=True)
class Shape:
    """A body that operations take or give."""

    name: str
    words: str
    fields: list[Entry]
    values: tuple[str, ...]


def kind_of(schema: dict[str, Any]) -> Kind:
    """The type of a schema: a reference, a list of something, one of several, or a plain value with its limits."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SHAPE)
        return Kind(name, name)
    several = schema.get("anyOf") or schema.get("allOf")
    if several:
        kinds = [kind_of(one) for one in several if one.get("type") != "null"]
        words = " | ".join(kind.words for kind in kinds) + (" | null" if len(kinds) < len(several) else "")
        values = tuple(value for kind in kinds for value in kind.values)
        return Kind(words, next((kind.body for kind in kinds if kind.body), ""), values)
    if schema.get("type") == "array":
        inner = kind_of(schema.get("items", {}))
        return Kind(f"[{inner.words}]", inner.body, inner.values)
    values = tuple(str(value) for value in schema.get("enum", ()))
    return Kind(
        " ".join(filter(None, (schema.get("type", ""), schema.get("format", ""), _limits(schema)))), "", values
    )


def _limits(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and high is None:
        low, high = schema.get("minLength"), schema.get("maxLength")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low}…{'' if high is None else high}"


def _parameter(item: dict[str, Any]) -> Entry:
    schema = item["schema"]
    words = item.get("description") or schema.get("description") or ""
    return Entry(item["name"], item["in"], kind_of(schema), bool(item.get("required")), words)


def _content(part: dict[str, Any]) -> Kind | None:
    content = part.get("content", {})
    return kind_of(next(iter(content.values()))["schema"]) if content else None


def _operation(path: str, method: str, item: dict[str, Any]) -> Operation:
    parameters = item.get("parameters", [])
    answers = [(str(status), part) for status, part in item["responses"].items()]
    body = item.get("requestBody")
    return Operation(
        key=item["operationId"],
        method=method.upper(),
        path=path,
        words=item.get("description") or item.get("summary", ""),
        parameters=[_parameter(one) for one in parameters if one["name"] != KEY_HEADER],
        body=_content(body) if body else None,
        answers=[Answer(status, _content(part)) for status, part in answers if status < "300"],
        refusals=[status for status, _part in answers if status >= "400"],
        takes_key=any(one["name"] == KEY_HEADER for one in parameters),
    )


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = set(schema.get("required", ()))
    fields = [
        Entry(field, "", kind_of(one), field in required, one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    return Shape(name, schema.get("description", ""), fields, tuple(str(one) for one in schema.get("enum", ())))


@cache
def read_document() -> tuple[dict[str, list[Operation]], list[Shape]]:
    """The operations by area and the bodies, read once: the document does not change while the site runs."""
    document = api.get_openapi_schema(path_prefix=ROOT)
    areas: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, item in methods.items():
            areas.setdefault(item["tags"][0], []).append(_operation(path, method, item))
    shapes = [_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return areas, shapes


@cache
def reference(language: str) -> SafeString:
    """Every operation and body in the words of a language, written once: the same for all readers."""
    areas, shapes = read_document()
    context = {
        "areas": [(area, f"{area}:read", f"{area}:write", found) for area, found in areas.items()],
        "shapes": shapes,
        "count": sum(len(found) for found in areas.values()),
    }
    with override(language):
        return render_to_string("web/api_reference.html", context)


@public
def api_page(request: HttpRequest) -> HttpResponse:
    """Every operation of the API, for people who write programs."""
    context = {
        "reference": reference(get_language() or settings.LANGUAGE_CODE),
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "web/api.html", context)
