"""The list of disclosures, and their report."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import NotPermitted
from motrice.core.policies import require_own_view
from motrice.inventions import marts, words
from motrice.inventions.lists import DISCLOSURES
from motrice.inventions.models import Disclosure
from motrice.inventions.policies import reads_report
from motrice.web import formats, printed
from motrice.web.charts import Chart, Series
from motrice.web.guards import signed_in
from motrice.web.printed import Figure, Paper, Part


@signed_in
def disclosures(request: HttpRequest) -> HttpResponse:
    """Every disclosure that the reader may see: their own, their laboratory's, their office's."""
    rows = Disclosure.objects.permitted(request.user).select_related("unit", "owner", "office")
    return DISCLOSURES.respond(
        request, rows, context={"title": _("Disclosures")}, template="inventions/disclosures.html"
    )


def _url(**chosen: Any) -> str:
    return f"{reverse('inventions:disclosures')}?{urlencode(chosen)}"


def _year_url(year: int) -> str:
    return _url(received_from=f"{year}-01-01", received_to=f"{year}-12-31")


@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """Disclosures by year, laboratory and decision, and the days to a decision; each number opens its list."""
    return render(request, "inventions/report.html", _report_for(request.user))


@signed_in
def report_paper(request: HttpRequest) -> HttpResponse:
    """The same report on paper."""
    require_own_view(request.user)
    found = _report_for(request.user)
    figures: marts.Report = found["figures"]
    lead = [
        _("Disclosures received: %(n)s.") % {"n": formats.number_text(figures.total)}
        if figures.total
        else _("No disclosure was received yet by your office.")
    ]
    short = [
        Figure(figures.undecided, _("wait for a decision")),
        Figure(figures.decided, _("are decided")),
        Figure(found["median"], _("working days from receipt to the decision, median")),
        Figure(found["in_time"], _("of the decisions were taken by the promised day")),
    ]
    part = Part(_("In short"), figures=[one for one in short if one.value != ""], charts=found["charts"])
    audit.trace(request.user, "list.export", list="inventions.report", format="pdf", rows=figures.total)
    paper = Paper("disclosures", found["title"], [part] if figures.total else [], lead)
    return printed.response(paper, author=str(request.user))


def _report_for(actor: Any) -> dict[str, Any]:
    if not reads_report(actor):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    figures = marts.report(marts.perimeter(actor))
    note = _("The disclosures that you may read, counted on %(day)s.") % {
        "day": formats.day_text(timezone.localdate())
    }
    return {
        "title": _("Report of disclosures"),
        "figures": figures,
        "list_url": reverse("inventions:disclosures"),
        "paper_url": reverse("inventions:report_paper"),
        "undecided_url": _url(progress="undecided"),
        "decided_url": _url(status="decided"),
        "median": formats.number_text(round(figures.median_days, 1)) if figures.median_days is not None else "",
        "in_time": formats.share_text(figures.in_time / figures.decided) if figures.decided else "",
        "charts": _charts(figures, note) if figures.total else [],
    }


def _charts(figures: marts.Report, note: str) -> list[Chart]:
    years = [year for year, _n in figures.by_year]
    return [
        Chart(
            "bar",
            _("Disclosures received by year"),
            [str(year) for year in years],
            [Series(_("Disclosures"), [n for _y, n in figures.by_year], [_year_url(year) for year in years])],
            element_id="chart-years",
            category_label=_("Year"),
            note=note,
        ),
        Chart(
            "bar",
            _("Disclosures by laboratory"),
            [name for name, _pk, _n in figures.by_unit],
            [
                Series(
                    _("Disclosures"),
                    [n for _name, _pk, n in figures.by_unit],
                    [_url(unit=pk, received_from="1900-01-01") for _name, pk, _n in figures.by_unit],
                )
            ],
            element_id="chart-units",
            category_label=_("Laboratory"),
            note=note,
        ),
        Chart(
            "bar",
            _("What was decided"),
            [words.decision_words(kind) for kind, _n in figures.by_decision],
            [
                Series(
                    _("Disclosures"),
                    [n for _kind, n in figures.by_decision],
                    [_url(decision=kind) for kind, _n in figures.by_decision],
                )
            ],
            element_id="chart-decisions",
            category_label=_("Decision"),
            note=note,
        ),
    ]
