"""Organisations, units and mechanisms through the API, with their names and numbers."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.directory.api.details import IdentifierIn
from motrice.directory.api.shapes import Reason, body_of, given
from motrice.directory.enums import UNIT_KINDS, OrganisationKind
from motrice.directory.lists import COMPANIES, ORGANISATIONS, UNITS, company_rows
from motrice.directory.models import Organisation
from motrice.directory.operations.organisation import (
    close_organisation,
    create_organisation,
    edit_organisation,
    rename_organisation,
)
from motrice.web.rest import ReadIn, Strict
from motrice.web.rest_lists import FILE, filed, listed

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


class CompanyRowOut(OrganisationOut):
    """A company, with the size and sector of the newest year known."""

    size: str | None
    naf: str | None


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


class OrganisationIn(OrganisationFields):
    """A new organisation."""

    kind: OrganisationKind
    name: str = Field(min_length=1, max_length=300)
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=20)


class OrganisationChangeIn(OrganisationFields, ReadIn):
    """What is corrected of an organisation."""


class RenameIn(ReadIn):
    """A new name from a day."""

    name: str = Field(min_length=1, max_length=300)
    short_name: str | None = Field(None, max_length=80)
    on: date
    reason: str = Reason


class CloseOrganisationIn(ReadIn):
    """The last day."""

    on: date
    reason: str = Reason


def _rows(request: HttpRequest) -> Any:
    return Organisation.objects.live().permitted(request.auth)  # type: ignore[attr-defined]


def _units(request: HttpRequest) -> Any:
    return _rows(request).filter(kind__in=UNIT_KINDS)


@router.get("/organisations", response=list[OrganisationOut])
@listed(ORGANISATIONS)
def organisation_list(request: HttpRequest) -> Any:
    """Every body of the directory that the caller may see; `q` is a name, an acronym or a number."""
    return _rows(request)


@router.get("/laboratories", response=list[OrganisationOut])
@listed(UNITS)
def unit_list(request: HttpRequest) -> Any:
    """Research units and teams."""
    return _units(request)


@router.get("/companies", response=list[CompanyRowOut])
@listed(COMPANIES)
def company_list(request: HttpRequest) -> Any:
    """Companies, with the size and sector of the newest year known."""
    return company_rows(request.auth)  # type: ignore[attr-defined]


@router.get("/organisations/export", openapi_extra=FILE)
@filed(ORGANISATIONS)
def organisation_export(request: HttpRequest) -> Any:
    """The same organisations as a file, for who may export them."""
    return _rows(request)


@router.get("/laboratories/export", openapi_extra=FILE)
@filed(UNITS)
def unit_export(request: HttpRequest) -> Any:
    """The same units and teams as a file, for who may export them."""
    return _units(request)


@router.get("/companies/export", openapi_extra=FILE)
@filed(COMPANIES)
def company_export(request: HttpRequest) -> Any:
    """The same companies as a file, for who may export them."""
    return company_rows(request.auth)  # type: ignore[attr-defined]


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
def organisation_edit(request: HttpRequest, reference: str, payload: OrganisationChangeIn) -> Any:
    """Correct named fields."""
    body = body_of(request, reference, "edit")
    return edit_organisation(organisation=body, actor=request.auth, **given(payload))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/rename", response=OrganisationOut)
def organisation_rename(request: HttpRequest, reference: str, payload: RenameIn) -> Any:
    """Give a new name from a day; the old one still finds the record."""
    body = body_of(request, reference, "edit")
    return rename_organisation(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/close", response=OrganisationOut)
def organisation_close(request: HttpRequest, reference: str, payload: CloseOrganisationIn) -> Any:
    """Say on which day it ended; the links that still run end with it, successions excepted."""
    body = body_of(request, reference, "edit")
    return close_organisation(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]
