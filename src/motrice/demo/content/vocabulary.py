"""The twenty fields of the demonstration world and their sub-topics, read from the files beside this module."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from motrice.demo.content.grammar import Pattern, Term, pattern

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Property:
    """A measured quantity: its name, unit by language, and the values before and after an improvement."""

    term: Term
    units: dict[str, str]
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A sub-topic: what its laboratories study, with what, and how its failures look to a company."""

    code: str
    field: str
    name: Term
    objects: tuple[Term, ...]
    methods: tuple[Term, ...]
    equipment: tuple[Term, ...]
    properties: tuple[Property, ...]
    failures: tuple[Term, ...]
    products: tuple[Term, ...]
    symptoms: tuple[dict[str, str], ...]
    tried: tuple[dict[str, str], ...]
    make: dict[str, str]
    links: tuple[tuple[int | None, int | None, int | None], ...]

    def linked(self, symptom: int) -> tuple[Term | None, Term | None, dict[str, str] | None]:
        """Give the failure, the product and the attempt that belong to a symptom, where one does."""
        failure, product, attempt = self.links[symptom]
        return (
            None if failure is None else self.failures[failure],
            None if product is None else self.products[product],
            None if attempt is None else self.tried[attempt],
        )


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its four sub-topics and the French activity codes of its companies."""

    code: str
    names: dict[str, str]
    naf: tuple[str, ...]
    topics: tuple[Topic, ...]


def _both(source: str) -> dict[str, str]:
    french, english = source.split("|")
    return {"fr": french, "en": english}


def _property(source: str) -> Property:
    code, french, english, unit, before, after, _direction = source.split("|")
    french_unit, _, english_unit = unit.partition("~")
    return Property(
        Term.parse(f"{code}|{french}|{english}"),
        {"fr": french_unit, "en": english_unit or french_unit},
        float(before),
        float(after),
    )


def _terms(sources: list[str]) -> tuple[Term, ...]:
    return tuple(Term.parse(source) for source in sources)


def _links(hints: str) -> tuple[tuple[int | None, int | None, int | None], ...]:
    """Read ``01- 01- 100``: for each symptom the rank of its failure, its product and what was tried; - for none."""
    failures, products, attempts = (
        [None if mark == "-" else int(mark) for mark in group] for group in hints.split(" ")
    )
    return tuple(zip(failures, products, attempts, strict=True))


def _topic(data: dict, field: dict) -> Topic:
    return Topic(
        code=data["code"],
        field=field["code"],
        name=Term.parse(data["name"]),
        objects=_terms(data["objects"]),
        methods=_terms(data["methods"]),
        equipment=_terms(data["equipment"]),
        properties=tuple(_property(source) for source in data["properties"]),
        failures=_terms(data["failures"]),
        products=_terms(data["products"]),
        symptoms=tuple(_both(source) for source in data["symptoms"]),
        tried=tuple(_both(source) for source in data["tried"]),
        make=_both(data.get("make", field["make"])),
        links=_links(data["hints"]),
    )


@lru_cache(maxsize=1)
def fields() -> tuple[Field, ...]:
    """Read every field, in the order of the codes."""
    folder = resources.files(__package__) / "fields"
    found = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            topics = tuple(_topic(topic, data) for topic in data["topics"])
            found.append(Field(data["code"], {"fr": data["fr"], "en": data["en"]}, tuple(data["naf"]), topics))
    return tuple(found)


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """Give every sub-topic of every field."""
    return tuple(topic for field in fields() for topic in field.topics)


@lru_cache(maxsize=8)
def patterns(language: str, group: str) -> dict[str, dict[str, tuple[Pattern, ...]]]:
    """Compile the sentence patterns of a language: ``evidence`` for laboratories, ``desk`` for the need desk."""
    file = resources.files(__package__) / "patterns" / f"{language}_{group}.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        kind: {part: tuple(pattern(source, language) for source in sources) for part, sources in parts.items()}
        for kind, parts in data.items()
    }
