"""A body larger than any form of the site sends is refused before it is read: it fills neither disk nor memory."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from motrice.web.errors import error_page

FILES = 2  # no form takes more at once


def largest_body() -> int:
    """How many bytes a request may hold: the files of the largest form, and its words."""
    return FILES * settings.MAX_UPLOAD_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class BodyLimitMiddleware:
    """Answers 413, on the word of the header; a body whose length is not told is not read at all by Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) <= largest_body():
            return self.get_response(request)
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        message = _("A file may hold %(limit)s at most. Nothing was recorded.") % {"limit": limit}
        if request.path_info.startswith("/api/"):
            from motrice.config.api import refusal  # loads every router, which pages alone do without

            return refusal(413, message)
        return error_page(request, 413, message)
