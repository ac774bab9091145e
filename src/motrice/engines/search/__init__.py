"""Motrice's search engine: documents in French and English, and the laboratories and people behind them."""

from motrice.engines.search.documents import Document, Evidence, Hit, Match, OwnerHit
from motrice.engines.search.encoders import Encoder
from motrice.engines.search.errors import (
    EncoderMismatch,
    EncoderMissing,
    IndexCorrupt,
    IndexLocked,
    IndexMissing,
    SearchError,
)
from motrice.engines.search.folder_encoder import FolderEncoder
from motrice.engines.search.index import Index
from motrice.engines.search.owners import OwnerRanking
from motrice.engines.search.tuning import Tuning

__all__ = [
    "Document",
    "Encoder",
    "EncoderMismatch",
    "EncoderMissing",
    "Evidence",
    "FolderEncoder",
    "Hit",
    "Index",
    "IndexCorrupt",
    "IndexLocked",
    "IndexMissing",
    "Match",
    "OwnerHit",
    "OwnerRanking",
    "SearchError",
    "Tuning",
]
