"""The first page: what waits for whoever is signed in, the front door for everybody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.accounts.queries import followed_records
from motrice.web import panels
from motrice.web.guards import public

VISIT, PAUSE = "home_visit", timedelta(minutes=30)


def last_visit(request: HttpRequest) -> datetime | None:
    """When the reader was here before this visit; a visit lasts until half an hour passes without the home page.

    Somebody looking as another role leaves no trace of a visit.
    """
    if str(request.user.pk) != request.session.get(SESSION_KEY):
        return None
    now = timezone.now()
    before, latest = (parse_datetime(text) if text else None for text in request.session.get(VISIT, ("", "")))
    if latest is None or now - latest > PAUSE:
        before = latest
    if latest is None or now - latest > PAUSE / 10:
        request.session[VISIT] = [before.isoformat() if before else "", now.isoformat()]
    return before


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, until when, why me, one click to act; then what changed in what I follow."""
    if not request.user.is_authenticated:
        return render(request, "portal/front.html", {"starts": panels.starts_for(request.user)})
    waiting, since = panels.waiting_for(request.user), last_visit(request)
    news, earlier = panels.changed_since(panels.changes_for(request.user), since)
    roles = sorted({role.words for role in request.user.active_roles})
    context = {
        "title": _("Good morning, %(name)s") % {"name": request.user.display_name}
        if timezone.localtime().hour < 12
        else _("Hello, %(name)s") % {"name": request.user.display_name},
        "roles": roles,
        "waiting": waiting,
        "late_count": sum(item.is_late for item in waiting),
        "starts": panels.starts_for(request.user),
        "news": news,
        "earlier": earlier,
        "since": since,
        "followed": followed_records(request.user),
    }
    return render(request, "portal/home.html", context)
