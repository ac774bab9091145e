"""How the search finds offers: one text in both languages, found by who may see the offer while it is published.

An offer has no owners in the index: what is hidden from the portal when its review is late must not weigh in the
ranking of laboratories.
"""

from __future__ import annotations

from collections.abc import Sequence

from motrice.core.search_sources import SearchSource, level_tokens, record_id, register
from motrice.engines.search import Document
from motrice.sourcing.enums import OfferStatus
from motrice.sourcing.models import Offer, OfferSegment

LABEL = "sourcing.offer"
FIELDS = ("text", "sme_conditions", "equipment", "access")


def offer_documents(rows: Sequence[Offer]) -> list[Document]:
    """Each offer with its segments as tags."""
    segments: dict[int, list[str]] = {}
    for offer_id, segment in OfferSegment.objects.filter(offer__in=rows).values_list("offer_id", "segment"):
        segments.setdefault(offer_id, []).append(segment)
    return [
        Document(
            id=record_id(LABEL, row.pk),
            title=f"{row.title_fr} / {row.title_en}",
            text="\n".join(getattr(row, f"{name}_{language}") for language in ("fr", "en") for name in FIELDS),
            kind=f"offer-{row.kind}",
            tags=tuple(segments.get(row.pk, ())),
            access=tuple(sorted(level_tokens(row.level, LABEL, row.pk))),
        )
        for row in rows
    ]


def published() -> object:
    """The offers that the search holds; the date of review is asked of the policy when they are shown."""
    return Offer.objects.filter(status=OfferStatus.PUBLISHED)


register(
    SearchSource(
        model=Offer,
        rows=published,  # type: ignore[arg-type]
        documents=offer_documents,
        parts={OfferSegment: ("offer_id",)},
    )
)
