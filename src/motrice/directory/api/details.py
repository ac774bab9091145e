"""What belongs to an organisation, through the API: numbers, names, address, sizes by year, topics, mechanism."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.directory.api.people import person_of
from motrice.directory.api.shapes import Reason, body_of
from motrice.directory.enums import NameKind, Scheme, SizeClass
from motrice.directory.models import Address, Identifier, Mechanism, Organisation, OrganisationName, Topic, YearProfile
from motrice.directory.operations.identifier import add_identifier, end_identifier, remove_identifier
from motrice.directory.operations.mechanism import set_mechanism
from motrice.directory.operations.organisation import (
    add_name,
    end_name,
    remove_name,
    remove_profile,
    set_address,
    set_profile,
    set_topics,
)
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


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
    value: str = Field(min_length=1, max_length=80)
    source: str = Field("", max_length=80)
    reason: str = Reason


class LastDayIn(ReadIn):
    """Until which day something held; without it, it never did and is removed, with the reason."""

    on: date | None = None
    reason: str = Reason


class EndIdentifierIn(LastDayIn):
    """A number that no longer holds, or never did."""

    scheme: Scheme
    value: str = Field(min_length=1, max_length=80)


class NameOut(Schema):
    """Another name that it bears or bore."""

    kind: NameKind
    value: str
    language: str
    starts_on: date | None
    ends_on: date | None


class NameIn(Strict):
    """Another name."""

    kind: NameKind
    value: str = Field(min_length=1, max_length=300)
    language: str = Field("", max_length=8)
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = Reason


class EndNameIn(LastDayIn):
    """A name that is no longer borne, or never was."""

    kind: NameKind
    value: str = Field(min_length=1, max_length=300)


class AddressOut(Schema):
    """Where it is, or was."""

    street: str
    postcode: str
    city: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    starts_on: date | None
    ends_on: date | None


class AddressIn(ReadIn):
    """Where it is."""

    street: str = Field("", max_length=300)
    postcode: str = Field("", max_length=16)
    city: str = Field("", max_length=120)
    region: str = Field("", max_length=80)
    country: str = Field("", max_length=2)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    reason: str = Reason


class ProfileOut(Schema):
    """Size and sector of a year, with where that was read."""

    year: int
    size_class: str
    naf_code: str
    headcount: int | None
    source: str


class YearProfileIn(ReadIn):
    """Size and sector of a year, with where that was read."""

    year: int = Field(ge=1900, le=2200)
    source: str = Field(min_length=1, max_length=80)
    size_class: SizeClass | Literal[""] = ""
    naf_code: str = Field("", max_length=8)
    headcount: int | None = Field(None, ge=0, le=10_000_000)
    reason: str = Reason


class RemoveYearIn(Strict):
    """A year that was never right."""

    year: int = Field(ge=1900, le=2200)
    reason: str = Reason


class TopicOut(Schema):
    """A field of work, in a scheme."""

    scheme: str
    code: str


class TopicsIn(Strict):
    """The fields of work of one scheme, all of them."""

    scheme: str = Field(min_length=1, max_length=16)
    codes: list[str] = Field(max_length=100)
    reason: str = Reason


class OfferedOut(Schema):
    """What a transfer mechanism offers."""

    mechanism_type: str
    regions: list[str]
    domains: list[str]
    steps: list[str]
    trl_min: int | None
    trl_max: int | None
    amount: Decimal | None
    currency: str
    contact: str


class OfferedIn(ReadIn):
    """What a transfer mechanism offers."""

    mechanism_type: str = Field(min_length=1, max_length=64)
    regions: list[str] = Field(default_factory=list, max_length=40)
    domains: list[str] = Field(default_factory=list, max_length=40)
    steps: list[str] = Field(default_factory=list, max_length=40)
    trl_min: int | None = Field(None, ge=1, le=9)
    trl_max: int | None = Field(None, ge=1, le=9)
    amount: Decimal | None = Field(None, ge=0, max_digits=16, decimal_places=2)
    currency: str = Field("", max_length=3)
    contact: str = Field("", max_length=200)
    reason: str = Reason


def _held(rows: Any, **values: Any) -> Any:
    found = rows.filter(**values).order_by("pk").last()
    if found is None:
        raise Http404
    return found


def _numbers(request: HttpRequest, **holder: Any) -> Any:
    rows = Identifier.objects.filter(**holder).permitted(request.auth)  # type: ignore[attr-defined]
    return rows.order_by("scheme", "value", "pk")


def _end_number(request: HttpRequest, holder: dict[str, Any], payload: EndIdentifierIn) -> Status:
    number = _held(_numbers(request, **holder), scheme=payload.scheme, value=payload.value)
    actor: Any = request.auth  # type: ignore[attr-defined]
    if payload.on is None:
        remove_identifier(identifier=number, actor=actor, reason=payload.reason, read=payload.read)
    else:
        end_identifier(identifier=number, actor=actor, on=payload.on, reason=payload.reason, read=payload.read)
    return Status(204, None)


@router.get("/organisations/{reference}/identifiers", response=list[IdentifierOut])
@paginated
def identifier_list(request: HttpRequest, reference: str) -> Any:
    """The numbers of an organisation."""
    return _numbers(request, organisation=body_of(request, reference))


@router.post("/organisations/{reference}/identifiers", response={201: IdentifierOut})
def identifier_add(request: HttpRequest, reference: str, payload: IdentifierIn) -> Any:
    """Give an organisation a number, checked by its check characters."""
    body = body_of(request, reference, "edit")
    return Status(201, add_identifier(holder=body, actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/identifiers/end", response={204: None})
def identifier_end(request: HttpRequest, reference: str, payload: EndIdentifierIn) -> Any:
    """Say until which day a number was in force, or that it never was."""
    return _end_number(request, {"organisation": body_of(request, reference, "edit")}, payload)


@router.get("/people/{reference}/identifiers", response=list[IdentifierOut])
@paginated
def person_identifier_list(request: HttpRequest, reference: str) -> Any:
    """The numbers of a person."""
    return _numbers(request, person=person_of(request, reference))


@router.post("/people/{reference}/identifiers", response={201: IdentifierOut})
def person_identifier_add(request: HttpRequest, reference: str, payload: IdentifierIn) -> Any:
    """Give a person a number, such as an ORCID."""
    somebody = person_of(request, reference, "edit")
    return Status(201, add_identifier(holder=somebody, actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]


@router.post("/people/{reference}/identifiers/end", response={204: None})
def person_identifier_end(request: HttpRequest, reference: str, payload: EndIdentifierIn) -> Any:
    """Say until which day a number was in force, or that it never was."""
    return _end_number(request, {"person": person_of(request, reference, "edit")}, payload)


def _names(body: Organisation, actor: Any) -> Any:
    return OrganisationName.objects.filter(organisation=body).permitted(actor).order_by("kind", "value", "pk")


@router.get("/organisations/{reference}/names", response=list[NameOut])
@paginated
def name_list(request: HttpRequest, reference: str) -> Any:
    """Other names that it bears or bore: acronyms, translations, former names."""
    return _names(body_of(request, reference), request.auth)  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/names", response={201: NameOut})
def name_add(request: HttpRequest, reference: str, payload: NameIn) -> Any:
    """Add another name; 422 for one that it bears already."""
    body = body_of(request, reference, "edit")
    return Status(201, add_name(organisation=body, actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/names/end", response={204: None})
def name_end(request: HttpRequest, reference: str, payload: EndNameIn) -> Any:
    """Say until which day a name was borne, or that it never was."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    body = body_of(request, reference, "edit")
    name = _held(_names(body, actor), kind=payload.kind, value=payload.value)
    if payload.on is None:
        remove_name(name=name, actor=actor, reason=payload.reason, read=payload.read)
    else:
        end_name(name=name, actor=actor, on=payload.on, reason=payload.reason, read=payload.read)
    return Status(204, None)


@router.get("/organisations/{reference}/addresses", response=list[AddressOut])
@paginated
def address_list(request: HttpRequest, reference: str, on: date | None = None) -> Any:
    """Where it is on a day: today when none is given."""
    rows = Address.objects.filter(organisation=body_of(request, reference)).on(on)
    return rows.permitted(request.auth).order_by("pk")  # type: ignore[attr-defined]


@router.put("/organisations/{reference}/address", response=AddressOut)
def address_set(request: HttpRequest, reference: str, payload: AddressIn) -> Any:
    """Write where it is today."""
    body = body_of(request, reference, "edit")
    return set_address(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/profiles", response=list[ProfileOut])
@paginated
def profile_list(request: HttpRequest, reference: str) -> Any:
    """Size and sector by year, newest first."""
    rows = YearProfile.objects.filter(organisation=body_of(request, reference))
    return rows.permitted(request.auth).order_by("-year", "pk")  # type: ignore[attr-defined]


@router.put("/organisations/{reference}/profiles", response=ProfileOut)
def profile_set(request: HttpRequest, reference: str, payload: YearProfileIn) -> Any:
    """Write size and sector of one year."""
    body = body_of(request, reference, "edit")
    return set_profile(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.post("/organisations/{reference}/profiles/remove", response={204: None})
def profile_remove(request: HttpRequest, reference: str, payload: RemoveYearIn) -> Any:
    """Take away a year that was never right."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    rows = YearProfile.objects.filter(organisation=body_of(request, reference, "edit")).permitted(actor)
    remove_profile(profile=_held(rows, year=payload.year), actor=actor, reason=payload.reason)
    return Status(204, None)


@router.get("/organisations/{reference}/topics", response=list[TopicOut])
@paginated
def topic_list(request: HttpRequest, reference: str) -> Any:
    """Its fields of work."""
    rows = Topic.objects.filter(organisation=body_of(request, reference))
    return rows.permitted(request.auth).order_by("scheme", "code")  # type: ignore[attr-defined]


@router.put("/organisations/{reference}/topics", response=list[TopicOut])
def topic_set(request: HttpRequest, reference: str, payload: TopicsIn) -> Any:
    """State the fields of one scheme anew."""
    body = body_of(request, reference, "edit")
    return set_topics(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]


@router.get("/organisations/{reference}/mechanism", response=OfferedOut)
def mechanism_detail(request: HttpRequest, reference: str) -> Any:
    """What a transfer mechanism offers; 404 for an organisation that is none."""
    rows = Mechanism.objects.permitted(request.auth)  # type: ignore[attr-defined]
    return _held(rows, organisation=body_of(request, reference))


@router.put("/organisations/{reference}/mechanism", response=OfferedOut)
def mechanism_set(request: HttpRequest, reference: str, payload: OfferedIn) -> Any:
    """Say what a mechanism is and offers; 422 for a type, domain or step that the catalogue does not have."""
    body = body_of(request, reference, "edit")
    return set_mechanism(organisation=body, actor=request.auth, **payload.dict())  # type: ignore[attr-defined]
