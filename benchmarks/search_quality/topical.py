"""More judged sets, of other shapes: a subject in two words, a claim, the fellows of a laboratory or a call."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from benchmarks.search_quality import corpora
from benchmarks.search_quality.corpora import Record
from benchmarks.search_quality.sets import CUTS, TUNE, Judged, Query, early, sampled

SENTENCE = re.compile(r"(?<=[a-z)][.?!])\s*(?=[A-Z])")


def half(key: str, split: str) -> bool:
    """Say whether a question without a date belongs to a split, by a draw that never changes."""
    return (random.Random(key).random() < 0.5) == (split == TUNE)


def fellows(
    name: str,
    language: str,
    records: tuple[Record, ...],
    chosen: Iterable[Record],
    groups: Callable[[Record], Iterable[str]],
    question: Callable[[Record], str],
    most: int = 40,
) -> Judged:
    """A record finds the others that share one of its groups."""
    members: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for group in groups(record):
            members[group].add(record.id)
    queries = []
    for record in chosen:
        others = set().union(*(members[group] for group in groups(record))) - {record.id}
        if 1 <= len(others) <= most:
            queries.append(Query(record.id, question(record), dict.fromkeys(others, 1.0), frozenset([record.id])))
    return Judged(name, "adhoc", language, records, sampled(queries), language)


def same_unit(split: str) -> Judged:
    """Topical in French: the pitch of a start-up finds the other start-ups of its laboratory of origin."""
    chosen = [r for r in early(corpora.laureates(), split, CUTS["ilab"]) if len(r.title) > 15]
    return fellows("ilab-same-unit", "fr", corpora.laureates(), chosen, lambda r: r.owners, lambda r: r.title)


def same_topic(split: str) -> Judged:
    """Topical in English: the title and first sentences of a project find the others of its topic."""
    topics = corpora.water_topics()
    chosen = early(corpora.water_projects(), split, CUTS["water"])
    return fellows(
        "water-same-topic",
        "en",
        corpora.water_projects(),
        chosen,
        lambda r: [topics[r.id]],
        lambda r: f"{r.title}. {r.text[:400]}",
    )


def subjects(split: str) -> Judged:
    """A subject of one to three words finds the calls that were given it as a keyword, which is not in their text."""
    holders: dict[str, dict[str, float]] = defaultdict(dict)
    for record in corpora.eu_calls():
        for word in record.keywords.split(","):
            if 1 <= len(word.split()) <= 3 and len(word.strip()) >= 5:
                holders[word.strip().lower()][record.id] = 1.0
    queries = (Query(w, w, found) for w, found in holders.items() if 2 <= len(found) <= 30 and half(w, split))
    return Judged("eu-subjects", "adhoc", "en", corpora.eu_calls(), sampled(queries), "en")


def fields_of_topics(split: str) -> Judged:
    """The name of a scientific field finds the topics whose projects belong to it: two words against titles."""
    names = corpora.field_names()
    holders: dict[str, dict[str, float]] = defaultdict(dict)
    for record in corpora.topics_with_fields():
        for code in record.owners:
            holders[code][record.id] = 1.0
    queries = (
        Query(code, names[code], found)
        for code, found in holders.items()
        if code in names and 2 <= len(found) <= 60 and half(code, split)
    )
    return Judged("field-topics", "adhoc", "en", corpora.topics_with_fields(), sampled(queries), "en")


def claims(name: str, records: Callable[[], tuple[Record, ...]], cut: str, split: str) -> Judged:
    """One sentence taken out of a text finds the text, whose title and other sentences are kept."""
    documents, queries = [], []
    for record in records():
        parts = [part.strip() for part in SENTENCE.split(record.text)]
        fit = [place for place, part in enumerate(parts) if 60 <= len(part) <= 300 and place]
        if len(parts) < 4 or not fit:
            documents.append(record)
            continue
        taken = random.Random(record.id).choice(fit)
        documents.append(replace(record, text=" ".join(parts[:taken] + parts[taken + 1 :])))
        if (record.date <= cut) == (split == TUNE):
            queries.append(Query(record.id, parts[taken], {record.id: 1.0}))
    return Judged(name, "adhoc", "en", tuple(documents), sampled(queries), "en")


def classes(language: str, split: str) -> Judged:
    """The title of a patent subclass finds its main groups among 7,000 titles, half of which are very short."""
    parents, groups = corpora.patent_classes(language)
    members: dict[str, dict[str, float]] = defaultdict(dict)
    for record in groups:
        members[record.group][record.id] = 1.0
    queries = (
        Query(code, title, members[code])
        for code, title in parents.items()
        if 2 <= len(members[code]) <= 60 and half(code, split)
    )
    return Judged(f"ipc-{language}", "adhoc", language, groups, sampled(queries), language)


def call_destinations(split: str) -> Judged:
    """The description of a call finds its destination by the votes of half of the calls: owners in English."""
    records = corpora.eu_calls()
    evidence = tuple(replace(r, owners=(r.group,)) for r in records if half(r.id, TUNE))
    known = {owner for record in evidence for owner in record.owners}
    queries = (
        Query(r.id, f"{r.title}. {r.text[:1200]}", {r.group: 1.0})
        for r in early(records, split, CUTS["eu"])
        if r.group in known and not half(r.id, TUNE)
    )
    return Judged("eu-destination-owners", "owners", "en", evidence, sampled(queries), "en")


MORE_SETS: dict[str, Callable[[str], Judged]] = {
    "ilab-same-unit": same_unit,
    "water-same-topic": same_topic,
    "eu-subjects": subjects,
    "field-topics": fields_of_topics,
    "eu-claims": partial(claims, "eu-claims", corpora.eu_calls, CUTS["eu"]),
    "water-claims": partial(claims, "water-claims", corpora.water_projects, CUTS["water"]),
    "ipc-fr": partial(classes, "fr"),
    "ipc-en": partial(classes, "en"),
    "eu-destination-owners": call_destinations,
}
