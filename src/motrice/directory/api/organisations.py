"""Organisations, units and mechanisms through the API, with their names and numbers."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.directory.api.shapes import Reason, Reference, Strict, body_of, given
from motrice.directory.enums import OrganisationKind, Scheme
from motrice.directory.models import Identifier, Organisation
from motrice.directory.operations.identifier import add_identifier
from motrice.directory.operations.merge import merge
from motrice.directory.operations.organisation import create_organisation, edit_organisation, rename_organisation
from motrice.web.rest import paginated

router = Router()


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


class MergeIn(Strict):
    """The record to merge into that of the address, and the fields to take from it."""

    other: str = Reference
    take: list[str] = Field(default_factory=list, max_length=20)
    reason: str = Reason


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
    fields = given(payload)
    numbers = [(item["scheme"], item["value"]) for item in fields.pop("identifiers", [])]
    return Status(201, create_organisation(actor=request.auth, identifiers=numbers, **fields))  # type: ignore[attr-defined]


@router.get("/organisations/{reference}", response=OrganisationOut)
def organisation_detail(request: HttpRequest, reference: str) -> Any:
    """One organisation; 404 when it does not exist, was merged away, or may not be seen."""
    return body_of(request, reference)


@router.patch("/organisations/{reference}", response=OrganisationOut)
def organisation_edit(request: HttpRequest, reference: str, payload: OrganisationFields) -> Any:
    """Correct named fields."""
    body = body_of(request, reference, "edit")
    return edit_organisation(organisation=body, actor=request.auth, **given(payload))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/rename", response=OrganisationOut)
def organisation_rename(request: HttpRequest, reference: str, payload: RenameIn) -> Any:
    """Give a new name from a day; the old one still finds the record."""
    body = body_of(request, reference, "edit")
    return rename_organisation(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/merge", response=OrganisationOut)
def organisation_merge(request: HttpRequest, reference: str, payload: MergeIn) -> Any:
    """Merge another record into this one."""
    kept, other = body_of(request, reference, "merge"), body_of(request, payload.other, "merge")
    return merge(kept=kept, absorbed=other, actor=request.auth, take=payload.take, reason=payload.reason)  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/identifiers", response=list[IdentifierOut])
@paginated
def identifier_list(request: HttpRequest, reference: str) -> Any:
    """The numbers of an organisation."""
    rows = Identifier.objects.filter(organisation=body_of(request, reference))
    return rows.permitted(request.auth).order_by("scheme", "value")  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/identifiers", response={201: IdentifierOut})
def identifier_add(request: HttpRequest, reference: str, payload: IdentifierIn) -> Any:
    """Give an organisation a number, checked by its check characters."""
    body = body_of(request, reference, "edit")
    return Status(201, add_identifier(holder=body, actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]
