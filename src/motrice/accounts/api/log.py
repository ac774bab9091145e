"""The audit log and the catalogue through the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from motrice.core.models import AuditEntry, CatalogueEntry
from motrice.web.rest import paginated

router = Router()


class EntryOut(Schema):
    """One entry of the audit log."""

    sequence: int
    at: datetime
    actor: str | None
    verb: str
    reason: str
    subject_label: str
    hash: str

    @staticmethod
    def resolve_actor(entry: AuditEntry) -> str | None:
        return entry.actor.display_name if entry.actor else None


class CatalogueOut(Schema):
    """One version of a catalogue entry."""

    kind: str
    code: str
    version: int
    is_retired: bool
    data: dict[str, Any]


@router.get("/audit", response=list[EntryOut])
@paginated
def audit_list(request: HttpRequest, verb: str = "") -> Any:
    """The entries of the audit log that the caller may see, newest first."""
    rows = AuditEntry.objects.permitted(request.auth).select_related("actor").order_by("-sequence")  # type: ignore[attr-defined]
    return rows.filter(verb=verb) if verb else rows


@router.get("/catalogue", response=list[CatalogueOut])
@paginated
def catalogue_list(request: HttpRequest, kind: str = "") -> Any:
    """Every version of what the institution chooses as data."""
    rows = CatalogueEntry.objects.permitted(request.auth).order_by("kind", "code", "-version")  # type: ignore[attr-defined]
    return rows.filter(kind=kind) if kind else rows
