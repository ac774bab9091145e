"""The portal's search of offers: published offers in both languages; what a reader may see is asked of the policy."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from motrice.engines.search import Document, Index, IndexMissing, Match
from motrice.sourcing.enums import OfferStatus
from motrice.sourcing.models import Offer

NETWORK = "network"
_opened: dict[Path, Index] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class FoundOffer:
    """An offer that answers a question, with the words that matched, across languages too."""

    offer: Offer
    score: float
    matches: tuple[Match, ...]


def offer_index() -> Index:
    """The index of offers, made on first use."""
    path = Path(settings.SEARCH_ROOT) / "offers"
    with _lock:
        if path not in _opened or not path.exists():
            try:
                _opened[path] = Index.open(path)
            except IndexMissing:
                path.parent.mkdir(parents=True, exist_ok=True)
                _opened[path] = Index.create(path)
        return _opened[path]


def documents_of(offer: Offer) -> list[Document]:
    """One text per language: the firm's words meet the one or the other."""
    return [
        Document(
            id=f"{offer.reference}:{language}",
            title=getattr(offer, f"title_{language}"),
            text="\n".join(
                getattr(offer, f"{name}_{language}") for name in ("text", "sme_conditions", "equipment", "access")
            ),
            language=language,
            owners=(f"offer:{offer.reference}",),
            kind=offer.kind,
            tags=tuple(row.segment for row in offer.segments.all()),
            access=(offer.level,),
        )
        for language in ("fr", "en")
    ]


def index_offers(offers: Iterable[Offer]) -> int:
    """Put offers into the index, or take out those no longer published; the number of offers looked at."""
    index, count = offer_index(), 0
    try:
        for offer in offers:
            count += 1
            if offer.status == OfferStatus.PUBLISHED:
                index.add(documents_of(offer))
            else:
                index.remove([f"{offer.reference}:fr", f"{offer.reference}:en"])
        index.commit()
    finally:
        index.close()
    return count


def find_offers(
    text: str, offers: QuerySet[Offer], *, actor: Any, limit: int = 5, segment: str = ""
) -> list[FoundOffer]:
    """The offers that answer a question best, among those permitted and in date that `offers` holds."""
    access = ["public", NETWORK] if getattr(actor, "is_network_member", False) else ["public"]
    filters = {"tags": [segment]} if segment else None
    wanted = limit * 2
    while True:
        hits = offer_index().search(text, limit=wanted, filters=filters, access=access)
        best: dict[str, tuple[float, dict[tuple[str, str], Match]]] = {}
        for hit in hits:
            _score, matches = best.setdefault(hit.id.split(":")[0], (hit.score, {}))
            matches.update({(match.query_word, match.document_word): match for match in hit.matches})
        held = {
            offer.reference: offer
            for offer in offers.filter(reference__in=best)
            .select_related("organisation", "owner")
            .prefetch_related("segments", "references")
        }
        found = [
            FoundOffer(held[reference], score, tuple(matches.values()))
            for reference, (score, matches) in best.items()
            if reference in held
        ]
        if len(found) >= limit or len(hits) < wanted:
            return found[:limit]
        wanted *= 4
