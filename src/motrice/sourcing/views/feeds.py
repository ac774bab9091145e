"""Somebody's calendar addresses, and what they answer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.sourcing import forms
from motrice.sourcing.feeds import desk_calendar
from motrice.sourcing.models import DeskFeed, OfficerAbsence
from motrice.sourcing.operations.desk import cancel_absence, declare_absence
from motrice.sourcing.operations.feeds import feed_user, make_feed, revoke_feed
from motrice.web.confirm import confirmed
from motrice.web.forms import run_form
from motrice.web.guards import object_view, public, signed_in


@signed_in
def my_desk(request: HttpRequest) -> HttpResponse:
    """One's own calendar addresses and days away."""
    new_address = ""
    form = forms.AbsenceForm()
    if request.method == "POST" and "make_feed" in request.POST:
        _feed, token = make_feed(user=request.user)
        new_address = f"{settings.SITE_URL}{reverse('sourcing:feed', args=[token])}"
    elif request.method == "POST":
        form = forms.AbsenceForm(request.POST)
        if run_form(form, lambda data: declare_absence(officer=request.user, actor=request.user, **data)):
            messages.success(request, _("No new need is given to you on these days."))
            return redirect("sourcing:my_desk")
    context = {
        "title": _("My calendar and absences"),
        "feeds": list(DeskFeed.objects.permitted(request.user).filter(revoked_at=None)),
        "new_address": new_address,
        "absences": list(OfficerAbsence.objects.permitted(request.user).filter(officer=request.user)),
        "form": form,
    }
    response = render(request, "sourcing/my_desk.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@object_view(DeskFeed, "edit")
@confirmed(
    gettext_lazy("Close the address"),
    gettext_lazy("Calendars that read this address receive nothing any more. You can make a new one."),
)
def feed_revoke(request: HttpRequest, feed: DeskFeed) -> HttpResponseRedirect:
    """Close one of one's own addresses."""
    revoke_feed(feed=feed, actor=request.user)
    messages.success(request, _("This address answers nothing any more."))
    return redirect("sourcing:my_desk")


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


@public
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever holds the secret address."""
    user = feed_user(token)
    if user is None:
        raise Http404
    response = HttpResponse(desk_calendar(user), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=600"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="motrice.ics"'
    return response
