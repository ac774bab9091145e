"""The life of an import: read, decide, write, undo; each in pieces that commit whole, so that a kill loses nothing.

Every piece commits together with the mark of how far it went, under a lease: whoever resumes takes the lease, and a
worker that lost it stops at its next piece. Hence nothing is done twice.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit, policies
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation, StaleState
from motrice.core.imports import Importer, TryLater, importer_of
from motrice.core.imports_memory import recall
from motrice.core.models import AuditEntry, ImportFinding, ImportProposal, ImportRun

Status, State, Action = ImportRun.Status, ImportProposal.State, ImportProposal.Action
APPLY_VERB, UNDO_VERB = "import.write", "import.undo"
SURE = 1.0
MOST_TRIES = 6


def may_import(actor: Any) -> bool:
    """Whether the actor may read files into the directory."""
    return policies.q_for(actor, ImportRun, "create") != policies.NOBODY


def may_work_on(run: ImportRun, actor: Any) -> bool:
    """Whether the actor may decide on a run, write it and take it back."""
    return policies.allows(actor, "decide", run)


def start_run(
    *, kind: str, files: Sequence[tuple[str, Path]], actor: Any, options: dict[str, str] | None = None, name: str = ""
) -> ImportRun:
    """Take a file, and those beside it as `(role, path)`, into the house and open a run; nothing is read yet.

    A run may begin without a file, under a `name`: its importer then brings it, in the background.
    """
    importer = importer_of(kind)
    if not importer.may_start(actor):
        raise NotPermitted(_("You may not import files."))
    choices = importer.checked_options(options or {}, actor)
    unknown = {role for role, _path in files[1:]} - set(importer.companions)
    if unknown:
        raise RuleViolation(
            _("This sort of file has no file beside it called “%(role)s”.") % {"role": min(unknown)}, field="file"
        )
    run = ImportRun(kind=kind, launched_by=actor, options=choices, is_private=importer.is_private)
    kept = _kept(run, files) if files else [{"role": "", "name": name, "path": "", "sha256": ""}]
    run.files = kept
    run.save(force_insert=True)
    audit.trace(actor, "import.start", subject=run, kind=kind, files=[item["name"] for item in kept])
    return run


def _kept(run: ImportRun, files: Sequence[tuple[str, Path]]) -> list[dict[str, str]]:
    """Copies of the files, in a folder of the run."""
    folder = Path(settings.MEDIA_ROOT) / "imports" / run.reference
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for number, (role, path) in enumerate(files):
        if not path.is_file():
            raise RuleViolation(_("There is no file %(path)s.") % {"path": path}, field="file")
        suffix = ".jsonl" if ".jsonl" in path.name else ".csv"
        target = folder / f"{number}{suffix}"
        shutil.copyfile(path, target)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        kept.append({"role": role, "name": path.name, "path": str(target), "sha256": digest})
    return kept


class _Worker:
    """Holds the lease of a run and moves it on, piece by piece."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.lease = secrets.token_hex(16)
        ImportRun.objects.filter(pk=run.pk).update(lease=self.lease)
        run.refresh_from_db()

    def mark(self, **values: Any) -> None:
        """Note progress, inside the transaction of the piece; refused when another worker took over."""
        if ImportRun.objects.filter(pk=self.run.pk, lease=self.lease).update(**values) == 0:
            raise StaleState(_("Another worker has taken this import over."))


def read_run(run: ImportRun) -> ImportRun:
    """Read the file into proposals and findings, from where an earlier reading stopped."""
    worker = _Worker(run)
    if run.status != Status.READING:
        raise InvalidTransition(_("This import has been read already."))
    importer = importer_of(run.kind)(run)
    if not run.files[0]["path"] and (path := importer.fetch()) is not None:
        worker.mark(files=_kept(run, [("", path)]), failure="", tries=0, next_try_at=None)
        run.refresh_from_db()
    importer.prepare()
    rows = importer.rows()
    if run.position == 0:
        worker.mark(total=importer.size())
    done = run.position
    while batch := list(itertools.islice(rows, importer.batch)):
        found = importer.read(batch)
        last = batch[-1][0]
        if last <= done:
            continue  # read before the kill: the importer remembers it again, nothing is kept twice
        found.proposals = [item for item in found.proposals if item.line > done]
        found.findings = [item for item in found.findings if item.line > done]
        recall(run, found.proposals)
        with transaction.atomic():
            item: Any
            for item in (*found.proposals, *found.findings):
                item.run_id = run.pk
            ImportProposal.objects.bulk_create(found.proposals, batch_size=500)
            ImportFinding.objects.bulk_create(found.findings, batch_size=500)
            worker.mark(position=last, unchanged_count=F("unchanged_count") + found.unchanged)
    worker.mark(status=Status.READY)
    run.refresh_from_db()
    return run


def decide(
    *,
    run: ImportRun,
    actor: Any,
    accept: bool,
    proposals: Iterable[int] | None = None,
    separate: bool = False,
    join_above: float = SURE,
) -> int:
    """Accept or dismiss proposals, all that wait when none is named; gives how many were decided.

    In bulk, a proposal to join a known record by likeness only is left to a person with the links of that record,
    unless it is at least as like as `join_above`. `separate` accepts such a proposal as a record of its own.
    """
    _require_ready(run, actor)
    seen = run.proposals.permitted(actor)
    rows = seen.filter(state__in=(State.OPEN, State.ACCEPTED, State.DISMISSED))
    if proposals is None:
        rows = rows.filter(state=State.OPEN)
        if accept and not separate:
            doubtful = seen.filter(score__lt=join_above, state=State.OPEN)
            rows = rows.exclude(key__in=doubtful.values("key"))
    else:
        rows = rows.filter(pk__in=list(proposals))
    state = State.ACCEPTED if accept else State.DISMISSED
    with audit.operation(actor, "import.decide", subject=run, details={"state": state}):
        return rows.update(state=state, decided_by=actor, is_separate=separate)


def decide_fields(
    *,
    proposal: ImportProposal,
    actor: Any,
    dismissed: Sequence[int],
    answers: Mapping[int, Sequence[str]] | None = None,
) -> ImportProposal:
    """Accept a proposal without some of its differences, named by position, and with what was written in others."""
    _require_ready(proposal.run, actor)
    answers = answers or {}
    wrong = [number for number in (*dismissed, *answers) if not 0 <= number < len(proposal.changes)]
    if wrong:
        raise RuleViolation(_("This proposal has no difference number %(number)d.") % {"number": wrong[0]})
    changes = [list(change) for change in proposal.changes]
    importer = importer_of(proposal.run.kind)
    for number, texts in answers.items():
        if number not in dismissed:
            name, _before, after = changes[number]
            changes[number][2] = importer.answered(name, after, texts)
    state = State.DISMISSED if len(set(dismissed)) == len(proposal.changes) else State.ACCEPTED
    with audit.operation(
        actor, "import.decide", subject=proposal.run, details={"state": state, "line": proposal.line}
    ):
        updated = ImportProposal.objects.filter(
            pk=proposal.pk, state__in=(State.OPEN, State.ACCEPTED, State.DISMISSED)
        ).update(state=state, dismissed=sorted(set(dismissed)), changes=changes, decided_by=actor, is_recalled=False)
        if not updated:
            raise StaleState(_("This proposal was written meanwhile: reload the page."))
    proposal.refresh_from_db()
    return proposal


def _require_ready(run: ImportRun, actor: Any) -> None:
    if not may_work_on(run, actor):
        raise NotPermitted(_("You may not decide on imports."))
    if run.status not in (Status.READY, Status.DONE):
        raise InvalidTransition(_("Wait until the file has been read."))


def ask_write(*, run: ImportRun, actor: Any) -> ImportRun:
    """Ask that what was accepted be written; `work` then does it."""
    if not may_work_on(run, actor):
        raise NotPermitted(_("You may not import files."))
    if not run.proposals.filter(state=State.ACCEPTED).exists():
        raise RuleViolation(_("Nothing is accepted yet: accept proposals first."))
    _begin(run, Status.APPLYING, Status.READY, Status.DONE)
    return run


def ask_undo(*, run: ImportRun, actor: Any, reason: str = "") -> ImportRun:
    """Ask that everything this import wrote be taken back; `work` then does it."""
    if not may_work_on(run, actor):
        raise NotPermitted(_("You may not undo imports."))
    _begin(run, Status.UNDOING, Status.DONE)
    audit.trace(actor, "import.ask_undo", subject=run, reason=reason)
    return run


def _begin(run: ImportRun, status: str, *sources: str) -> None:
    """Move a run to a state, from one of these only: two clicks start one job."""
    if ImportRun.objects.filter(pk=run.pk, status__in=sources).update(status=status, failure="") == 0:
        raise InvalidTransition(_("This import is in another state: reload the page."))
    run.refresh_from_db()


def apply_run(run: ImportRun) -> ImportRun:
    """Write what was accepted, in pieces; resumed after a kill, it goes on with what is not written yet."""
    worker = _Worker(run)
    if run.status != Status.APPLYING:
        raise InvalidTransition(_("Accept what is to be written first."))
    importer = importer_of(run.kind)(run)
    importer.prepare()
    while piece := _next_piece(run, importer):
        details = {"first": piece[0].pk, "count": len(piece), "phase": piece[0].phase}
        with audit.operation(run.launched_by, APPLY_VERB, subject=run, details=details) as op:
            findings = importer.write(op, piece)
            for item in findings:
                item.run_id = run.pk
            ImportFinding.objects.bulk_create(findings, batch_size=500)
            _keep_states(piece)
            worker.mark(resumes="")
    worker.mark(status=Status.DONE)
    run.refresh_from_db()
    importer.finished()
    return run


def _next_piece(run: ImportRun, importer: Importer) -> list[ImportProposal]:
    """The next accepted proposals, of one phase: links wait until both their ends are written."""
    waiting = run.proposals.filter(state=State.ACCEPTED).order_by("phase", "pk")
    first = waiting.values_list("phase", flat=True).first()
    return [] if first is None else list(waiting.filter(phase=first)[: importer.batch])


def _keep_states(piece: Sequence[ImportProposal]) -> None:
    for item in piece:
        if item.state == State.ACCEPTED:
            raise ValueError(f"The importer of {item.run.kind} left the proposal {item.key} undecided.")
    table, quote = ImportProposal._meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:  # one prepared statement: `bulk_update` took a quarter of an import's time
        cursor.executemany(
            f"UPDATE {quote(table)} SET state = %s, target_pk = %s WHERE id = %s",  # noqa: S608 - a name of ours
            [(item.state, item.target_pk, item.pk) for item in piece],
        )


def undo_run(run: ImportRun) -> ImportRun:
    """Take back every piece that was written, newest first; refused at the first row that changed since."""
    worker = _Worker(run)
    if run.status != Status.UNDOING:
        raise InvalidTransition(_("This import is in another state: reload the page."))
    entries = AuditEntry.objects.filter(
        verb=APPLY_VERB, subject_label=ImportRun._meta.label_lower, subject_pk=run.pk
    ).order_by("-sequence")
    if run.undo_position is not None:
        entries = entries.filter(sequence__lt=run.undo_position)
    for entry in entries:
        with transaction.atomic():
            audit.revert([entry], actor=run.launched_by, verb=UNDO_VERB)
            worker.mark(undo_position=entry.sequence)
    run.proposals.filter(state__in=(State.APPLIED, State.REFUSED)).update(state=State.DISMISSED)
    worker.mark(status=Status.UNDONE)
    run.refresh_from_db()
    importer_of(run.kind)(run).finished()
    return run


WORK = {Status.READING: read_run, Status.APPLYING: apply_run, Status.UNDOING: undo_run}


def work(run: ImportRun) -> ImportRun:
    """Do what the state of a run asks; a refusal is kept on the run, in words, with the state to resume."""
    run.refresh_from_db()
    step = WORK.get(Status(run.status))
    if step is None:
        return run
    try:
        return step(run)
    except TryLater as error:
        return _wait(run, error)
    except (RuleViolation, StaleState, InvalidTransition, NotPermitted) as error:
        lost = isinstance(error, StaleState) and ImportRun.objects.filter(pk=run.pk).exclude(lease=run.lease).exists()
        if not lost:
            ImportRun.objects.filter(pk=run.pk).update(status=Status.FAILED, resumes=run.status, failure=str(error))
        run.refresh_from_db()
        return run


def _wait(run: ImportRun, error: TryLater) -> ImportRun:
    """Keep a run as it is until it tries again; after so many tries it stops, and a person may resume it."""
    rows = ImportRun.objects.filter(pk=run.pk, lease=run.lease)
    if run.tries + 1 >= MOST_TRIES:
        rows.update(status=Status.FAILED, resumes=run.status, failure=str(error), tries=0, next_try_at=None)
    else:
        later = timezone.now() + timedelta(minutes=error.minutes * 2**run.tries)
        rows.update(failure=str(error), tries=F("tries") + 1, next_try_at=later)
    run.refresh_from_db()
    return run


def resume(*, run: ImportRun, actor: Any) -> ImportRun:
    """Put a run that failed or was killed back to what it was doing; `work` then goes on from there."""
    if not may_work_on(run, actor):
        raise NotPermitted(_("You may not import files."))
    if run.status == Status.FAILED:
        _begin(run, run.resumes, Status.FAILED)
    elif run.status not in WORK:
        raise InvalidTransition(_("This import has nothing left to do."))
    return run


def purge(run: ImportRun) -> None:
    """Remove a run that wrote nothing, with its files: the end of a dry run."""
    if run.proposals.filter(state=State.APPLIED).exists():
        raise InvalidTransition(_("What this import wrote is in the directory: undo it instead."))
    with transaction.atomic():
        for rows in (run.proposals, run.findings):
            rows.all().delete()
        pk = run.pk
        ImportRun.objects.filter(pk=pk).delete()
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "imports" / run.reference, ignore_errors=True)


def tally(run: ImportRun, actor: Any) -> dict[str, dict[str, int]]:
    """How many proposals that the actor may see, by action and state, and findings by sort: the report of a run."""
    proposals = run.proposals.permitted(actor).order_by().values_list("action", "state").annotate(number=Count("pk"))
    findings = run.findings.order_by().values_list("code").annotate(number=Count("pk"))
    report: dict[str, dict[str, int]] = {"unchanged": {"": run.unchanged_count}, "findings": dict(findings)}
    for action, state, number in proposals:
        report.setdefault(action, {})[state] = number
    return report
