"""Null characters are refused at the door: no column holds them, and PostgreSQL fails where SQLite does not."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PlainTextMiddleware:
    """Answers 400 to a null character in an address or in a form; the API has its own check, and its own answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null character in the address")
        if request.method == "POST" and request.content_type in FORMS and _holds_null(request):
            raise BadRequest("null character in the form")
        return self.get_response(request)


def _holds_null(request: HttpRequest) -> bool:
    return any(NUL in value for _name, values in request.POST.lists() for value in values)
