"""Applications, publications and events through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.portfolio.api.assets import asset_of
from motrice.portfolio.api.shapes import actor_of, organisation_of
from motrice.portfolio.enums import Descent, EventKind, FeeCategory, FilingStatus, Route
from motrice.portfolio.lists.assets import FILINGS
from motrice.portfolio.models import Application, DocketEvent, Publication
from motrice.portfolio.operations import filings as operations
from motrice.portfolio.operations.docket import set_fee_category
from motrice.web.rest import ReadIn, Strict, paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()
AS_WRITTEN = {"office", "route", "number", "filed_on", "language", "agent_reference", "expires_on", "fee_category"}


class ApplicationOut(Schema):
    """One filing at one office."""

    reference: str
    asset: str
    office: str
    route: Route
    number: str
    filed_on: date | None
    status: FilingStatus
    status_on: date | None
    granted_on: date | None
    expires_on: date | None
    parent: str | None
    descent: str
    fee_category: FeeCategory

    @staticmethod
    def resolve_asset(application: Application) -> str:
        return application.asset.reference

    @staticmethod
    def resolve_parent(application: Application) -> str | None:
        return application.parent.reference if application.parent else None


class PublicationOut(Schema):
    """A published document."""

    office: str
    number: str
    kind_code: str
    published_on: date


class DocketEventOut(Schema):
    """Something that happened in a procedure."""

    reference: str
    kind: EventKind
    occurred_on: date
    year: int | None
    code: str
    note: str
    source: str


class PriorityIn(Strict):
    """An earlier filing whose date is claimed."""

    office: str = Field(pattern="^[A-Za-z]{2}$")
    number: str = Field(min_length=1, max_length=30)
    filed_on: date


class ApplicantIn(Strict):
    """An applicant as printed; `organisation` is the record it is recognised as."""

    name: str = Field(min_length=1, max_length=300)
    country: str = Field("", pattern="^([A-Za-z]{2})?$")
    organisation: str | None = Field(None, min_length=8, max_length=8)


class ApplicationIn(Strict):
    """A filing as it is entered."""

    office: str = Field(pattern="^[A-Za-z]{2}$")
    route: Route
    number: str = Field("", max_length=30)
    filed_on: date | None = None
    parent: str | None = Field(None, min_length=8, max_length=8)
    descent: Descent | None = None
    language: str = Field("", pattern="^([a-z]{2})?$")
    agent: str | None = Field(None, min_length=8, max_length=8)
    agent_reference: str = Field("", max_length=60)
    expires_on: date | None = None
    fee_category: FeeCategory = FeeCategory.STANDARD
    applicants: list[ApplicantIn] = Field(default_factory=list, max_length=40)
    priorities: list[PriorityIn] = Field(default_factory=list, max_length=40)


class FeeRateIn(ReadIn):
    """Which fees the applicant pays."""

    fee_category: FeeCategory


class PublicationIn(Strict):
    """A published document: number without office and kind."""

    office: str = Field("", pattern="^([A-Za-z]{2})?$")
    number: str = Field(min_length=1, max_length=30)
    kind_code: str = Field("", max_length=3)
    published_on: date
    language: str = Field("", pattern="^([a-z]{2})?$")


class EventIn(Strict):
    """Something that happened."""

    kind: EventKind
    occurred_on: date
    year: int | None = Field(None, ge=1, le=50)
    code: str = Field("", max_length=12)
    office: str = Field("", pattern="^([A-Za-z]{2})?$")
    note: str = Field("", max_length=5000)


class EventChangeIn(ReadIn):
    """The event corrected, and why."""

    occurred_on: date
    year: int | None = Field(None, ge=1, le=50)
    note: str | None = Field(None, max_length=5000)
    reason: str = Field(min_length=1, max_length=300)


class WhyIn(Strict):
    """Why, which the history keeps."""

    reason: str = Field(min_length=1, max_length=300)


def application_of(request: HttpRequest, reference: str, action: str = "view") -> Application:
    """The application of an address."""
    rows = Application.objects.select_related("asset", "parent")
    return get_permitted(rows, actor_of(request), action, reference=reference)


def _applications(request: HttpRequest) -> Any:
    return Application.objects.permitted(actor_of(request)).select_related("asset", "parent")


@router.get("/applications", response=list[ApplicationOut])
@listed(FILINGS)
def application_list(request: HttpRequest) -> Any:
    """The applications of the assets that the caller may see."""
    return _applications(request)


@router.get("/applications/export", openapi_extra=FILE)
@filed(FILINGS)
def application_export(request: HttpRequest) -> Any:
    """The same applications as a file, for who may export them."""
    return _applications(request)


@router.post("/assets/{reference}/applications", response={201: ApplicationOut})
def application_add(request: HttpRequest, reference: str, payload: ApplicationIn) -> Any:
    """Add a filing to a registered right; with a date it gets its filing event."""
    asset = asset_of(request, reference, "docket")
    parent = None
    if payload.parent:
        parent = _applications(request).filter(asset=asset, reference=payload.parent).first()
        if parent is None:
            raise RuleViolation(_("This asset has no application with this reference."), field="parent")
    filing = operations.Filing(
        **payload.dict(include=AS_WRITTEN),
        parent=parent,
        descent=payload.descent or "",
        agent=organisation_of(request, payload.agent, field="agent") if payload.agent else None,
        applicants=[
            (
                row.name,
                row.country.upper(),
                organisation_of(request, row.organisation, field="applicants") if row.organisation else None,
            )
            for row in payload.applicants
        ],
        priorities=[(row.office.upper(), row.number, row.filed_on) for row in payload.priorities],
    )
    return Status(201, operations.add_application(asset=asset, filing=filing, actor=actor_of(request)))


@router.get("/applications/{reference}", response=ApplicationOut)
def application_detail(request: HttpRequest, reference: str) -> Any:
    """One application."""
    return application_of(request, reference)


@router.post("/applications/{reference}/fees", response=ApplicationOut)
def application_fees(request: HttpRequest, reference: str, payload: FeeRateIn) -> Any:
    """Say which fees the applicant pays: amounts still to be paid follow; 422 when no fee table has such amounts."""
    application = application_of(request, reference, "docket")
    return set_fee_category(application=application, actor=actor_of(request), **payload.dict())


@router.get("/applications/{reference}/publications", response=list[PublicationOut])
@paginated
def publication_list(request: HttpRequest, reference: str) -> Any:
    """The published documents of an application."""
    rows = Publication.objects.permitted(actor_of(request))
    return rows.filter(application=application_of(request, reference)).order_by("published_on", "pk")


@router.post("/applications/{reference}/publications", response={201: PublicationOut})
def publication_add(request: HttpRequest, reference: str, payload: PublicationIn) -> Any:
    """Add a published document, with its event."""
    application = application_of(request, reference, "docket")
    made = operations.add_publication(application=application, actor=actor_of(request), **payload.dict())
    return Status(201, made)


@router.get("/applications/{reference}/events", response=list[DocketEventOut])
@paginated
def event_list(request: HttpRequest, reference: str) -> Any:
    """What happened to an application, for who works on the asset."""
    rows = DocketEvent.objects.permitted(actor_of(request))
    return rows.filter(application=application_of(request, reference)).order_by("occurred_on", "pk")


@router.post("/applications/{reference}/events", response={201: DocketEventOut})
def event_record(request: HttpRequest, reference: str, payload: EventIn) -> Any:
    """Record an event: the state of the application follows."""
    application = application_of(request, reference, "docket")
    made = operations.record_event(application=application, actor=actor_of(request), **payload.dict())
    return Status(201, made)


@router.patch("/events/{reference}", response=DocketEventOut)
def event_correct(request: HttpRequest, reference: str, payload: EventChangeIn) -> Any:
    """Correct an event: what follows from it is worked out again."""
    event = get_permitted(DocketEvent, actor_of(request), "edit", reference=reference)
    return operations.correct_event(event=event, actor=actor_of(request), **payload.dict())


@router.post("/events/{reference}/remove", response={204: None})
def event_remove(request: HttpRequest, reference: str, payload: WhyIn) -> Any:
    """Take back an event that did not happen; the history keeps it."""
    event = get_permitted(DocketEvent, actor_of(request), "edit", reference=reference)
    operations.remove_event(event=event, actor=actor_of(request), reason=payload.reason)
    return Status(204, None)
