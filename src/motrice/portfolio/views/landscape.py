"""The landscape of a portfolio: families by likeness of their text, as far as the reader may see them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.directory.models import Organisation
from motrice.portfolio.drawings.landscape import COLOURED, scatter
from motrice.portfolio.forms.steering import DocumentsForm, LandscapeForm
from motrice.portfolio.jobs import work_out_landscape
from motrice.portfolio.models import Landscape
from motrice.portfolio.operations.landscape import compute_landscape, read_documents
from motrice.portfolio.views.ranking import file_text
from motrice.portfolio.views.steering import chosen_organisation, list_url
from motrice.web.guards import object_view, signed_in
from motrice.web.plots import Scatter

PER_PAGE = 50


@signed_in
def landscape(request: HttpRequest) -> HttpResponse:
    """The points that the reader may see, coloured as they choose."""
    readable = Landscape.objects.permitted(request.user)
    organisation, others = chosen_organisation(request, readable, "steer")
    held = readable.filter(organisation=organisation).order_by("-reach").first() if organisation else None
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
    work_out_landscape.enqueue(organisation.pk, form.cleaned_data["reach"], request.user.pk)
    messages.success(request, _("The landscape is being worked out: come back in a minute or two."))
    return redirect(f"{reverse('portfolio:landscape')}?organisation={organisation.reference}")


@require_POST
@object_view(Organisation, "steer")
def landscape_documents(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Put public documents of a file beside the portfolio, and work the places out with them."""
    form = DocumentsForm(request.POST, request.FILES, prefix="documents")
    if not form.is_valid():
        raise RuleViolation(" ".join(str(error) for errors in form.errors.values() for error in errors), field="file")
    documents = read_documents(file_text(form.cleaned_data["file"]))
    compute_landscape(
        organisation=organisation, reach=form.cleaned_data["reach"], actor=request.user, documents=documents
    )
    messages.success(request, _("The documents were put beside the portfolio."))
    return redirect(f"{reverse('portfolio:landscape')}?organisation={organisation.reference}")
