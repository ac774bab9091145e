"""Accounts, roles and invitations, for administrators and for who keeps the roles of an organisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.accounts.forms import InvitationForm, ReasonForm, RoleForm
from motrice.accounts.lists import INVITATIONS, USERS, state_words
from motrice.accounts.models import Invitation, RoleAssignment, User
from motrice.accounts.operations.invitations import invite, revoke_invitation
from motrice.accounts.operations.roles import end_role, grant_role, may_grant
from motrice.accounts.operations.users import close_user
from motrice.accounts.queries import roles_in_words
from motrice.accounts.records import ORGANISATION, address_of, get_record, may_invite, record_of
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, holds
from motrice.web.confirm import confirmed
from motrice.web.forms import refuse
from motrice.web.guards import object_view, role_view, signed_in
from motrice.web.htmx import form_status


@role_view("administrator")
def user_list(request: HttpRequest) -> HttpResponse:
    """Every account."""
    rows = User.objects.permitted(request.user).filter(is_system=False).exclude(username="somebody")
    return USERS.respond(request, rows, template="accounts/users.html", context={"title": _("Accounts and roles")})


@object_view(User, "manage")
def user_page(request: HttpRequest, user: User) -> HttpResponse:
    """One account: its roles, past and present; give one, end one, close the account."""
    form = RoleForm(request.POST or None)
    if form.is_valid():
        try:
            values = form.cleaned_data
            grant_role(
                user=user,
                kind=values["kind"],
                actor=request.user,
                on=organisation(request, values["record"]),
                starts_on=values["starts_on"],
                ends_on=values["ends_on"],
                reason=values["reason"],
            )
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("The role is given."))
            return redirect("accounts:user", user.reference)
    today = timezone.localdate()
    held = RoleAssignment.objects.permitted(request.user)
    roles = roles_in_words(held.filter(user=user).select_related("user"), actor=request.user)
    context = {
        "person": user,
        "form": form,
        "current": [item for item in roles if item.ends_on is None or item.ends_on >= today],
        "past": [item for item in roles if item.ends_on is not None and item.ends_on < today],
        "submit": _("Give the role"),
    }
    return render(request, "accounts/user.html", context, status=form_status(form))


def organisation(request: HttpRequest, reference: str) -> Any:
    """The organisation that a form names, or None for the site."""
    if not reference:
        return None
    try:
        return get_record(request.user, ORGANISATION, reference.strip().upper())
    except Http404 as error:
        raise RuleViolation(
            _("No organisation has the reference %(ref)s.") % {"ref": reference}, field="record"
        ) from error


@object_view(RoleAssignment, "manage")
def role_end(request: HttpRequest, role: RoleAssignment) -> HttpResponse:
    """End a role, with the reason."""
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        on = record_of(role.scope_label, role.scope_pk)
        try:
            end_role(role=role, actor=request.user, on=on, reason=form.cleaned_data["reason"])
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("The role has ended: it opens nothing more."))
            return redirect("accounts:user", role.user.reference)
    context = {
        "title": _("End this role"),
        "intro": _("%(role)s: access stops at once; the history keeps it.") % {"role": role},
        "form": form,
        "submit": _("End the role"),
        "cancel_url": reverse("accounts:user", args=[role.user.reference]),
    }
    return render(request, "web/form.html", context, status=form_status(form))


@object_view(User, "manage")
def user_close(request: HttpRequest, user: User) -> HttpResponse:
    """Close an account the same day."""
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        close_user(user=user, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The account is closed: sessions, tokens and feeds have ended."))
        return redirect("accounts:user", user.reference)
    context = {
        "title": _("Close the account of %(who)s") % {"who": user},
        "intro": _(
            "Sign-in, sessions, tokens, feeds and roles end at once. What the person did stays in the history."
        ),
        "form": form,
        "submit": _("Close the account"),
        "cancel_url": reverse("accounts:user", args=[user.reference]),
    }
    return render(request, "web/form.html", context, status=form_status(form))


@role_view("administrator")
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Every invitation and what became of it."""
    rows = Invitation.objects.permitted(request.user)
    return INVITATIONS.respond(request, rows, template="accounts/users.html", context={"title": _("Invitations")})


@signed_in
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invite somebody to a role: administrators to any, others to those of the organisations they keep."""
    actor = request.user
    if not may_invite(actor):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    asked = {name: request.GET[name] for name in ("email", "display_name", "record") if name in request.GET}
    form = InvitationForm(request.POST or None, initial=asked)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            on = organisation(request, values.pop("record"))
            if not may_grant(actor, on):
                raise RuleViolation(_("Name an organisation whose record you keep."), field="record")
            sent = invite(actor=actor, on=on, **values)
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": sent.email})
            return redirect("accounts:invitations" if on is None or holds(actor, "administrator") else address_of(on))
    context = {
        "title": _("Invite somebody"),
        "intro": _("They get a mail with an address that works once."),
        "form": form,
        "submit": _("Send the invitation"),
        "cancel_url": reverse("accounts:users") if holds(actor, "administrator") else "/",
    }
    return render(request, "web/form.html", context, status=form_status(form))


@object_view(Invitation, "view")
def invitation_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """One invitation."""
    context = {
        "invitation": invitation,
        "state": state_words(invitation),
        "record": _shown(request.user, record_of(invitation.scope_label, invitation.scope_pk)),
    }
    return render(request, "accounts/invitation_page.html", context)


def _shown(actor: Any, record: Any) -> Any:
    """A record that the reader may see, else nothing."""
    return record if record is not None and allows(actor, "view", record) else None


@require_POST
@object_view(Invitation, "revoke")
@confirmed(
    gettext_lazy("Revoke the invitation"),
    gettext_lazy("The address that was sent no longer opens an account: %(what)s. You can invite the person again."),
)
def invitation_revoke(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Close an invitation before it is accepted."""
    revoke_invitation(invitation=invitation, actor=request.user)
    messages.success(request, _("The invitation is revoked: its address no longer works."))
    return redirect("accounts:invitation_page", invitation.reference)
