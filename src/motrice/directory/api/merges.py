"""Merges of doubled records through the API, and their undoing."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import NotPermitted
from motrice.core.models import AuditEntry
from motrice.core.policies import allows, holds
from motrice.directory.api.organisations import OrganisationOut
from motrice.directory.api.people import PersonOut, person_of
from motrice.directory.api.shapes import Reason, Reference, body_of
from motrice.directory.models import Organisation, Person
from motrice.directory.operations.merge import VERBS, merge, undo_merge
from motrice.web.rest import Strict, paginated

router = Router()


class MergeIn(Strict):
    """The record to merge into that of the address, and the fields to take from it."""

    other: str = Reference
    take: list[str] = Field(default_factory=list, max_length=20)
    reason: str = Reason


class UndoIn(Strict):
    """Why two records are put back as they were."""

    reason: str = Reason


class MergeOut(Schema):
    """A merge that can be undone by its number."""

    number: int
    at: datetime
    absorbed: str


@router.post("/organisations/{reference}/merge", response=OrganisationOut)
def organisation_merge(request: HttpRequest, reference: str, payload: MergeIn) -> Any:
    """Merge another record into this one; all its links move, and the old address leads here."""
    kept, other = body_of(request, reference, "merge"), body_of(request, payload.other, "merge")
    return merge(kept=kept, absorbed=other, actor=request.auth, take=payload.take, reason=payload.reason)  # type: ignore[attr-defined]


@router.post("/people/{reference}/merge", response=PersonOut)
def person_merge(request: HttpRequest, reference: str, payload: MergeIn) -> Any:
    """Merge another record of the same person into this one."""
    kept, other = person_of(request, reference, "merge"), person_of(request, payload.other, "merge")
    return merge(kept=kept, absorbed=other, actor=request.auth, take=payload.take, reason=payload.reason)  # type: ignore[attr-defined]


def _merges(kept: Any, actor: Any) -> list[dict[str, Any]]:
    """The merges into a record, as far as the caller may see what was merged away."""
    model = Organisation if isinstance(kept, Organisation) else Person
    entries = list(AuditEntry.objects.filter(verb=VERBS[model], subject_pk=kept.pk).order_by("-sequence"))
    seen = model.objects.permitted(actor).in_bulk([entry.details["absorbed"] for entry in entries])
    return [
        {"number": entry.sequence, "at": entry.at, "absorbed": seen[entry.details["absorbed"]].reference}
        for entry in entries
        if entry.details["absorbed"] in seen
    ]


@router.get("/organisations/{reference}/merges", response=list[MergeOut])
@paginated
def organisation_merges(request: HttpRequest, reference: str) -> Any:
    """The records that were merged into this one, newest first: for who may merge."""
    return _merges(body_of(request, reference, "merge"), request.auth)  # type: ignore[attr-defined]


@router.get("/people/{reference}/merges", response=list[MergeOut])
@paginated
def person_merges(request: HttpRequest, reference: str) -> Any:
    """The records that were merged into this one, newest first: for who may merge."""
    return _merges(person_of(request, reference, "merge"), request.auth)  # type: ignore[attr-defined]


@router.post("/merges/{number}/undo", response={204: None})
def merge_undo(request: HttpRequest, number: int, payload: UndoIn) -> Any:
    """Put two merged records back as they were; refused when one of the rows concerned has changed since."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    if not holds(actor, "coordinator", "officer"):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    entry = AuditEntry.objects.filter(sequence=min(number, 2**62), verb__in=VERBS.values()).first()
    model = next((model for model, verb in VERBS.items() if entry is not None and verb == entry.verb), None)
    kept = model._base_manager.filter(pk=entry.subject_pk).first() if entry is not None and model is not None else None
    if kept is None or not allows(actor, "view", kept):
        raise Http404
    undo_merge(entry=entry, actor=actor, reason=payload.reason)  # type: ignore[arg-type]
    return Status(204, None)
