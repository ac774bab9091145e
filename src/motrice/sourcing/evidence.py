"""The search of evidence that ranks laboratories and people: each text carries the tokens of who may read it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from motrice.core.confidentiality import Level
from motrice.core.policies import scopes
from motrice.directory.models import Evidence
from motrice.directory.policies import LABEL, STAFF
from motrice.engines.search import Document, Index, IndexMissing

_opened: dict[Path, Index] = {}
_lock = threading.Lock()


def evidence_index() -> Index:
    """The index of evidence, made on first use."""
    path = Path(settings.SEARCH_ROOT) / "evidence"
    with _lock:
        if path not in _opened or not path.exists():
            try:
                _opened[path] = Index.open(path)
            except IndexMissing:
                path.parent.mkdir(parents=True, exist_ok=True)
                _opened[path] = Index.create(path)
        return _opened[path]


def access_tokens(actor: Any) -> list[str]:
    """The tokens that a reader holds: the same grounds as the policy of evidence."""
    tokens = [Level.PUBLIC.value]
    if getattr(actor, "is_network_member", False):
        tokens.append(Level.NETWORK.value)
    tokens += [f"organisation:{pk}" for pk in scopes(actor, LABEL, *STAFF)]
    return tokens + [f"circle:{pk}" for pk in scopes(actor, "directory.evidence", "circle")]


def _access_of(piece: Evidence) -> Sequence[str]:
    owners = [f"organisation:{row.organisation_id}" for row in piece.owners.all() if row.organisation_id]
    if piece.level in (Level.PUBLIC, Level.NETWORK):
        return (piece.level, *owners)
    return (f"circle:{piece.pk}",) if piece.level == Level.CIRCLE else owners


def document_of(piece: Evidence) -> Document:
    """One piece of evidence as the engine reads it."""
    owners = [
        f"organisation:{row.organisation.reference}"
        if row.organisation is not None
        else f"person:{row.person.reference}"
        for row in piece.owners.all()
    ]
    return Document(
        id=piece.reference,
        title=piece.title,
        text=piece.text,
        language=piece.language if piece.language in ("fr", "en") else None,
        owners=owners,
        date=piece.dated_on,
        kind=piece.kind,
        access=_access_of(piece),
    )


def index_evidence(pieces: Iterable[Evidence]) -> int:
    """Put pieces of evidence into the index; how many."""
    index = evidence_index()
    try:
        count = index.add(document_of(piece) for piece in pieces)
        index.commit()
    finally:
        index.close()
    return count
