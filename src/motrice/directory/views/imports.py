"""Imports in the browser: send a file, see what it would change, decide, write, undo."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from motrice.core.errors import RuleViolation
from motrice.core.imports import Importer, importer_of, importers, words_of
from motrice.core.imports_runs import (
    WORK,
    ask_undo,
    ask_write,
    decide,
    decide_fields,
    may_work_on,
    resume,
    start_run,
    tally,
)
from motrice.core.models import ImportFinding, ImportProposal, ImportRun
from motrice.core.policies import get_permitted
from motrice.core.tasks import run_import
from motrice.directory.forms import DecideForm, ImportForm
from motrice.directory.lists import RUNS, kind_label, run_rows
from motrice.directory.views.changes import ShownChange, shown_changes
from motrice.web import formats, htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import refuse
from motrice.web.guards import object_view, role_view

PAGE_SIZE = 25


@dataclass(frozen=True)
class Refused:
    """A proposal whose answers were refused: shown again alone, with what was typed, so that nothing is lost."""

    proposal: ImportProposal
    typed: dict[int, list[str]]
    fault: str


State, Status = ImportProposal.State, ImportRun.Status


@role_view("coordinator", "officer")
def imports(request: HttpRequest) -> HttpResponse:
    """Every import, newest first."""
    rows = run_rows(request.user)
    context = {
        "title": _("Imports"),
        "intro": _("Files of public registers, read into proposals that people decide on."),
        "crumbs": [(_("Directory"), ""), (_("Imports"), "")],
        "steps": [parts.Step(_("Import a file"), reverse("directory:import_new"), icon="file-import")],
    }
    return RUNS.respond(request, rows, context=context)


@role_view("coordinator", "officer")
def import_new(request: HttpRequest) -> HttpResponse:
    """Send a file; it is read in the background."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            run = _started(form, request.user)
            return redirect("directory:import", run.reference)
        except RuleViolation as error:
            refuse(form, error)
    registers = [importer for importer in importers().values() if not importer.is_private]
    sorts = [parts.Fact(importer.label, importer.explanation) for importer in registers]
    context = {
        "title": _("Import a file"),
        "form": form,
        "sorts": sorts,
        "crumbs": [(_("Imports"), reverse("directory:imports")), (_("Import a file"), "")],
    }
    return htmx.render_part(request, "directory/import_new.html", context, status=htmx.form_status(form))


def _started(form: ImportForm, actor: Any) -> ImportRun:
    kind = form.cleaned_data["kind"]
    with tempfile.TemporaryDirectory() as folder:
        files = [("", _saved(form.cleaned_data["file"], folder))]
        beside = form.cleaned_data["beside"]
        roles = list(importer_of(kind).companions)
        if beside and roles:
            files.append((roles[0], _saved(beside, folder)))
        run = start_run(kind=kind, files=files, actor=actor)
    run_import.enqueue(run.pk)
    return run


def _saved(upload: Any, folder: str) -> Path:
    path = Path(folder) / Path(upload.name).name
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path


@require_safe
@object_view(ImportRun, "view")
def import_run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """One import: how far it is, its proposals field by field, its findings by line."""
    if request.headers.get("HX-Request") and request.GET.get("part") == "work":
        return htmx.render_part(request, "web/parts/work.html", {"work": _work(run, request.user)})
    return htmx.render_part(request, "directory/import.html", _context(request, run))


def _context(request: HttpRequest, run: ImportRun, *, refused: Refused | None = None) -> dict[str, Any]:
    chosen = request.GET.get("state", State.OPEN)
    proposals = (
        run.proposals.permitted(request.user)
        .select_related("run")
        .filter(state=chosen if chosen in State.values else State.OPEN)
    )
    page = Paginator(proposals.order_by("phase", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    report = tally(run, request.user)
    counts = {state: sum(report.get(action, {}).get(state, 0) for action in ImportProposal.Action.values)
              for state in State.values}  # fmt: skip
    return {
        "run": run,
        "title": _("Import: %(kind)s") % {"kind": kind_label(run)},
        "crumbs": [(_("Imports"), reverse(importer_of(run.kind).home)), (run.reference, "")],
        "work": _work(run, request.user) if run.status in WORK else None,
        "report": _report(run, report, request.user),
        "states": [(state, State(state).label, number, state == chosen) for state, number in counts.items()],
        "page": page,
        "chosen": chosen,
        "proposals": _shown([refused.proposal] if refused else list(page), request.user, refused),
        "findings": [(row, words_of(row)) for row in _findings(request, run)],
        "finding_counts": report["findings"],
        "may_decide": may_work_on(run, request.user) and run.status in (Status.READY, Status.DONE),
        "may_resume": may_work_on(run, request.user),
        "accepted_count": counts[State.ACCEPTED],
    }


def _findings(request: HttpRequest, run: ImportRun) -> Any:
    rows = run.findings.order_by("severity", "line", "pk")
    code = request.GET.get("finding", "")
    return Paginator(rows.filter(code=code) if code else rows, PAGE_SIZE).get_page(request.GET.get("findings"))


def _work(run: ImportRun, actor: Any) -> parts.Work:
    if run.status == Status.READING:
        done, total = run.position, run.total
    else:
        seen = run.proposals.permitted(actor)
        total = seen.exclude(state__in=(State.OPEN, State.DISMISSED)).count()
        done = seen.filter(state__in=(State.APPLIED, State.REFUSED)).count()
    url = reverse("directory:import", args=[run.reference])
    running = run.status in WORK
    waits = run.next_try_at is not None and run.status == Status.READING
    note = f"{run.failure} {_('Tried again at %(time)s.') % {'time': _clock(run.next_try_at)}}" if waits else ""
    return parts.Work(
        title=run.get_status_display() if run.files[0]["path"] else _("waits for an answer from outside"),
        note=note,
        done=min(done, total),
        total=total,
        failed=run.findings.filter(severity=ImportFinding.Severity.ERROR).count(),
        is_running=running,
        url=f"{url}?part=work" if running else "",
        report_url="" if running else url,
        element_id="import-work",
    )


def _clock(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _report(run: ImportRun, report: dict[str, dict[str, int]], actor: Any) -> list[parts.Fact]:
    facts = [
        parts.Fact(_("File"), ", ".join(item["name"] for item in run.files)),
        parts.Fact(_("Launched by"), str(run.launched_by)),
        parts.Fact(_("Records without difference"), formats.number_text(run.unchanged_count)),
    ]
    if recalled := run.proposals.permitted(actor).filter(is_recalled=True).count():
        facts.append(parts.Fact(_("Dismissed at an earlier import"), formats.number_text(recalled)))
    for action in ImportProposal.Action:
        counts = report.get(action.value, {})
        if counts:
            words = ", ".join(f"{formats.number_text(n)} {State(state).label}" for state, n in sorted(counts.items()))
            facts.append(parts.Fact(action.label, words))
    return facts


def _shown(
    proposals: list[ImportProposal], actor: Any, refused: Refused | None
) -> list[tuple[ImportProposal, str, list[ShownChange]]]:
    importer = importer_of(proposals[0].run.kind) if proposals else Importer
    pks = [item.target_pk for item in proposals if item.target_pk is not None and item.phase < importer.linked_phases]
    typed = (refused.typed, refused.fault) if refused else ()
    known = apps.get_model(importer.target)._default_manager.permitted(actor).in_bulk(pks)
    return [
        (item, _url_of(known[item.target_pk]) if item.target_pk in known else "", shown_changes(item, *typed))
        for item in proposals
    ]


def _url_of(record: Any) -> str:
    """The page of a record, if this site has one for it."""
    try:
        return str(record.get_absolute_url())
    except NoReverseMatch:
        return ""


@require_POST
@object_view(ImportRun, "decide")
@confirmed(
    gettext_lazy("Dismiss all"),
    gettext_lazy("Everything that waits in %(what)s is dismissed, and the next import does not ask it again."),
    when=lambda request, _kwargs: request.POST.get("decision") != "accept",
)
def import_decide(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Decide on all that waits at once."""
    accept = request.POST.get("decision") == "accept"
    count = decide(run=run, actor=request.user, accept=accept)
    messages.success(
        request,
        ngettext("%(n)s proposal was decided.", "%(n)s proposals were decided.", count)
        % {"n": formats.number_text(count)},
    )
    return redirect("directory:import", run.reference)


@require_POST
@object_view(ImportRun, "decide")
def proposal_decide(request: HttpRequest, run: ImportRun, pk: int) -> HttpResponse:
    """Decide on one proposal: all its differences, some of them, none, or a record of its own."""
    proposal = get_permitted(run.proposals.all(), request.user, "view", pk=pk)
    form = DecideForm(request.POST, proposal=proposal)
    if not form.is_valid():
        messages.error(request, _("Choose what to do with this proposal."))
        return redirect("directory:import", run.reference)
    decision = form.cleaned_data["decision"]
    if decision == "accept":
        answers = form.answers()
        try:
            decide_fields(proposal=proposal, actor=request.user, dismissed=form.dismissed(), answers=answers)
        except RuleViolation as error:
            context = _context(request, run, refused=Refused(proposal, answers, str(error)))
            return htmx.render_part(request, "directory/import.html", context, status=422)
    else:
        separate = decision == "separate" and proposal.action == ImportProposal.Action.JOIN
        decide(run=run, actor=request.user, accept=separate, proposals=[proposal.pk], separate=separate)
    messages.success(request, _("“%(title)s” was decided.") % {"title": proposal.title})
    return redirect("directory:import", run.reference)


@require_POST
@object_view(ImportRun, "decide")
@confirmed(
    gettext_lazy("Undo the whole import"),
    gettext_lazy("Everything that %(what)s wrote is taken back, up to the first record that changed since."),
    when=lambda _request, kwargs: kwargs["act"] == "undo",
)
def import_act(request: HttpRequest, run: ImportRun, act: str) -> HttpResponse:
    """Write what was accepted, take it back, or go on after a failure; the work is done in the background."""
    acts = {"write": ask_write, "undo": ask_undo, "resume": resume}
    acts[act](run=run, actor=request.user)
    run_import.enqueue(run.pk)
    return redirect("directory:import", run.reference)
