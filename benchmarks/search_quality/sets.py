"""Judged sets made from the shared data, each split by time: what is tuned on is earlier than what is reported."""

import random
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from benchmarks.search_quality import corpora
from benchmarks.search_quality.corpora import Record

TUNE, REPORT = "tune", "report"
MOST_QUERIES = 250
QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its graded answers; `hidden` are documents no system may return or vote with."""

    id: str
    text: str
    grades: dict[str, float]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """One collection with the questions of one split."""

    name: str
    family: str
    language: str
    documents: tuple[Record, ...]
    queries: tuple[Query, ...] = field(repr=False)
    query_language: str = ""


def sampled(queries: Iterable[Query]) -> tuple[Query, ...]:
    """Return at most `MOST_QUERIES` questions, the same ones at every run."""
    found = sorted((query for query in queries if query.grades and query.text.strip()), key=lambda query: query.id)
    if len(found) > MOST_QUERIES:
        found = sorted(random.Random(11).sample(found, MOST_QUERIES), key=lambda query: query.id)
    return tuple(found)


def early(records: Iterable[Record], split: str, cut: str) -> list[Record]:
    """Return the records of a split: dated up to the cut for tuning, after it for the report."""
    return [record for record in records if (record.date <= cut) == (split == TUNE)]


def untitled(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return records without their titles, so that a title can be the question."""
    return tuple(replace(record, title="") for record in records)


CUTS = {"ilab": "2010", "anr": "2010", "eu": "2026-09-30", "water": "2015-09-30", "topics": "2022"}


def titles(
    name: str, language: str, cut: str, records: Callable[[], tuple[Record, ...]], split: str, change=lambda text: text
) -> Judged:
    """Known items: a title finds the text it was taken from."""
    chosen = early(records(), split, cut)
    queries = (Query(r.id, change(r.title), {r.id: 1.0}) for r in chosen if len(r.title) > 15)
    return Judged(name, "adhoc", language, untitled(records()), sampled(queries), language)


def keywords(split: str) -> Judged:
    """Known items by a list of keywords, which several topics share in part."""
    records = corpora.eu_calls()
    chosen = early(records, split, CUTS["eu"])
    queries = (Query(r.id, r.keywords[:300], {r.id: 1.0}) for r in chosen if len(r.keywords) > 30)
    return Judged("eu-keywords", "adhoc", "en", records, sampled(queries), "en")


def destinations(split: str) -> Judged:
    """Topical: the description of a topic finds the others of its destination; long questions, many answers."""
    records = corpora.eu_calls()
    queries = []
    for record in early(records, split, CUTS["eu"]):
        others = {r.id: 1.0 for r in records if r.group == record.group and r.id != record.id}
        if 2 <= len(others) <= 12:
            text = f"{record.title}. {record.text[:700]}"
            queries.append(Query(record.id, text, others, frozenset([record.id])))
    return Judged("eu-destinations", "adhoc", "en", records, sampled(queries), "en")


def same_call(split: str) -> Judged:
    """Topical in French: the abstract of a project finds the other projects of its call."""
    records = corpora.anr_projects()
    queries = []
    for record in early(records, split, CUTS["anr"]):
        others = {r.id: 1.0 for r in records if r.group == record.group and r.id != record.id}
        if 2 <= len(others) <= 40:
            queries.append(Query(record.id, record.text[:900], others, frozenset([record.id])))
    return Judged("anr-calls", "adhoc", "fr", records, sampled(queries), "fr")


def among_titles(split: str) -> Judged:
    """Known items among 25,000 titles of other projects: a large collection of uneven lengths."""
    documents = untitled(corpora.water_projects()) + corpora.fp7_titles()
    chosen = early(corpora.water_projects(), split, CUTS["water"])
    queries = (Query(r.id, r.title, {r.id: 1.0}) for r in chosen if len(r.title) > 15)
    return Judged("water-large", "adhoc", "en", documents, sampled(queries), "en")


def sentences(split: str) -> Judged:
    """A sentence from the middle of a text finds the text of which the rest is kept: natural language questions."""
    documents, queries = [], []
    for record in corpora.laureates():
        parts = record.text.split(". ")
        if len(parts) < 5 or not 60 <= len(parts[2]) <= 300:
            documents.append(replace(record, title=""))
            continue
        documents.append(replace(record, title="", text=". ".join(parts[:2] + parts[3:])))
        if (record.date <= CUTS["ilab"]) == (split == TUNE):
            queries.append(Query(record.id, parts[2], {record.id: 1.0}))
    return Judged("ilab-sentences", "adhoc", "fr", tuple(documents), sampled(queries), "fr")


def misspelt(text: str) -> str:
    """Swap, drop or double a letter in every third long word, the same way at every run."""
    generator = random.Random(text)
    words = text.split()
    for place, word in enumerate(words):
        if len(word) >= 6 and word.isalpha() and generator.random() < 0.34:
            at = generator.randrange(1, len(word) - 2)
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            kinds = (swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:])
            words[place] = generator.choice(kinds)
    return " ".join(words)


def unaccented(text: str) -> str:
    """Return a text as typed without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


CROSS = {
    "fr>eu": ("fr_eu_calls.tsv", "eu", corpora.eu_calls, "fr", "en"),
    "fr>water": ("fr_water.tsv", "water", corpora.water_projects, "fr", "en"),
    "en>ilab": ("en_ilab.tsv", "ilab", corpora.laureates, "en", "fr"),
    "en>anr": ("en_anr.tsv", "anr", corpora.anr_projects, "en", "fr"),
}


def written(name: str, split: str) -> tuple[Query, ...]:
    """Return hand-written questions; each in the split of the record it asks for."""
    file, cut, records, _, _ = CROSS[name]
    dates = {record.id: record.date for record in records()}
    queries = []
    for line in (QUERIES / file).read_text("utf-8").splitlines():
        reference, text = line.split("\t")
        if reference in dates and (dates[reference] <= CUTS[cut]) == (split == TUNE):
            queries.append(Query(reference, text, {reference: 1.0}))
    return tuple(queries)


def crossing(name: str, split: str) -> Judged:
    """A question in one language finds a text in the other, in a collection of that one language."""
    _, _, records, source, target = CROSS[name]
    return Judged(name, "cross", target, records(), written(name, split), source)


def crossing_mixed(split: str) -> Judged:
    """The same questions in one collection of both languages, where texts in the question's language distract."""
    documents = tuple(record for _, _, records, _, _ in CROSS.values() for record in records())
    queries = tuple(query for name in CROSS for query in written(name, split))
    return Judged("mixed", "cross", "", documents, queries, "")


def origins(name: str, split: str, *, register: bool) -> Judged:
    """A start-up's summary finds its laboratory of origin among those of earlier start-ups (and of the register)."""
    cut, last = ("2009", "2012") if split == TUNE else ("2012", "2025")
    evidence = [r for r in corpora.laureates() if r.owners and r.date <= cut]
    if register:
        evidence += corpora.units()
    known = {owner for record in evidence for owner in record.owners}
    queries = (
        Query(r.id, f"{r.title}. {r.text}", {owner: 1.0 for owner in r.owners if owner in known})
        for r in corpora.laureates()
        if cut < r.date <= last
    )
    return Judged(name, "owners", "fr", tuple(evidence), sampled(queries), "fr")


def partners(split: str) -> Judged:
    """A project's abstract finds its partners by the projects of the year before (within a year for tuning)."""
    records = [record for record in corpora.anr_projects() if record.owners]
    first = [record for record in records if record.date <= "2010"]
    if split == TUNE:
        evidence, chosen = first[::2], first[1::2]
    else:
        evidence, chosen = first, [record for record in records if record.date > "2010"]
    known = {owner for record in evidence for owner in record.owners}
    queries = (
        Query(r.id, f"{r.title}. {r.text}", {owner: 1.0 for owner in r.owners if owner in known}) for r in chosen
    )
    return Judged("anr-partners", "owners", "fr", tuple(evidence), sampled(queries), "fr")


def fields(split: str) -> Judged:
    """The title of a topic finds the scientific fields of its projects, by earlier topics: short texts."""
    records = corpora.topics_with_fields()
    cut, last = ("2021", "2022") if split == TUNE else ("2022", "2024")
    evidence = tuple(r for r in records if r.date <= cut)
    known = {owner for record in evidence for owner in record.owners}
    queries = (
        Query(r.id, r.title, {owner: 1.0 for owner in r.owners if owner in known})
        for r in records
        if cut < r.date <= last
    )
    return Judged("topic-fields", "owners", "en", evidence, sampled(queries), "en")


SETS: dict[str, Callable[[str], Judged]] = {
    "ilab-pitch": partial(titles, "ilab-pitch", "fr", CUTS["ilab"], corpora.laureates),
    "ilab-unaccented": partial(titles, "ilab-unaccented", "fr", CUTS["ilab"], corpora.laureates, change=unaccented),
    "ilab-misspelt": partial(titles, "ilab-misspelt", "fr", CUTS["ilab"], corpora.laureates, change=misspelt),
    "ilab-sentences": sentences,
    "anr-title": partial(titles, "anr-title", "fr", CUTS["anr"], corpora.anr_projects),
    "anr-calls": same_call,
    "eu-title": partial(titles, "eu-title", "en", CUTS["eu"], corpora.eu_calls),
    "eu-keywords": keywords,
    "eu-destinations": destinations,
    "water-title": partial(titles, "water-title", "en", CUTS["water"], corpora.water_projects),
    "water-misspelt": partial(titles, "water-misspelt", "en", CUTS["water"], corpora.water_projects, change=misspelt),
    "water-large": among_titles,
    **{name: partial(crossing, name) for name in CROSS},
    "mixed": crossing_mixed,
    "ilab-units": partial(origins, "ilab-units", register=False),
    "ilab-units-register": partial(origins, "ilab-units-register", register=True),
    "anr-partners": partners,
    "topic-fields": fields,
}
