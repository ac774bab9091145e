"""What a patent file says, whatever its format: one record for each publication or application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A document number in DOCDB form: country or office code, number, kind code."""

    country: str
    number: str
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.country}{self.number}{self.kind}"


@dataclass(frozen=True, slots=True)
class Document:
    """A publication or an application: its number, its day, and the number as the file writes it."""

    number: Number
    on: date | None = None
    original: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A priority claimed; `is_active` is the indicator of DOCDB, unknown (None) elsewhere."""

    number: Number
    on: date | None = None
    sequence: int = 0
    kind: str = ""  # national, international, regional
    is_active: bool | None = None
    linkage: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A title or an abstract in one language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """A person or body: the name as the office normalises it, as it was written, its country and number."""

    role: str  # applicant, proprietor, assignee, owner, inventor, agent, opponent
    name: str
    raw: str = ""
    country: str = ""
    sequence: int = 0
    city: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """A symbol of the IPC, the CPC, the Locarno or a national classification."""

    scheme: str
    symbol: str
    version: str = ""
    is_first: bool = False
    is_inventive: bool | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a patent by its number, or other literature as text."""

    number: Number | None = None
    text: str = ""
    category: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class LegalEvent:
    """An event of INPADOC or of a national register."""

    office: str
    code: str
    description: str = ""
    influence: str = ""  # "+", "-" or nothing
    on: date | None = None
    document: Number | None = None
    country: str = ""  # the state concerned, for a European patent
    effective_on: date | None = None
    paid_on: date | None = None
    fee_year: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A parent or a child: division, continuation, national stage, reissue…"""

    kind: str
    number: Number
    on: date | None = None
    is_parent: bool = True
    original: str = ""


@dataclass(frozen=True, slots=True)
class FeeState:
    """The official state of fees, as INPI publishes it."""

    last_paid_on: date | None = None
    last_rank: int | None = None
    next_due_on: date | None = None
    next_rank: int | None = None
    granted_on: date | None = None
    lapsed_on: date | None = None
    lapse_notified_on: date | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An entry in a register: who took over from whom, on what day."""

    number: str
    on: date | None = None
    code: str = ""
    nature: str = ""
    executed_on: date | None = None
    givers: tuple[Party, ...] = ()
    takers: tuple[Party, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: a sort, the place in the file, the value; nothing is corrected in silence."""

    code: str
    path: str
    line: int = 0
    value: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PatentRecord:
    """All that a file says of one publication or application, and what it does not say."""

    source: str
    line: int
    publication: Document | None = None
    application: Document | None = None
    priorities: tuple[Claim, ...] = ()
    family_id: str = ""
    language: str = ""
    is_grant: bool = False
    granted_on: date | None = None
    titles: tuple[Text, ...] = ()
    abstracts: tuple[Text, ...] = ()
    parties: tuple[Party, ...] = ()
    classifications: tuple[Classification, ...] = ()
    designated: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    events: tuple[LegalEvent, ...] = ()
    links: tuple[Link, ...] = ()
    fees: FeeState | None = None
    entries: tuple[RegisterEntry, ...] = ()
    family_size: int | None = None
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of_role(self, *roles: str) -> tuple[Party, ...]:
        """The parties of some roles."""
        return tuple(party for party in self.parties if party.role in roles)

    @property
    def applicants(self) -> tuple[Party, ...]:
        """Who applies or owns: proprietors, failing them assignees, failing them applicants."""
        return self.of_role("proprietor") or self.of_role("applicant") or self.of_role("assignee", "owner")

    @property
    def inventors(self) -> tuple[Party, ...]:
        """The inventors."""
        return self.of_role("inventor")

    @property
    def key(self) -> str:
        """What the record is known by: its publication number, failing it its application number."""
        document = self.publication or self.application
        return str(document.number) if document else ""


WANTED = ("publication", "publication_date", "application", "filing_date", "title", "applicant", "inventor", "class")


def missing_of(record: PatentRecord) -> tuple[str, ...]:
    """What one would expect of a record and its file does not give."""
    held = {
        "publication": record.publication,
        "publication_date": record.publication and record.publication.on,
        "application": record.application,
        "filing_date": record.application and record.application.on,
        "title": record.titles,
        "applicant": record.applicants,
        "inventor": record.inventors,
        "class": record.classifications,
    }
    return tuple(name for name in WANTED if not held[name])
