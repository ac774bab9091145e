"""Finding through the API: records by what is typed, and who can help a project next."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from motrice.directory import queries
from motrice.directory.api.organisations import OrganisationOut
from motrice.directory.lists import MECHANISMS, mechanism_rows
from motrice.directory.queries.search import find_records
from motrice.web.rest import paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class MechanismOut(Schema):
    """A mechanism that fits a project, with the reasons in words."""

    organisation: OrganisationOut
    type: str
    reasons: list[str]
    doubts: list[str]


class ListedOut(OrganisationOut):
    """A mechanism with its type in words."""

    shown_type: str


@router.get("/mechanisms", response=list[ListedOut])
@listed(MECHANISMS)
def mechanism_list(request: HttpRequest) -> Any:
    """Every transfer mechanism that the caller may see."""
    return mechanism_rows(request.auth)  # type: ignore[attr-defined]


@router.get("/mechanisms/export", openapi_extra=FILE)
@filed(MECHANISMS)
def mechanism_export(request: HttpRequest) -> Any:
    """The same mechanisms as a file, for who may export them."""
    return mechanism_rows(request.auth)  # type: ignore[attr-defined]


@router.get("/mechanisms/finder", response=list[MechanismOut])
@paginated
def mechanism_finder(
    request: HttpRequest,
    region: str = Query("", max_length=80),
    domain: str = Query("", max_length=64),
    done: str = Query("", max_length=64),
    trl: int | None = Query(None, ge=1, le=9),
    on: date | None = None,
) -> Any:
    """Who can help a project next, surest first."""
    found = queries.find_mechanisms(actor=request.auth, region=region, domain=domain, done=done, trl=trl, on=on)  # type: ignore[attr-defined]
    return [
        MechanismOut(
            organisation=OrganisationOut.from_orm(item.organisation),
            type=item.type_label,
            reasons=list(item.reasons),
            doubts=list(item.doubts),
        )
        for item in found
    ]


class FoundRecordOut(Schema):
    """A record for what was typed, and how it was recognised."""

    kind: str
    reference: str
    name: str
    matched: str
    how: str


@router.get("/search", response=list[FoundRecordOut])
@paginated
def search(request: HttpRequest, q: str = Query(..., min_length=1, max_length=200)) -> Any:
    """Records by number, name, acronym, old name or misspelling."""
    return [
        FoundRecordOut(
            kind=getattr(found.record, "kind", "person"),
            reference=found.record.reference,
            name=str(found.record),
            matched=found.matched,
            how=found.how,
        )
        for found in find_records(q.replace("\x00", ""), actor=request.auth, limit=50)  # type: ignore[attr-defined]
    ]
