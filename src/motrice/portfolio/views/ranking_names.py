"""The printed names of a published ranking that nothing recognised: each with the bodies it may mean, to be judged."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.portfolio.importers.ranking_names import NameLine, candidates_of, open_lines
from motrice.portfolio.models import PublishedRanking
from motrice.portfolio.operations.rankings import recognise_line
from motrice.web.guards import object_view

PER_PAGE = 20
NONE_OF_THEM = "none"


@object_view(PublishedRanking, "edit")
def ranking_names(request: HttpRequest, loaded: PublishedRanking) -> HttpResponse:
    """Judge the names of one page: a body, none of them, or later."""
    page = Paginator(open_lines(loaded), PER_PAGE).get_page(request.GET.get("page"))
    rows = candidates_of(list(page), request.user)
    if request.method == "POST":
        count = _judge(request, rows)
        messages.success(request, ngettext("%(n)d name was judged.", "%(n)d names were judged.", count) % {"n": count})
        return redirect("portfolio:ranking_names", loaded.reference)
    context = {
        "title": _("Names to recognise"),
        "crumbs": [
            (_("Ranking of applicants"), reverse("portfolio:ranking")),
            (loaded.title, reverse("portfolio:published_ranking", args=[loaded.reference])),
            (_("Names to recognise"), ""),
        ],
        "ranking": loaded,
        "rows": rows,
        "page": page,
        "none": NONE_OF_THEM,
    }
    return render(request, "portfolio/ranking_names.html", context)


def _judge(request: HttpRequest, rows: list[NameLine]) -> int:
    count = 0
    for row in rows:
        answer = request.POST.get(f"line-{row.line.pk}", "")
        known = {one.organisation.reference: one.organisation for one in row.candidates}
        if answer in known or answer == NONE_OF_THEM:
            recognise_line(line=row.line, organisation=known.get(answer), actor=request.user)
            count += 1
    return count
