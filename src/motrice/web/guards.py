"""View decorators that load and authorise: every view carries its guard, and a test refuses one without.

`request.user` is the actor, already the viewed role during a "view as".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from motrice.core.errors import NotPermitted
from motrice.core.policies import get_permitted, holds

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Guard:
    """What a view asks of its visitor: read by the repository checks and by the leak test."""

    kind: str
    model: type[models.Model] | None = None
    action: str = ""
    by: str = ""  # the part of the address that names the record
    roles: tuple[str, ...] = ()


def public(view: View) -> View:
    """A page for everybody, signed in or not."""
    guarded = login_not_required(view)
    guarded.guard = Guard("public")  # type: ignore[attr-defined]
    return guarded


def signed_in(view: View) -> View:
    """A page for whoever is signed in; what it shows is limited by each model's policy."""
    view.guard = Guard("signed_in")  # type: ignore[attr-defined]
    return view


def role_view(*kinds: str) -> Callable[[View], View]:
    """A page for holders of one of these roles on the whole site."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds(request.user, *kinds):
                raise NotPermitted(_("This page is kept to other roles than yours."))
            return view(request, *args, **kwargs)

        guarded.guard = Guard("role", roles=kinds)  # type: ignore[attr-defined]
        return guarded

    return decorate


def object_view(
    model: type[models.Model], action: str, *, by: str = "reference", is_public: bool = False
) -> Callable[[View], View]:
    """Load one record by a part of the address: 404 when it may not be seen, 403 when it may not be acted on."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            obj = get_permitted(model, request.user, action, **{by: kwargs.pop(by)})
            return view(request, obj, *args, **kwargs)

        outer = login_not_required(guarded) if is_public else guarded
        outer.guard = Guard("object", model=model, action=action, by=by)  # type: ignore[attr-defined]
        return outer

    return decorate
