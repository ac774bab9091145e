"""Offers, capabilities and platforms through the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation, Person
from motrice.sourcing.api.shapes import TEXT, actor_of
from motrice.sourcing.enums import OfferKind, OfferStatus
from motrice.sourcing.lists import OFFERS
from motrice.sourcing.models import Offer
from motrice.sourcing.models.offer import OFFER_LEVELS
from motrice.sourcing.operations import offers as offer_operations
from motrice.sourcing.queries import find_offers, matched_words
from motrice.web.rest import ReadIn, ReasonIn, Strict
from motrice.web.rest_lists import FILE, filed, listed

router = Router()
LEVEL = "^(" + "|".join(str(value) for value, _label in OFFER_LEVELS) + ")$"
TEXTS = (
    "title_fr", "title_en", "text_fr", "text_en", "sme_conditions_fr", "sme_conditions_en",
    "equipment_fr", "equipment_en", "access_fr", "access_en",
)  # fmt: skip


class ProjectOut(Schema):
    """A project told to show what the offer has given to others."""

    title: str
    year: int | None


class ProjectIn(Strict):
    """A project told to show what the offer has given to others."""

    title: str = Field(min_length=1, max_length=300)
    year: int | None = Field(None, ge=1900, le=2200)


class OfferOut(Schema):
    """An offer in both languages, and whom to ask."""

    reference: str
    kind: OfferKind
    status: OfferStatus
    level: str
    organisation: str
    contact: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    sme_conditions_fr: str
    sme_conditions_en: str
    equipment_fr: str
    equipment_en: str
    access_fr: str
    access_en: str
    trl_min: int | None
    trl_max: int | None
    segments: list[str]
    references: list[ProjectOut]
    reviewed_on: date | None
    review_on: date

    @staticmethod
    def resolve_organisation(offer: Offer) -> str:
        return offer.organisation.name

    @staticmethod
    def resolve_contact(offer: Offer) -> str:
        return str(offer.owner)

    @staticmethod
    def resolve_segments(offer: Offer) -> list[str]:
        return [row.segment for row in offer.segments.all()]

    @staticmethod
    def resolve_references(offer: Offer) -> list[Any]:
        return list(offer.references.all())


class OfferFields(Strict):
    """What can be changed of an offer; what is left out stays, and an explicit null empties a TRL."""

    kind: OfferKind | None = None
    level: str | None = Field(None, pattern=LEVEL)
    owner: str | None = Field(None, min_length=8, max_length=8)
    title_fr: str | None = Field(None, min_length=1, max_length=200)
    title_en: str | None = Field(None, min_length=1, max_length=200)
    text_fr: str | None = Field(None, min_length=1, max_length=TEXT)
    text_en: str | None = Field(None, min_length=1, max_length=TEXT)
    sme_conditions_fr: str | None = Field(None, max_length=TEXT)
    sme_conditions_en: str | None = Field(None, max_length=TEXT)
    equipment_fr: str | None = Field(None, max_length=TEXT)
    equipment_en: str | None = Field(None, max_length=TEXT)
    access_fr: str | None = Field(None, max_length=TEXT)
    access_en: str | None = Field(None, max_length=TEXT)
    trl_min: int | None = Field(None, ge=1, le=9)
    trl_max: int | None = Field(None, ge=1, le=9)
    segments: list[str] | None = Field(None, max_length=40)
    references: list[ProjectIn] | None = Field(None, max_length=40)


class OfferChangeIn(OfferFields, ReadIn):
    """A change of an offer."""


class OfferIn(OfferFields):
    """A new offer: `owner` is the reference of the person in charge, `organisation` whose it is."""

    organisation: str = Field(min_length=8, max_length=8)
    owner: str = Field(min_length=8, max_length=8)
    title_fr: str = Field(min_length=1, max_length=200)
    title_en: str = Field(min_length=1, max_length=200)
    text_fr: str = Field(min_length=1, max_length=TEXT)
    text_en: str = Field(min_length=1, max_length=TEXT)
    segments: list[str] = Field(min_length=1, max_length=40)
    review_on: date


class FoundOfferOut(Schema):
    """An offer that answers a question, and what matched."""

    offer: OfferOut
    score: float
    matched: list[str]


class ReviewIn(Strict):
    """The next review."""

    review_on: date


def _offer(request: HttpRequest, reference: str, action: str = "view") -> Offer:
    rows = Offer.objects.select_related("organisation", "owner")
    return get_permitted(rows, actor_of(request), action, reference=reference)


def _offers(request: HttpRequest) -> Any:
    rows = Offer.objects.permitted(actor_of(request)).select_related("organisation", "owner")
    return rows.prefetch_related("segments", "references")


def _owner(request: HttpRequest, reference: str) -> Person:
    person = Person.objects.live().permitted(actor_of(request)).filter(reference=reference).first()
    if person is None:
        raise RuleViolation(_("Nobody in the directory has this reference."), field="owner")
    return person


def _content(sent: dict[str, Any], held: dict[str, Any]) -> offer_operations.OfferContent:
    given = {name: value for name, value in sent.items() if value is not None or name in ("trl_min", "trl_max")}
    if "references" in given:
        projects = given["references"]
        given["references"] = [offer_operations.ReferenceProject(row["title"], row.get("year")) for row in projects]
    return offer_operations.OfferContent(**{**held, **given})


def _held(offer: Offer) -> dict[str, Any]:
    names = (*TEXTS, "kind", "level", "trl_min", "trl_max")
    projects = [offer_operations.ReferenceProject(row.title, row.year, row.evidence) for row in offer.references.all()]
    return {
        **{name: getattr(offer, name) for name in names},
        "segments": [row.segment for row in offer.segments.all()],
        "references": projects,
    }


@router.get("/offers", response=list[OfferOut])
@listed(OFFERS)
def offer_list(request: HttpRequest) -> Any:
    """The offers that the caller may see, whatever their state."""
    return _offers(request)


@router.get("/offers/export", openapi_extra=FILE)
@filed(OFFERS)
def offer_export(request: HttpRequest) -> Any:
    """The same offers as a file, for who may export them."""
    return _offers(request)


@router.get("/offers/find", response=list[FoundOfferOut])
def offer_find(
    request: HttpRequest, q: str = Query(..., min_length=1, max_length=2000), segment: str = Query("", max_length=64)
) -> Any:
    """The five offers that answer a firm's words best, and what matched."""
    actor = actor_of(request)
    found = find_offers(q, Offer.objects.permitted(actor).current(), actor=actor, segment=segment)
    return [{"offer": one.offer, "score": one.score, "matched": matched_words(one.matches)} for one in found]


@router.post("/offers", response={201: OfferOut})
def offer_create(request: HttpRequest, payload: OfferIn) -> Any:
    """Prepare an offer of an organisation; it shows on the portal once published."""
    actor, sent = actor_of(request), payload.dict(exclude_unset=True)
    body = get_permitted(Organisation.objects.live(), actor, "offer", reference=sent.pop("organisation"))
    owner, review_on = _owner(request, sent.pop("owner")), sent.pop("review_on")
    made = offer_operations.create_offer(
        organisation=body, owner=owner, content=_content(sent, {}), review_on=review_on, actor=actor
    )
    return Status(201, made)


@router.get("/offers/{reference}", response=OfferOut)
def offer_detail(request: HttpRequest, reference: str) -> Any:
    """One offer."""
    return _offer(request, reference)


@router.patch("/offers/{reference}", response=OfferOut)
def offer_edit(request: HttpRequest, reference: str, payload: OfferChangeIn) -> Any:
    """Change what an offer says; segments and projects are replaced by those given; 409 when not as they were read."""
    offer, sent = _offer(request, reference, "edit"), payload.dict(exclude_unset=True, exclude={"read"})
    named = sent.pop("owner", None)
    owner = _owner(request, named) if named else offer.owner
    content = _content(sent, _held(offer))
    offer_operations.edit_offer(offer=offer, owner=owner, content=content, actor=actor_of(request), read=payload.read)
    return _offer(request, reference)


@router.post("/offers/{reference}/publish", response=OfferOut)
def offer_publish(request: HttpRequest, reference: str) -> Any:
    """Show an offer on the portal until its review is due."""
    return offer_operations.publish_offer(offer=_offer(request, reference), actor=actor_of(request))


@router.post("/offers/{reference}/retire", response=OfferOut)
def offer_retire(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """Take an offer off the portal at once."""
    offer = _offer(request, reference)
    return offer_operations.retire_offer(offer=offer, actor=actor_of(request), reason=payload.reason)


@router.post("/offers/{reference}/review", response=OfferOut)
def offer_review(request: HttpRequest, reference: str, payload: ReviewIn) -> Any:
    """Confirm that an offer still holds, until a next day."""
    offer = _offer(request, reference, "review")
    return offer_operations.review_offer(offer=offer, review_on=payload.review_on, actor=actor_of(request))
