"""Offers, capabilities and platforms: written by their organisation, reviewed by a date or hidden from the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.references import new_reference
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Evidence, Organisation, Person
from motrice.sourcing import rules
from motrice.sourcing.enums import OfferKind
from motrice.sourcing.models import Offer, OfferReference, OfferSegment
from motrice.sourcing.transitions import OFFER


@dataclass(frozen=True)
class ReferenceProject:
    """A project told to show what the offer has given to others."""

    title: str
    year: int | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class OfferContent:
    """What an offer says, in both languages."""

    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    kind: str = OfferKind.CAPABILITY
    level: str = Level.PUBLIC
    trl_min: int | None = None
    trl_max: int | None = None
    sme_conditions_fr: str = ""
    sme_conditions_en: str = ""
    equipment_fr: str = ""
    equipment_en: str = ""
    access_fr: str = ""
    access_en: str = ""
    segments: Sequence[str] = ()
    references: Sequence[ReferenceProject] = field(default_factory=tuple)


def _columns(content: OfferContent) -> dict[str, Any]:
    values = {name: value for name, value in vars(content).items() if name not in ("segments", "references")}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if not content.segments:
        raise RuleViolation(_("Choose at least one market segment."), field="segments")
    for code in content.segments:
        rules.require_code(rules.SEGMENT, code, field="segments")
    return values


def create_offer(
    *,
    organisation: Organisation,
    owner: Person,
    content: OfferContent,
    review_on: date,
    actor: Any,
    reference: str = "",
    at: datetime | None = None,
) -> Offer:
    """Prepare an offer of an organisation, with its person in charge and the date of its next review."""
    require(actor, "offer", organisation)
    offer = Offer(
        **_columns(content),
        organisation=organisation,
        owner=owner,
        review_on=review_on,
        reference=reference or new_reference(),
    )
    with audit.operation(actor, "offer.create", at=at) as op:
        op.create(offer)
        _write_parts(op, offer, content)
    return offer


def _write_parts(op: audit.Recorder, offer: Offer, content: OfferContent) -> None:
    op.create_many([OfferSegment(offer=offer, segment=code) for code in dict.fromkeys(content.segments)])
    op.create_many(
        [
            OfferReference(offer=offer, title=project.title.strip(), year=project.year, evidence=project.evidence)
            for project in content.references
            if project.title.strip()
        ]
    )


def edit_offer(*, offer: Offer, content: OfferContent, owner: Person, actor: Any, at: datetime | None = None) -> Offer:
    """Change what an offer says; segments and references are replaced by those given."""
    require(actor, "edit", offer)
    with audit.operation(actor, "offer.edit", subject=offer, at=at) as op:
        op.update(offer, **_columns(content), owner=owner)
        for part in (*offer.segments.all(), *offer.references.all()):
            op.delete(part)
        _write_parts(op, offer, content)
        search_must_follow()
    return offer


def publish_offer(*, offer: Offer, actor: Any, at: datetime | None = None) -> Offer:
    """Show an offer on the portal until its review is due; refused when that day is past."""
    OFFER.require("publish", offer, actor)
    today = timezone.localdate(at)
    if at is None and offer.review_on < today:
        raise RuleViolation(_("The review of this offer is late: review it first."), field="review_on")
    with audit.operation(actor, "offer.publish", subject=offer, at=at) as op:
        OFFER.apply(op, "publish", offer, reviewed_on=today)
        search_must_follow()
    return offer


def retire_offer(*, offer: Offer, actor: Any, reason: str = "", at: datetime | None = None) -> Offer:
    """Take an offer off the portal at once."""
    OFFER.require("retire", offer, actor)
    with audit.operation(actor, "offer.retire", subject=offer, reason=reason, at=at) as op:
        OFFER.apply(op, "retire", offer)
        search_must_follow()
    return offer


def review_offer(*, offer: Offer, review_on: date, actor: Any, at: datetime | None = None) -> Offer:
    """Confirm that an offer still holds, until the next review: an overdue one comes back to the portal."""
    require(actor, "review", offer)
    today = timezone.localdate(at)
    if review_on <= today:
        raise RuleViolation(_("The next review is on a day to come."), field="review_on")
    with audit.operation(actor, "offer.review", subject=offer, at=at) as op:
        op.update(offer, reviewed_on=today, review_on=review_on)
        search_must_follow()
    return offer
