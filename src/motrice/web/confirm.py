"""Acts that nothing takes back: a page says what will happen, and only its button does it; no script is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from motrice.web import htmx
from motrice.web.guards import View

SURE = "confirmed"
NOT_KEPT = ("csrfmiddlewaretoken", SURE)


def confirmed(
    title: Any, words: Any, *, when: Callable[[HttpRequest, dict[str, Any]], bool] | None = None
) -> Callable[[View], View]:
    """Ask before a POST is done, always or `when` it removes; it stands under the guard, which loads the record.

    `title` is the question's act, which is the button's too; `words` say what follows, with `%(what)s` for the record.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.POST.get(SURE) or (when is not None and not when(request, kwargs)):
                return view(request, *args, **kwargs)
            context = {
                "title": title,
                "words": str(words) % {"what": args[0] if args else ""},
                "kept": [(name, value) for name, values in request.POST.lists() for value in values
                         if name not in NOT_KEPT],
                "back_url": _back(request),
            }  # fmt: skip
            return htmx.render_part(request, "web/confirm.html", context)

        asking.asks_first = True  # type: ignore[attr-defined]
        return asking

    return decorate


def ask(request: HttpRequest, form: forms.BaseForm, *, title: Any, words: Any, back_url: str) -> HttpResponse:
    """The same question where something is typed with the answer, such as the reason; the view runs the form."""
    context = {"title": title, "words": words, "form": form, "kept": [], "back_url": back_url}
    return htmx.render_part(request, "web/confirm.html", context, status=htmx.form_status(form))


def _back(request: HttpRequest) -> str:
    """The page of this site from which the button was pressed."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(came)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
