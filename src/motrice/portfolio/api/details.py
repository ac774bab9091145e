"""Software and its parts, secrecy measures and the other details through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.portfolio.api.assets import asset_of
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.enums import AssetKind, DepositKind, MaterialKind, MeasureKind, PartUse
from motrice.portfolio.models import SecrecyMeasure, ThirdPartyPart
from motrice.portfolio.operations import details as operations
from motrice.portfolio.queries.software import concerns_of
from motrice.portfolio.words.software import concern_words
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class SoftwareIn(ReadIn):
    """What a software says of itself; what is left out stays."""

    technologies: str | None = Field(None, max_length=200)
    repository_url: str | None = Field(None, max_length=500)
    licence: str | None = Field(None, max_length=120)
    is_exclusive: bool | None = None
    swhid: str | None = Field(None, max_length=400)
    deposit: DepositKind | None = None
    deposit_number: str | None = Field(None, max_length=80)
    deposited_on: date | None = None


class MaterialIn(ReadIn):
    """What a material is; what is left out stays."""

    material_kind: MaterialKind | None = None
    origin: str | None = Field(None, max_length=5000)
    storage: str | None = Field(None, max_length=200)
    restrictions: str | None = Field(None, max_length=5000)
    is_available: bool | None = None


class ConcernOut(Schema):
    """Why a part stands in the way of an exclusive licence, or needs a look."""

    part: str
    code: str
    is_conflict: bool
    text: str


class SoftwareOut(Schema):
    """A software as those who work on it see it."""

    technologies: str
    repository_url: str
    licence: str
    is_exclusive: bool
    swhid: str
    deposit: str
    deposit_number: str
    deposited_on: date | None
    concerns: list[ConcernOut]


class PartOut(Schema):
    """Somebody else's code."""

    name: str
    version: str
    licence: str
    use: PartUse
    url: str


class PartIn(Strict):
    """Somebody else's code, with its licence by SPDX."""

    name: str = Field(min_length=1, max_length=120)
    version: str = Field("", max_length=40)
    licence: str = Field(min_length=1, max_length=120)
    use: PartUse
    url: str = Field("", max_length=500)


class RemovePartIn(Strict):
    """A part by its name and version, as they are listed."""

    name: str = Field(min_length=1, max_length=120)
    version: str = Field("", max_length=40)


class SoftwareVersionIn(Strict):
    """A version of a software."""

    label: str = Field(min_length=1, max_length=40)
    released_on: date
    note: str = Field("", max_length=300)


class VersionOut(Schema):
    """A version of a software."""

    label: str
    released_on: date
    note: str


class MeasureIn(Strict):
    """A measure of secrecy."""

    kind: MeasureKind
    text: str = Field(min_length=1, max_length=300)
    starts_on: date


class EndMeasureIn(ReadIn):
    """The last day of a measure; `read` gives `ends_on` as it was told."""

    ends_on: date


class MeasureOut(Schema):
    """A measure of secrecy; `number` names it in the address that ends it."""

    number: int
    kind: MeasureKind
    text: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_number(row: SecrecyMeasure) -> int:
        return row.pk


def _software(request: HttpRequest, reference: str, action: str) -> Any:
    asset = asset_of(request, reference, action)
    if asset.kind != AssetKind.SOFTWARE:
        raise RuleViolation(_("This asset is no software."), field="kind")
    return asset


def _told(asset: Any) -> dict[str, Any]:
    software = asset.software
    found = concerns_of(software.parts.all(), is_exclusive=software.is_exclusive)
    names = operations.EDITABLE[AssetKind.SOFTWARE]
    return {name: getattr(software, name) for name in names} | {
        "concerns": [
            {"part": row.part.name, "code": row.code, "is_conflict": row.is_conflict, "text": concern_words(row)}
            for row in found
        ]
    }


@router.get("/assets/{reference}/software", response=SoftwareOut)
def software_detail(request: HttpRequest, reference: str) -> Any:
    """A software with the warnings on its third parties' licences."""
    return _told(_software(request, reference, "inside"))


@router.patch("/assets/{reference}/software", response=SoftwareOut)
def software_change(request: HttpRequest, reference: str, payload: SoftwareIn) -> Any:
    """Correct what a software says of itself; 422 for a licence or an identifier that is none."""
    asset = _software(request, reference, "edit")
    sent = payload.dict(exclude_unset=True)
    values = {name: value for name, value in sent.items() if value is not None or name == "deposited_on"}
    return _told(operations.edit_detail(asset=asset, actor=actor_of(request), **values))


@router.get("/assets/{reference}/software/parts", response=list[PartOut])
@paginated
def part_list(request: HttpRequest, reference: str) -> Any:
    """Third parties' parts."""
    asset = asset_of(request, reference)
    return ThirdPartyPart.objects.permitted(actor_of(request)).filter(software__asset=asset).order_by("name", "pk")


@router.post("/assets/{reference}/software/parts", response={201: PartOut})
def part_add(request: HttpRequest, reference: str, payload: PartIn) -> Any:
    """List somebody else's code; 422 when SPDX knows no such licence."""
    asset = _software(request, reference, "edit")
    return Status(201, operations.add_part(asset=asset, actor=actor_of(request), **payload.dict()))


@router.post("/assets/{reference}/software/parts/remove", response={204: None})
def part_remove(request: HttpRequest, reference: str, payload: RemovePartIn) -> Any:
    """Take a part off the list, which the software does not use any more; 422 when it is not listed."""
    asset, actor = _software(request, reference, "edit"), actor_of(request)
    name, version = payload.name.strip(), payload.version.strip()
    rows = ThirdPartyPart.objects.permitted(actor).filter(software__asset=asset).select_related("software")
    part = rows.filter(name=name, version=version).first()
    if part is None:
        words = _("This software has no part “%(part)s”.") % {"part": f"{name} {version}".strip()}
        raise RuleViolation(words, field="name")
    operations.remove_part(asset=asset, part=part, actor=actor)
    return Status(204, None)


@router.post("/assets/{reference}/software/versions", response={201: VersionOut})
def version_add(request: HttpRequest, reference: str, payload: SoftwareVersionIn) -> Any:
    """Record a version."""
    asset = _software(request, reference, "edit")
    return Status(201, operations.add_version(asset=asset, actor=actor_of(request), **payload.dict()))


@router.get("/assets/{reference}/measures", response=list[MeasureOut])
@paginated
def measure_list(request: HttpRequest, reference: str) -> Any:
    """How an asset is kept secret, for those who work on it."""
    asset = asset_of(request, reference)
    return SecrecyMeasure.objects.permitted(actor_of(request)).filter(asset=asset).order_by("starts_on", "pk")


@router.post("/assets/{reference}/measures", response={201: MeasureOut})
def measure_add(request: HttpRequest, reference: str, payload: MeasureIn) -> Any:
    """Record a measure of secrecy."""
    asset = asset_of(request, reference, "edit")
    return Status(201, operations.add_measure(asset=asset, actor=actor_of(request), **payload.dict()))


@router.post("/assets/{reference}/measures/{number}/end", response=MeasureOut)
def measure_end(request: HttpRequest, reference: str, number: int, payload: EndMeasureIn) -> Any:
    """Say when a measure stopped; 409 when its last day is no longer what was read."""
    asset, actor = asset_of(request, reference, "edit"), actor_of(request)
    measure = get_permitted(SecrecyMeasure.objects.filter(asset=asset), actor, "view", pk=min(number, 2**62))
    return operations.end_measure(asset=asset, measure=measure, actor=actor, **payload.dict())


@router.patch("/assets/{reference}/material", response=MaterialIn)
def material_change(request: HttpRequest, reference: str, payload: MaterialIn) -> Any:
    """Correct what a material says of itself."""
    asset = asset_of(request, reference, "edit")
    if asset.kind != AssetKind.MATERIAL:
        raise RuleViolation(_("This asset is no material."), field="kind")
    values = {name: value for name, value in payload.dict(exclude_unset=True).items() if value is not None}
    return operations.edit_detail(asset=asset, actor=actor_of(request), **values).material
