"""The list of agreements, and the assets that a field of a licence may mean."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.agreements.lists import AGREEMENTS, agreement_rows
from motrice.agreements.policies import keeps_agreements
from motrice.agreements.queries import licensable
from motrice.web import parts
from motrice.web.forms import picked_words
from motrice.web.guards import signed_in


@signed_in
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement that the reader may see."""
    steps = []
    if keeps_agreements(request.user):
        steps = [parts.Step(_("Write a licence"), reverse("agreements:licence_new"))]
    context = {"title": _("Agreements"), "steps": steps}
    return AGREEMENTS.respond(
        request, agreement_rows(request.user), context=context, template="agreements/agreements.html"
    )


@require_safe
@signed_in
def pick_asset(request: HttpRequest) -> HttpResponse:
    """The assets that a field may mean by what was typed so far, as the options of its list."""
    found = licensable(request.GET.get("q", "")[:200], actor=request.user)
    options = [(picked_words(asset), asset.get_kind_display()) for asset in found]
    return render(request, "web/forms/_record_options.html", {"options": options})
