"""The landscape of a portfolio: families by likeness of their text, as far as the reader may see them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.directory.models import Organisation
from motrice.portfolio.drawings.landscape import COLOURED, scatter
from motrice.portfolio.enums import LandscapeStep
from motrice.portfolio.forms.steering import DocumentsForm, LandscapeForm
from motrice.portfolio.jobs import queue_landscape
from motrice.portfolio.models import Landscape
from motrice.portfolio.operations.landscape import UNDER_WAY, Document, is_under_way, read_documents
from motrice.portfolio.views.ranking import file_text
from motrice.portfolio.views.steering import chosen_organisation, list_url
from motrice.web import htmx, parts
from motrice.web.guards import object_view, signed_in
from motrice.web.plots import Scatter

PER_PAGE = 50


@require_safe
@signed_in
def landscape(request: HttpRequest) -> HttpResponse:
    """The points that the reader may see, coloured as they choose."""
    readable = Landscape.objects.permitted(request.user)
    organisation, others = chosen_organisation(request, readable, "steer")
    kept = (
        list(readable.filter(organisation=organisation).select_related("organisation").order_by("-reach"))
        if organisation
        else []
    )
    held = next((one for one in kept if one.computed_at), None)
    part = next((one for one in kept if one.reach == request.GET.get("part")), None)
    if part is not None and htmx.wants_fragment(request):
        return htmx.render_part(request, "web/parts/work.html", {"work": _work(part)})
    colour = request.GET.get("colour", "")
    colour = colour if colour in COLOURED else "domain"
    plot = scatter(held, request.user, colour) if held else None
    rows = Paginator(_table(plot), PER_PAGE).get_page(request.GET.get("page")) if plot else None
    context = {
        "title": _("Landscape of the portfolio"),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Landscape of the portfolio"), "")],
        "organisation": organisation,
        "organisations": others,
        "landscape": held,
        "works": [_work(one) for one in kept if is_under_way(one, timezone.now())],
        "refused": [one for one in kept if one.step == LandscapeStep.REFUSED],
        "plot": plot,
        "table": rows,
        "query": urlencode({"organisation": organisation.reference, "colour": colour}) if organisation else "",
        "colour": colour,
        "colours": [("domain", _("domain")), ("owner", _("owner")), ("field", _("field of technology"))],
        "families_url": list_url(kind="patent_family", office=organisation.pk) if organisation else "",
        "may_steer": organisation is not None and policies.allows(request.user, "steer", organisation),
        "form": LandscapeForm(),
        "documents_form": DocumentsForm(prefix="documents"),
    }
    return render(request, "portfolio/landscape.html", context)


def _table(plot: Scatter) -> list[tuple[str, str, str]]:
    """The points as lines: group, title and address, for whoever reads no drawing."""
    points = sorted((one for one in plot.points if not one.is_beside), key=lambda one: (one.group, one.label))
    return [(str(plot.groups[point.group]), point.label, point.url) for point in points]


@require_POST
@object_view(Organisation, "steer")
def landscape_compute(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Ask for the places to be worked out anew, in a job."""
    form = LandscapeForm(request.POST)
    if not form.is_valid():
        raise RuleViolation(_("Choose for whom the landscape is worked out."), field="reach")
    return _asked(request, organisation, form.cleaned_data["reach"])


@require_POST
@object_view(Organisation, "steer")
def landscape_documents(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Put public documents of a file beside the portfolio, and work the places out with them."""
    form = DocumentsForm(request.POST, request.FILES, prefix="documents")
    if not form.is_valid():
        raise RuleViolation(" ".join(str(error) for errors in form.errors.values() for error in errors), field="file")
    documents = read_documents(file_text(form.cleaned_data["file"]))
    return _asked(request, organisation, form.cleaned_data["reach"], documents)


def _asked(
    request: HttpRequest, organisation: Organisation, reach: str, documents: list[Document] | None = None
) -> HttpResponse:
    """Queue the work, and show how far it is."""
    actor: Any = request.user
    queue_landscape(organisation=organisation, reach=reach, actor=actor, documents=documents)
    return redirect(f"{reverse('portfolio:landscape')}?organisation={organisation.reference}")


def _work(landscape: Landscape) -> parts.Work:
    is_running = is_under_way(landscape, timezone.now())
    page = f"{reverse('portfolio:landscape')}?organisation={landscape.organisation.reference}"
    return parts.Work(
        _("The landscape for %(whose)s is being worked out") % {"whose": landscape.get_reach_display()},
        UNDER_WAY.index(LandscapeStep(landscape.step)) if is_running else len(UNDER_WAY),
        len(UNDER_WAY),
        is_running=is_running,
        url=f"{page}&part={landscape.reach}",
        report_url="" if is_running else page,
        note=landscape.get_step_display(),
        element_id=f"work-{landscape.reach}",
    )
