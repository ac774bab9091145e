"""Finding through the API: records by what is typed, and who can help a project next."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from motrice.directory import queries
from motrice.directory.api.organisations import OrganisationOut
from motrice.directory.queries.search import find_records
from motrice.web.rest import paginated

router = Router()


class MechanismOut(Schema):
    """A mechanism that fits a project, with the reasons in words."""

    organisation: OrganisationOut
    type: str
    reasons: list[str]
    doubts: list[str]


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


class FoundOut(Schema):
    """A record for what was typed, and how it was recognised."""

    kind: str
    reference: str
    name: str
    matched: str
    how: str


@router.get("/search", response=list[FoundOut])
@paginated
def search(request: HttpRequest, q: str = Query(..., min_length=1, max_length=200)) -> Any:
    """Records by number, name, acronym, old name or misspelling."""
    return [
        FoundOut(
            kind=getattr(found.record, "kind", "person"),
            reference=found.record.reference,
            name=str(found.record),
            matched=found.matched,
            how=found.how,
        )
        for found in find_records(q.replace("\x00", ""), actor=request.auth, limit=50)  # type: ignore[attr-defined]
    ]
