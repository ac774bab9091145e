"""The REST API at /api/v1/: finds each app's `api` package; who calls, what fails and how often is decided here.

An `api` package names `router` and `prefix`. Reading takes a session or a token with `<app>:read`, writing one with
`<app>:write`; refusals have one shape (`ErrorOut`), and the OpenAPI document declares them for every operation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as ShapeError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import AuthRateThrottle

from motrice import __version__
from motrice.accounts.middleware import require_second_factor
from motrice.accounts.operations.tokens import find_token, has_api
from motrice.config.idempotency import KEY_HEADER, answer_once
from motrice.core.errors import InvalidTransition, MotriceError, NotPermitted, RuleViolation, StaleState
from motrice.web.guards import Guard
from motrice.web.rest import ErrorOut

SAFE = ("GET", "HEAD", "OPTIONS")
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
}
OWN_CODES = {
    NotPermitted: "not_permitted",
    InvalidTransition: "invalid_transition",
    StaleState: "stale_state",
    RuleViolation: "rule_violation",
}
NUL = "\x00"
WHOLES = ("payload", "asked", "ninja_pagination")  # what the code calls a whole body or query: no input has this name


def refusal(
    status: int, message: object, *, code: str = "", fields: list[dict[str, str]] | None = None
) -> HttpResponse:
    """The one shape of every refusal."""
    body = {"code": code or CODES.get(status, "error"), "message": str(message), "fields": fields or []}
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="motrice"'
    return response


class Throttle(AuthRateThrottle):
    """How often one caller may ask: the setting is read at each request, and an empty one is no limit."""

    def __init__(self) -> None:
        super().__init__(settings.API_RATE or None)

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether this request comes within the rate that is set now."""
        wanted = settings.API_RATE or None
        if wanted is None:
            return True
        if self.rate != wanted or self.num_requests is None or self.duration is None:
            self.rate = wanted
            self.num_requests, self.duration = self.parse_rate(wanted)
        return super().allow_request(request)

    def get_rate(self) -> None:
        """No rate of the library's own stands in for an empty setting."""


class Token(HttpBearer):
    """A token in the `Authorization` header, with the scope of the area and of the method."""

    def __init__(self, area: str) -> None:
        super().__init__()
        self.area = area

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's owner, or None; 403 when the token is good but not made for this."""
        if not hasattr(request, "api_token"):
            request.api_token = find_token(token)  # type: ignore[attr-defined]
        found = request.api_token  # type: ignore[attr-defined]
        if found is None:
            return None
        write = f"{self.area}:write"
        accepted = {write, f"{self.area}:read"} if request.method in SAFE else {write}
        if not accepted & set(found.scopes):
            needed = f"{self.area}:{'read' if request.method in SAFE else 'write'}"
            raise NotPermitted(_("This token lacks the scope %(scope)s.") % {"scope": needed})
        require_second_factor(found.user)
        request.user = found.user
        return found.user


class Session(SessionAuth):
    """The session of the pages, with its CSRF check on writes."""


class UnstorableText(ValueError):
    """A text that no database can keep: a null character, or half of a pair that makes one character."""


class StrictParser(Parser):
    """Reads JSON, and refuses texts that a database would refuse later (PostgreSQL keeps no null character)."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as Python values, every text storable."""
        data = super().parse_body(request)
        refuse_unstorable(data)
        return data


def refuse_unstorable(value: Any) -> None:
    """Look through a whole body, names and values alike."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise UnstorableText(value[:40])
    elif isinstance(value, dict):
        for name, item in value.items():
            refuse_unstorable(name)
            refuse_unstorable(item)
    elif isinstance(value, list):
        for item in value:
            refuse_unstorable(item)


class MotriceAPI(NinjaAPI):
    """Declares, for every operation, the refusals it can answer."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The app and the function: a name that stays when the function moves to another file."""
        function = operation.view_func
        return f"{function.__module__.split('.')[1]}_{function.__name__}"

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The document, with the errors and headers that hold everywhere."""
        schema = super().get_openapi_schema(**kwargs)
        name = ErrorOut.__name__
        shape = ErrorOut.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = schema["components"]["schemas"]
        parts.update(shape.pop("$defs", {}))
        parts[name] = shape
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                self._complete(method.upper(), operation, content)
        return schema

    def _complete(self, method: str, operation: dict[str, Any], content: dict[str, Any]) -> None:
        statuses = [400, 401, 403, 404, 422, 429] if method in SAFE else [400, 401, 403, 404, 409, 413, 422, 429]
        for status in statuses:
            operation["responses"][status] = {"description": CODES[status], "content": content}
        if method not in SAFE:
            operation.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": KEY_HEADER,
                    "required": False,
                    "description": "The same key with the same body does nothing twice and gets the same answer.",
                    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"},
                }
            )


api = MotriceAPI(
    title="Motrice",
    version=__version__,
    description="Everything that the pages do, under the same rights.",
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
    throttle=[Throttle()],
)


@api.exception_handler(MotriceError)
def on_own_error(request: HttpRequest, error: MotriceError) -> HttpResponse:
    """What an operation refuses."""
    field = getattr(error, "field", None)
    fields = [{"field": field, "message": str(error)}] if field else []
    return refusal(error.status, error, code=OWN_CODES.get(type(error), ""), fields=fields)


@api.exception_handler(ShapeError)
def on_shape_error(request: HttpRequest, error: ShapeError) -> HttpResponse:
    """What does not have the declared shape: each input with its own message."""
    fields = [{"field": _input_name(item["loc"]), "message": item["msg"]} for item in error.errors]
    return refusal(422, _("Some values are missing or not of the right form."), fields=fields)


def _input_name(place: Sequence[str | int]) -> str:
    """The input in the caller's own words: `trl` of a body, `status.0` of a query, `body` when there is none."""
    source, *path = place
    return ".".join(str(part) for part in (path[1:] if path and path[0] in WHOLES else path)) or str(source)


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """The same answer whether the record does not exist or may not be seen."""
    return refusal(404, _("There is nothing here that you may see."))


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in, or the token is unknown, expired or revoked."""
    return refusal(401, _("Sign in, or send a valid access token: “Authorization: Bearer …”."))


@api.exception_handler(Throttled)
def on_throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many calls: the answer says when to come back."""
    response = refusal(429, _("Too many calls: wait, then try again."))
    response["Retry-After"] = str(int(error.wait or 60))
    return response


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: an unreadable body, a missing CSRF token."""
    if isinstance(error.__cause__, UnstorableText):
        return refusal(400, _("A text holds a null character or half a character: take it out."))
    return refusal(error.status_code, _explained(error.status_code))


@api.exception_handler(RequestDataTooBig)
def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """A body over the limit."""
    return refusal(413, _("The call is too large."))


@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)
def on_suspicious(request: HttpRequest, error: Exception) -> HttpResponse:
    """A damaged form, or a request that no honest program sends."""
    return refusal(400, _explained(400))


@api.exception_handler(PermissionDenied)
def on_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """Refused by Django itself."""
    return refusal(403, _explained(403))


def _explained(status: int) -> str:
    if status == 403:
        return _("The CSRF token is missing or wrong: send the header X-CSRFToken, or use an access token.")
    return _("The call could not be read: send JSON in UTF-8.") if status == 400 else _("The call is refused.")


def edge(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every operation: text that no database holds, repeated writes, links to other pages, no shared cache."""

    def guarded(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if any(NUL in str(value) for value in parameters.values()) or "%00" in request.META.get("QUERY_STRING", ""):
            return refusal(422, _("A text cannot contain the null character."))
        try:
            response = answer_once(request, lambda: run(request, **parameters), _caller)
        except (MotriceError, RequestDataTooBig, HttpError) as error:
            response = api.on_exception(request, error)
        for name, value in getattr(request, "api_headers", {}).items():
            if response.status_code < 300:
                response[name] = value
        response.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        return response

    return guarded


def _caller(request: HttpRequest) -> Any:
    """Who will be found by the authentication that follows, for keys that belong to one caller."""
    text = request.headers.get("Authorization", "")
    if text.lower().startswith("bearer "):
        if not hasattr(request, "api_token"):
            request.api_token = find_token(text[7:].strip())  # type: ignore[attr-defined]
        token = request.api_token  # type: ignore[attr-defined]
        if token is not None:
            return token.user
    return request.user if request.user.is_authenticated else None


def mount() -> None:
    """Find every app's `api` package."""
    api.add_decorator(edge, mode="view")
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        if not has_api(config):
            continue
        module = import_module(f"{config.name}.api")
        api.add_router(module.prefix, module.router, auth=[Token(config.label), Session()], tags=[config.label])


def nothing_here(request: HttpRequest, **parameters: Any) -> HttpResponse:
    """An address that the API does not have."""
    return refusal(404, _("The API has no such address: see openapi.json."))


def json_405(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method that an address does not have gets the shape of every refusal, and the `Allow` header."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        shaped = refusal(405, _("This address does not take the method %(method)s.") % {"method": request.method})
        shaped["Allow"] = response["Allow"]
        return shaped

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    answered.guard = Guard("api")  # type: ignore[attr-defined]
    return login_not_required(answered)


def _open(pattern: URLPattern | URLResolver) -> None:
    """Keep the pages' redirection to the sign-in page away: the API answers 401 by itself."""
    if isinstance(pattern, URLResolver):
        for inner in pattern.url_patterns:
            _open(inner)
    else:
        pattern.callback = json_405(pattern.callback)


def api_urls() -> list[URLPattern | URLResolver]:
    """The addresses of the API, for `config.urls`."""
    mount()
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        _open(pattern)
    missing = json_405(nothing_here)
    return [
        path("api/v1/", (patterns, app_name, namespace)),
        re_path(r"^api/(?P<rest>.*)$", missing, name="api_missing"),
    ]
