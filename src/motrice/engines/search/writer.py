"""Adding and removing documents; one writer at a time, and nothing half-written."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from motrice.engines.search import inverted
from motrice.engines.search.batch import Batch
from motrice.engines.search.documents import LANGUAGES, Document, checked, strings
from motrice.engines.search.encoders import Encoder, EncoderMark, encoded_texts
from motrice.engines.search.errors import SearchError
from motrice.engines.search.lock import Lock
from motrice.engines.search.statistics import EVERYTHING, class_of
from motrice.engines.search.storage import DTYPES, NO_DAY, POSTING, ROW, Appender, Interned, Vocabulary
from motrice.engines.search.text import Analyzer, Evidence, fold, is_stopword, language_spans, tokens_of, words_in

HEAP_BYTES = 256_000_000
CACHE_LIMIT = 3_000_000
BATCH = 1_000
STOPPED = -1
# A text of fewer words does not tell its language; its title is asked too.
FEW_WORDS = 8


class Numbers(dict[str, int]):
    """The numbers of tokens already met in one language; a new one is numbered as it is looked up.

    A token that is taken apart (`l'énergie`, `lithium-ion`) has the place of its words in `parts`, as -2 - place.
    """

    def __init__(self, vocabulary: Vocabulary, appender: Appender, analyzer: Analyzer, language: str) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._appender = appender
        self._analyzer = analyzer
        self._language = language
        self.parts: list[list[int]] = []

    def __missing__(self, token: str) -> int:
        words = words_in([token])
        if len(words) == 1:
            number = self._number(words[0])
        else:
            self.parts.append([number for number in map(self._number, words) if number >= 0])
            number = -1 - len(self.parts)
        self[token] = number
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

    def of(self, tokens: list[str]) -> list[int]:
        """Return the numbers of the words of tokens, in order, without stop words."""
        if len(self) > CACHE_LIMIT:
            self.clear()
            self.parts.clear()
        found = list(map(self.__getitem__, tokens))
        if min(found, default=0) < STOPPED:
            return [
                n for number in found for n in (self.parts[-2 - number] if number < STOPPED else (number,)) if n >= 0
            ]
        return [number for number in found if number >= 0]


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
        encoder: tuple[Encoder, EncoderMark] | None = None,
    ) -> None:
        self._lock = lock
        self._encoder = encoder
        self._tokens_of = tokens_of
        self.index = index
        self.manifest = manifest
        self.vocabulary, self.strings, self.accesses = shared
        self.appender = Appender(directory, manifest["lengths"])
        self.tantivy = index.writer(HEAP_BYTES, 1)
        analyzer = Analyzer()
        self._words = {code: Numbers(self.vocabulary, self.appender, analyzer, code) for code in LANGUAGES}
        self._evidence = Evidence()
        self._access_numbers: dict[tuple[str, ...], int] = {}
        self._pending: dict[str, int] = {}
        self._pending_access: dict[int, Sequence[str]] = {}
        self.rows = manifest["lengths"]["rows"] // ROW.itemsize
        self._batch = Batch(self.rows)
        self.changes: dict[str, list[int]] = {name: list(pair) for name, pair in manifest["changes"].items()}
        self._searcher = index.searcher()
        self._gone: set[int] = set()
        self._is_new = self.rows == 0
        self.dirty = False
        self._broken = False

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Take a step that is whole or the last: what broke off half-way (the disc is full) is never built upon."""
        if self._broken:
            raise SearchError(
                "An earlier write broke off half-way. Close the index, which drops what was not committed, and add it "
                "again; searches go on with the last commit."
            )
        try:
            yield
        except BaseException:
            self._broken = self.dirty = True
            raise

    def add(self, documents: Iterable[Document]) -> int:
        """Analyse documents; one with an id already there takes its place. All are checked before any is kept."""
        ready = [checked(document) for document in documents]
        # Before anything is kept: an encoder that fails leaves the index as it was.
        encoded = self._encoded(ready)
        with self.whole():
            for document, vector in zip(ready, encoded, strict=True):
                self._forget(document.id)
                self._keep(document, vector)
                if len(self._batch.documents) >= BATCH:
                    self._lay_out()
            self._lay_out()
        return len(ready)

    def _encoded(self, documents: list[Document]) -> list[bytes]:
        """Return the vector of each document as it is stored; nothing where the index has no encoder."""
        if self._encoder is None:
            return [b""] * len(documents)
        vectors: list[bytes] = []
        for start in range(0, len(documents), BATCH):
            written = [f"{d.title}\n{d.text}".strip() for d in documents[start : start + BATCH]]
            found = encoded_texts(*self._encoder, written).astype(DTYPES["neural"])
            vectors.extend(row.tobytes() for row in found)
        return vectors

    def remove(self, ids: Iterable[str]) -> int:
        """Drop documents by id; unknown ids are passed over. Returns how many were there."""
        unwanted = strings(ids, "ids")
        with self.whole():
            return sum(map(self._forget, unwanted))

    def _forget(self, identifier: str) -> bool:
        row = self._pending.pop(identifier, None)
        if row is not None and row >= self._batch.first:
            self._lay_out()
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

    def _keep(self, document: Document, vector: bytes) -> None:
        """Number the words of a document and give it a row."""
        title_tokens = tokens_of(document.title)
        if document.language:
            language = document.language
            spans = [(language, tokens_of(document.text))]
        else:
            spans = language_spans(document.text, self._evidence)
            language = spans[0][0] if spans else "en"
            if len(spans) > 1 or len(spans[0][1] if spans else ()) < FEW_WORDS:
                language, spans = self._mixed(document, spans)
        title = self._words[language].of(title_tokens)
        if len(spans) == 1:
            body = self._words[spans[0][0]].of(spans[0][1])
        else:
            body = [number for code, tokens in spans for number in self._words[code].of(tokens)]
        self._batch.keep(document, language, body, title, vector)
        self._pending[document.id] = self.rows
        self._pending_access[self.rows] = document.access
        self.rows += 1
        for name in (EVERYTHING, *map(class_of, document.access)):
            self.changes.setdefault(name, [0, 0])[0] += 1
        self.dirty = True

    def _mixed(
        self, document: Document, spans: list[tuple[str, list[str]]]
    ) -> tuple[str, list[tuple[str, list[str]]]]:
        """Return the language that most of a short or mixed text is in, and its spans."""
        weights: Counter[str] = Counter()
        for code, tokens in spans:
            weights[code] += len(words_in(tokens))
        if sum(weights.values()) < FEW_WORDS:
            for code, tokens in language_spans(document.title + " " + document.text, self._evidence):
                weights[code] += len(words_in(tokens))
            spans = [(weights.most_common(1)[0][0], tokens_of(document.text))]
        return weights.most_common(1)[0][0], spans

    def _lay_out(self) -> None:
        """Write the rows, postings and entries of the documents that wait."""
        batch, self._batch = self._batch, Batch(self.rows)
        if not batch.documents:
            return
        append, lengths = self.appender.append, self.appender.lengths
        rows = batch.rows()
        postings, counts = batch.postings()
        rows["posting_end"] = lengths["postings"] // POSTING.itemsize + np.cumsum(counts)
        append("postings", postings.tobytes())
        number = self.strings.number
        for name, column in (("owners", "owner_end"), ("tags", "tag_end")):
            values = [getattr(document, name) for document in batch.documents]
            rows[column] = lengths[name] // 4 + np.cumsum([len(several) for several in values])
            numbers = [number(value, self.appender) for several in values for value in several]
            append(name, np.array(numbers, dtype=np.uint32).tobytes())
        texts = [(document.id.encode(), document.title.encode()[:2000]) for document in batch.documents]
        rows["id_length"], rows["title_length"] = zip(*[(len(key), len(title)) for key, title in texts], strict=True)
        rows["text_end"] = lengths["texts"] + np.cumsum([len(key) + len(title) for key, title in texts])
        append("texts", b"".join(part for pair in texts for part in pair))
        rows["kind"] = [number(document.kind, self.appender) for document in batch.documents]
        rows["access"] = [self._access_number(document.access) for document in batch.documents]
        days = [
            document.date.toordinal() if isinstance(document.date, date) else NO_DAY for document in batch.documents
        ]
        rows["day"] = days
        append("rows", rows.tobytes())
        append("neural", b"".join(batch.encoded))
        for place in range(len(batch.documents)):
            self._index_row(batch, place)

    def _access_number(self, access: Sequence[str]) -> int:
        key = tuple(access)
        found = self._access_numbers.get(key)
        if found is None:
            found = self._access_numbers[key] = self.accesses.number(json.dumps(sorted(access)), self.appender)
        return found

    def _index_row(self, batch: Batch, place: int) -> None:
        document = batch.documents[place]
        name_of = self.vocabulary.terms.__getitem__
        entry = tantivy.Document()
        entry.add_text("id", document.id)
        entry.add_unsigned("row", batch.first + place)
        entry.add_text("words", " ".join(map(name_of, batch.bodies[place] + batch.titles[place] * 2)))
        entry.add_text("kind", document.kind)
        entry.add_text("language", batch.languages[place])
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
        try:
            self.tantivy.rollback()
        finally:
            del self.tantivy
            self.appender.close()
            self._lock.release()
