"""The portfolio and its applications."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.portfolio.lists.assets import FILINGS, PORTFOLIO
from motrice.portfolio.models import Application, Asset
from motrice.portfolio.policies.assets import keeps_portfolio
from motrice.web import parts
from motrice.web.guards import signed_in


@signed_in
def assets(request: HttpRequest) -> HttpResponse:
    """Every asset that the reader may see."""
    rows = Asset.objects.permitted(request.user).select_related("family", "office", "officer", "unit")
    filters = f"?{request.GET.urlencode()}" if request.GET else ""
    steps = [
        parts.Step(_("Applications"), reverse("portfolio:filings")),
        parts.Step(_("Figures of this list"), reverse("portfolio:figures") + filters),
        parts.Step(_("Domains"), reverse("portfolio:domains")),
        parts.Step(_("Ranking"), reverse("portfolio:ranking")),
        parts.Step(_("Landscape"), reverse("portfolio:landscape")),
        parts.Step(_("Docket"), reverse("portfolio:docket")),
    ]
    if keeps_portfolio(request.user):
        steps.insert(0, parts.Step(_("Enter an asset"), reverse("portfolio:asset_new")))
    return PORTFOLIO.respond(
        request, rows, context={"title": _("Portfolio"), "steps": steps}, template="portfolio/assets.html"
    )


@signed_in
def filings(request: HttpRequest) -> HttpResponse:
    """Every application that the reader may see."""
    rows = Application.objects.permitted(request.user).select_related("asset")
    context = {"title": _("Applications"), "crumbs": [(_("Portfolio"), reverse("portfolio:assets"))]}
    return FILINGS.respond(request, rows, context=context)
