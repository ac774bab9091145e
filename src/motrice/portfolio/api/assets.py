"""Assets, their owners, their makers and their classes through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.portfolio.api.shapes import TEXT, ShareIn, account_of, actor_of, organisation_of, person_of
from motrice.portfolio.enums import AssetKind, AssetStatus, ContributorRole, Scheme
from motrice.portfolio.lists.assets import PORTFOLIO
from motrice.portfolio.models import Asset, Contributor, Ownership
from motrice.portfolio.operations import assets as operations
from motrice.web.rest import ReadIn, ReasonIn, Strict, paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class AssetOut(Schema):
    """An asset as its reader may see it."""

    reference: str
    kind: AssetKind
    status: AssetStatus
    level: Level
    title: str
    summary: str
    language: str
    docket_number: str
    trl: int | None
    starts_on: date
    ends_on: date | None
    first_filed_on: date | None
    first_published_on: date | None

    @staticmethod
    def resolve_first_filed_on(asset: Asset) -> date | None:
        family = getattr(asset, "family", None)
        return family.first_filed_on if family else None

    @staticmethod
    def resolve_first_published_on(asset: Asset) -> date | None:
        family = getattr(asset, "family", None)
        return family.first_published_on if family else None


class OwnershipOut(Schema):
    """What part an organisation owns, from a day to a day; to be confirmed when it was supposed."""

    organisation: str
    numerator: int
    denominator: int
    starts_on: date
    ends_on: date | None
    ground: str
    supposed_on: date | None

    @staticmethod
    def resolve_organisation(row: Ownership) -> str:
        return row.organisation.name


class ContributorOut(Schema):
    """Who invented or wrote it, and what part is theirs."""

    name: str
    role: ContributorRole
    numerator: int
    denominator: int
    position: int
    supposed_on: date | None


class OwnerIn(ShareIn):
    """An owner from the first day."""

    organisation: str = Field(min_length=8, max_length=8)
    ground: str = Field("", max_length=200)


class MakerIn(ShareIn):
    """An inventor or author: by name, and by the reference of their record when they have one."""

    name: str = Field(min_length=1, max_length=160)
    role: ContributorRole = ContributorRole.INVENTOR
    person: str | None = Field(None, min_length=8, max_length=8)
    employer: str | None = Field(None, min_length=8, max_length=8)
    unit: str | None = Field(None, min_length=8, max_length=8)


class ClassIn(Strict):
    """A symbol of a classification; the first one given is the main one."""

    scheme: Scheme
    symbol: str = Field(min_length=1, max_length=30)


class ClassesIn(ReadIn):
    """The classes that replace those of an asset; `read` gives as `classes` those that were told, in their order."""

    classes: list[ClassIn] = Field(max_length=200)

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """Each scheme with its symbol."""
        return [[row["scheme"], row["symbol"]] for row in value]


class AssetIn(Strict):
    """A new asset, with the office that answers for it."""

    office: str = Field(min_length=8, max_length=8)
    kind: AssetKind
    title: str = Field(min_length=1, max_length=300)
    summary: str = Field("", max_length=TEXT)
    language: str = Field("fr", pattern="^(fr|en)$")
    docket_number: str = Field("", max_length=40)
    unit: str | None = Field(None, min_length=8, max_length=8)
    trl: int | None = Field(None, ge=1, le=9)
    starts_on: date
    owners: list[OwnerIn] = Field(min_length=1, max_length=20)
    makers: list[MakerIn] = Field(default_factory=list, max_length=40)
    classes: list[ClassIn] = Field(default_factory=list, max_length=200)


class AssetChangeIn(ReadIn):
    """What is changed; what is left out stays, and an explicit null empties the laboratory or the readiness."""

    title: str | None = Field(None, min_length=1, max_length=300)
    summary: str | None = Field(None, max_length=TEXT)
    language: str | None = Field(None, pattern="^(fr|en)$")
    docket_number: str | None = Field(None, max_length=40)
    unit: str | None = Field(None, min_length=8, max_length=8)
    trl: int | None = Field(None, ge=1, le=9)
    reason: str = Field("", max_length=300)


class AssetLevelIn(ReadIn):
    """Who sees it from now on, and why."""

    level: Level
    reason: str = Field(min_length=1, max_length=300)


class HandOverIn(ReadIn):
    """Who works on it: accounts by their reference, a firm by the reference of its record."""

    officer: str = Field(min_length=8, max_length=8)
    engineer: str | None = Field(None, min_length=8, max_length=8)
    firm: str | None = Field(None, min_length=8, max_length=8)
    reason: str = Field("", max_length=300)


class EndIn(ReasonIn):
    """How and when it ended."""

    status: AssetStatus
    ended_on: date


def asset_of(request: HttpRequest, reference: str, action: str = "view") -> Asset:
    """The asset of an address: 404 when it may not be seen, 403 when it may not be acted on."""
    return get_permitted(Asset.objects.select_related("family"), actor_of(request), action, reference=reference)


def _assets(request: HttpRequest) -> Any:
    return Asset.objects.permitted(actor_of(request)).select_related("family", "office", "officer", "unit")


@router.get("/assets", response=list[AssetOut])
@listed(PORTFOLIO)
def asset_list(request: HttpRequest) -> Any:
    """The assets that the caller may see."""
    return _assets(request)


@router.get("/assets/export", openapi_extra=FILE)
@filed(PORTFOLIO)
def asset_export(request: HttpRequest) -> Any:
    """The same assets as a file, for who may export them."""
    return _assets(request)


@router.post("/assets", response={201: AssetOut})
def asset_create(request: HttpRequest, payload: AssetIn) -> Any:
    """Enter an asset in the portfolio of an office; 422 when owners or makers do not sum to one."""
    office = get_permitted(Organisation.objects.live(), actor_of(request), "register_asset", reference=payload.office)
    owners = [
        operations.Owner(organisation_of(request, row.organisation, field="owners"), row.share, row.ground)
        for row in payload.owners
    ]
    plain = payload.dict(include={"kind", "title", "summary", "language", "docket_number", "trl", "starts_on"})
    content = operations.AssetContent(
        **plain,
        unit=organisation_of(request, payload.unit, field="unit") if payload.unit else None,
        owners=owners,
        makers=[_maker(request, row) for row in payload.makers],
        classes=[(row.scheme, row.symbol) for row in payload.classes],
    )
    return Status(201, operations.register_asset(office=office, content=content, actor=actor_of(request)))


def _maker(request: HttpRequest, row: MakerIn) -> operations.Maker:
    def body(reference: str | None) -> Organisation | None:
        return organisation_of(request, reference, field="makers") if reference else None

    return operations.Maker(
        row.name,
        row.share,
        row.role,
        person_of(request, row.person, field="makers") if row.person else None,
        body(row.employer),
        body(row.unit),
    )


@router.get("/assets/{reference}", response=AssetOut)
def asset_detail(request: HttpRequest, reference: str) -> Any:
    """One asset."""
    return asset_of(request, reference)


@router.patch("/assets/{reference}", response=AssetOut)
def asset_change(request: HttpRequest, reference: str, payload: AssetChangeIn) -> Any:
    """Correct what an asset says of itself."""
    asset, sent = asset_of(request, reference, "edit"), payload.dict(exclude_unset=True)
    reason = sent.pop("reason", "")
    values = {name: value for name, value in sent.items() if value is not None or name in ("unit", "trl")}
    if values.get("unit"):
        values["unit"] = organisation_of(request, values["unit"], field="unit")
    return operations.edit_asset(asset=asset, actor=actor_of(request), reason=reason, **values)


@router.post("/assets/{reference}/level", response=AssetOut)
def asset_level(request: HttpRequest, reference: str, payload: AssetLevelIn) -> Any:
    """Open an asset to more people or close it; 422 for a family that no office has published."""
    asset = asset_of(request, reference, "edit")
    return operations.set_level(asset=asset, actor=actor_of(request), **payload.dict())


@router.post("/assets/{reference}/hand-over", response=AssetOut)
def asset_hand_over(request: HttpRequest, reference: str, payload: HandOverIn) -> Any:
    """Give an asset another officer, patent engineer or firm."""
    asset = asset_of(request, reference, "edit")
    return operations.hand_over_asset(
        asset=asset,
        actor=actor_of(request),
        officer=account_of(request, payload.officer, field="officer"),
        engineer=account_of(request, payload.engineer, field="engineer") if payload.engineer else None,
        firm=organisation_of(request, payload.firm, field="firm") if payload.firm else None,
        reason=payload.reason,
        read=payload.read,
    )


@router.put("/assets/{reference}/classes", response=list[ClassIn])
def asset_classify(request: HttpRequest, reference: str, payload: list[ClassIn] | ClassesIn) -> Any:
    """Replace the classes of an asset by these, the main one first; 409 when they are no longer as they were read."""
    asset = asset_of(request, reference, "edit")
    wanted = ClassesIn(classes=payload[:200]) if isinstance(payload, list) else payload
    classes = [(row.scheme, row.symbol) for row in wanted.classes]
    return operations.set_classes(asset=asset, classes=classes, actor=actor_of(request), read=wanted.read)


@router.post("/assets/{reference}/end", response=AssetOut)
def asset_end(request: HttpRequest, reference: str, payload: EndIn) -> Any:
    """Record that an asset has expired or was assigned."""
    return operations.end_asset(asset=asset_of(request, reference, "edit"), actor=actor_of(request), **payload.dict())


@router.get("/assets/{reference}/owners", response=list[OwnershipOut])
@paginated
def asset_owners(request: HttpRequest, reference: str) -> Any:
    """Who owns what part, by date, for who works on the asset."""
    asset = asset_of(request, reference)
    rows = Ownership.objects.permitted(actor_of(request)).filter(asset=asset)
    return rows.select_related("organisation").order_by("starts_on", "pk")


@router.get("/assets/{reference}/makers", response=list[ContributorOut])
@paginated
def asset_makers(request: HttpRequest, reference: str) -> Any:
    """Who invented or wrote it, for who works on the asset."""
    asset = asset_of(request, reference)
    return Contributor.objects.permitted(actor_of(request)).filter(asset=asset).order_by("position", "pk")
