"""The directory through the API: organisations, people, links, evidence, mechanisms, search, merges and imports."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from motrice.core.confidentiality import Level
from motrice.core.policies import get_permitted
from motrice.directory import queries
from motrice.directory.api_imports import router as imports_router
from motrice.directory.enums import AffiliationRole, EvidenceKind, OrganisationKind, RelationKind, Scheme
from motrice.directory.models import Affiliation, Evidence, Identifier, Organisation, Person, Relation
from motrice.directory.operations.evidence import register_evidence
from motrice.directory.operations.identifier import add_identifier
from motrice.directory.operations.link import link_organisations
from motrice.directory.operations.merge import merge
from motrice.directory.operations.organisation import create_organisation, edit_organisation, rename_organisation
from motrice.directory.operations.person import affiliate, create_person, edit_person
from motrice.directory.queries.search import find_records
from motrice.web.rest import paginated

prefix = "/directory"
router = Router()
router.add_router("/imports", imports_router)
Reference = Field(min_length=8, max_length=8)
Reason = Field("", max_length=2000)


class Strict(Schema):
    """A body in which an unknown field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class OrganisationOut(Schema):
    """An organisation, a unit or a mechanism."""

    reference: str
    kind: OrganisationKind
    name: str
    short_name: str
    description: str
    website: str
    legal_form: str
    starts_on: date | None
    ends_on: date | None
    country: str
    region: str
    city: str
    level: Level
    source: str


class OrganisationFields(Strict):
    """What can be corrected of an organisation; what is left out stays."""

    kind: OrganisationKind | None = None
    name: str | None = Field(None, min_length=1, max_length=300)
    short_name: str | None = Field(None, max_length=80)
    description: str | None = Field(None, max_length=20000)
    website: str | None = Field(None, max_length=500)
    legal_form: str | None = Field(None, max_length=120)
    starts_on: date | None = None
    ends_on: date | None = None
    country: str | None = Field(None, max_length=2)
    region: str | None = Field(None, max_length=80)
    city: str | None = Field(None, max_length=120)
    level: Level | None = None
    reason: str = Reason


class IdentifierOut(Schema):
    """A number of a register."""

    scheme: Scheme
    value: str
    source: str
    starts_on: date | None
    ends_on: date | None


class IdentifierIn(Strict):
    """A number to give to a record."""

    scheme: Scheme
    value: str = Field(min_length=1, max_length=120)
    source: str = Field("", max_length=80)
    reason: str = Reason


class OrganisationIn(OrganisationFields):
    """A new organisation."""

    kind: OrganisationKind
    name: str = Field(min_length=1, max_length=300)
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=20)


class RenameIn(Strict):
    """A new name from a day."""

    name: str = Field(min_length=1, max_length=300)
    short_name: str | None = Field(None, max_length=80)
    on: date
    reason: str = Reason


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


class PersonOut(Schema):
    """Somebody of the field."""

    reference: str
    given_name: str
    family_name: str
    description: str
    level: Level


class PersonFields(Strict):
    """What can be corrected of a person; what is left out stays."""

    given_name: str | None = Field(None, min_length=1, max_length=80)
    family_name: str | None = Field(None, min_length=1, max_length=80)
    email: str | None = Field(None, max_length=254)
    description: str | None = Field(None, max_length=20000)
    level: Level | None = None
    reason: str = Reason


class PersonIn(PersonFields):
    """A new person."""

    given_name: str = Field(min_length=1, max_length=80)
    family_name: str = Field(min_length=1, max_length=80)


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


class EvidenceOut(Schema):
    """A text that shows what its holders can do."""

    reference: str
    kind: EvidenceKind
    title: str
    text: str
    language: str
    dated_on: date | None
    url: str
    source: str
    level: Level


class EvidenceIn(Strict):
    """A text to register for one or several organisations."""

    kind: EvidenceKind
    title: str = Field(min_length=1, max_length=500)
    text: str = Field("", max_length=100_000)
    language: str = Field("", max_length=8)
    dated_on: date | None = None
    url: str = Field("", max_length=500)
    level: Level = Level.PUBLIC
    owners: list[str] = Field(min_length=1, max_length=20)
    reason: str = Reason


class MergeIn(Strict):
    """The record to merge into that of the address, and the fields to take from it."""

    other: str = Reference
    take: list[str] = Field(default_factory=list, max_length=20)
    reason: str = Reason


def _body(request: Any, reference: str, action: str = "view") -> Organisation:
    return get_permitted(Organisation.objects.live(), request.auth, action, reference=reference)


def _given(payload: Schema) -> dict[str, Any]:
    """The fields that were sent; an explicit null empties a date and leaves other fields as they are."""
    sent = payload.dict(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in ("starts_on", "ends_on")}


@router.get("/organisations", response=list[OrganisationOut])
@paginated
def organisation_list(
    request: HttpRequest,
    q: str = Query("", max_length=200),
    kind: OrganisationKind | None = None,
    region: str = Query("", max_length=80),
    country: str = Query("", max_length=2),
) -> Any:
    """The organisations that the caller may see, by name; `q` is a part of the name."""
    rows = Organisation.objects.live().permitted(request.auth).order_by("name", "pk")  # type: ignore[attr-defined]
    wanted = {"kind": kind, "region": region, "country": country, "name__icontains": q.replace("\x00", "")}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.post("/organisations", response={201: OrganisationOut})
def organisation_create(request: HttpRequest, payload: OrganisationIn) -> Any:
    """Add an organisation; 422 for a number that is wrong or held already."""
    fields = _given(payload)
    numbers = [(item["scheme"], item["value"]) for item in fields.pop("identifiers", [])]
    return Status(201, create_organisation(actor=request.auth, identifiers=numbers, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}", response=OrganisationOut)
def organisation_detail(request: HttpRequest, reference: str) -> Any:
    """One organisation; 404 when it does not exist, was merged away, or may not be seen."""
    return _body(request, reference)


@router.patch("/organisations/{reference}", response=OrganisationOut)
def organisation_edit(request: HttpRequest, reference: str, payload: OrganisationFields) -> Any:
    """Correct named fields."""
    body = _body(request, reference, "edit")
    return edit_organisation(organisation=body, actor=request.auth, **_given(payload))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/rename", response=OrganisationOut)
def organisation_rename(request: HttpRequest, reference: str, payload: RenameIn) -> Any:
    """Give a new name from a day; the old one still finds the record."""
    body = _body(request, reference, "edit")
    return rename_organisation(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/merge", response=OrganisationOut)
def organisation_merge(request: HttpRequest, reference: str, payload: MergeIn) -> Any:
    """Merge another record into this one."""
    kept, other = _body(request, reference, "merge"), _body(request, payload.other, "merge")
    return merge(kept=kept, absorbed=other, actor=request.auth, take=payload.take, reason=payload.reason)  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/identifiers", response=list[IdentifierOut])
@paginated
def identifier_list(request: HttpRequest, reference: str) -> Any:
    """The numbers of an organisation."""
    rows = Identifier.objects.filter(organisation=_body(request, reference))
    return rows.permitted(request.auth).order_by("scheme", "value")  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/identifiers", response={201: IdentifierOut})
def identifier_add(request: HttpRequest, reference: str, payload: IdentifierIn) -> Any:
    """Give an organisation a number, checked by its check characters."""
    body = _body(request, reference, "edit")
    return Status(201, add_identifier(holder=body, actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/links", response=list[LinkOut])
@paginated
def link_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """The links from and to an organisation on a day: today when none is given."""
    body = _body(request, reference)
    rows = Relation.objects.filter(source=body) | Relation.objects.filter(target=body)
    rows = rows.on(on).permitted(request.auth)  # type: ignore[attr-defined]
    return rows.select_related("source", "target").order_by("kind", "rank", "pk")


@router.post("/organisations/{reference}/links", response={201: LinkOut})
def link_add(request: HttpRequest, reference: str, payload: LinkIn) -> Any:
    """State a link; 422 when it is stated already for these dates or would make a circle."""
    body, fields = _body(request, reference), payload.dict()
    other = _body(request, fields.pop("other"))
    source, target = (body, other) if fields.pop("is_source") else (other, body)
    return Status(201, link_organisations(source=source, target=target, actor=request.auth, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/supervisors", response=list[LinkOut])
@paginated
def supervisor_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """The bodies that supervise a unit on a day, by rank."""
    return queries.supervisors_on(_body(request, reference), on, actor=request.auth).select_related("target")  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/people", response=list[AffiliationOut])
@paginated
def affiliation_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """Who has a place in an organisation on a day."""
    rows = Affiliation.objects.filter(organisation=_body(request, reference)).on(on)
    return rows.permitted(request.auth).select_related("person").order_by("role", "pk")  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/people", response={201: AffiliationOut})
def affiliation_add(request: HttpRequest, reference: str, payload: AffiliationIn) -> Any:
    """Place somebody in an organisation."""
    body, fields = _body(request, reference), payload.dict()
    person = get_permitted(Person.objects.live(), request.auth, "view", reference=fields.pop("person"))  # type: ignore[attr-defined]
    return Status(201, affiliate(person=person, organisation=body, actor=request.auth, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/evidence", response=list[EvidenceOut])
@paginated
def evidence_list(request: HttpRequest, reference: str) -> Any:
    """The texts that an organisation holds, newest first."""
    rows = Evidence.objects.filter(owners__organisation=_body(request, reference))
    return rows.permitted(request.auth).order_by("-dated_on", "pk")  # type: ignore[attr-defined]


@router.post("/evidence", response={201: EvidenceOut})
def evidence_add(request: HttpRequest, payload: EvidenceIn) -> Any:
    """Register a text for its holders."""
    fields = payload.dict()
    owners = [_body(request, reference) for reference in fields.pop("owners")]
    return Status(201, register_evidence(actor=request.auth, owners=owners, **fields))  # type: ignore[attr-defined]


@router.get("/people", response=list[PersonOut])
@paginated
def person_list(request: HttpRequest, q: str = Query("", max_length=80)) -> Any:
    """The people whom the caller may see; `q` is a part of the family name."""
    rows = Person.objects.live().permitted(request.auth)  # type: ignore[attr-defined]
    return rows.filter(family_name__icontains=q.replace("\x00", "")).order_by("family_name", "given_name", "pk")


@router.post("/people", response={201: PersonOut})
def person_create(request: HttpRequest, payload: PersonIn) -> Any:
    """Add somebody of the field."""
    return Status(201, create_person(actor=request.auth, **_given(payload)))  # type: ignore[attr-defined]


@router.get("/people/{reference}", response=PersonOut)
def person_detail(request: HttpRequest, reference: str) -> Any:
    """One person."""
    return get_permitted(Person.objects.live(), request.auth, "view", reference=reference)  # type: ignore[attr-defined]


@router.patch("/people/{reference}", response=PersonOut)
def person_edit(request: HttpRequest, reference: str, payload: PersonFields) -> Any:
    """Correct named fields of a person."""
    person = get_permitted(Person.objects.live(), request.auth, "edit", reference=reference)  # type: ignore[attr-defined]
    return edit_person(person=person, actor=request.auth, **_given(payload))  # type: ignore[attr-defined]


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
