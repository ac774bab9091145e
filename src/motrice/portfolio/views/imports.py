"""Patent files in the browser: send one, or give a number; the preview and the decisions are those of every import."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.imports_runs import start_run
from motrice.core.models import ImportRun
from motrice.core.tasks import run_import
from motrice.portfolio.forms.assets import PatentFileForm
from motrice.portfolio.importers.patents import PatentFiles, start_family
from motrice.web import htmx
from motrice.web.forms import refuse
from motrice.web.guards import signed_in

SHOWN = 20


@signed_in
def imports(request: HttpRequest) -> HttpResponse:
    """Send a patent file or a publication number; one's own last imports."""
    if not PatentFiles.may_start(request.user):
        raise NotPermitted(_("This page is kept to those who work on the portfolio of an office."))
    form = PatentFileForm(request.POST or None, request.FILES or None, actor=request.user)
    if form.is_valid():
        try:
            return redirect("directory:import", _started(form, request.user).reference)
        except RuleViolation as error:
            refuse(form, error)
    mine = ImportRun.objects.permitted(request.user).filter(kind=PatentFiles.kind, launched_by=request.user)
    context = {
        "title": _("Import patent files"),
        "form": form,
        "runs": mine.order_by("-created_at")[:SHOWN],
        "crumbs": [(_("Portfolio"), ""), (_("Import patent files"), "")],
    }
    return htmx.render_part(request, "portfolio/imports.html", context, status=htmx.form_status(form))


def _started(form: PatentFileForm, actor: Any) -> ImportRun:
    office = form.cleaned_data["office"]
    if form.cleaned_data["number"]:
        return start_family(number=form.cleaned_data["number"], office=office, actor=actor)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(form.cleaned_data["file"].name).name
        with path.open("wb") as file:
            for chunk in form.cleaned_data["file"].chunks():
                file.write(chunk)
        run = start_run(kind=PatentFiles.kind, files=[("", path)], actor=actor, options={"office": office})
    run_import.enqueue(run.pk)
    return run
