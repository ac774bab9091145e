"""Imports through the API: send a file, read its proposals and findings, decide, write, undo."""

import tempfile
from pathlib import Path
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from motrice.core.errors import RuleViolation
from motrice.core.imports import importer_of, words_of
from motrice.core.imports_runs import ask_undo, ask_write, decide, decide_fields, resume, start_run
from motrice.core.models import ImportFinding, ImportProposal, ImportRun
from motrice.core.policies import get_permitted
from motrice.core.tasks import run_import
from motrice.core.uploads import check_size
from motrice.directory.lists import RUNS
from motrice.web.rest import paginated
from motrice.web.rest_lists import listed

router = Router()
SENT = File(...)


class ImportOut(Schema):
    """An import and how far it is."""

    reference: str
    kind: str
    status: str
    position: int
    total: int
    unchanged_count: int
    failure: str


class ProposalOut(Schema):
    """What a file would change of one record; `number` names it when it is decided alone.

    `dismissed` are the positions of the differences not to take, `is_recalled` says that an earlier import left them.
    """

    number: int
    line: int
    key: str
    title: str
    action: str
    state: str
    score: float | None
    changes: list[Any]
    dismissed: list[int]
    is_recalled: bool

    @staticmethod
    def resolve_number(proposal: ImportProposal) -> int:
        return proposal.pk


class FindingOut(Schema):
    """Something wrong in a file."""

    line: int
    field: str
    severity: str
    code: str
    words: str

    @staticmethod
    def resolve_words(finding: ImportFinding) -> str:
        return words_of(finding)


class DecideIn(Schema):
    """What to do with all that waits."""

    model_config = ConfigDict(extra="forbid")

    accept: bool
    join_above: float = Field(1.0, ge=0.5, le=1.0)


class DecideOneIn(Schema):
    """What to do with one proposal; `dismissed` are the positions of the differences not to take.

    `answers` are, by position, the parts written instead of those supposed, for the owners and inventors of a family.
    """

    model_config = ConfigDict(extra="forbid")

    decision: Literal["accept", "dismiss", "separate"]
    dismissed: list[int] = Field(default_factory=list, max_length=200)
    answers: dict[int, list[str]] = Field(default_factory=dict, max_length=200)


def _import(request: Any, reference: str, action: str = "view") -> ImportRun:
    return get_permitted(ImportRun, request.auth, action, reference=reference)


@router.get("", response=list[ImportOut])
@listed(RUNS)
def import_list(request: HttpRequest) -> Any:
    """The imports that the caller may see, newest first."""
    return ImportRun.objects.permitted(request.auth)  # type: ignore[attr-defined]


@router.post("", response={201: ImportOut})
def import_start(
    request: HttpRequest,
    kind: str = Form(..., max_length=64),
    file: UploadedFile = SENT,
    office: str = Form("", max_length=16),
    beside: UploadedFile | None = File(None),  # noqa: B008 - how the framework declares it
) -> Any:
    """Read a file, and the one that some sorts have beside it, into proposals, in the background.

    `office` is for patent files: the reference of the office that will hold the families.
    """
    roles = list(importer_of(kind).companions)
    with tempfile.TemporaryDirectory() as folder:
        files = [("", _saved(file, Path(folder), "file"))]
        if beside is not None and roles:
            files.append((roles[0], _saved(beside, Path(folder), "beside")))
        choices = {"office": office} if office else {}
        run = start_run(kind=kind, files=files, actor=request.auth, options=choices)  # type: ignore[attr-defined]
    run_import.enqueue(run.pk)
    run.refresh_from_db()
    return Status(201, run)


def _saved(upload: UploadedFile, folder: Path, field: str) -> Path:
    """The file that was sent as `field`, in a folder of its own."""
    name = Path(upload.name or "").name or "file.csv"
    check_size(name, upload.size or 0, field=field)
    path = folder / field / name
    path.parent.mkdir()
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path


@router.get("/{reference}", response=ImportOut)
def import_detail(request: HttpRequest, reference: str) -> Any:
    """One import."""
    return _import(request, reference)


@router.get("/{reference}/proposals", response=list[ProposalOut])
@paginated
def proposal_list(request: HttpRequest, reference: str, state: ImportProposal.State | None = None) -> Any:
    """What the file would change."""
    run = _import(request, reference)
    rows = run.proposals.permitted(request.auth).order_by("phase", "pk")  # type: ignore[attr-defined]
    return rows.filter(state=state) if state else rows


@router.get("/{reference}/findings", response=list[FindingOut])
@paginated
def finding_list(request: HttpRequest, reference: str) -> Any:
    """What is wrong in the file, by line."""
    return _import(request, reference).findings.order_by("line", "pk")


@router.post("/{reference}/decide", response=ImportOut)
def import_decide(request: HttpRequest, reference: str, payload: DecideIn) -> Any:
    """Accept or dismiss all that waits; a likeness below `join_above` is left to a person."""
    run = _import(request, reference, "decide")
    decide(run=run, actor=request.auth, accept=payload.accept, join_above=payload.join_above)  # type: ignore[attr-defined]
    return run


@router.post("/{reference}/proposals/{number}", response=ProposalOut)
def proposal_decide(request: HttpRequest, reference: str, number: int, payload: DecideOneIn) -> Any:
    """Decide on one proposal: its differences or some of them, none, or a record of its own."""
    run, actor = _import(request, reference, "decide"), request.auth  # type: ignore[attr-defined]
    proposal = get_permitted(run.proposals.all(), actor, "view", pk=min(number, 2**62))
    if payload.decision == "accept":
        decide_fields(proposal=proposal, actor=actor, dismissed=payload.dismissed, answers=payload.answers)
    else:
        separate = payload.decision == "separate" and proposal.action == ImportProposal.Action.JOIN
        decide(run=run, actor=actor, accept=separate, proposals=[proposal.pk], separate=separate)
    proposal.refresh_from_db()
    return proposal


@router.post("/{reference}/{act}", response=ImportOut)
def import_act(request: HttpRequest, reference: str, act: str) -> Any:
    """`write` what was accepted, `undo` it all, or `resume` after a failure; in the background."""
    acts = {"write": ask_write, "undo": ask_undo, "resume": resume}
    if act not in acts:
        raise RuleViolation(f"{act}: write, undo, resume.", field="act")
    run = acts[act](run=_import(request, reference, "decide"), actor=request.auth)  # type: ignore[attr-defined,operator]
    run_import.enqueue(run.pk)
    run.refresh_from_db()
    return run
