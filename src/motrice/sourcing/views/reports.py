"""The desk's report: time to a first answer, the funnel, refusals by sector and team; each number opens its list."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require_own_view
from motrice.sourcing.enums import ReportRhythm
from motrice.sourcing.models import ReportMail
from motrice.sourcing.operations.report_mails import ask_for_report, stop_report
from motrice.sourcing.report import export_rows, missed_url, missed_words, paper_of, period_in, report_for
from motrice.web import formats, printed
from motrice.web.guards import signed_in
from motrice.web.lists.export import safe_cell


@require_safe
@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """The report over the needs that the reader may count."""
    found = report_for(request.user, period_in(request.GET))
    if request.GET.get("format") == "csv":
        return _csv(request, found)
    held = ReportMail.objects.permitted(request.user).first()
    mails = {"rhythms": ReportRhythm.choices, "mail": held}
    if held is not None and held.missed:
        mails |= {"missed": missed_words(held), "missed_url": missed_url(held)}
    return render(request, "sourcing/report.html", {**found, **mails})


@require_POST
@signed_in
def report_mail(request: HttpRequest) -> HttpResponse:
    """Get the report by mail, in another rhythm, or no more."""
    rhythm = request.POST.get("rhythm", "")
    if not rhythm:
        stop_report(actor=request.user)
        messages.success(request, _("The report is not mailed to you any more."))
        return redirect("sourcing:report")
    try:
        held = ask_for_report(rhythm=rhythm, today=timezone.localdate(), actor=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        told = _("The report is mailed to %(address)s, the next one on %(day)s.")
        messages.success(request, told % {"address": request.user.email, "day": formats.day_text(held.next_on)})
    return redirect("sourcing:report")


@require_safe
@signed_in
def report_paper(request: HttpRequest) -> HttpResponse:
    """The same report on paper."""
    found = report_for(request.user, period_in(request.GET))
    _trace(request, found, "pdf")
    return printed.response(paper_of(found), author=str(request.user))


def _trace(request: HttpRequest, found: dict[str, Any], wanted: str) -> None:
    require_own_view(request.user)
    audit.trace(request.user, "list.export", list="sourcing.report", format=wanted, rows=found["total"].value)


def _csv(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Part"), _("Figure"), _("Of"), _("Value")])
    if not context["hides_all"]:
        writer.writerows([safe_cell(str(cell)) for cell in row] for row in export_rows(context))
    _trace(request, context, "csv")
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="report.csv"'
    return response
