"""Offers, capabilities and platforms: written by their organisation, reviewed by a date or hidden from the portal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, fingerprint, heed, last_change, of_subject, require_read
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
    op.create_many(_references(offer, content))


def _references(offer: Offer, content: OfferContent) -> list[OfferReference]:
    return [
        OfferReference(offer=offer, title=project.title.strip(), year=project.year, evidence=project.evidence)
        for project in content.references
        if project.title.strip()
    ]


def edit_offer(
    *,
    offer: Offer,
    content: OfferContent,
    owner: Person,
    actor: Any,
    read: Read = None,
    at: datetime | None = None,
) -> Offer:
    """Change what an offer says; segments and references are replaced by those given.

    Of what was `read`, what others changed since is refused with `StaleState`, and what was left alone stays theirs. A
    project that is told as before keeps its evidence.
    """
    require(actor, "edit", offer)
    columns = {**_columns(content), "owner": owner}
    with audit.operation(actor, "offer.edit", subject=offer, at=at) as op:
        offer.refresh_from_db(from_queryset=Offer._base_manager.select_for_update(no_key=True))
        columns = heed(offer, columns, read=read, actor=actor)
        segments, references = list(offer.segments.all()), list(offer.references.all())
        keeps_segments = _is_left_alone("segments", list(content.segments), [row.segment for row in segments], read)
        keeps_references = _is_left_alone("references", told(content.references), told(references), read)
        if not keeps_segments:
            names = dict(rules.choices(rules.SEGMENT))
            named = ", ".join(str(names.get(row.segment, row.segment)) for row in segments)
            _require_read(offer, OfferSegment, [row.segment for row in segments], named, read=read, actor=actor)
        if not keeps_references:
            named = "; ".join(f"{row.title} ({row.year})" if row.year else row.title for row in references)
            _require_read(offer, OfferReference, told(references), named, read=read, actor=actor)
        op.update(offer, **columns)
        if not keeps_segments:
            _replace(
                op, segments, [OfferSegment(offer=offer, segment=code) for code in dict.fromkeys(content.segments)]
            )
        if not keeps_references:
            _replace(op, references, _references(offer, content))
        search_must_follow()
    return offer


def told(projects: Iterable[Any]) -> list[dict[str, Any]]:
    """Projects as pages and programs read them."""
    return [{"title": project.title.strip(), "year": project.year} for project in projects if project.title.strip()]


def _is_left_alone(name: str, given: list[Any], now: list[Any], read: Read) -> bool:
    """Whether a list is given as it was read, or as it is: then it stays as it is."""
    return fingerprint(given) in ((read or {}).get(name), fingerprint(now))


def _require_read(offer: Offer, part: Any, now: list[Any], named: str, *, read: Read, actor: Any) -> None:
    name, label = {OfferSegment: ("segments", _("segments")), OfferReference: ("references", _("projects"))}[part]
    require_read(
        name,
        now,
        read=read,
        label=label,
        theirs=named,
        changed=lambda: last_change(part, of_subject(offer)),
        actor=actor,
    )


def _replace(op: audit.Recorder, held: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Make the wanted parts of those held; one that is wanted as it is held is left, with what it holds besides."""
    new = {_key(part): part for part in wanted}
    for part in held:
        if new.pop(_key(part), None) is None:
            op.delete(part)
    op.create_many(list(new.values()))


def _key(part: OfferSegment | OfferReference) -> tuple[Any, ...]:
    return (part.segment,) if isinstance(part, OfferSegment) else (part.title, part.year)


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
