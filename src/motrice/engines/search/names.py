"""An as-you-type index of organisations and people: identifiers, names, acronyms, old names, misspellings."""

import json
import math
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy

from motrice.engines.search import nametext
from motrice.engines.search.documents import checked_limit, clean, strings
from motrice.engines.search.errors import IndexCorrupt, IndexMissing
from motrice.engines.search.inverted import Must, Should, checked_access
from motrice.engines.search.lock import Lock
from motrice.engines.search.storage import REBUILD

FORMAT = 1
HEAD = "motrice-names.json"
LABELS = ("name", "acronym", "former", "alias", "translation")
HEAP_BYTES = 128_000_000
EXACT_CANDIDATES = 80
FUZZY_CANDIDATES = 200
FUZZY_FLOOR = 0.6


@dataclass(frozen=True, slots=True)
class NameRecord:
    """Something with names. A name is a string, or a pair of a string and a label (acronym, former, alias, …)."""

    id: str
    names: Sequence[str | tuple[str, str]]
    identifiers: Sequence[str] = ()
    kind: str = ""
    access: Sequence[str] = ()
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One record for what was typed; `how` is identifier, name, acronym, former, alias, translation or misspelling."""

    id: str
    score: float
    matched_name: str
    how: str
    name: str = ""
    kind: str = ""


def schema() -> tantivy.Schema:
    """Return the fields of the name index."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "identifier", "kind", "access"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("identifier_start", "whole", "start"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("words", "prefixes", "trigrams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("data", stored=True)
    return builder.build()


SCHEMA = schema()


def term(field: str, value: str, score: float | None = 0.0) -> tantivy.Query:
    """Return a query for one term with a fixed score, or with that of its rarity when score is None."""
    query = tantivy.Query.term_query(SCHEMA, field, value, "basic")
    return query if score is None else tantivy.Query.const_score_query(query, score)


class NameIndex:
    """Names in a directory; one writer, many readers."""

    def __init__(self, directory: Path, index: tantivy.Index) -> None:
        self.directory = directory
        self._index = index
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", analyzer)
        self._lock = threading.RLock()
        self._file_lock: Lock | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._stamp = 0
        self.reload()

    @classmethod
    def create(cls, path: str | Path) -> "NameIndex":
        """Make an empty index in a new or empty directory."""
        directory = Path(path)
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise IndexMissing(f"{directory} is not empty. Open it with NameIndex.open, or choose an empty directory.")
        inverted = directory / "inverted"
        inverted.mkdir(parents=True)
        index = tantivy.Index(SCHEMA, str(inverted), reuse=False)
        (directory / HEAD).write_text(json.dumps({"format": FORMAT}), encoding="ascii")
        return cls(directory, index)

    @classmethod
    def open(cls, path: str | Path) -> "NameIndex":
        """Open an index that exists."""
        directory = Path(path)
        if not (directory / HEAD).is_file():
            raise IndexMissing(f"There is no name index in {directory}. Make one with NameIndex.create.")
        try:
            found = json.loads((directory / HEAD).read_text(encoding="ascii"))["format"]
            if found != FORMAT:
                raise IndexCorrupt(f"{directory} has format {found!r}, this version reads {FORMAT}. {REBUILD}")
            if not tantivy.Index.exists(str(directory / "inverted")):
                raise IndexCorrupt(f"The files of the name index in {directory} are missing. {REBUILD}")
            return cls(directory, tantivy.Index(SCHEMA, str(directory / "inverted"), reuse=True))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexCorrupt(f"The name index in {directory} cannot be read ({error}). {REBUILD}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._searcher_now().num_docs)

    # Writing

    def add(self, records: NameRecord | Iterable[NameRecord]) -> int:
        """Add records, or put them in the place of those with the same id; seen after `commit`."""
        batch = [records] if isinstance(records, NameRecord) else list(records)
        ready = [(record.id, self._document(record)) for record in map(checked, batch)]
        with self._lock:
            writer = self._writing()
            for identifier, document in ready:
                writer.delete_documents_by_term("id", identifier)
                writer.add_document(document)
        return len(ready)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove records by id; unknown ids are passed over."""
        with self._lock:
            writer = self._writing()
            for identifier in strings(ids, "ids"):
                writer.delete_documents_by_term("id", identifier)

    def commit(self) -> None:
        """Make what was added and removed visible, all at once."""
        with self._lock:
            if self._writer is not None:
                self._writer.commit()
                self.reload()

    def close(self) -> None:
        """Let go of the writer's lock; what was not committed is dropped."""
        with self._lock:
            if self._writer is not None and self._file_lock is not None:
                self._writer.rollback()
                self._writer = None
                self._file_lock.release()
                self._file_lock = None

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            lock = Lock(self.directory / "writer.lock")
            try:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            except BaseException:
                lock.release()
                raise
            self._file_lock = lock
        return self._writer

    @staticmethod
    def _document(record: NameRecord) -> tantivy.Document:
        labelled = [(name, "name") if isinstance(name, str) else name for name in record.names]
        document = tantivy.Document()
        document.add_text("id", record.id)
        document.add_text("kind", record.kind)
        for token in record.access:
            document.add_text("access", token)
        bare = {nametext.identifier(value) for value in record.identifiers} - {""}
        for value in sorted(bare):
            document.add_text("identifier", value)
            for length in range(4, len(value)):
                document.add_text("identifier_start", value[:length])
        words: set[str] = set()
        for name, _ in labelled:
            whole = nametext.folded(name)
            document.add_text("whole", whole)
            for beginning in nametext.prefixes(whole):
                document.add_text("start", beginning)
            words.update(whole.split())
            short = nametext.initials(name)
            if short:
                document.add_text("whole", short)
                words.add(short)
        document.add_text("words", " ".join(sorted(words)))
        document.add_text("prefixes", " ".join(sorted({p for word in words for p in nametext.prefixes(word)})))
        document.add_text("trigrams", " ".join(sorted({g for word in words for g in nametext.trigrams(word)})))
        document.add_float("weight", record.weight)
        data: dict[str, Any] = {"id": record.id, "names": labelled, "identifiers": list(record.identifiers)}
        data |= {"kind": record.kind, "weight": record.weight}
        document.add_bytes("data", json.dumps(data, separators=(",", ":")).encode("ascii"))
        return document

    # Reading

    def reload(self) -> None:
        """See the last commit, whoever made it; suggesting does this by itself."""
        with self._lock:
            self._stamp = self._meta_stamp()
            try:
                self._index.reload()
                self._searcher = self._index.searcher()
            except (ValueError, OSError) as error:
                raise IndexCorrupt(
                    f"The name index in {self.directory} cannot be read ({error}). {REBUILD}"
                ) from error

    def _meta_stamp(self) -> int:
        try:
            return (self.directory / "inverted" / "meta.json").stat().st_mtime_ns
        except OSError as error:
            raise IndexCorrupt(f"The name index in {self.directory} is gone ({error}). {REBUILD}") from error

    def _searcher_now(self) -> tantivy.Searcher:
        if self._meta_stamp() != self._stamp:
            self.reload()
        return self._searcher

    def suggest(
        self,
        text: str,
        *,
        limit: int = 10,
        kinds: Collection[str] | None = None,
        access: Collection[str] | None = None,
    ) -> list[Suggestion]:
        """Return the records that what was typed so far may mean, best first."""
        if not isinstance(text, str):
            raise TypeError(f"What was typed must be a string, got {type(text).__name__}.")
        limit = checked_limit(limit)
        text = clean(text).strip()
        typed = list(dict.fromkeys(nametext.words(text)))
        bare = nametext.identifier(text)
        if limit == 0 or not typed:
            return []
        conditions = []
        held = checked_access(access)
        for name, values in (("access", held), ("kind", None if kinds is None else strings(kinds, "kinds"))):
            if values is not None:
                wanted = [(Should, term(name, value)) for value in sorted(values)]
                conditions.append(tantivy.Query.boolean_query(wanted) if wanted else tantivy.Query.empty_query())
        found: dict[str, Suggestion] = {}
        searcher = self._searcher_now()
        for query, count, order in self._queries(typed[:12], bare, limit):
            if order == "fuzzy" and sum(s.how != "misspelling" for s in found.values()) >= min(limit, 5):
                break
            self._gather(searcher, query, conditions, count, order, typed, bare, found)
        ranked = sorted(found.values(), key=lambda s: (-s.score, s.matched_name, s.id))
        return ranked[:limit]

    @staticmethod
    def _queries(typed: list[str], bare: str, limit: int) -> Iterable[tuple[tantivy.Query, int, str]]:
        """Yield the queries to try in turn, with how many candidates to take and in what order."""
        if bare:
            yield term("identifier", bare, 1.0), limit, "score"
            if len(bare) >= 4 and any(c.isdigit() for c in bare):
                yield term("identifier_start", bare, 1.0), limit, "score"
        whole = " ".join(typed)
        needed = [w for w in typed[:-1] if w not in nametext.EMPTY_WORDS] + typed[-1:]
        parts = [(Must, term("prefixes", word[: nametext.LONGEST_PREFIX])) for word in needed]
        parts.append((Should, term("whole", whole, 8.0)))
        parts.append((Should, term("start", whole[: nametext.LONGEST_PREFIX], 4.0)))
        parts.extend((Should, term("words", word, 1.0)) for word in typed)
        joined = tantivy.Query.boolean_query(parts)
        yield joined, max(EXACT_CANDIDATES, 2 * limit), "score"
        yield joined, max(EXACT_CANDIDATES // 2, limit), "weight"
        grams = sorted({gram for word in typed for gram in nametext.trigrams(word)})
        if grams:
            fuzzy = tantivy.Query.boolean_query([(Should, term("trigrams", gram, None)) for gram in grams])
            yield fuzzy, max(FUZZY_CANDIDATES, limit), "fuzzy"

    @staticmethod
    def _gather(
        searcher: tantivy.Searcher,
        query: tantivy.Query,
        conditions: list[tantivy.Query],
        count: int,
        order: str,
        typed: list[str],
        bare: str,
        found: dict[str, Suggestion],
    ) -> None:
        if conditions:
            query = tantivy.Query.boolean_query([(Must, query), *((Must, condition) for condition in conditions)])
        field = "weight" if order == "weight" else None
        for _, address in searcher.search(query, count, count=False, order_by_field=field).hits:
            data = json.loads(bytes(searcher.doc(address)["data"][0]))
            if data["id"] not in found:
                suggestion = judged(data, typed, bare)
                if suggestion is not None:
                    found[data["id"]] = suggestion


def judged(data: dict[str, Any], typed: list[str], bare: str) -> Suggestion | None:
    """Score one record for what was typed, by its best name; nothing when no name comes near."""
    for value in data["identifiers"]:
        known = nametext.identifier(value)
        if known == bare and bare:
            return suggestion(data, 3.0, value, "identifier")
        if len(bare) >= 4 and known.startswith(bare) and any(c.isdigit() for c in bare):
            return suggestion(data, 1.5, value, "identifier")
    best: tuple[float, str, str] | None = None
    for name, label in data["names"]:
        score, how = fit(typed, name, label)
        if how and (best is None or score > best[0]):
            best = (score, name, how)
    return suggestion(data, *best) if best else None


def fit(typed: list[str], name: str, label: str) -> tuple[float, str]:
    """Return how well a name fits what was typed, and how; an empty word when it does not."""
    own = nametext.words(name)
    whole, text = " ".join(own), " ".join(typed)
    if whole == text:
        return 2.0, label
    if text == nametext.initials(name):
        return 1.55, "acronym"
    brevity = 0.1 * len(text) / max(len(whole), len(text), 1)
    if whole.startswith(f"{text} "):
        return 1.75 + brevity, label  # written so at its head: before initials that are only worked out
    if whole.startswith(text):
        return 1.5 + brevity, label
    score = nametext.fitness(typed, own)
    if score >= 0.93:
        return 0.4 + score + brevity, label
    if score >= FUZZY_FLOOR:
        return score + brevity, "misspelling"
    return 0.0, ""


def suggestion(data: dict[str, Any], score: float, matched: str, how: str) -> Suggestion:
    """Return the suggestion for a record; a heavier record comes first among equals."""
    weight = 0.2 * (1.0 - 1.0 / (1.0 + math.log1p(max(data["weight"], 0.0))))
    main = data["names"][0][0] if data["names"] else matched
    return Suggestion(data["id"], round(score + weight, 6), matched, how, main, data["kind"])


def checked(record: Any) -> NameRecord:
    """Return the record with its fields in their plain forms, or say which one is wrong."""
    if not isinstance(record, NameRecord):
        raise TypeError(f"Expected a motrice.engines.search.names.NameRecord, got {type(record).__name__}.")
    if not isinstance(record.id, str) or not record.id:
        raise ValueError(f"Record id must be a non-empty string, got {record.id!r}.")
    if isinstance(record.names, str):
        raise TypeError(f"Record {record.id!r}: names must be a list, not one string: write [{record.names!r}].")
    names = []
    for item in record.names:
        name, label = (item, "name") if isinstance(item, str) else tuple(item)
        if label not in LABELS:
            raise ValueError(f"Record {record.id!r}: unknown label {label!r}; the labels are {', '.join(LABELS)}.")
        if not isinstance(name, str):
            raise TypeError(f"Record {record.id!r}: a name must be a string, got {name!r}.")
        if name.strip():
            names.append((clean(name), label))
    if not math.isfinite(record.weight):
        raise ValueError(f"Record {record.id!r}: weight must be a finite number, got {record.weight!r}.")
    return NameRecord(
        id=clean(record.id),
        names=list(dict.fromkeys(names)),
        identifiers=strings(record.identifiers, "identifiers", record.id),
        kind=clean(record.kind),
        access=strings(record.access, "access", record.id),
        weight=float(record.weight),
    )
