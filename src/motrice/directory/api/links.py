"""Links between organisations and places of people in them, by date, through the API."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.directory import queries
from motrice.directory.api.people import PersonOut, person_of
from motrice.directory.api.shapes import Reason, Reference, body_of
from motrice.directory.enums import AffiliationRole, RelationKind, SuccessionKind
from motrice.directory.models import Affiliation, Person, Relation
from motrice.directory.operations.link import edit_link, end_link, link_organisations, record_succession, remove_link
from motrice.directory.operations.person import affiliate, end_affiliation, remove_affiliation
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class LinkOut(Schema):
    """A typed, dated link, read from source to target; `number` names it in the addresses below."""

    number: int
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
    def resolve_number(link: Relation) -> int:
        return link.pk

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


class LinkFields(ReadIn):
    """What can be corrected of a link; what is left out stays, an explicit null empties it."""

    starts_on: date | None = None
    ends_on: date | None = None
    rank: int | None = Field(None, ge=1, le=1000)
    label_number: str = Field("", max_length=40)
    reason: str = Reason


class EndLinkIn(ReadIn):
    """The last day; without it, it was never true and is removed, with the reason."""

    on: date | None = None
    reason: str = Reason


class LeaveIn(EndLinkIn):
    """Somebody who left, or never was there."""

    person: str = Reference
    role: AffiliationRole


class SuccessionIn(Strict):
    """Bodies that became others on a day."""

    predecessors: list[str] = Field(min_length=1, max_length=20)
    successors: list[str] = Field(min_length=1, max_length=20)
    kind: SuccessionKind
    on: date
    reason: str = Reason


class BodyOut(Schema):
    """A body by its reference and name."""

    reference: str
    name: str


class OfficeOut(Schema):
    """Somebody, or a body, that answers for a unit, and why."""

    organisation: str
    name: str
    person: str | None
    words: str


class OwnerOut(Schema):
    """A co-owner to propose for an invention of a day, with its share in per cent."""

    organisation: str
    name: str
    share: Decimal
    words: str


class ParticipationOut(Schema):
    """In how many bearers of a label a body takes part on a day, and which."""

    label: str
    count: int
    total: int
    institutes: list[BodyOut]


class PlaceOut(Schema):
    """Where somebody works or worked."""

    organisation: str
    name: str
    role: AffiliationRole
    starts_on: date | None
    ends_on: date | None


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


def _link(request: HttpRequest, reference: str, number: int) -> Relation:
    body = body_of(request, reference)
    rows = Relation.objects.permitted(request.auth).select_related("source", "target")  # type: ignore[attr-defined]
    mine = rows.filter(source=body) | rows.filter(target=body)
    link = mine.filter(pk=min(number, 2**62)).first()
    if link is None:
        raise Http404
    return link


@router.patch("/organisations/{reference}/links/{number}", response=LinkOut)
def link_edit(request: HttpRequest, reference: str, number: int, payload: LinkFields) -> Any:
    """Correct the dates, rank or label number of a link."""
    link = _link(request, reference, number)
    return edit_link(link=link, actor=request.auth, **payload.dict(exclude_unset=True))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/links/{number}/end", response={204: None})
def link_end(request: HttpRequest, reference: str, number: int, payload: EndLinkIn) -> Any:
    """Say on which day a link ended, or that it was never true."""
    link, actor = _link(request, reference, number), request.auth  # type: ignore[attr-defined]
    if payload.on is None:
        remove_link(link=link, actor=actor, reason=payload.reason, read=payload.read)
    else:
        end_link(link=link, actor=actor, on=payload.on, reason=payload.reason, read=payload.read)
    return Status(204, None)


@router.post("/organisations/{reference}/people/end", response={204: None})
def affiliation_end(request: HttpRequest, reference: str, payload: LeaveIn) -> Any:
    """Say on which day somebody left, or that they never were there."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    rows = Affiliation.objects.filter(organisation=body_of(request, reference)).permitted(actor)
    rows = rows.filter(person__reference=payload.person, role=payload.role)
    place = rows.select_related("organisation", "person").order_by("-starts_on", "-pk").first()
    if place is None:
        raise Http404
    if payload.on is None:
        remove_affiliation(affiliation=place, actor=actor, reason=payload.reason, read=payload.read)
    else:
        end_affiliation(affiliation=place, actor=actor, on=payload.on, reason=payload.reason, read=payload.read)
    return Status(204, None)


@router.get("/people/{reference}/places", response=list[PlaceOut])
@paginated
def place_list(request: HttpRequest, reference: str) -> Any:
    """Where somebody works and worked, the newest first."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    rows = Affiliation.objects.filter(person=person_of(request, reference)).permitted(actor)
    return [
        {
            "organisation": row.organisation.reference,
            "name": row.organisation.name,
            "role": row.role,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
        }
        for row in rows.select_related("organisation").order_by("-starts_on", "pk")
    ]


@router.post("/successions", response={201: list[LinkOut]})
def succession_record(request: HttpRequest, payload: SuccessionIn) -> Any:
    """Say that some bodies became others: the old ones close the day before."""
    fields = payload.dict()
    for end in ("predecessors", "successors"):
        fields[end] = [body_of(request, reference) for reference in dict.fromkeys(fields[end])]
    return Status(201, record_succession(actor=request.auth, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/succession", response=list[LinkOut])
@paginated
def succession_list(request: HttpRequest, reference: str) -> Any:
    """What came before it and after it, link by link, as far as the caller may see."""
    graph = queries.succession_graph(body_of(request, reference), actor=request.auth)  # type: ignore[attr-defined]
    return sorted(graph.links, key=lambda link: (str(link.starts_on or ""), link.pk))


@router.get("/organisations/{reference}/offices", response=list[OfficeOut])
@paginated
def office_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """Who answers for a unit on a day, nearest first."""
    rows = queries.offices_for(body_of(request, reference), on, actor=request.auth)  # type: ignore[attr-defined]
    return [
        {
            "organisation": row.organisation.reference,
            "name": str(row.person or row.organisation),
            "person": row.person.reference if row.person else None,
            "words": row.words,
        }
        for row in rows
    ]


@router.get("/organisations/{reference}/participations", response=list[ParticipationOut])
@paginated
def participation_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """In how many bearers of each label it takes part on a day: computed, with the list behind it."""
    rows = queries.participations(body_of(request, reference), on, actor=request.auth)  # type: ignore[attr-defined]
    return [
        {
            "label": str(row.label),
            "count": row.count,
            "total": row.total,
            "institutes": [{"reference": part.institute.reference, "name": part.institute.name} for part in row.parts],
        }
        for row in rows
    ]


@router.get("/organisations/{reference}/proposed-owners", response=list[OwnerOut])
@paginated
def owner_list(request: HttpRequest, reference: str, on: date) -> Any:
    """The co-owners to propose for an invention made in a unit on a day: its supervisors of that day."""
    unit = body_of(request, reference)
    rows = queries.proposed_owners(unit, on, actor=request.auth)  # type: ignore[attr-defined]
    return [
        {
            "organisation": row.organisation.reference,
            "name": row.organisation.name,
            "share": row.share,
            "words": row.words,
        }
        for row in rows
    ]
