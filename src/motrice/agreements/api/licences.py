"""Licences through the API: what they bundle, for whom and where, and what an income gives to each asset."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.agreements.api.agreements import AgreementOut, actor_of, agreement_of
from motrice.agreements.enums import Exclusivity, PartyRole
from motrice.agreements.models import Agreement, LicenceTerritory, LicensedAsset, Party
from motrice.agreements.operations import licences as operations
from motrice.agreements.queries import copyleft_of, income_by_asset
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Asset
from motrice.portfolio.words.software import concern_words
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()
LARGEST = 2_000_000_000
LARGEST_AMOUNT = Decimal("999999999999.99")


class LicenceOut(AgreementOut):
    """A licence as its reader may see it."""

    exclusivity: Exclusivity
    field_of_use: str
    is_worldwide: bool
    territories: list[str]
    assets: list[str]

    @staticmethod
    def resolve_exclusivity(row: Agreement) -> str:
        return row.licence.exclusivity

    @staticmethod
    def resolve_field_of_use(row: Agreement) -> str:
        return row.licence.field_of_use

    @staticmethod
    def resolve_is_worldwide(row: Agreement) -> bool:
        return row.licence.is_worldwide


class PartyOut(Schema):
    """Who is bound: the reference of a record that the caller may see, and the name."""

    role: PartyRole
    name: str
    organisation: str | None


class BundledOut(Schema):
    """An asset of the licence, with its exact part of the income."""

    reference: str
    title: str
    kind: AssetKind
    numerator: int
    denominator: int


class IncomePart(Schema):
    """What an income gives to one asset."""

    reference: str
    title: str
    numerator: int
    denominator: int
    amount: Decimal


class WarningOut(Schema):
    """Why a part of a licensed software stands in the way of an exclusive licence."""

    asset: str
    part: str
    licence: str
    code: str
    is_conflict: bool
    text: str


class PartyIn(Strict):
    """A party: an organisation by the reference of its record, or a name."""

    role: PartyRole
    organisation: str | None = Field(None, min_length=8, max_length=8)
    name: str = Field("", max_length=200)


class BundledIn(Strict):
    """An asset by its reference, and its part of the income: a third is 1 of 3."""

    asset: str = Field(min_length=8, max_length=8)
    numerator: int = Field(ge=1, le=LARGEST)
    denominator: int = Field(1, ge=1, le=LARGEST)


class LicenceIn(Strict):
    """All that a licence says."""

    title: str = Field(min_length=1, max_length=300)
    exclusivity: Exclusivity
    field_of_use: str = Field("", max_length=300)
    is_worldwide: bool = False
    territories: list[str] = Field(default_factory=list, max_length=300)
    summary: str = Field("", max_length=20_000)
    number: str = Field("", max_length=40)
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    parties: list[PartyIn] = Field(min_length=2, max_length=20)
    assets: list[BundledIn] = Field(min_length=1, max_length=40)


class NewLicenceIn(LicenceIn):
    """A new licence, with the office that answers for it."""

    office: str = Field(min_length=8, max_length=8)
    level: Level = Level.ORGANISATION


class LicenceChangeIn(LicenceIn, ReadIn):
    """A licence written anew, with the reason once it is signed; `read` takes what was told of it and of its parts."""

    reason: str = Field("", max_length=300)

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """The parties, the assets and the territories as the operation reads them."""
        if name == "parties":
            return [[row.get("role"), row.get("name")] for row in value]
        if name == "assets":
            return [[row.get(key) for key in ("reference", "numerator", "denominator")] for row in value]
        return sorted(value) if name == "territories" else value


class IncomeQuery(Schema):
    """An amount of income in euros."""

    amount: Decimal = Field(ge=0, le=LARGEST_AMOUNT, decimal_places=2)


PLAIN = set(LicenceIn.model_fields) - {"parties", "assets"}


def _told(request: HttpRequest, agreement: Agreement) -> Agreement:
    """The agreement with what is read beside it, under its own rules."""
    actor, licence = actor_of(request), agreement.licence
    codes = LicenceTerritory.objects.permitted(actor).filter(licence=licence).order_by("code")
    assets = Asset.objects.permitted(actor).filter(licensed__licence=licence).order_by("licensed__position")
    agreement.territories = list(codes.values_list("code", flat=True))  # type: ignore[attr-defined]
    agreement.assets = list(assets.values_list("reference", flat=True))  # type: ignore[attr-defined]
    return agreement


def _content(request: HttpRequest, payload: LicenceIn) -> operations.LicenceContent:
    return operations.LicenceContent(
        **payload.dict(include=PLAIN),
        parties=[_party(request, row) for row in payload.parties],
        bundle=[
            operations.Bundled(_asset(request, row.asset), Fraction(row.numerator, row.denominator))
            for row in payload.assets
        ],
    )


def _party(request: HttpRequest, row: PartyIn) -> operations.PartyNamed:
    if row.organisation is None:
        return operations.PartyNamed(row.role, None, row.name)
    body = Organisation.objects.live().permitted(actor_of(request)).filter(reference=row.organisation).first()
    if body is None:
        raise RuleViolation(_("No organisation that you may see has this reference."), field="parties")
    return operations.PartyNamed(row.role, body, row.name)


def _asset(request: HttpRequest, reference: str) -> Asset:
    asset = Asset.objects.permitted(actor_of(request)).filter(reference=reference).first()
    if asset is None:
        raise RuleViolation(_("No asset that you may see has this reference."), field="assets")
    return asset


@router.post("/licences", response={201: LicenceOut})
def licence_create(request: HttpRequest, payload: NewLicenceIn) -> Any:
    """Write a licence; 422 when the shares of its assets do not sum to one."""
    actor = actor_of(request)
    office = get_permitted(Organisation.objects.live(), actor, "register_agreement", reference=payload.office)
    content = _content(request, payload)
    agreement = operations.register_licence(office=office, content=content, level=payload.level, actor=actor)
    return Status(201, _told(request, agreement))


@router.get("/licences/{reference}", response=LicenceOut)
def licence_detail(request: HttpRequest, reference: str) -> Any:
    """One licence, with its territories and its assets."""
    return _told(request, agreement_of(request, reference))


@router.put("/licences/{reference}", response=LicenceOut)
def licence_change(request: HttpRequest, reference: str, payload: LicenceChangeIn) -> Any:
    """Write a licence anew as a whole."""
    agreement = agreement_of(request, reference, "edit")
    content = _content(request, payload)
    operations.edit_licence(
        agreement=agreement, content=content, reason=payload.reason, actor=actor_of(request), read=payload.read
    )
    return _told(request, agreement)


@router.get("/licences/{reference}/parties", response=list[PartyOut])
@paginated
def licence_parties(request: HttpRequest, reference: str) -> Any:
    """Who is bound by it, as far as the caller may know."""
    agreement, actor = agreement_of(request, reference), actor_of(request)
    rows = Party.objects.permitted(actor).filter(agreement=agreement).select_related("organisation")
    seen = set(
        Organisation.objects.permitted(actor)
        .filter(agreement_parties__agreement=agreement)
        .values_list("reference", flat=True)
    )
    found = []
    for row in rows.order_by("position", "pk"):
        reference_of = row.organisation.reference if row.organisation is not None else None
        found.append(
            {"role": row.role, "name": str(row), "organisation": reference_of if reference_of in seen else None}
        )
    return found


def _bundle(request: HttpRequest, reference: str) -> list[LicensedAsset]:
    agreement = agreement_of(request, reference, "inside")
    rows = LicensedAsset.objects.permitted(actor_of(request)).filter(licence=agreement.licence)
    return list(rows.select_related("asset").order_by("position", "pk"))


def _line(row: LicensedAsset) -> dict[str, Any]:
    shares = {"numerator": row.numerator, "denominator": row.denominator}
    return {"reference": row.asset.reference, "title": row.asset.title, "kind": row.asset.kind, **shares}


@router.get("/licences/{reference}/assets", response=list[BundledOut])
@paginated
def licence_assets(request: HttpRequest, reference: str) -> Any:
    """What it bundles, with the part of the income that is put down to each, for who works on it."""
    return [_line(row) for row in _bundle(request, reference)]


@router.get("/licences/{reference}/income", response=list[IncomePart])
@paginated
def licence_income(request: HttpRequest, reference: str, asked: Query[IncomeQuery]) -> Any:
    """What an income gives to each asset, exact to the cent; nothing is recorded."""
    return [{**_line(row), "amount": part} for row, part in income_by_asset(_bundle(request, reference), asked.amount)]


@router.get("/licences/{reference}/warnings", response=list[WarningOut])
@paginated
def licence_warnings(request: HttpRequest, reference: str) -> Any:
    """Where copyleft in a licensed software meets the exclusivity of the licence, for who works on both."""
    agreement = agreement_of(request, reference)
    assets = Asset.objects.permitted(actor_of(request)).filter(licensed__licence=agreement.licence)
    found = copyleft_of(assets, exclusivity=agreement.licence.exclusivity, actor=actor_of(request))
    return [
        {
            "asset": one.asset.reference,
            "part": one.concern.part.name,
            "licence": one.concern.part.licence,
            "code": one.concern.code,
            "is_conflict": one.concern.is_conflict,
            "text": concern_words(one.concern),
        }
        for one in found
    ]
