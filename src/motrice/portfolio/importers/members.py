"""From the records of a file to filings and families: a filing for each application, a family for what shares it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from motrice.engines.patentfiles import LegalEvent, Link, Number, Party, PatentRecord, RegisterEntry
from motrice.portfolio.enums import Descent, Route

OFFICES_OF_ROUTE = {"WO": Route.PCT, "EP": Route.EUROPEAN}
DESCENTS = {
    "division": Descent.DIVISIONAL,
    "continuation": Descent.CONTINUATION,
    "continuation-in-part": Descent.CONTINUATION,
}
Pair = tuple[str, str]
LONG_YEAR, TURN = 10, "77"


def filing_number(number: Number) -> Pair:
    """Office and number of an application; an international one is `WO 2019EP068001`, as the EPO prints it."""
    if number.kind != "W":
        return number.country, number.number
    text = number.number
    if len(text) == LONG_YEAR:
        return "WO", f"{text[:4]}{number.country}{text[4:]}"
    century = "19" if text[:2] > TURN else "20"
    return "WO", f"{century}{text[:2]}{number.country}{text[2:]}"


@dataclass
class Member:
    """One filing as a file describes it, perhaps in several of its records."""

    office: str
    number: str
    line: int
    filed_on: date | None = None
    language: str = ""
    publications: dict[tuple[str, str, str], tuple[date | None, str]] = field(default_factory=dict)
    priorities: dict[Pair, tuple[date | None, bool]] = field(default_factory=dict)
    applicants: tuple[Party, ...] = ()
    inventors: tuple[Party, ...] = ()
    links: list[Link] = field(default_factory=list)
    internationals: set[Pair] = field(default_factory=set)
    events: list[LegalEvent] = field(default_factory=list)
    entries: list[RegisterEntry] = field(default_factory=list)
    granted_on: date | None = None

    @property
    def route(self) -> str:
        """By which way protection is asked for."""
        return OFFICES_OF_ROUTE.get(self.office, Route.NATIONAL)

    @property
    def key(self) -> str:
        """What it is known by in its file."""
        if self.number:
            return f"{self.office} {self.number}"
        office, number, _kind = next(iter(self.publications), (self.office, "", ""))
        return f"pub {office} {number}"

    def take(self, record: PatentRecord) -> None:
        """Add what another record says of the same filing."""
        if record.application is not None:
            self.filed_on = self.filed_on or record.application.on
        if record.publication is not None and record.publication.number.number:
            number = record.publication.number
            held = self.publications.get((number.country, number.number, number.kind), (None, ""))
            language = record.language[:2].lower() or held[1]
            self.publications[number.country, number.number, number.kind] = (
                held[0] or record.publication.on,
                language,
            )
        own = (self.office, self.number)
        for claim in record.priorities:
            pair = filing_number(claim.number)
            if claim.linkage == "W" and pair[0] == "WO":
                self.internationals.add(pair)
            if pair != own and all(pair):
                before = self.priorities.get(pair, (None, False))
                self.priorities[pair] = (before[0] or claim.on, before[1] or claim.is_active is not False)
        self.internationals |= {filing_number(link.number) for link in record.links if link.kind == "international"}
        self.applicants = self.applicants or record.applicants
        self.inventors = self.inventors or record.inventors
        self.links += [link for link in record.links if link.is_parent and link.kind in DESCENTS]
        self.events += [event for event in record.events if event not in self.events]
        self.entries += [entry for entry in record.entries if entry not in self.entries]
        self.granted_on = self.granted_on or record.granted_on
        self.language = self.language or record.language[:2].lower()

    def own_tokens(self) -> set[str]:
        """Its own numbers, which one filing alone bears."""
        found = {f"pub {office} {number}" for office, number, _kind in self.publications}
        return found | ({f"app {self.office} {self.number}"} if self.number else set())

    def tokens(self) -> set[str]:
        """The numbers by which its family may be known."""
        return self.own_tokens() | {f"app {office} {number}" for office, number in self.priorities}

    def descent_among(self, numbers: set[Pair]) -> tuple[Pair, str] | None:
        """Its parent and how it descends, if the parent is a filing of the same family."""
        for link in self.links:
            pair = filing_number(link.number)
            if pair in numbers and pair != (self.office, self.number):
                return pair, DESCENTS[link.kind]
        for pair in sorted(self.internationals & numbers):
            if self.office != "WO":
                return pair, Descent.REGIONAL_PHASE if self.office == "EP" else Descent.NATIONAL_PHASE
        return None


@dataclass
class Family:
    """The filings that a file says belong together."""

    key: str
    line: int
    docdb: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, str] = field(default_factory=dict)
    classes: dict[Pair, bool] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)

    def take(self, record: PatentRecord) -> Member:
        """Add a record to its filing."""
        office, number = _filing_of(record)
        member = Member(office, number, record.line)
        if not number and record.publication is not None:
            published = record.publication.number
            member.publications[published.country, published.number, published.kind] = (None, "")
        member = self.members.setdefault(member.key, member)
        member.take(record)
        self.docdb = self.docdb or record.family_id
        for title in record.titles:
            self.titles.setdefault(title.language, title.text)
        for text in record.abstracts:
            self.abstracts.setdefault(text.language, text.text)
        for item in record.classifications:
            if item.scheme in ("IPC", "CPC"):
                pair = (item.scheme.lower(), item.symbol)
                self.classes[pair] = self.classes.get(pair, False) or item.is_first
        return member

    def ordered(self) -> list[Member]:
        """The filings, first the parents of others."""
        numbers = {(member.office, member.number) for member in self.members.values() if member.number}
        rank = {"WO": 1, "EP": 2}

        def place(member: Member) -> tuple[bool, int, date, str]:
            child = member.descent_among(numbers) is not None
            return child, rank.get(member.office, 0 if not child else 3), member.filed_on or date.max, member.key

        return sorted(self.members.values(), key=place)

    def title(self) -> tuple[str, str]:
        """The title and its language: French, failing it English, failing it any."""
        for language in ("fr", "en"):
            if language in self.titles:
                return self.titles[language], language
        return (next(iter(self.titles.values()), ""), "en")

    def first_day(self) -> date | None:
        """The earliest day that anything of it has."""
        days = [member.filed_on for member in self.members.values()]
        days += [on for member in self.members.values() for on, _active in member.priorities.values()]
        days += [on for member in self.members.values() for on, _language in member.publications.values()]
        return min((found for found in days if found is not None), default=None)

    def tokens(self) -> set[str]:
        """Every number by which it may be known."""
        found = {token for member in self.members.values() for token in member.tokens()}
        return found | ({f"docdb {self.docdb}"} if self.docdb else set())


def _filing_of(record: PatentRecord) -> Pair:
    if record.application is not None and record.application.number.number and record.application.on is not None:
        return filing_number(record.application.number)
    if record.publication is not None:
        return record.publication.number.country, ""
    if record.application is not None:
        return filing_number(record.application.number)[0], ""
    return "", ""


class Gatherer:
    """Puts the records of a file into families, batch after batch, and remembers which number is of which family."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}

    def gather(self, records: Iterable[PatentRecord]) -> list[Family]:
        """The families of one batch; those that DOCDB numbers come first, others join them by their numbers."""
        families: dict[str, Family] = {}
        for record in sorted(records, key=lambda item: (not item.family_id, item.line)):
            if record.publication is None and record.application is None:
                continue
            key = self._key_of(record)
            family = families.setdefault(key, Family(key, record.line))
            family.line = min(family.line, record.line)
            member = family.take(record)
            for token in member.tokens():
                self.keys.setdefault(token, key)
        return sorted(families.values(), key=lambda item: item.line)

    def _key_of(self, record: PatentRecord) -> str:
        alone = Family("", record.line)
        alone.take(record)
        tokens = sorted(alone.tokens())
        if record.family_id:
            key = f"docdb:{record.family_id}"
            known = next((self.keys[token] for token in tokens if token in self.keys), key)
            return known if not known.startswith("docdb:") else key
        for token in tokens:
            if token in self.keys:
                return self.keys[token]
        return _own_key(record)


def _own_key(record: PatentRecord) -> str:
    """The first priority, failing it the application, failing it the publication."""
    dated = sorted((claim for claim in record.priorities if claim.on), key=lambda claim: claim.on or date.max)
    if dated:
        return f"prio:{dated[0].number}"[:160]
    if record.application is not None and record.application.number.number:
        return f"app:{record.application.number}"[:160]
    published = record.publication
    return f"pub:{published.number.country}{published.number.number}"[:160] if published else ""


def all_numbers(families: Sequence[Family]) -> tuple[set[Pair], set[Pair], set[str]]:
    """Application numbers (priorities included), publication numbers and DOCDB families of a batch."""
    applications, publications = set(), set()
    for family in families:
        for member in family.members.values():
            applications |= set(member.priorities)
            if member.number:
                applications.add((member.office, member.number))
            publications |= {(office, number) for office, number, _kind in member.publications}
    return applications, publications, {family.docdb for family in families if family.docdb}
