"""Adding and removing documents; one writer at a time, and nothing half-written."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from motrice.engines.search import inverted
from motrice.engines.search.documents import LANGUAGES, Document, checked, strings
from motrice.engines.search.lock import Lock
from motrice.engines.search.statistics import EVERYTHING, class_of
from motrice.engines.search.storage import NO_DAY, POSTING, ROW, Appender, Interned, Vocabulary
from motrice.engines.search.text import Analyzer, fold, is_stopword, language_spans, words_of

HEAP_BYTES = 256_000_000
CACHE_LIMIT = 3_000_000
STOPPED = -1


class Numbers(dict[str, int]):
    """The numbers of words already met in one language; a new word is numbered as it is looked up."""

    def __init__(self, vocabulary: Vocabulary, appender: Appender, analyzer: Analyzer, language: str) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._appender = appender
        self._analyzer = analyzer
        self._language = language

    def __missing__(self, word: str) -> int:
        number = self[word] = self._number(word)
        return number

    def _number(self, word: str) -> int:
        if is_stopword(word, self._language):
            return STOPPED
        stem = self._analyzer.stem(word, self._language)
        if not word.isascii():
            bare = fold(word)
            if bare != word and self._analyzer.stem(bare, self._language) != stem:
                self._vocabulary.note_form(bare, stem, self._appender)
        return self._vocabulary.number(stem, word, self._appender)


class Writer:
    """Holds the lock, analyses documents and keeps what the next commit will hold."""

    def __init__(
        self,
        directory: Path,
        index: tantivy.Index,
        manifest: dict[str, Any],
        shared: tuple[Vocabulary, Interned, Interned],
        lock: Lock,
        tokens_of: Callable[[int], tuple[str, ...]],
    ) -> None:
        self._lock = lock
        self._tokens_of = tokens_of
        self.index = index
        self.manifest = manifest
        self.vocabulary, self.strings, self.accesses = shared
        self.appender = Appender(directory, manifest["lengths"])
        self.tantivy = index.writer(HEAP_BYTES, 1)
        analyzer = Analyzer()
        self._words = {code: Numbers(self.vocabulary, self.appender, analyzer, code) for code in LANGUAGES}
        self._pending: dict[str, int] = {}
        self._pending_access: dict[int, Sequence[str]] = {}
        self.rows = manifest["lengths"]["rows"] // ROW.itemsize
        self.changes: dict[str, list[int]] = {name: list(pair) for name, pair in manifest["changes"].items()}
        self._searcher = index.searcher()
        self._gone: set[int] = set()
        self._is_new = self.rows == 0
        self.dirty = False

    def add(self, documents: Iterable[Document]) -> int:
        """Analyse documents; one with an id already there takes its place. All are checked before any is kept."""
        ready = [checked(document) for document in documents]
        for document in ready:
            self._forget(document.id)
            self._keep(document)
        return len(ready)

    def remove(self, ids: Iterable[str]) -> int:
        """Drop documents by id; unknown ids are passed over. Returns how many were there."""
        return sum(self._forget(identifier) for identifier in strings(ids, "ids"))

    def _forget(self, identifier: str) -> bool:
        row = self._pending.pop(identifier, None)
        if row is None:
            row = self._committed_row(identifier)
        if row is None:
            return False
        self.tantivy.delete_documents_by_term("id", identifier)
        self.appender.append("dead", np.uint32(row).tobytes())
        for name in (EVERYTHING, *map(class_of, self._access_of(row))):
            self.changes.setdefault(name, [0, 0])[1] += 1
        self.dirty = True
        return True

    def _committed_row(self, identifier: str) -> int | None:
        if self._is_new:
            return None
        found = self._searcher.search(inverted.term("id", identifier), 4, count=False).hits
        if not found:
            return None
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        alive = [int(row) for row in rows if row is not None and row not in self._gone]
        if not alive:
            return None
        self._gone.add(alive[-1])
        return alive[-1]

    def _access_of(self, row: int) -> Sequence[str]:
        known = self._pending_access.get(row)
        return self._tokens_of(row) if known is None else known

    def started(self, searcher: tantivy.Searcher) -> None:
        """Look at a new commit: pending documents are now committed ones."""
        self._searcher = searcher
        self._pending.clear()
        self._pending_access.clear()
        self._gone = set()
        self._is_new = self.rows == 0
        self.dirty = False

    def _keep(self, document: Document) -> None:
        if document.language:
            body = [(document.language, words_of(document.text))]
            title = [(document.language, words_of(document.title))]
            language = document.language
        else:
            body = language_spans(document.text)
            weights: Counter[str] = Counter()
            for code, words in body:
                weights[code] += len(words)
            if sum(weights.values()) < 8:
                both = language_spans(document.title + " " + document.text)
                weights.update({code: len(words) for code, words in both})
                body = [(weights.most_common(1)[0][0], words_of(document.text))]
            language = weights.most_common(1)[0][0]
            title = [(language, words_of(document.title))]
        title_terms = [number for code, words in title for number in self._numbers(code, words)]
        body_terms = [number for code, words in body for number in self._numbers(code, words)]
        self._write_row(document, language, title_terms, body_terms)

    def _numbers(self, language: str, words: list[str]) -> list[int]:
        known = self._words[language]
        if len(known) > CACHE_LIMIT:
            known.clear()
        return [number for number in map(known.__getitem__, words) if number >= 0]

    def _write_row(self, document: Document, language: str, title_terms: list[int], body_terms: list[int]) -> None:
        counts = Counter(body_terms)
        titles = Counter(title_terms)
        for number in titles:
            counts.setdefault(number, 0)
        postings = np.zeros(len(counts), dtype=POSTING)
        postings["term"] = list(counts)
        postings["body"] = np.minimum(list(counts.values()), 255) if counts else 0
        if titles:
            for place, number in enumerate(counts):
                if number in titles:
                    postings["title"][place] = min(titles[number], 255)
        append = self.appender.append
        append("postings", postings.tobytes())
        for name, values in (("owners", document.owners), ("tags", document.tags)):
            numbers = [self.strings.number(value, self.appender) for value in values]
            append(name, np.array(numbers, dtype=np.uint32).tobytes())
        identifier, title = document.id.encode(), document.title.encode()[:2000]
        append("texts", identifier + title)
        row = np.zeros(1, dtype=ROW)
        lengths = self.appender.lengths
        row["posting_end"] = lengths["postings"] // POSTING.itemsize
        row["owner_end"], row["tag_end"], row["text_end"] = (
            lengths["owners"] // 4,
            lengths["tags"] // 4,
            lengths["texts"],
        )
        row["id_length"], row["title_length"] = len(identifier), len(title)
        row["body_words"], row["title_words"] = len(body_terms), len(title_terms)
        row["kind"] = self.strings.number(document.kind, self.appender)
        row["access"] = self.accesses.number(json.dumps(sorted(document.access)), self.appender)
        row["day"] = document.date.toordinal() if isinstance(document.date, date) else NO_DAY
        row["language"] = LANGUAGES.index(language) + 1
        append("rows", row.tobytes())
        self._index_row(document, language, body_terms + title_terms * 2)
        self._pending[document.id] = self.rows
        self._pending_access[self.rows] = document.access
        self.rows += 1
        for name in (EVERYTHING, *map(class_of, document.access)):
            self.changes.setdefault(name, [0, 0])[0] += 1
        self.dirty = True

    def _index_row(self, document: Document, language: str, terms: list[int]) -> None:
        names = self.vocabulary.terms
        entry = tantivy.Document()
        entry.add_text("id", document.id)
        entry.add_unsigned("row", self.rows)
        entry.add_text("words", " ".join([names[number] for number in terms]))
        entry.add_text("kind", document.kind)
        entry.add_text("language", language)
        for name, values in (("access", document.access), ("tags", document.tags), ("owners", document.owners)):
            for value in values:
                entry.add_text(name, value)
        if isinstance(document.date, date):
            entry.add_integer("day", document.date.toordinal())
        self.tantivy.add_document(entry)

    def commit(self, manifest: dict[str, Any], *, durable: bool) -> None:
        """Make all of it visible at once: the files first, then the inverted index with its manifest."""
        self.appender.flush(durable=durable)
        inverted.write_manifest(self.tantivy, manifest)
        self.tantivy.commit()
        self.manifest = manifest

    def close(self) -> None:
        """Let go of the lock and the files; what was not committed is dropped."""
        self.tantivy.rollback()
        del self.tantivy
        self.appender.close()
        self._lock.release()
