"""What one commit looks like to a reader: immutable, consistent, cheap to open again after a small change."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from motrice.engines.search import statistics
from motrice.engines.search.documents import LANGUAGES
from motrice.engines.search.encoders import EncoderMark
from motrice.engines.search.inverted import day_number, listed
from motrice.engines.search.shapes import Shapes
from motrice.engines.search.spelling import Spelling
from motrice.engines.search.statistics import EVERYTHING, CallerStatistics, ClassStatistics, class_of
from motrice.engines.search.storage import NO_DAY, Growing, Interned, Vocabulary, read, slices
from motrice.engines.search.vectors import Stored, Vectors

MASKS_KEPT = 8
CALLERS_KEPT = 1000
COLUMNS = ("posting_end", "owner_end", "tag_end", "text_end", "id_length", "title_length", "kind", "access", "day")


class Snapshot:
    """One commit: the rows, who may see them, their words and the frozen statistics."""

    def __init__(
        self,
        directory: Path,
        manifest: dict[str, Any],
        searcher: tantivy.Searcher,
        shared: tuple[Vocabulary, Interned, Interned],
        before: "Snapshot | None" = None,
        mark: EncoderMark | None = None,
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.mark = mark
        self.searcher = searcher
        self.vocabulary, self.strings, self.accesses = shared
        lengths = manifest["lengths"]
        self.vocabulary.load(lengths)
        self.strings.load(lengths["strings"])
        self.accesses.load(lengths["accesses"])
        self.rows = read(directory, "rows", lengths["rows"])
        self.postings = read(directory, "postings", lengths["postings"])
        self.owner_numbers = read(directory, "owners", lengths["owners"])
        self.tag_numbers = read(directory, "tags", lengths["tags"])
        self.texts = read(directory, "texts", lengths["texts"])
        dead = read(directory, "dead", lengths["dead"])
        self.count = len(self.rows)
        self.alive = np.ones(self.count, dtype=bool)
        self.alive[dead] = False
        old = before.count if before is not None else 0
        self._columns: dict[str, Growing] = before._columns if before is not None else {}
        for name in (*COLUMNS, "body_words", "title_words", "language"):
            # A copy: of a single row it would be a view of the file, which cannot be written to.
            fresh = np.array(self.rows[name][old:])
            if before is None:
                self._columns[name] = Growing(fresh)
            setattr(self, name, fresh if before is None else self._columns[name].longer(old, fresh))
        self.classes: dict[str, ClassStatistics] = self._classes(before)
        self.spelling = self._spelling(before)
        self.shapes = self._shapes(before)
        self.vectors = self._vectors(before)
        self.neural = self._neural(before)
        self._token_sets: list[frozenset[str]] = (before._token_sets if before else [])[:]
        for value in self.accesses.values[len(self._token_sets) :]:
            self._token_sets.append(frozenset(json.loads(value)))
        self._masks: dict[tuple[frozenset[str] | None, str], np.ndarray] = {}
        same = before is not None and before.classes is self.classes
        self._callers: dict[frozenset[str] | None, CallerStatistics] = before._callers if before and same else {}

    posting_end: np.ndarray
    owner_end: np.ndarray
    tag_end: np.ndarray
    text_end: np.ndarray
    id_length: np.ndarray
    title_length: np.ndarray
    kind: np.ndarray
    access: np.ndarray
    day: np.ndarray
    body_words: np.ndarray
    title_words: np.ndarray
    language: np.ndarray

    def _classes(self, before: "Snapshot | None") -> dict[str, ClassStatistics]:
        name = self.manifest["statistics"]
        if not name:
            return {}
        if before is not None and before.manifest["statistics"] == name:
            return before.classes
        return statistics.load(self.directory / name)

    def _spelling(self, before: "Snapshot | None") -> Spelling | None:
        name = self.manifest["spelling"]
        if not name:
            return None
        if before is not None and before.manifest["spelling"] == name:
            return before.spelling
        return Spelling(self.directory / name)

    def _shapes(self, before: "Snapshot | None") -> Shapes | None:
        name = self.manifest["spelling"]
        if not name:
            return None
        if before is None or before.shapes is None or before.manifest["spelling"] != name:
            return Shapes(self.directory / name, self.vocabulary.terms)
        return before.shapes.longer(self.vocabulary.terms, same=before.classes is self.classes)

    def _vectors(self, before: "Snapshot | None") -> dict[str, Vectors]:
        result = {}
        for key, entry in self.manifest["models"].items():
            old = before.vectors.get(key) if before is not None else None
            same = old if old is not None and old.entry["name"] == entry["name"] else None
            result[key] = Vectors(self.directory, entry, self.count, same)
        return result

    def _neural(self, before: "Snapshot | None") -> Stored | None:
        """Return the vectors that an encoder gave, if the index was made with one."""
        entry = self.manifest.get("neural")
        if self.mark is None or entry is None:
            return None
        shape = (self.count, self.mark.dimensions)
        return Stored(self.directory, entry, shape, self.directory / "neural.bin", before.neural if before else None)

    def vectors_for(self, access: frozenset[str] | None, shared_access: str) -> Vectors | None:
        """Return the vectors under a model that only documents this caller may see have shaped."""
        if access is None:
            return self.vectors.get("everything") or self.vectors.get("shared")
        return self.vectors.get("shared") if shared_access in access else None

    def caller(self, access: frozenset[str] | None) -> CallerStatistics:
        """Return the statistics a caller may know of."""
        known = self._callers.get(access)
        if known is None:
            names = [EVERYTHING] if access is None else [class_of(token) for token in sorted(access)]
            known = CallerStatistics([self.classes[name] for name in names if name in self.classes])
            if len(self._callers) >= CALLERS_KEPT:
                self._callers.clear()
            self._callers[access] = known
        return known

    def tokens_of(self, row: int) -> tuple[str, ...]:
        """Return the access tokens of a row."""
        return tuple(sorted(self._token_sets[int(self.access[row])]))

    def visible(self, access: frozenset[str] | None, filters: dict[str, Any] | None) -> np.ndarray:
        """Return which rows a caller may see and filters keep, as a mask over all rows."""
        key = (access, repr(sorted((filters or {}).items())))
        known = self._masks.get(key)
        if known is None:
            known = self._mask(access, filters)
            if len(self._masks) >= MASKS_KEPT:
                self._masks.clear()
            self._masks[key] = known
        return known

    def _mask(self, access: frozenset[str] | None, filters: dict[str, Any] | None) -> np.ndarray:
        mask = self.alive
        if access is not None:
            allowed = np.array([not access.isdisjoint(tokens) for tokens in self._token_sets], dtype=bool)
            mask = mask & allowed[self.access]
        for name, value in (filters or {}).items():
            if value is not None:
                mask = mask & self._filter_mask(name, value)
        return mask

    def _filter_mask(self, name: str, value: Any) -> np.ndarray:
        if name == "date_from":
            return self.day >= day_number(value)
        if name == "date_to":
            return (self.day <= day_number(value)) & (self.day != NO_DAY)
        values = listed(value, name)
        if name == "language":
            return np.isin(self.language, [LANGUAGES.index(code) + 1 for code in values if code in LANGUAGES])
        numbers = np.array([self.strings.numbers[v] for v in values if v in self.strings.numbers], dtype=np.uint32)
        if name == "kind":
            return np.isin(self.kind, numbers)
        ends, items = (self.tag_end, self.tag_numbers) if name == "tags" else (self.owner_end, self.owner_numbers)
        places = np.nonzero(np.isin(items, numbers))[0]
        mask = np.zeros(self.count, dtype=bool)
        mask[np.searchsorted(ends, places, side="right")] = True
        return mask

    def identifier(self, row: int) -> str:
        """Return the id of a document."""
        start = int(self.text_end[row]) - int(self.title_length[row]) - int(self.id_length[row])
        return self.texts[start : start + int(self.id_length[row])].tobytes().decode()

    def title(self, row: int) -> str:
        """Return the title of a document (its first 2,000 bytes)."""
        end = int(self.text_end[row])
        return self.texts[end - int(self.title_length[row]) : end].tobytes().decode("utf-8", "ignore")

    def language_of(self, row: int) -> str:
        """Return the language a document was indexed in."""
        return LANGUAGES[int(self.language[row]) - 1]

    def kind_of(self, row: int) -> str:
        """Return the kind of a document."""
        return self.strings.values[int(self.kind[row])]

    def postings_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the postings of rows, and for each the place of its row among `rows`."""
        places, owner = slices(self.posting_end, rows)
        return self.postings[places], owner

    def owners_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the owner numbers of rows, and for each the place of its row among `rows`."""
        places, owner = slices(self.owner_end, rows)
        return self.owner_numbers[places], owner
