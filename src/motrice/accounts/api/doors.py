"""Doors to the site through the API: invitations that one sends, and one's own tokens."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from motrice.accounts.api.people import record_named
from motrice.accounts.enums import RoleKind
from motrice.accounts.lists import INVITATIONS
from motrice.accounts.models import ApiToken, Invitation
from motrice.accounts.operations.invitations import invite, revoke_invitation
from motrice.accounts.operations.tokens import revoke_token
from motrice.core.policies import SITE, get_permitted
from motrice.web.rest import paginated
from motrice.web.rest_lists import listed

router = Router()


class InvitationOut(Schema):
    """An invitation and what became of it."""

    reference: str
    email: str
    display_name: str
    kind: RoleKind
    held_on: str
    state: Literal["open", "accepted", "revoked", "expired"]
    missed: Literal["", "refused", "unreachable"] = Field(description="why its mail did not arrive, when it did not")
    created_at: datetime
    expires_at: datetime

    @staticmethod
    def resolve_held_on(invitation: Invitation) -> str:
        return invitation.scope_label


class InvitationIn(Schema):
    """Whom to invite, and the role that waits for them: on the site, or on one record."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    display_name: str = Field(min_length=1, max_length=150)
    kind: RoleKind
    language: Literal["fr", "en"] = "fr"
    held_on: str = Field(SITE, max_length=64)
    record: str | None = Field(None, max_length=8)
    role_ends_on: date | None = None


class RevokeIn(Schema):
    """Why a door is closed."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)


class TokenOut(Schema):
    """An access token: what it is for, what it may do, until when; its secret was shown once."""

    reference: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_on: date
    last_used_at: datetime | None
    revoked_at: datetime | None


@router.get("/invitations", response=list[InvitationOut])
@listed(INVITATIONS)
def invitation_list(request: HttpRequest) -> Any:
    """The invitations that the caller may see."""
    return Invitation.objects.permitted(request.auth)  # type: ignore[attr-defined]


@router.post("/invitations", response={201: InvitationOut})
def invitation_send(request: HttpRequest, payload: InvitationIn) -> Any:
    """Invite somebody by mail to a role that one may give."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    fields = payload.dict()
    on = record_named(actor, fields.pop("held_on"), fields.pop("record"))
    return Status(201, invite(actor=actor, on=on, **fields))


@router.post("/invitations/{reference}/revoke", response=InvitationOut)
def invitation_revoke(request: HttpRequest, reference: str, payload: RevokeIn) -> Any:
    """Close an invitation: the address in its mail stops working."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    invitation = get_permitted(Invitation, actor, "revoke", reference=reference)
    return revoke_invitation(invitation=invitation, actor=actor, reason=payload.reason)


@router.get("/tokens", response=list[TokenOut])
@paginated
def token_list(request: HttpRequest) -> Any:
    """One's own tokens, the newest first. A token is made on the page of one's account, never by another token."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    return ApiToken.objects.permitted(actor).filter(user=actor).order_by("-created_at", "pk")


@router.post("/tokens/{reference}/revoke", response=TokenOut)
def token_revoke(request: HttpRequest, reference: str, payload: RevokeIn) -> Any:
    """Close a token at once."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    token = get_permitted(ApiToken, actor, "revoke", reference=reference)
    return revoke_token(token=token, actor=actor, reason=payload.reason)
