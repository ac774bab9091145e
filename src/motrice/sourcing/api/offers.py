"""Offers, capabilities and platforms through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from motrice.core.policies import get_permitted
from motrice.sourcing.api.shapes import Strict, actor_of
from motrice.sourcing.enums import OfferKind, OfferStatus
from motrice.sourcing.models import Offer
from motrice.sourcing.operations import offers as offer_operations
from motrice.sourcing.queries import find_offers, matched_words
from motrice.web.rest import paginated

router = Router()


class OfferOut(Schema):
    """An offer in both languages."""

    reference: str
    kind: OfferKind
    status: OfferStatus
    organisation: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    trl_min: int | None
    trl_max: int | None
    segments: list[str]
    review_on: date

    @staticmethod
    def resolve_organisation(offer: Offer) -> str:
        return offer.organisation.name

    @staticmethod
    def resolve_segments(offer: Offer) -> list[str]:
        return [row.segment for row in offer.segments.all()]


class FoundOut(Schema):
    """An offer that answers a question, and what matched."""

    offer: OfferOut
    score: float
    matched: list[str]


class ReviewIn(Strict):
    """The next review."""

    review_on: date


@router.get("/offers", response=list[OfferOut])
@paginated
def offer_list(request: HttpRequest, status: OfferStatus | None = None, overdue: bool = False) -> Any:
    """The offers that the caller may see."""
    rows = Offer.objects.permitted(actor_of(request)).select_related("organisation").prefetch_related("segments")
    rows = rows.overdue() if overdue else rows
    return (rows.filter(status=status) if status else rows).order_by("review_on", "pk")


@router.get("/offers/find", response=list[FoundOut])
def offer_find(
    request: HttpRequest, q: str = Query(..., min_length=1, max_length=2000), segment: str = Query("", max_length=64)
) -> Any:
    """The five offers that answer a firm's words best, and what matched."""
    actor = actor_of(request)
    found = find_offers(q, Offer.objects.permitted(actor).current(), actor=actor, segment=segment)
    return [{"offer": one.offer, "score": one.score, "matched": matched_words(one.matches)} for one in found]


@router.get("/offers/{reference}", response=OfferOut)
def offer_detail(request: HttpRequest, reference: str) -> Any:
    """One offer."""
    return get_permitted(Offer, actor_of(request), "view", reference=reference)


@router.post("/offers/{reference}/review", response=OfferOut)
def offer_review(request: HttpRequest, reference: str, payload: ReviewIn) -> Any:
    """Confirm that an offer still holds, until a next day."""
    offer = get_permitted(Offer, actor_of(request), "review", reference=reference)
    return offer_operations.review_offer(offer=offer, review_on=payload.review_on, actor=actor_of(request))
