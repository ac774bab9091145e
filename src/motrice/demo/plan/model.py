"""What the demonstration world is made of, before any database: plain records that point to one another by key."""

from dataclasses import dataclass, field
from datetime import date

from motrice.demo.plan.names import City


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a world holds."""

    name: str
    units: int
    companies: int
    smes: int
    people: int
    texts: int
    needs: int
    offers: int
    # Patent families, one asset of another kind for eight of them, and what one school published in a year.
    families: int
    published_by_school: int
    disclosures: int


SIZES = {
    size.name: size
    for size in (
        Size(
            "small",
            units=60,
            companies=80,
            smes=40,
            people=300,
            texts=800,
            needs=40,
            offers=40,
            families=120,
            published_by_school=5,
            disclosures=14,
        ),
        Size(
            "network",
            units=1500,
            companies=2000,
            smes=900,
            people=6000,
            texts=15000,
            needs=600,
            offers=900,
            families=5600,
            published_by_school=33,
            disclosures=240,
        ),
    )
}


@dataclass(slots=True)
class Body:
    """An organisation of any kind; its key is its rank in the world."""

    key: int
    kind: str
    name: str
    short_name: str = ""
    description: str = ""
    city: City | None = None
    street: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    legal_form: str = ""
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    names: list[tuple[str, str, str, date | None, date | None]] = field(default_factory=list)
    profiles: list[tuple[int, str, str, int]] = field(default_factory=list)
    topics: list[tuple[str, str]] = field(default_factory=list)
    mechanism: dict | None = None
    # What laboratories and companies work on: sub-topics of the content, the first being the main one.
    subjects: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """A typed, dated relation between two bodies."""

    source: int
    target: int
    kind: str
    starts_on: date | None = None
    ends_on: date | None = None
    rank: int | None = None
    label_number: str = ""
    succession: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A dated role of a person in a body."""

    person: int
    body: int
    role: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True)
class Human:
    """Somebody who does not exist."""

    key: int
    given_name: str
    family_name: str
    email: str
    orcid: str = ""
    level: str = "network"


@dataclass(frozen=True, slots=True)
class Paper:
    """A text that shows what a laboratory can do."""

    kind: str
    topic: str
    title: str
    text: str
    language: str
    dated_on: date
    level: str
    bodies: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfferText:
    """What a laboratory offers to companies of some segments, in both languages."""

    kind: str
    topic: str
    body: int
    owner: int
    texts: dict[str, dict[str, str]]
    trl: tuple[int, int]
    status: str
    level: str
    reviewed_on: date | None
    review_on: date


@dataclass(frozen=True, slots=True)
class NeedText:
    """A company's problem, the laboratories that know its sub-topic best, and how its story goes."""

    key: int
    company: int
    topic: str
    language: str
    answers: dict[str, str]
    secret: str
    canary: str
    received_on: date
    story: str
    best: tuple[int, ...]
    others: tuple[int, ...]

    @property
    def is_from_visitor(self) -> bool:
        """Whether it was sent from the public site by somebody without an account, and confirmed by mail."""
        return self.key % 9 == 4 and self.story not in ("withdrawn", "questioned")


@dataclass(slots=True)
class World:
    """Everything of one demonstration world."""

    size: Size
    seed: int
    today: date
    bodies: list[Body] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    humans: list[Human] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    offers: list[OfferText] = field(default_factory=list)
    needs: list[NeedText] = field(default_factory=list)
    assets: list = field(default_factory=list)
    licences: list = field(default_factory=list)
    # Bodies that other parts of the world or its tests name.
    landmarks: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, name: str, **values) -> Body:
        """Add a body and give it the next key."""
        body = Body(len(self.bodies), kind, name, **values)
        self.bodies.append(body)
        return body

    def of_kind(self, kind: str) -> list[Body]:
        """The bodies of one kind."""
        return [body for body in self.bodies if body.kind == kind]
