"""The audit log and the catalogue through the API."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from motrice.accounts.lists import AUDIT
from motrice.core import audit, catalogue
from motrice.core.errors import NotPermitted
from motrice.core.models import AuditChange, AuditEntry, CatalogueEntry
from motrice.core.policies import get_permitted, holds
from motrice.web.rest import ReadIn, paginated
from motrice.web.rest_lists import FILE, filed, listed

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


class ChangeOut(Schema):
    """One row that an act wrote, before and after."""

    label: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


class VerdictOut(Schema):
    """What reading the whole chain found."""

    entry_count: int
    head: str
    faults: list[str]


class CatalogueOut(Schema):
    """One version of a catalogue entry."""

    kind: str
    code: str
    version: int
    is_retired: bool
    data: dict[str, Any]


class VersionIn(ReadIn):
    """The next version of an entry, and why."""

    data: dict[str, Any]
    is_retired: bool = False
    reason: str = Field(min_length=1, max_length=500)


def _entries(request: HttpRequest) -> Any:
    return AuditEntry.objects.permitted(request.auth).select_related("actor")  # type: ignore[attr-defined]


@router.get("/audit", response=list[EntryOut])
@listed(AUDIT)
def audit_list(request: HttpRequest) -> Any:
    """The acts that the caller may see: all of them on an audit mission, else one's own."""
    return _entries(request)


@router.get("/audit/export", openapi_extra=FILE)
@filed(AUDIT)
def audit_export(request: HttpRequest) -> Any:
    """The same acts as a file, on an audit mission."""
    return _entries(request)


@router.get("/audit/{sequence}/changes", response=list[ChangeOut])
@paginated
def audit_changes(request: HttpRequest, sequence: int) -> Any:
    """The rows that an act wrote, before and after, on an audit mission."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    entry = get_permitted(AuditEntry, actor, "view", sequence=max(min(sequence, 2**62), 0))
    return AuditChange.objects.filter(entry=entry).permitted(actor).order_by("position")


@router.post("/audit/verify", response=VerdictOut)
def audit_verify(request: HttpRequest, head: str = Query("", max_length=64)) -> Any:
    """Read the whole chain, on an audit mission; `head` is the hash expected at its end."""
    if not holds(request.auth, "auditor"):  # type: ignore[attr-defined]
        raise NotPermitted(_("This page is kept to other roles than yours."))
    return audit.verify(expected_head=head)


@router.get("/catalogue", response=list[CatalogueOut])
@paginated
def catalogue_list(
    request: HttpRequest, kind: str = Query("", max_length=64), code: str = Query("", max_length=64)
) -> Any:
    """Every version of what the institution chooses as data, newest first in each entry."""
    rows = CatalogueEntry.objects.permitted(request.auth).order_by("kind", "code", "-version")  # type: ignore[attr-defined]
    wanted = {"kind": kind, "code": code}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.put("/catalogue/{kind}/{code}", response=CatalogueOut)
def catalogue_edit(request: HttpRequest, kind: str, code: str, payload: VersionIn) -> Any:
    """Add the next version of an entry, checked by the rules of its kind; what was made under another keeps it."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    if not CatalogueEntry.objects.permitted(actor).filter(kind=kind, code=code).exists():
        raise Http404
    return catalogue.edit(kind=kind, code=code, actor=actor, **payload.dict())
