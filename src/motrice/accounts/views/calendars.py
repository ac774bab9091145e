"""The secret addresses of one's calendars, whatever app fills them, and what they answer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from motrice.accounts.models import CalendarAddress
from motrice.accounts.operations.calendar_addresses import (
    find_calendar_address,
    make_calendar_address,
    revoke_calendar_address,
)
from motrice.accounts.views.shown_once import hand_over, show_once
from motrice.core.errors import RuleViolation
from motrice.web.calendars import Calendar, declared
from motrice.web.confirm import confirmed
from motrice.web.guards import object_view, public, signed_in


def address_of(token: str) -> str:
    """What a calendar program is given."""
    return f"{settings.SITE_URL}{reverse('accounts:calendar', args=[token])}"


def _calendar(kind: str) -> Calendar:
    if kind not in declared():
        raise Http404
    return declared()[kind]


@require_POST
@signed_in
def calendar_make(request: HttpRequest, kind: str) -> HttpResponseRedirect:
    """Make an address of one's own calendar; it is on the page that follows, once."""
    page = _calendar(kind).page
    try:
        address, token = make_calendar_address(kind=kind, actor=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect(page)
    return hand_over(request, address, token, page="accounts:calendar_made")


@require_GET
@never_cache
@object_view(CalendarAddress, "view")
def calendar_made(request: HttpRequest, address: CalendarAddress) -> HttpResponse:
    """The address that was just made, this once."""
    context = {"title": _("Your new calendar address"), "back_url": reverse(_calendar(address.kind).page)}
    return show_once(request, address, context=context, words=address_of)


@require_POST
@object_view(CalendarAddress, "edit")
@confirmed(
    gettext_lazy("Close the address"),
    gettext_lazy("Calendars that read this address receive nothing any more. You can make a new one."),
)
def calendar_revoke(request: HttpRequest, address: CalendarAddress) -> HttpResponseRedirect:
    """Close one of one's own addresses."""
    revoke_calendar_address(address=address, actor=request.user)
    messages.success(request, _("This address answers nothing any more."))
    return redirect(_calendar(address.kind).page)


@public
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever holds the secret address."""
    address = find_calendar_address(token)
    if address is None:
        raise Http404
    content = _calendar(address.kind).content(address.user)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=600"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = f'inline; filename="motrice-{address.kind}.ics"'
    return response
