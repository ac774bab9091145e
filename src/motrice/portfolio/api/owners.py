"""Owners, agents, notices, abandonments and costs through the API."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.portfolio.api.assets import ContributorOut, OwnershipOut, asset_of
from motrice.portfolio.api.shapes import REFERENCE, ReasonOut, ShareIn, actor_of, organisation_of, reasons_told
from motrice.portfolio.enums import AbandonmentStatus, NoticeAnswer, NoticeSubject
from motrice.portfolio.models import (
    Abandonment,
    AdvancedCost,
    Contributor,
    CoOwnerNotice,
    Ownership,
)
from motrice.portfolio.operations import abandonment as abandoning
from motrice.portfolio.operations.costs import advance_cost
from motrice.portfolio.operations.makers import correct_makers
from motrice.portfolio.operations.ownership import correct_shares, transfer_share
from motrice.portfolio.operations.sales import offer_share
from motrice.portfolio.queries.coownership import standing_of
from motrice.web.rest import ReadIn, ReasonIn, Strict, paginated

router = Router()
WORDS = {"max_length": 5000}


class TransferIn(ShareIn):
    """A part given to another from a day on."""

    giver: str = Field(**REFERENCE)
    taker: str = Field(**REFERENCE)
    on: date
    ground: str = Field(min_length=1, max_length=200)
    exempt: str = Field("", max_length=200)


class SaleIn(ShareIn):
    """A part to be sold to a third party, and its price."""

    seller: str = Field(**REFERENCE)
    buyer: str = Field(**REFERENCE)
    price: Decimal = Field(ge=0, max_digits=14, decimal_places=2)
    currency: str = Field("EUR", min_length=3, max_length=3)
    text: str = Field(min_length=1, **WORDS)


class OwnerShareIn(ShareIn):
    """An owner and its part."""

    organisation: str = Field(**REFERENCE)


class SharesIn(ReadIn):
    """The shares of some days written anew; `read` gives as `shares` those of the asset as they were told."""

    shares: list[OwnerShareIn] = Field(min_length=1, max_length=40)
    starts_on: date
    ends_on: date | None = None
    reason: str = Field(min_length=1, max_length=300)

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """The shares by what matters of them, in the order of their days."""
        names = ("organisation", "numerator", "denominator", "starts_on", "ends_on")
        rows = [{key: row.get(key) for key in names} for row in value]
        return sorted(rows, key=lambda row: (str(row["starts_on"]), str(row["organisation"])))


class PartsIn(ReadIn):
    """The parts of the inventors and authors, in their order; `read` gives as `parts` the list as it was told."""

    parts: list[ShareIn] = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=300)

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """Each name with its part."""
        return [[row.get(key) for key in ("name", "numerator", "denominator")] for row in value]


class NotifyIn(Strict):
    """A decision to protect, told to every other owner."""

    decided_on: date
    sent_on: date | None = None
    text: str = Field(min_length=1, **WORDS)
    late_reason: str = Field("", max_length=300)


class NoticeOut(Schema):
    """What a co-owner was told."""

    reference: str
    asset: str
    title: str
    owner: str
    subject: NoticeSubject
    decided_on: date
    text: str
    article: str
    sent_on: date
    is_late: bool
    received_on: date | None
    answer: str
    answered_on: date | None
    answer_text: str
    seller: str
    buyer: str
    numerator: int | None
    denominator: int | None
    price: Decimal | None
    currency: str

    @staticmethod
    def resolve_seller(row: CoOwnerNotice) -> str:
        return row.seller.name if row.seller else ""

    @staticmethod
    def resolve_buyer(row: CoOwnerNotice) -> str:
        return row.buyer.name if row.buyer else ""

    @staticmethod
    def resolve_asset(row: CoOwnerNotice) -> str:
        return row.asset.reference

    @staticmethod
    def resolve_title(row: CoOwnerNotice) -> str:
        return row.asset.title

    @staticmethod
    def resolve_owner(row: CoOwnerNotice) -> str:
        return row.owner.name


class ReceiptIn(Strict):
    """When a notice was received."""

    received_on: date


class NoticeAnswerIn(Strict):
    """What a co-owner answers."""

    answer: NoticeAnswer
    text: str = Field("", **WORDS)


class StartIn(Strict):
    """Why a title is to be given up."""

    reason: str = Field(min_length=1, max_length=300)
    text: str = Field("", **WORDS)


class AbandonmentOut(Schema):
    """Where an abandonment stands: from when it is allowed, and why not yet."""

    reference: str
    asset: str
    status: AbandonmentStatus
    started_on: date
    ended_on: date | None
    reason: str
    earliest_on: date | None
    refusals: list[ReasonOut]


class TitleOfferIn(Strict):
    """A co-owner to whom the title is offered too."""

    owner: str = Field(**REFERENCE)
    text: str = Field("", **WORDS)


class HandTitleOverIn(Strict):
    """To which co-owner the title goes."""

    taker: str = Field(**REFERENCE)
    on: date
    ground: str = Field(min_length=1, max_length=200)


class CostIn(Strict):
    """What one owner paid for the others."""

    payer: str = Field(**REFERENCE)
    paid_on: date
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    currency: str = Field("EUR", pattern="^[A-Za-z]{3}$")
    what: str = Field(min_length=1, max_length=200)
    invoice: str = Field("", max_length=60)


class AdvancedCostOut(Schema):
    """What one owner paid for the others."""

    payer: str
    paid_on: date
    amount: Decimal
    currency: str
    what: str
    invoice: str

    @staticmethod
    def resolve_payer(row: AdvancedCost) -> str:
        return row.payer.name


def _shares_of(request: HttpRequest, asset: Any) -> list[Ownership]:
    rows = Ownership.objects.permitted(actor_of(request)).filter(asset=asset)
    return list(rows.select_related("organisation").order_by("starts_on", "pk"))


@router.post("/assets/{reference}/owners/transfer", response=list[OwnershipOut])
def owner_transfer(request: HttpRequest, reference: str, payload: TransferIn) -> Any:
    """Transfer a share on a date; 422 with the days when the shares would not be whole.

    A part of a patent goes to a third party once the other owners could buy it first: 422 with the article before;
    `exempt` says why they have no such right.
    """
    asset = asset_of(request, reference, "decide")
    transfer_share(
        asset=asset,
        giver=organisation_of(request, payload.giver, field="giver"),
        taker=organisation_of(request, payload.taker, field="taker"),
        share=payload.share,
        on=payload.on,
        ground=payload.ground,
        exempt=payload.exempt,
        actor=actor_of(request),
    )
    return _shares_of(request, asset)


@router.post("/assets/{reference}/owners/sale", response=list[NoticeOut])
def owner_sale(request: HttpRequest, reference: str, payload: SaleIn) -> Any:
    """Tell every other owner of a projected sale and its price: each may buy the part first, from its receipt."""
    asset = asset_of(request, reference, "decide")
    return offer_share(
        asset=asset,
        seller=organisation_of(request, payload.seller, field="seller"),
        buyer=organisation_of(request, payload.buyer, field="buyer"),
        share=payload.share,
        price=payload.price,
        currency=payload.currency,
        text=payload.text,
        actor=actor_of(request),
    )


@router.post("/assets/{reference}/owners/correct", response=list[OwnershipOut])
def owner_correct(request: HttpRequest, reference: str, payload: SharesIn) -> Any:
    """Write the shares of some days anew; 422 with the days when they would not be whole."""
    asset = asset_of(request, reference, "decide")
    shares: dict[Organisation, Fraction] = {}
    for row in payload.shares:
        owner = organisation_of(request, row.organisation, field="shares")
        shares[owner] = shares.get(owner, Fraction(0)) + row.share
    correct_shares(
        asset=asset,
        shares=shares,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        reason=payload.reason,
        read=payload.read,
        actor=actor_of(request),
    )
    return _shares_of(request, asset)


@router.post("/assets/{reference}/contributors/parts", response=list[ContributorOut])
def contributor_parts(request: HttpRequest, reference: str, payload: PartsIn) -> Any:
    """Write the part of each inventor or author, in the order of the list, or confirm it as it stands."""
    asset = asset_of(request, reference, "edit")
    parts = {number: row.share for number, row in enumerate(payload.parts, start=1)}
    correct_makers(asset=asset, parts=parts, reason=payload.reason, read=payload.read, actor=actor_of(request))
    return Contributor.objects.permitted(actor_of(request)).filter(asset=asset)


def _notices(request: HttpRequest) -> Any:
    return CoOwnerNotice.objects.permitted(actor_of(request)).select_related("asset", "owner", "seller", "buyer")


def _notice_of(request: HttpRequest, reference: str, action: str) -> CoOwnerNotice:
    rows = CoOwnerNotice.objects.select_related("asset", "owner", "abandonment")
    return get_permitted(rows, actor_of(request), action, reference=reference)


@router.get("/notices", response=list[NoticeOut])
@paginated
def notice_list(request: HttpRequest) -> Any:
    """The notices to co-owners that the caller may see."""
    return _notices(request).order_by("-sent_on", "pk")


@router.get("/notices/{reference}", response=NoticeOut)
def notice_detail(request: HttpRequest, reference: str) -> Any:
    """One notice; reading it through the API is no receipt, opening it is."""
    return _notice_of(request, reference, "view")


@router.post("/notices/{reference}/open", response=NoticeOut)
def notice_open(request: HttpRequest, reference: str) -> Any:
    """Receive a notice today for the co-owner it is sent to: its delay runs; one received before keeps its day."""
    return abandoning.open_notice(notice=_notice_of(request, reference, "answer"), actor=actor_of(request))


@router.post("/assets/{reference}/notices", response=list[NoticeOut])
def notice_send(request: HttpRequest, reference: str, payload: NotifyIn) -> Any:
    """Tell every other owner of a decision to protect; after the delay only with the reason why."""
    asset = asset_of(request, reference, "decide")
    return abandoning.notify_protection(asset=asset, actor=actor_of(request), **payload.dict())


@router.post("/notices/{reference}/receipt", response=NoticeOut)
def notice_receipt(request: HttpRequest, reference: str, payload: ReceiptIn) -> Any:
    """Record when a notice was received."""
    notice = _notice_of(request, reference, "edit")
    return abandoning.confirm_receipt(notice=notice, received_on=payload.received_on, actor=actor_of(request))


@router.post("/notices/{reference}/answer", response=NoticeOut)
def notice_answer(request: HttpRequest, reference: str, payload: NoticeAnswerIn) -> Any:
    """Answer for a co-owner; 422 with the article once the delay has run out."""
    notice = _notice_of(request, reference, "answer")
    return abandoning.answer_notice(notice=notice, actor=actor_of(request), **payload.dict())


def _abandonment_of(request: HttpRequest, reference: str, action: str) -> Abandonment:
    rows = Abandonment.objects.select_related("asset", "asset__office")
    return get_permitted(rows, actor_of(request), action, reference=reference)


def _told(abandonment: Abandonment) -> dict[str, Any]:
    is_open = abandonment.status == AbandonmentStatus.OPEN
    standing = standing_of(abandonment) if is_open else None
    plain = ("reference", "status", "started_on", "ended_on", "reason")
    return {name: getattr(abandonment, name) for name in plain} | {
        "asset": abandonment.asset.reference,
        "earliest_on": standing.earliest_on if standing else None,
        "refusals": reasons_told(standing.refusals) if standing else [],
    }


@router.post("/assets/{reference}/abandonments", response={201: AbandonmentOut})
def abandonment_start(request: HttpRequest, reference: str, payload: StartIn) -> Any:
    """Begin to give a title up: it is offered to every other owner at once."""
    asset = asset_of(request, reference, "decide")
    found = abandoning.start_abandonment(asset=asset, actor=actor_of(request), **payload.dict())
    return Status(201, _told(found))


@router.get("/abandonments/{reference}", response=AbandonmentOut)
def abandonment_detail(request: HttpRequest, reference: str) -> Any:
    """Where an abandonment stands."""
    return _told(_abandonment_of(request, reference, "view"))


@router.post("/abandonments/{reference}/offers", response=AbandonmentOut)
def abandonment_offer(request: HttpRequest, reference: str, payload: TitleOfferIn) -> Any:
    """Offer the title to a co-owner who was not one when it began."""
    found = _abandonment_of(request, reference, "decide")
    owner = organisation_of(request, payload.owner, field="owner")
    abandoning.offer_title(abandonment=found, owner=owner, text=payload.text, actor=actor_of(request))
    return _told(found)


@router.post("/abandonments/{reference}/confirm", response=AbandonmentOut)
def abandonment_confirm(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """Give the title up; 422 with the article and the date before the delay has run."""
    found = _abandonment_of(request, reference, "decide")
    return _told(abandoning.abandon_title(abandonment=found, actor=actor_of(request), reason=payload.reason))


@router.post("/abandonments/{reference}/withdraw", response=AbandonmentOut)
def abandonment_withdraw(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """Keep the title after all."""
    found = _abandonment_of(request, reference, "decide")
    return _told(abandoning.withdraw_abandonment(abandonment=found, actor=actor_of(request), reason=payload.reason))


@router.post("/abandonments/{reference}/hand-over", response=AbandonmentOut)
def abandonment_hand_over(request: HttpRequest, reference: str, payload: HandTitleOverIn) -> Any:
    """Hand the title over to a co-owner who takes it over."""
    found = _abandonment_of(request, reference, "decide")
    taker = organisation_of(request, payload.taker, field="taker")
    abandoning.hand_title_over(
        abandonment=found, taker=taker, on=payload.on, ground=payload.ground, actor=actor_of(request)
    )
    return _told(found)


@router.get("/assets/{reference}/costs", response=list[AdvancedCostOut])
@paginated
def cost_list(request: HttpRequest, reference: str) -> Any:
    """What was advanced for an asset."""
    rows = AdvancedCost.objects.permitted(actor_of(request)).filter(asset=asset_of(request, reference))
    return rows.select_related("payer").order_by("paid_on", "pk")


@router.post("/assets/{reference}/costs", response={201: AdvancedCostOut})
def cost_add(request: HttpRequest, reference: str, payload: CostIn) -> Any:
    """Record what was paid for an asset."""
    asset = asset_of(request, reference, "edit")
    payer = organisation_of(request, payload.payer, field="payer")
    values = payload.dict(exclude={"payer"})
    return Status(201, advance_cost(asset=asset, payer=payer, actor=actor_of(request), **values))
