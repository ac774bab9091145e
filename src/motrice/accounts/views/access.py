"""Seeing the site as another, and break-glass."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.accounts.forms import ReasonForm, ViewAsForm
from motrice.accounts.middleware import VIEW_AS
from motrice.accounts.models import EmergencyAccess, User
from motrice.accounts.operations.emergency import close_emergency, open_emergency
from motrice.accounts.operations.view_as import start_view_as, stop_view_as
from motrice.accounts.queries import missed_notices
from motrice.accounts.views.people import organisation
from motrice.core.errors import RuleViolation
from motrice.web.forms import refuse
from motrice.web.guards import role_view, signed_in
from motrice.web.htmx import form_status


@role_view("administrator", "coordinator")
def view_as(request: HttpRequest) -> HttpResponse:
    """Choose a person or a role, say why, and see the site as they do."""
    form = ViewAsForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            person = _person(request, values["email"])
            request.session[VIEW_AS] = start_view_as(
                actor=request.user,
                reason=values["reason"],
                person=person,
                kind=values["kind"],
                on=organisation(request, values["record"]),
            )
        except RuleViolation as error:
            field = "email" if error.field == "person" else error.field
            form.add_error(field if field in form.fields else None, str(error))
        else:
            return redirect("/")
    context = {
        "title": _("See the site as…"),
        "intro": _(
            "You see the pages of a person or a role. You read only; what your own rights do not show stays hidden; "
            "the start and the end are written in the log."
        ),
        "form": form,
        "submit": _("See the site so"),
    }
    return render(request, "web/form.html", context, status=form_status(form))


def _person(request: HttpRequest, email: str) -> User | None:
    if not email:
        return None
    person = User.objects.permitted(request.user).active().filter(email=email.strip().lower()).first()
    if person is None:
        raise RuleViolation(_("No open account has this address."), field="email")
    return person


@signed_in
@require_POST
def view_as_stop(request: HttpRequest) -> HttpResponse:
    """Back to one's own view."""
    state: dict[str, Any] | None = request.session.pop(VIEW_AS, None)
    if state is not None:
        stop_view_as(actor=request.user, state=state)
        messages.success(request, _("You are back in your own view."))
    return redirect("/")


@role_view("administrator")
def emergency(request: HttpRequest) -> HttpResponse:
    """Break the glass: read everything for some hours; directors and auditors learn it at once."""
    opened = EmergencyAccess.objects.permitted(request.user).current().filter(user=request.user).first()
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            open_emergency(actor=request.user, reason=form.cleaned_data["reason"])
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.warning(request, _("Everything is open to you to read, and every page you read is logged."))
            return redirect("accounts:emergency")
    context = {
        "form": form,
        "opened": opened,
        "accesses": [
            (row, missed_notices(row))
            for row in EmergencyAccess.objects.permitted(request.user).select_related("user")[:20]
        ],
        "submit": _("Break the glass"),
    }
    return render(request, "accounts/emergency.html", context, status=form_status(form))


@require_POST
@role_view("administrator")
def emergency_close(request: HttpRequest) -> HttpResponse:
    """End it before its time."""
    for access in EmergencyAccess.objects.current().filter(user=request.user):
        close_emergency(access=access, actor=request.user)
    messages.success(request, _("The access is closed."))
    return redirect("accounts:emergency")
