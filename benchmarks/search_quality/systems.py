"""The systems compared: Motrice's engine, BM25 by bm25s, PostgreSQL full text, SQLite FTS5, and voting over BM25."""

import os
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import psycopg
import snowballstemmer

from benchmarks.search_quality.corpora import Record
from benchmarks.search_quality.sets import Judged, Query
from motrice.engines.search import Document, Encoder, Index, Tuning
from motrice.engines.search.stopwords import ENGLISH_STOPWORDS, FRENCH_STOPWORDS

DEPTH = 100
WORD = re.compile(r"\w+")
NAMES = {"fr": "french", "en": "english"}
GRID = [(k1, b) for k1 in (0.6, 0.9, 1.2, 1.6, 2.2) for b in (0.3, 0.5, 0.75, 0.95)]
Rankings = list[list[str]]


def content(record: Record) -> str:
    """Return all that is searched of a record."""
    return f"{record.title}\n{record.text}" if record.title else record.text


def kept(ranking: Sequence[str], query: Query) -> list[str]:
    """Return a ranking without what the question may not be answered with."""
    return [item for item in ranking if item not in query.hidden][:DEPTH]


class Engine:
    """Motrice's engine over one collection; the index is built once and read with any tuning."""

    def __init__(self, judged: Judged, tuning: Tuning | None = None, encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "index"
        with Index.create(self.path, tuning=tuning or Tuning(), encoder=encoder) as index:
            index.add(
                Document(r.id, r.title, r.text, owners=r.owners, date=f"{r.date[:4]}-01-01" if r.date else None)
                for r in judged.documents
            )
            index.commit(durable=False)

    def rankings(self, judged: Judged, tuning: Tuning) -> Rankings:
        """Answer every question."""
        index = Index.open(self.path, tuning=tuning, encoder=self._encoder)
        if judged.family == "owners":
            return [[hit.owner for hit in index.rank_owners(q.text, limit=DEPTH)] for q in judged.queries]
        depth = DEPTH + 1
        return [kept([hit.id for hit in index.search(q.text, limit=depth)], q) for q in judged.queries]


@lru_cache(maxsize=2)
def stemmer(language: str) -> Callable[[str], str]:
    """Return the Snowball stemmer of a language with a memory."""
    return lru_cache(maxsize=500_000)(snowballstemmer.stemmer(NAMES[language]).stemWord)


def tokens(text: str, language: str) -> list[str]:
    """Return the stems of the words of a text that are no stop words, as a careful BM25 user would."""
    stop = FRENCH_STOPWORDS if language == "fr" else ENGLISH_STOPWORDS
    stem = stemmer(language)
    return [stem(word) for word in WORD.findall(text.lower().replace("’", "'")) if word not in stop]


class PlainBM25:
    """BM25 with stemming; k1 and b are tuned on the tuning split of the same set."""

    def __init__(self, judged: Judged, k1: float, b: float) -> None:
        language = judged.language or "en"
        self.identifiers = [record.id for record in judged.documents]
        self._language = language
        self._index = bm25s.BM25(method="lucene", k1=k1, b=b)
        corpus = [tokens(content(record), language) or ["∅"] for record in judged.documents]
        self._index.index(corpus, show_progress=False)

    def scores(self, text: str) -> np.ndarray:
        """Return the score of every document."""
        words = [word for word in tokens(text, self._language) if word in self._index.vocab_dict]
        if not words:
            return np.zeros(len(self.identifiers))
        return self._index.get_scores(words)

    def ranking(self, query: Query) -> list[str]:
        """Return the documents with a score, best first."""
        scores = self.scores(query.text)
        best = np.argsort(-scores, kind="stable")[: DEPTH + len(query.hidden)]
        return kept([self.identifiers[place] for place in best if scores[place] > 0], query)


VOTES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "mnz": lambda scores: len(scores) * sum(scores),
    "max": max,
}


def vote(judged: Judged, system: PlainBM25, query: Query, pool: int, how: str) -> list[str]:
    """Rank owners by the votes of the best documents of BM25."""
    owners = {record.id: record.owners for record in judged.documents}
    scores = system.scores(query.text)
    best = [place for place in np.argsort(-scores, kind="stable").tolist() if scores[place] > 0]
    best = [place for place in best if system.identifiers[place] not in query.hidden][:pool]
    ballots: dict[str, list[float]] = defaultdict(list)
    for rank, place in enumerate(best, 1):
        for owner in owners[system.identifiers[place]]:
            ballots[owner].append(1.0 / rank if how == "reciprocal" else float(scores[place]))
    total = VOTES["sum" if how == "reciprocal" else how]
    return sorted(ballots, key=lambda owner: (-total(ballots[owner]), owner))[:DEPTH]


def sqlite_rankings(judged: Judged) -> Rankings:
    """Answer with SQLite FTS5: the porter stemmer, accents removed, any word, its bm25."""
    with sqlite3.connect(":memory:") as base:
        base.execute("create virtual table texts using fts5(id unindexed, body, tokenize='porter unicode61')")
        base.executemany("insert into texts values (?, ?)", [(r.id, content(r)) for r in judged.documents])
        found = []
        for query in judged.queries:
            words = sorted(set(WORD.findall(query.text.lower())))
            sought = " OR ".join(f'"{word}"' for word in words)
            rows = base.execute(
                "select id from texts where texts match ? order by bm25(texts) limit ?", (sought, DEPTH + 1)
            )
            found.append(kept([row[0] for row in rows], query))
    return found


def postgres_rankings(judged: Judged) -> Rankings:
    """Answer with PostgreSQL full text: the language's dictionary, any word, ts_rank by the logarithm of length."""
    address = os.environ.get("MOTRICE_BENCHMARK_POSTGRES", "postgres://root@127.0.0.1:5432/postgres")
    language = NAMES[judged.language or "en"]
    with psycopg.connect(address) as base:
        base.execute("create temporary table texts (id text, body tsvector)")
        with base.cursor() as cursor:
            cursor.executemany(
                "insert into texts values (%s, to_tsvector(%s::regconfig, %s))",
                [(r.id, language, content(r)) for r in judged.documents],
            )
        base.execute("create index on texts using gin (body)")
        found = []
        for query in judged.queries:
            rows = base.execute(
                """
                with sought as (
                  select string_agg(quote_literal(word), ' | ')::tsquery as query
                  from unnest(tsvector_to_array(to_tsvector(%(language)s::regconfig, %(text)s))) as word
                )
                select id from texts, sought where body @@ query order by ts_rank(body, query, 1) desc, id limit %(n)s
                """,
                {"language": language, "text": query.text, "n": DEPTH + 1},
            )
            found.append(kept([row[0] for row in rows], query))
        base.rollback()
    return found


def tuned_bm25(tune: Judged, report: Judged, score: Callable[[Judged, Rankings], float]) -> tuple[Any, Rankings]:
    """Return the best k1 and b of the tuning split, and the answers with them."""
    if report.family == "owners":
        return tuned_votes(tune, report, score)
    best = max(GRID, key=lambda pair: score(tune, ranked(PlainBM25(tune, *pair), tune)))
    return best, ranked(PlainBM25(report, *best), report)


def ranked(system: PlainBM25, judged: Judged) -> Rankings:
    """Answer every question with BM25."""
    return [system.ranking(query) for query in judged.queries]


def tuned_votes(tune: Judged, report: Judged, score: Callable[[Judged, Rankings], float]) -> tuple[Any, Rankings]:
    """Return the best k1, b, pool and way of counting votes of the tuning split, and the answers with them."""
    options = []
    for k1, b in ((0.9, 0.4), (1.2, 0.75), (1.6, 0.75)):
        system = PlainBM25(tune, k1, b)
        for pool in (20, 50, 100, 300):
            for how in ("sum", "mnz", "max", "reciprocal"):
                answers = [vote(tune, system, query, pool, how) for query in tune.queries]
                options.append((score(tune, answers), (k1, b, pool, how)))
    best = max(options)[1]
    system = PlainBM25(report, *best[:2])
    return best, [vote(report, system, query, *best[2:]) for query in report.queries]
