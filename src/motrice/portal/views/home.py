"""The first page: what waits for whoever is signed in, the front door for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.web import panels
from motrice.web.guards import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, until when, why me, one click to act; then what changed in what I follow."""
    if not request.user.is_authenticated:
        return render(request, "portal/front.html", {"starts": panels.starts_for(request.user)})
    waiting = panels.waiting_for(request.user)
    roles = sorted({role.words for role in request.user.active_roles})
    context = {
        "title": _("Good morning, %(name)s") % {"name": request.user.display_name}
        if timezone.localtime().hour < 12
        else _("Hello, %(name)s") % {"name": request.user.display_name},
        "roles": roles,
        "waiting": waiting,
        "late_count": sum(item.is_late for item in waiting),
        "starts": panels.starts_for(request.user),
        "changes": panels.changes_for(request.user),
    }
    return render(request, "portal/home.html", context)
