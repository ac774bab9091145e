"""Readers of patent files: offices' XML, JSON and text, services' lists; pure computation, no network, no Django."""

from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.reading import list_length, read, read_stream
from motrice.engines.patentfiles.shapes import (
    Citation,
    Claim,
    Classification,
    Document,
    FeeState,
    Finding,
    LegalEvent,
    Link,
    Number,
    Party,
    PatentRecord,
    RegisterEntry,
    Text,
)

__all__ = [
    "Citation",
    "Claim",
    "Classification",
    "Document",
    "FeeState",
    "Finding",
    "LegalEvent",
    "Link",
    "Number",
    "Party",
    "PatentFileError",
    "PatentRecord",
    "RegisterEntry",
    "Text",
    "list_length",
    "read",
    "read_stream",
]
