"""Links between organisations and places of people in them, by date, through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.directory import queries
from motrice.directory.api.people import PersonOut
from motrice.directory.api.shapes import Reason, Reference, Strict, body_of
from motrice.directory.enums import AffiliationRole, RelationKind
from motrice.directory.models import Affiliation, Person, Relation
from motrice.directory.operations.link import link_organisations
from motrice.directory.operations.person import affiliate
from motrice.web.rest import paginated

router = Router()


class LinkOut(Schema):
    """A typed, dated link, read from source to target."""

    kind: RelationKind
    source: str
    target: str
    source_name: str
    target_name: str
    rank: int | None
    label_number: str
    succession: str
    starts_on: date | None
    ends_on: date | None

    @staticmethod
    def resolve_source(link: Relation) -> str:
        return link.source.reference

    @staticmethod
    def resolve_target(link: Relation) -> str:
        return link.target.reference

    @staticmethod
    def resolve_source_name(link: Relation) -> str:
        return link.source.name

    @staticmethod
    def resolve_target_name(link: Relation) -> str:
        return link.target.name


class LinkIn(Strict):
    """A link from the organisation of the address to another, or from the other to it."""

    other: str = Reference
    kind: RelationKind
    is_source: bool = True
    rank: int | None = Field(None, ge=1, le=1000)
    label_number: str = Field("", max_length=40)
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = Reason


class AffiliationOut(Schema):
    """A person's place in an organisation."""

    person: PersonOut
    role: AffiliationRole
    starts_on: date | None
    ends_on: date | None


class AffiliationIn(Strict):
    """A person to place in the organisation."""

    person: str = Reference
    role: AffiliationRole
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = Reason


@router.get("/organisations/{reference}/links", response=list[LinkOut])
@paginated
def link_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """The links from and to an organisation on a day: today when none is given."""
    body = body_of(request, reference)
    rows = Relation.objects.filter(source=body) | Relation.objects.filter(target=body)
    rows = rows.on(on).permitted(request.auth)  # type: ignore[attr-defined]
    return rows.select_related("source", "target").order_by("kind", "rank", "pk")


@router.post("/organisations/{reference}/links", response={201: LinkOut})
def link_add(request: HttpRequest, reference: str, payload: LinkIn) -> Any:
    """State a link; 422 when it is stated already for these dates or would make a circle."""
    body, fields = body_of(request, reference), payload.dict()
    other = body_of(request, fields.pop("other"))
    source, target = (body, other) if fields.pop("is_source") else (other, body)
    return Status(201, link_organisations(source=source, target=target, actor=request.auth, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/supervisors", response=list[LinkOut])
@paginated
def supervisor_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """The bodies that supervise a unit on a day, by rank."""
    return queries.supervisors_on(body_of(request, reference), on, actor=request.auth).select_related("target")  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/people", response=list[AffiliationOut])
@paginated
def affiliation_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """Who has a place in an organisation on a day."""
    rows = Affiliation.objects.filter(organisation=body_of(request, reference)).on(on)
    return rows.permitted(request.auth).select_related("person").order_by("role", "pk")  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/people", response={201: AffiliationOut})
def affiliation_add(request: HttpRequest, reference: str, payload: AffiliationIn) -> Any:
    """Place somebody in an organisation."""
    body, fields = body_of(request, reference), payload.dict()
    person = get_permitted(Person.objects.live(), request.auth, "view", reference=fields.pop("person"))  # type: ignore[attr-defined]
    return Status(201, affiliate(person=person, organisation=body, actor=request.auth, **fields))  # type: ignore[attr-defined]
