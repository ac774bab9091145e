"""The desk's queue and a company's own needs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from motrice.sourcing.lists import MINE, QUEUE
from motrice.sourcing.models import Need, NeedDraft
from motrice.web.guards import signed_in


@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """Every need that the reader may see as the desk does."""
    rows = Need.objects.permitted(request.user).select_related("owner", "company", "office")
    return QUEUE.respond(request, rows, context={"title": _("Needs")})


@signed_in
def my_needs(request: HttpRequest) -> HttpResponse:
    """What the reader is writing, and the needs of their own company."""
    rows = Need.objects.permitted(request.user, "write").select_related("owner")
    context = {"title": _("My needs"), "drafts": list(NeedDraft.objects.permitted(request.user))}
    return MINE.respond(request, rows, context=context, template="sourcing/my_needs.html")
