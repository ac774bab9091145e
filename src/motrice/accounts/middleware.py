"""Who acts in a request: seeing the site as another, the second factor of a role, the auditors' readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.accounts.operations.view_as import stop_view_as, viewed_actor
from motrice.accounts.rules import access_rules
from motrice.core import audit
from motrice.core.errors import NotPermitted
from motrice.core.policies import holds
from motrice.web.errors import error_page

Answer = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")
VIEW_AS, CHECKED = "view_as", "second_factor"
API = "/api/"
SET_IT_UP = gettext_lazy("Your role asks for a second factor: set it up on the site first.")
THEIR_OWN = ("usersessions_", "mfa_")
ALWAYS_OPEN = {"account_logout", "accounts:view_as_stop"}


def refuse(request: HttpRequest, message: str) -> HttpResponse:
    """403 in the shape of the caller: the API's, or a page."""
    if request.path.startswith(API):
        return JsonResponse({"code": "not_permitted", "message": message, "fields": []}, status=403)
    return error_page(request, 403, message)


class ViewAsMiddleware:
    """Puts the viewed person or role in `request.user`, and refuses every write meanwhile."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        state = request.session.get(VIEW_AS)
        if state is None or not request.user.is_authenticated:
            return self.get_response(request)
        real: Any = request.user
        if request.path in {reverse(name) for name in ALWAYS_OPEN}:
            return self.get_response(request)
        viewed = viewed_actor(real, state)
        if viewed is None:
            del request.session[VIEW_AS]
            stop_view_as(actor=real, state=state)
            return self.get_response(request)
        request.user = viewed
        if request.method not in SAFE:
            return refuse(request, _("Nothing can be changed while you see the site as another."))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Where somebody is signed in, and with what second factor, is nobody else's to see."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if getattr(request.user, "ceiling", None) is None or not name.startswith(THEIR_OWN):
            return None
        return refuse(request, _("This page is its owner's alone: go back to your own view first."))


class SecondFactorMiddleware:
    """Sends who holds a role that asks for it to set up the code, before anything else opens."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Whether the roles ask for it is found once per session and set of roles; whether it is there, each time."""
        user: Any = getattr(request.user, "ceiling", None) or request.user
        if not settings.SECOND_FACTOR or not user.is_authenticated or _is_entrance(request):
            return None
        kinds = sorted({role.kind for role in user.active_roles})
        held = request.session.get(CHECKED)
        if not isinstance(held, dict) or held["roles"] != kinds:
            held = {"roles": kinds, "asked": asks_second_factor(user)}
            request.session[CHECKED] = held
        if not held["asked"] or is_mfa_enabled(user):
            return None
        if request.path.startswith(API):
            return refuse(request, str(SET_IT_UP))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def asks_second_factor(user: Any) -> bool:
    """Whether a role that somebody holds now is one of those that ask for a code."""
    return bool(access_rules().second_factor_roles & {role.kind for role in user.active_roles})


def require_second_factor(user: Any) -> None:
    """Refuse the token of somebody whose role asks for a code that is not set up, as their session is refused."""
    if settings.SECOND_FACTOR and asks_second_factor(user) and not is_mfa_enabled(user):
        raise NotPermitted(SET_IT_UP)


def _is_entrance(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name.startswith(("mfa_", "web:")) or name in {"account_logout", "account_reauthenticate", "account_login"}


class ReadingLogMiddleware:
    """Logs each page that somebody reads on an audit mission (or through a broken glass): all readings are traced.

    A page that is open to everybody shows more to who reads everything: the home page, the search, its suggestions.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor: Any = getattr(request, "user", None)
        match = request.resolver_match
        if actor is None or match is None or request.method != "GET" or response.status_code != 200:
            return response
        guard = getattr(match.func, "guard", None)
        if guard is None or not actor.is_authenticated or not holds(actor, "auditor"):
            return response
        audit.trace(actor, "reading", page=match.view_name, path=request.path)
        return response
