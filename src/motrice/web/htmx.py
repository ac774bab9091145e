"""One address, one view: the whole page, or the part that htmx asked for."""

from __future__ import annotations

from posixpath import dirname, join
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a part is asked for: boosted links and restored history need the whole page."""
    details = getattr(request, "htmx", None)
    return bool(details) and not details.boosted and not details.history_restore_request


def fragment_of(template: str) -> str:
    """The name of a page's part: `inventions/disclosure.html` includes `inventions/_disclosure.html`."""
    folder, name = dirname(template), template.rsplit("/", 1)[-1]
    return join(folder, f"_{name}")


def page_or_partial(request: HttpRequest, template: str) -> str:
    """The template to render: the page, or its part of the same name when htmx asks for it."""
    return fragment_of(template) if wants_fragment(request) else template


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render the page or its part, and tell caches that the two differ."""
    response = render(request, page_or_partial(request, template), context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def render_part(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render exactly this template, and tell caches that the address answers htmx otherwise."""
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def render_section_form(request: HttpRequest, context: dict[str, Any], *, section_id: str) -> HttpResponse:
    """A form on a page of its own, or, for htmx, in the place of the section of a record that it changes.

    Refused input takes the section's place again. What was saved redirects to the record, which is then shown anew as
    a whole: nothing beside the section stays as it was.
    """
    status = form_status(context["form"])
    if not wants_fragment(request):
        return render_part(request, "web/form.html", context, status=status)
    context = {**context, "section_id": section_id}
    response = render_part(request, "web/parts/section_form.html", context, status=status)
    if status == 422:
        response["HX-Retarget"] = response["HX-Reselect"] = f"#{section_id}"
        response["HX-Reswap"] = "outerHTML"
    return response


def form_status(form: Any) -> int:
    """422 when a bound form was refused, else 200."""
    return 422 if form.is_bound and not form.is_valid() else 200
