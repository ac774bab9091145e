"""The transfer mechanisms: their list, and who can help a project next."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core.errors import RuleViolation
from motrice.directory.forms import FinderForm
from motrice.directory.links import record_url
from motrice.directory.lists import MECHANISMS, mechanism_rows
from motrice.directory.queries import find_mechanisms
from motrice.web import htmx
from motrice.web.forms import refuse
from motrice.web.guards import public, signed_in

PAGE_SIZE = 20


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The two pages of mechanisms."""
    pages = (("directory:mechanisms", _("All mechanisms")), ("directory:finder", _("Who can help next?")))
    return [(reverse(name), label, name == here) for name, label in pages]


@signed_in
def mechanisms(request: HttpRequest) -> HttpResponse:
    """Every mechanism that the reader may see."""
    context = {
        "title": _("Transfer mechanisms"),
        "intro": _("Who takes a result further: transfer companies, institutes, incubators, funds, platforms."),
        "tabs": tabs("directory:mechanisms"),
        "crumbs": [(_("Directory"), ""), (_("Transfer mechanisms"), "")],
    }
    return MECHANISMS.respond(request, mechanism_rows(request.user), context=context)


@require_safe
@public
def finder(request: HttpRequest) -> HttpResponse:
    """For this project, in this region, at this readiness: who can help next, and why."""
    form = FinderForm(request.GET or None, actor=request.user)
    results: list[Any] = []
    if form.is_valid():
        try:
            results = find_mechanisms(actor=request.user, **form.cleaned_data)
        except RuleViolation as error:
            refuse(form, error)
    page = Paginator(results, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "title": _("Who can help next?"),
        "crumbs": [(_("Directory"), ""), (_("Transfer mechanisms"), "")],
        "tabs": tabs("directory:finder") if request.user.is_authenticated else [],
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "results": [(item, record_url(item.organisation)) for item in page],
        "undated_count": sum(1 for item in results if item.organisation.ends_on is None),
        "was_asked": form.is_bound and form.is_valid(),
        "frame": "web/base.html" if request.user.is_authenticated else "web/public_base.html",
    }
    return htmx.render_part(request, "directory/finder.html", context, status=htmx.form_status(form))
