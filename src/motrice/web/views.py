"""Choices of the reader: colours, density, language; and the removal of a saved view."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from motrice.web.confirm import confirmed
from motrice.web.context import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES
from motrice.web.guards import object_view, public
from motrice.web.models import SavedView
from motrice.web.operations.saved_view import delete_view

YEAR = 365 * 24 * 3600


def back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page that the form names, never to another site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    return HttpResponseRedirect(target)


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a choice of colours or density in a cookie, so that no page ever flashes in the wrong one."""
    response = back(request)
    for name, cookie, allowed in (("theme", THEME_COOKIE, THEMES), ("density", DENSITY_COOKIE, DENSITIES)):
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(
                cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
            )
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages for this browser."""
    return set_language(request)


@require_POST
@object_view(SavedView, "edit")
@confirmed(
    gettext_lazy("Remove the view"),
    gettext_lazy("“%(what)s” is removed, for those with whom it is shared too. What it listed stays."),
)
def saved_view_delete(request: HttpRequest, view: SavedView) -> HttpResponse:
    """Remove one of the reader's own saved views."""
    delete_view(actor=request.user, view=view)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return back(request)
