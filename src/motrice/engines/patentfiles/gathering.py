"""What the readers share: a record under construction, and the checks that every format passes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from motrice.engines.patentfiles.codes import is_country, is_kind
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
    missing_of,
)
from motrice.engines.patentfiles.text import day, squeezed, unescaped

LONGEST = 300
RANK = re.compile(r",? (?:JR|SR|I{2,3}|IV)\.?$", re.IGNORECASE)  # "BRENT, JR.; JOHN L." is one person too


@dataclass(slots=True)
class Draft:
    """A record being gathered from one place of a file."""

    source: str
    line: int
    publication: Document | None = None
    application: Document | None = None
    priorities: list[Claim] = field(default_factory=list)
    family_id: str = ""
    language: str = ""
    is_grant: bool = False
    granted_on: date | None = None
    titles: list[Text] = field(default_factory=list)
    abstracts: list[Text] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    classifications: list[Classification] = field(default_factory=list)
    designated: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    events: list[LegalEvent] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    entries: list[RegisterEntry] = field(default_factory=list)
    fees: FeeState | None = None
    family_size: int | None = None
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, path: str, value: str = "", detail: str = "", line: int = 0) -> None:
        """Note something to look at."""
        self.findings.append(Finding(code, path, line or self.line, squeezed(value)[:LONGEST], detail[:LONGEST]))

    def day(self, text: str, path: str, line: int = 0) -> date | None:
        """A day, with a finding when there is a text and it is none."""
        found = day(text)
        if found is None and text.strip() and not text.startswith(("0001", "0000")):
            self.find("wrong_date", path, text, line=line)
        return found

    def country(self, text: str, path: str, line: int = 0) -> str:
        """A code of ST.3, with a finding when it is unknown; the code is kept."""
        code = text.strip().upper()
        if code in ("UNKNOWN", "NULL", "**"):  # what some offices write for nothing
            return ""
        if code and not is_country(code):
            self.find("unknown_country", path, text, line=line)
        return code

    def checked(self, number: Number, path: str, line: int = 0) -> Number:
        """A number whose codes were looked up."""
        self.country(number.country, path, line)
        if number.kind and not is_kind(number.kind):
            self.find("unknown_kind", path, number.kind, line=line)
        return number

    def title(self, language: str, text: str, path: str) -> None:
        """Keep a title."""
        plain, was_escaped = unescaped(squeezed(text))
        if was_escaped:
            self.find("escaped_text", path, text)
        if plain and plain.upper() != "NA":
            self.titles.append(Text(language.lower(), plain))

    def party(self, party: Party, path: str) -> None:
        """Keep a party; several joined in one name by semicolons are taken apart, and that is noted."""
        plain, was_escaped = unescaped(party.name)
        if was_escaped:
            self.find("escaped_text", path, party.name)
        names = [squeezed(name) for name in plain.split(";")]
        names = [name for name in names if name and name.upper() != "NA"]
        if len(names) > 1 and all(" " in RANK.sub("", name) for name in names):
            self.find("joined_parties", path, party.name, str(len(names)))
        elif len(names) > 1:  # "KRESS; ROBERT W." is one person
            self.find("semicolon_in_name", path, party.name)
            names = [" ".join(names)]
        for name in names:
            raw = party.raw if len(names) == 1 else name
            shown = squeezed(raw) or name
            self.parties.append(replace(party, name=name, raw=shown))

    def classify(self, found: Classification | None, text: str, path: str, line: int = 0) -> None:
        """Keep a class once; say when a symbol cannot be read."""
        if found is None:
            self.find("wrong_class", path, text, line=line)
        elif found not in self.classifications:
            self.classifications.append(found)

    def done(self) -> PatentRecord:
        """The record, with what it lacks."""
        record = PatentRecord(
            source=self.source,
            line=self.line,
            publication=self.publication,
            application=self.application,
            priorities=tuple(sorted(self.priorities, key=lambda claim: claim.sequence)),
            family_id=self.family_id,
            language=self.language,
            is_grant=self.is_grant,
            granted_on=self.granted_on,
            titles=tuple(dict.fromkeys(self.titles)),
            abstracts=tuple(dict.fromkeys(self.abstracts)),
            parties=tuple(dict.fromkeys(self.parties)),
            classifications=tuple(self.classifications),
            designated=tuple(dict.fromkeys(self.designated)),
            citations=tuple(self.citations),
            events=tuple(self.events),
            links=tuple(self.links),
            entries=tuple(self.entries),
            fees=self.fees,
            family_size=self.family_size,
            findings=tuple(self.findings),
        )
        return with_missing(record)


def with_missing(record: PatentRecord) -> PatentRecord:
    """The same record, saying what it lacks."""
    return replace(record, missing=missing_of(record))


def document(number: Number, on: date | None, original: str = "") -> Document | None:
    """A document, if it has a number."""
    return Document(number, on, original) if number.number else None
