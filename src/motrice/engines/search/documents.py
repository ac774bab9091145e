"""What goes into an index and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

LANGUAGES = ("fr", "en")
ID_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be found; `access` lists the tokens of which a caller must hold one, and is empty for nobody."""

    id: str
    title: str
    text: str
    language: str | None = None
    owners: Sequence[str] = ()
    date: "date | str | None" = None
    kind: str = ""
    tags: Sequence[str] = ()
    access: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Why a word of the question found a word of the document.

    `how` is one of: same, spelling, cognate, translation, synonym, abbreviation.
    """

    query_word: str
    document_word: str
    how: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. Its score depends a little on the best documents beside it, all of them visible."""

    id: str
    score: float
    title: str = ""
    language: str | None = None
    kind: str = ""
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document that speaks for an owner, and what would become of the owner without it."""

    id: str
    title: str
    score: float
    share: float
    score_without: float
    rank_without: int | None
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerHit:
    """One laboratory or person, ranked; the shares of its evidence sum to one."""

    owner: str
    score: float
    evidence: tuple[Evidence, ...] = field(default=())
    rank: int = 0
    document_count: int = 0


def checked(document: Any) -> Document:
    """Return the document with its fields in their plain forms, or say which field is wrong."""
    if not isinstance(document, Document):
        raise TypeError(f"Expected a motrice.engines.search.Document, got {type(document).__name__}.")
    if not isinstance(document.id, str) or not document.id:
        raise ValueError(f"Document id must be a non-empty string, got {document.id!r}.")
    if len(document.id.encode("utf-8", "surrogatepass")) > ID_LIMIT:
        raise ValueError(f"Document id is longer than {ID_LIMIT} bytes: {document.id[:40]!r}… Give it a shorter one.")
    for name in ("title", "text", "kind"):
        value = getattr(document, name)
        if not isinstance(value, str):
            raise TypeError(f"Document {document.id!r}: {name} must be a string, got {type(value).__name__}.")
    # Any other language, or a regional form of one of ours, is looked at word by word.
    given = str(document.language or "").lower()[:2]
    language = given if given in LANGUAGES else None
    return Document(
        id=clean(document.id),
        title=clean(document.title),
        text=clean(document.text),
        language=language,
        owners=strings(document.owners, "owners", document.id),
        date=day_of(document.date, document.id),
        kind=clean(document.kind),
        tags=strings(document.tags, "tags", document.id),
        access=strings(document.access, "access", document.id),
    )


def clean(text: str) -> str:
    """Return text that can be encoded: lone surrogates become the replacement character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def strings(values: Any, name: str, identifier: str = "") -> tuple[str, ...]:
    """Return distinct strings in order; a bare string is refused because it would be taken letter by letter."""
    where = f"Document {identifier!r}: " if identifier else ""
    if values is None:
        return ()
    if isinstance(values, str):
        raise TypeError(f"{where}{name} must be a list of strings, not one string: write [{values!r}].")
    result = dict.fromkeys(values)
    for value in result:
        if not isinstance(value, str):
            raise TypeError(f"{where}{name} must hold strings, got {value!r}.")
    return tuple(clean(value) for value in result)


def day_of(value: Any, identifier: str = "") -> date | None:
    """Return a date from a date, a datetime or an ISO string, or say what is wrong with it."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    where = f"Document {identifier!r}: " if identifier else ""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            raise ValueError(f"{where}{value!r} is not a date; write it as 2026-11-22.") from None
    raise ValueError(f"{where}date must be a date or an ISO string, got {value!r}.")


def checked_limit(limit: Any) -> int:
    """Return a usable number of results."""
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"limit must be a whole number, got {limit!r}.")
    if limit < 0:
        raise ValueError(f"limit must not be negative, got {limit}.")
    return min(limit, 10_000)
