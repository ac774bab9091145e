"""Inviting somebody by mail to open an account with a role; the address in the mail is signed and works once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from motrice.accounts.models import Invitation, RoleAssignment, User
from motrice.accounts.operations.roles import may_grant
from motrice.accounts.operations.users import system_user
from motrice.accounts.rules import access_rules
from motrice.accounts.tasks import INVITATION_SALT, send_invitation
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import SITE
from motrice.core.values import label_of

AFTER_OPENING: list[str] = []
"""Operations of the apps above that a new account sets going, by their paths; each takes `user` and `actor`."""


def invite(
    *,
    email: str,
    display_name: str,
    kind: str,
    actor: Any,
    on: models.Model | None = None,
    language: str = "fr",
    role_ends_on: date | None = None,
) -> Invitation:
    """Send an invitation that carries a role; whoever may give the role may invite to it."""
    if not may_grant(actor, on):
        raise NotPermitted(_("You may not invite anybody here."))
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise RuleViolation(
            _("%(email)s has an account already: give the role there.") % {"email": address}, field="email"
        )
    now = timezone.now()
    if role_ends_on is not None and role_ends_on < timezone.localdate():
        raise RuleViolation(_("The role would have ended before it starts."), field="role_ends_on")
    label, pk = (SITE, None) if on is None else (label_of(type(on)), on.pk)
    if Invitation.objects.open().filter(email=address, kind=kind, scope_label=label, scope_pk=pk).exists():
        raise RuleViolation(
            _("%(email)s holds an open invitation already: revoke it first.") % {"email": address}, field="email"
        )
    invitation = Invitation(
        email=address,
        display_name=display_name.strip(),
        language=language,
        kind=kind,
        scope_label=label,
        scope_pk=pk,
        role_ends_on=role_ends_on,
        invited_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=access_rules().invitation_days),
    )
    with audit.operation(actor, "invitation.send") as op:
        op.create(invitation)
        send_invitation.enqueue(invitation.pk)
    return invitation


def invitation_missed(*, invitation_pk: int, reason: str, actor: Any) -> None:
    """The mail never arrived: said on the invitation, to be sent to another address."""
    invitation = Invitation.objects.get(pk=invitation_pk)
    with audit.operation(actor or system_user(), "invitation.mail_missed", subject=invitation) as op:
        op.update(invitation, missed_at=timezone.now(), missed=reason)


def revoke_invitation(*, invitation: Invitation, actor: Any, reason: str = "") -> Invitation:
    """Close an invitation: the address in its mail stops working."""
    policies.require(actor, "revoke", invitation)
    if invitation.accepted_at is not None:
        raise RuleViolation(_("This invitation was accepted: end the role instead."))
    with audit.operation(actor, "invitation.revoke", subject=invitation, reason=reason) as op:
        op.update(invitation, guard=("accepted_at",), revoked_at=invitation.revoked_at or timezone.now())
    return invitation


def find_invitation(token: str) -> Invitation | None:
    """The open invitation of a signed address, or None when it is altered, used, revoked or too old."""
    try:
        reference = signing.Signer(salt=INVITATION_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.open().filter(reference=reference).first()


def accept_invitation(*, invitation: Invitation, display_name: str, password: str) -> User:
    """Open the account, give the role, close the invitation: at once or not at all."""
    if invitation.state != "open":
        raise RuleViolation(_("This invitation can no longer be used: ask for a new one."))
    user = User(
        username=invitation.email,
        email=invitation.email,
        display_name=display_name.strip(),
        language=invitation.language,
    )
    if User.objects.filter(email=invitation.email).exists():
        raise RuleViolation(_("There is an account with this address already: sign in."), field="password")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleViolation(" ".join(error.messages), field="password") from error
    user.password = make_password(password)
    with audit.operation(invitation.invited_by, "invitation.accept", subject=invitation) as op:
        op.update(invitation, guard=("revoked_at",), accepted_at=timezone.now())
        op.create(user)
        op.create(
            RoleAssignment(
                user=user,
                kind=invitation.kind,
                scope_label=invitation.scope_label,
                scope_pk=invitation.scope_pk,
                starts_on=timezone.localdate(),
                ends_on=invitation.role_ends_on,
            )
        )
        for follow in AFTER_OPENING:
            import_string(follow)(user=user, actor=system_user())
    return user
