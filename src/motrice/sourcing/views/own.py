"""One's own days away and calendar of the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.accounts.queries import calendar_addresses
from motrice.sourcing import forms
from motrice.sourcing.feeds import DESK
from motrice.sourcing.models import OfficerAbsence
from motrice.sourcing.operations.desk import cancel_absence, declare_absence
from motrice.web.confirm import confirmed
from motrice.web.forms import run_form
from motrice.web.guards import object_view, signed_in


@signed_in
def my_desk(request: HttpRequest) -> HttpResponse:
    """One's own calendar addresses and days away."""
    form = forms.AbsenceForm(request.POST or None)
    if form.is_bound and run_form(
        form, lambda data: declare_absence(officer=request.user, actor=request.user, **data)
    ):
        messages.success(request, _("No new need is given to you on these days."))
        return redirect("sourcing:my_desk")
    context = {
        "title": _("My calendar and absences"),
        "calendar": DESK.kind,
        "addresses": calendar_addresses(request.user, DESK.kind),
        "absences": list(OfficerAbsence.objects.permitted(request.user).filter(officer=request.user)),
        "form": form,
    }
    return render(request, "sourcing/my_desk.html", context, status=422 if form.errors else 200)


@require_POST
@object_view(OfficerAbsence, "edit")
@confirmed(
    gettext_lazy("Remove the absence"),
    gettext_lazy("New needs may be given to you on these days again. Needs that went to others stay with them."),
)
def absence_cancel(request: HttpRequest, absence: OfficerAbsence) -> HttpResponseRedirect:
    """Remove an absence."""
    cancel_absence(absence=absence, actor=request.user)
    messages.success(request, _("The absence was removed."))
    return redirect("sourcing:my_desk")
