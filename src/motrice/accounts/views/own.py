"""One's own account: profile, tokens, one's data; and the door of an invitation."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from motrice.accounts.adapter import keep_language
from motrice.accounts.forms import AcceptForm, ProfileForm, TokenForm
from motrice.accounts.models import ApiToken, RoleAssignment
from motrice.accounts.operations.invitations import accept_invitation, find_invitation
from motrice.accounts.operations.tokens import create_token, revoke_token
from motrice.accounts.operations.users import edit_profile, end_sessions
from motrice.accounts.queries import own_data, roles_in_words
from motrice.accounts.views.shown_once import hand_over, show_once
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require_own_view
from motrice.web.confirm import confirmed
from motrice.web.context import DENSITY_COOKIE, THEME_COOKIE
from motrice.web.guards import object_view, public, signed_in
from motrice.web.htmx import form_status
from motrice.web.views import YEAR


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and screens; roles, sessions and tokens."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, instance=user)
    if form.is_valid():
        fresh = type(user).objects.get(pk=user.pk)
        edit_profile(user=fresh, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:profile")
        keep_language(response, form.cleaned_data["language"])
        response.set_cookie(THEME_COOKIE, form.cleaned_data["theme"], max_age=YEAR, samesite="Lax", httponly=True)
        response.set_cookie(DENSITY_COOKIE, form.cleaned_data["density"], max_age=YEAR, samesite="Lax", httponly=True)
        return response
    return render(request, "accounts/profile.html", _own_context(request, form), status=form_status(form))


def _own_context(request: HttpRequest, form: Any) -> dict[str, Any]:
    user: Any = request.user
    return {
        "form": form,
        "roles": roles_in_words(RoleAssignment.objects.current().filter(user=user), actor=user),
        "tokens": ApiToken.objects.permitted(user).filter(user=user),
        "session_count": UserSession.objects.filter(user=user).count(),
    }


@signed_in
@never_cache
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret is on the page that follows, once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            token, secret = create_token(actor=request.user, **form.cleaned_data)
        except RuleViolation as error:
            form.add_error(error.field, str(error))
        else:
            return hand_over(request, token, secret, page="accounts:token_made")
    context = {"title": _("New access token"), "form": form, "submit": _("Make the token")}
    return render(request, "web/form.html", context, status=form_status(form))


@require_GET
@never_cache
@object_view(ApiToken, "view")
def token_made(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """The secret of a token that was just made, this once."""
    context = {"title": _("Your new access token"), "back_url": reverse("accounts:profile")}
    return show_once(request, token, context=context)


@require_POST
@object_view(ApiToken, "revoke")
@confirmed(
    gettext_lazy("Close the token"),
    gettext_lazy("What uses “%(what)s” is refused at once. A closed token cannot be opened again: make another."),
)
def token_revoke(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """Close a token at once."""
    revoke_token(token=token, actor=request.user)
    messages.success(request, _("The token “%(name)s” no longer opens anything.") % {"name": token.name})
    return redirect("accounts:profile")


@require_POST
@signed_in
@confirmed(
    gettext_lazy("Sign out everywhere else"),
    gettext_lazy("Every other browser in which you are signed in asks for your password again."),
)
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of one's own."""
    count = end_sessions(request.user, but=request.session.session_key)
    audit.trace(request.user, "session.close_others", subject=request.user, count=count)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:profile")


@require_safe
@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """All that the site keeps about one's account, as a file."""
    require_own_view(request.user)
    audit.trace(request.user, "user.own_data", subject=request.user)
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(own_data(request.user), json_dumps_params=options)
    response["Content-Disposition"] = 'attachment; filename="motrice-account.json"'
    return response


@public
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The door of an invitation: choose a password, then sign in."""
    found = find_invitation(token)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    form = AcceptForm(request.POST or None, initial={"display_name": found.display_name})
    if form.is_valid():
        values = form.cleaned_data
        try:
            accept_invitation(invitation=found, display_name=values["display_name"], password=values["password"])
        except RuleViolation as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Your account is open: sign in with your address and password."))
            return redirect(reverse("account_login"))
    context = {"form": form, "invitation": found, "submit": _("Open my account")}
    return render(request, "accounts/invitation.html", context, status=form_status(form))


@public
def closed(request: HttpRequest, key: str = "") -> HttpResponse:
    """A page of the sign-in package that this site does not use."""
    raise Http404
