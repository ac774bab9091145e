"""What is near a disclosure: other disclosures and texts, through the one search and the reader's own rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from motrice.core import policies, search_index
from motrice.core.search_sources import access_tokens
from motrice.directory.enums import EvidenceKind
from motrice.directory.models import Evidence
from motrice.inventions.enums import DisclosureKind
from motrice.inventions.models import Disclosure

DISCLOSED = tuple(f"disclosure-{kind}" for kind in DisclosureKind.values)
PREFIXES = {Disclosure._meta.label_lower: Disclosure, Evidence._meta.label_lower: Evidence}


@dataclass(frozen=True)
class Near:
    """One record near a disclosure, with the words that brought it."""

    record: Any
    score: float
    matched: tuple[str, ...]


def question_of(disclosure: Disclosure) -> str:
    """What is asked of the search: what the disclosure says of itself."""
    parts = (disclosure.title, disclosure.keywords, disclosure.novelty, disclosure.summary)
    return " ".join(part for part in parts if part)[:2000]


def near_disclosures(disclosure: Disclosure, *, actor: Any, limit: int = 5) -> list[Near]:
    """Other disclosures that the reader may see and that resemble this one."""
    return _near(disclosure, actor, DISCLOSED, limit)


def near_texts(disclosure: Disclosure, *, actor: Any, limit: int = 8) -> list[Near]:
    """Publications, patents and projects of the directory that resemble it: where a search of prior art can begin."""
    return _near(disclosure, actor, tuple(EvidenceKind.values), limit)


def _near(disclosure: Disclosure, actor: Any, kinds: Sequence[str], limit: int) -> list[Near]:
    indexes, text = search_index.opened(), question_of(disclosure)
    if indexes is None or not text:
        return []
    hits = indexes.evidence.search(
        text, limit=limit * 3 + 1, filters={"kind": list(kinds)}, access=access_tokens(actor)
    )
    wanted: dict[type, list[int]] = {}
    for hit in hits:
        model, pk = _named(hit.id)
        if model is not None and (model, pk) != (Disclosure, disclosure.pk):
            wanted.setdefault(model, []).append(pk)
    held = {
        (model, row.pk): row
        for model, pks in wanted.items()
        for row in policies.scope(_rows(model, pks), actor, "view")
    }
    found = []
    for hit in hits:
        record = held.get(_named(hit.id))  # type: ignore[arg-type]
        if record is not None:
            words = tuple(dict.fromkeys(match.document_word for match in hit.matches))[:8]
            found.append(Near(record, hit.score, words))
    return found[:limit]


def _named(document: str) -> tuple[type | None, int]:
    label, _colon, pk = document.rpartition(":")
    return PREFIXES.get(label), int(pk)


def _rows(model: Any, pks: list[int]) -> Any:
    rows = model._default_manager.filter(pk__in=pks)
    return rows.select_related("unit") if model is Disclosure else rows
