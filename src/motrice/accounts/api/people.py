"""Accounts and roles through the API."""

from datetime import date
from typing import Any, Literal

from django.apps import apps
from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from motrice.accounts.enums import Density, RoleKind, Theme
from motrice.accounts.lists import USERS
from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.roles import end_role, grant_role
from motrice.accounts.operations.users import close_user, edit_profile
from motrice.accounts.queries import own_data
from motrice.accounts.records import record_of
from motrice.core import audit
from motrice.core.policies import SITE, allows, get_permitted, require_own_view
from motrice.web.rest import paginated
from motrice.web.rest_lists import listed

router = Router()


class UserOut(Schema):
    """An account."""

    reference: str
    email: str
    display_name: str
    language: str
    is_active: bool


class RoleOut(Schema):
    """A role and what it is held on: `site`, or the kind and reference of a record."""

    reference: str
    user: str
    kind: RoleKind
    held_on: str
    record: str | None
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_user(role: RoleAssignment) -> str:
        return role.user.reference

    @staticmethod
    def resolve_held_on(role: RoleAssignment) -> str:
        return role.scope_label

    @staticmethod
    def resolve_record(role: RoleAssignment, context: Any) -> str | None:
        record = record_of(role.scope_label, role.scope_pk)
        shown = record is not None and allows(context["request"].auth, "view", record)
        return record.reference if shown else None


class RoleIn(Schema):
    """A role to give."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=8, max_length=8)
    kind: RoleKind
    held_on: str = Field(SITE, max_length=64)
    record: str | None = Field(None, max_length=8)
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = Field("", max_length=2000)


class EndRoleIn(Schema):
    """Why a role ends."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=2000)


class CloseAccountIn(Schema):
    """Why an account is closed."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)


class OwnProfileIn(Schema):
    """What may be changed of one's own account; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    display_name: str | None = Field(None, min_length=1, max_length=150)
    language: Literal["fr", "en"] | None = None
    theme: Theme | None = None
    density: Density | None = None


class MeOut(UserOut):
    """One's own account with the roles held today."""

    roles: list[RoleOut]


def record_named(actor: Any, label: str, reference: str | None) -> Any:
    if label == SITE:
        return None
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if reference is None or not hasattr(model, "reference"):
        raise Http404
    return get_permitted(model, actor, "view", reference=reference)


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """The caller's account and the roles held today."""
    user: Any = request.auth  # type: ignore[attr-defined]
    fields = ("reference", "email", "display_name", "language", "is_active")
    roles = list(RoleAssignment.objects.current().filter(user=user).select_related("user"))
    return {**{name: getattr(user, name) for name in fields}, "roles": roles}


@router.patch("/me", response=UserOut)
def me_edit(request: HttpRequest, payload: OwnProfileIn) -> Any:
    """Change one's own name, language and screens."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    values = {name: value for name, value in payload.dict(exclude_unset=True).items() if value is not None}
    return edit_profile(user=User.objects.get(pk=actor.pk), actor=actor, **values)


@router.get("/me/data", response=dict[str, Any])
def me_data(request: HttpRequest) -> Any:
    """All that the site keeps about one's own account; the reading is logged."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    require_own_view(actor)
    audit.trace(actor, "user.own_data", subject=actor)
    return own_data(actor)


@router.get("/users", response=list[UserOut])
@listed(USERS)
def user_list(request: HttpRequest) -> Any:
    """The accounts that the caller may see."""
    rows = User.objects.permitted(request.auth)  # type: ignore[attr-defined]
    return rows.filter(is_system=False).exclude(username="somebody")


@router.get("/users/{reference}", response=UserOut)
def user_detail(request: HttpRequest, reference: str) -> Any:
    """One account."""
    return get_permitted(User, request.auth, "view", reference=reference)  # type: ignore[attr-defined]


@router.post("/users/{reference}/close", response=UserOut)
def user_close(request: HttpRequest, reference: str, payload: CloseAccountIn) -> Any:
    """Close an account the same day: sessions, tokens, invitations and roles end."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    user = get_permitted(User, actor, "manage", reference=reference)
    return close_user(user=user, actor=actor, reason=payload.reason)


@router.get("/roles", response=list[RoleOut])
@paginated
def role_list(request: HttpRequest, *, current: bool = True) -> Any:
    """The roles that the caller may see; those held today unless `current=false`."""
    rows = RoleAssignment.objects.permitted(request.auth).select_related("user")  # type: ignore[attr-defined]
    return rows.current().order_by("pk") if current else rows.order_by("pk")


@router.post("/roles", response={201: RoleOut})
def role_grant(request: HttpRequest, payload: RoleIn) -> Any:
    """Give a role on the site or on one record."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    user = get_permitted(User, actor, "view", reference=payload.user)
    on = record_named(actor, payload.held_on, payload.record)
    return grant_role(
        user=user,
        kind=payload.kind,
        actor=actor,
        on=on,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        reason=payload.reason,
    )


@router.post("/roles/{reference}/end", response={204: None})
def role_end(request: HttpRequest, reference: str, payload: EndRoleIn) -> None:
    """End a role: access stops at once, the history keeps it."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    role = get_permitted(RoleAssignment.objects.select_related("user"), actor, "view", reference=reference)
    on = None
    if role.scope_label != SITE:
        on = apps.get_model(role.scope_label)._base_manager.filter(pk=role.scope_pk).first()
    end_role(role=role, actor=actor, on=on, reason=payload.reason)
