"""Refusals as pages: each of the house's errors, and Django's own, in words, whole page or fragment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from motrice.core.errors import MotriceError
from motrice.web.htmx import wants_fragment


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The page (or, for htmx, the note) that says what went wrong and what to do next."""
    context = {"status": status, "title": _title(status), "message": message or _advice(status)}
    if wants_fragment(request):
        response = render(request, "web/_error.html", context, status=status)
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
        response.headers["HX-Reselect"] = "unset"
        response.headers["X-Motrice-Fragment"] = "error"
    else:
        response = render(request, "web/error.html", context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _title(status: int) -> str:
    return {
        400: _("This request cannot be understood"),
        403: _("You may not do this"),
        404: _("There is nothing here that you may see"),
        409: _("This has changed meanwhile"),
        413: _("This is too large"),
        422: _("This cannot be recorded as it is"),
        429: _("Too many tries"),
    }.get(status, _("Something went wrong on our side"))


def _advice(status: int) -> str:
    return {
        400: _("The address or the form is damaged. Go back, and try again from the page itself."),
        403: _("Your role does not allow it. Ask the person who holds the record, or whoever manages roles."),
        404: _("The address may be mistyped, the page may have moved, or it is kept to others than you."),
        409: _("Reload the page to see its present state, then try again."),
        422: _("Go back, correct it, and send it again: nothing was recorded."),
        429: _("Wait a few minutes, then try again."),
    }.get(status, _("Nothing was recorded. Try again; if it happens again, tell whoever runs this site."))


class ErrorPageMiddleware:
    """Turns what operations refuse into 403, 409 or 422; views need not catch it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the house's own errors only; anything else is a bug and goes on to be logged."""
        if isinstance(exception, MotriceError):
            return error_page(request, exception.status, str(exception))
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    return error_page(request, 403, str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: the same answer whether the record does not exist or may not be seen."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a page that needs neither database nor session."""
    return HttpResponse(
        loader.get_template("web/server_error.html").render({"title": _title(500), "message": _advice(500)}),
        status=500,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: the page was open too long, or cookies are refused."""
    message = _("The page was open too long, or your browser refuses cookies. Reload the page, then send it again.")
    return error_page(request, 403, message)


def too_many_requests(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429, for limits of rate (`AXES_LOCKOUT_CALLABLE` takes it too)."""
    return error_page(request, 429)
