"""What each app's `api` package shares: pages of a list, the shape of a refusal, the links to the pages around.

An app's `api` package declares `router` and `prefix`; `motrice.config.api` finds it, and asks for a signed-in session
or a token with the scope `<app>:read` or `<app>:write`. The actor is `request.auth`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.pagination import PaginationBase, paginate
from pydantic import ConfigDict, field_validator

from motrice.core.errors import RuleViolation
from motrice.core.reading import fingerprint

MAX_LIMIT = 200
MAX_OFFSET = 1_000_000
BINARY = {
    "responses": {
        200: {
            "description": "The content of the file.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class Strict(Schema):
    """What is sent: an unknown field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class ReadIn(Strict):
    """What is written over something that was read: the values as they were read go along, or nothing is compared."""

    read: dict[str, Any] | None = Field(
        None,
        max_length=40,
        description="Values as they were read, by name: one that somebody changed since is refused with 409, one left "
        "alone stays as others wrote it.",
    )

    @field_validator("read", mode="after")
    @classmethod
    def marks(cls, read: dict[str, Any] | None) -> dict[str, str] | None:
        """The marks that an operation compares."""
        try:
            return None if read is None else {name: fingerprint(cls.as_read(name, it)) for name, it in read.items()}
        except (AttributeError, TypeError, KeyError) as error:
            raise ValueError("give each value in the shape in which it was read") from error

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """A value as the operation reads it, from the shape in which the API tells it."""
        return value


class ReasonIn(Strict):
    """Why, when there is something to say."""

    reason: str = Field("", max_length=2000)


class FieldError(Schema):
    """One input to correct."""

    field: str
    message: str


class ErrorOut(Schema):
    """Why a call was refused: a code for programs, a message for people, and the inputs to correct."""

    code: str
    message: str
    fields: list[FieldError] = []


def require_known(request: HttpRequest, names: Collection[str]) -> None:
    """Refuse what a list does not take: a filter left out in silence would give rows that were not asked for."""
    for name in request.GET:
        if name not in names:
            raise RuleViolation(_("This list takes no “%(name)s”.") % {"name": name}, field=name)


class ListPagination(PaginationBase):
    """`limit` and `offset`; `total` counts only what the caller may see, since the queryset is already permitted."""

    class Input(Schema):
        limit: int = Field(25, ge=1, le=MAX_LIMIT)
        offset: int = Field(0, ge=0, le=MAX_OFFSET)

    class Output(Schema):
        items: list[Any]
        total: int
        limit: int
        offset: int

    items_attribute = "items"

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> dict[str, Any]:
        """One page of a queryset or list, and the links to the others as a `Link` header (RFC 8288)."""
        wholes = [pagination, *(value for value in params.values() if isinstance(value, Schema))]
        require_known(request, {*params, *(name for whole in wholes for name in type(whole).model_fields)})
        limit, offset = pagination.limit, pagination.offset
        total = queryset.count() if isinstance(queryset, models.QuerySet) else len(queryset)
        request.api_headers = {"Link": _links(request, limit, offset, total)}  # type: ignore[attr-defined]
        return {"items": queryset[offset : offset + limit], "total": total, "limit": limit, "offset": offset}


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> str:
    last = max(0, (total - 1) // limit * limit) if total else 0
    places = {"first": 0, "last": last}
    if offset > 0:
        places["prev"] = max(0, offset - limit)
    if offset + limit < total:
        places["next"] = offset + limit
    parts = []
    for name, start in places.items():
        query = [(key, value) for key, values in request.GET.lists() for value in values]
        query = [(key, value) for key, value in query if key not in ("limit", "offset")]
        text = urlencode([*query, ("limit", limit), ("offset", start)])
        parts.append(f'<{request.build_absolute_uri(request.path)}?{text}>; rel="{name}"')
    return ", ".join(parts)


paginated = paginate(ListPagination)


def shown_once(request: HttpRequest, *names: str) -> None:
    """Say which values of the answer are secrets: a repeated call with the same key gets null in their place."""
    request.api_secrets = names  # type: ignore[attr-defined]
