"""The character view: how much the words of a document look like those of a question, run of four letters by run.

It meets what stems miss: derived and compound words, cognates of the other language, misspellings. Documents are not
indexed anew for it: a document's runs are those of its words, and a run weighs by the words the caller may know of.
"""

from collections import OrderedDict
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np

from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.groups import Group
from motrice.engines.search.statistics import CallerStatistics
from motrice.engines.search.storage import REBUILD, Growing, numbered, slices

RUN = 4
BUCKETS = 1 << 16
CALLERS_KEPT = 32


def runs_of(data: bytes) -> np.ndarray:
    """Return the hash of each run of four bytes."""
    raw = np.frombuffer(data, dtype=np.uint8).astype(np.uint32)
    mixed = ((raw[:-3] * 131 + raw[1:-2]) * 137 + raw[2:-1]) * 139 + raw[3:]
    return ((mixed * np.uint32(2654435761)) >> np.uint32(16)).astype(np.uint16)


def padded(term: str) -> bytes:
    """Return a term with its edges marked, long enough for one run at least."""
    return (b"_" + term.encode() + b"_").ljust(RUN, b"_")


def build(terms: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the runs of all terms one after the other, and where those of each end."""
    if not terms:
        return np.empty(0, np.int64), np.empty(0, np.uint16)
    written = [padded(term) for term in terms]
    sizes = np.array([len(word) for word in written], dtype=np.int64)
    hashes = runs_of(b"".join(written) + b"_" * (RUN - 1))
    starts = np.cumsum(sizes) - sizes
    place = np.arange(len(hashes)) - np.repeat(starts, sizes)
    # A run that crosses from one term into the next belongs to neither.
    return np.cumsum(sizes - RUN + 1), hashes[place < np.repeat(sizes - RUN + 1, sizes)]


class Shapes:
    """Compares the words of documents with those of a question by their runs of letters."""

    def __init__(self, path: Path, terms: list[str]) -> None:
        try:
            self._ends = np.load(path / "run_ends.npy")
            self._runs = np.load(path / "runs.npy")
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error
        self._room = Growing(self._ends), Growing(self._runs)
        self._rarities: OrderedDict[CallerStatistics, np.ndarray] = OrderedDict()
        self._extend(terms)

    def _extend(self, terms: list[str]) -> None:
        """Take in words met since: a document is compared by all of its words, whenever the table was made."""
        ends, runs = build(terms[len(self._ends) :])
        if len(ends):
            self._ends = self._room[0].longer(len(self._ends), ends + len(self._runs))
            self._runs = self._room[1].longer(len(self._runs), runs)

    def longer(self, terms: list[str], *, same: bool) -> "Shapes":
        """Return these with the words met since; under the same frozen statistics they change no run's weight."""
        result = copy(self)
        result._extend(terms)
        result._rarities = self._rarities if same else OrderedDict()
        return result

    @staticmethod
    def save(path: Path, terms: list[str]) -> None:
        """Write the runs of a vocabulary into an existing directory."""
        ends, runs = build(terms)
        np.save(path / "run_ends.npy", ends)
        np.save(path / "runs.npy", runs)

    def rarity(self, caller: CallerStatistics) -> np.ndarray:
        """Return the weight of each run, by how many documents the caller may know of hold it."""
        known = self._rarities.get(caller)
        if known is None:
            sizes = np.diff(self._ends, prepend=0)
            counts = np.repeat(caller.frequencies(np.arange(len(self._ends))), sizes)
            held = np.minimum(np.bincount(self._runs, counts, BUCKETS), caller.documents)
            known = np.maximum(np.log((caller.documents + 1.0) / (held + 0.5)), 0.0)
            self._rarities[caller] = known
            if len(self._rarities) > CALLERS_KEPT:
                self._rarities.popitem(last=False)
        return known

    @staticmethod
    def known(groups: list[Group], caller: CallerStatistics) -> set[int]:
        """Return the terms of a question that the caller may know of."""
        terms = np.array(sorted({a.term for g in groups for a in g.alternatives.values()}), dtype=np.uint32)
        return set(terms[caller.frequencies(terms) > 0].tolist())

    def question(self, groups: list[Group], language: int, known: set[int]) -> np.ndarray:
        """Return how much a question holds of each run, said in the words of a language, from the terms known."""
        terms: list[int] = []
        weights: list[float] = []
        wanted = np.zeros(BUCKETS)
        for group in groups:
            # A stem that only hidden documents hold must not thin out the others.
            said = {
                a.term: a.weight
                for a in group.alternatives.values()
                if a.language in (0, language) and a.term in known
            }
            total = max(sum(said.values()), 1.0)
            count = 1.0 + np.log(max(group.count, 1.0))
            terms.extend(said)
            weights.extend(count * weight / total for weight in said.values())
            if not said:
                np.add.at(wanted, runs_of(padded(group.word)), count)
        if terms:
            places, owner = slices(self._ends, np.array(terms))
            wanted += np.bincount(self._runs[places], np.array(weights)[owner], BUCKETS)
        return wanted

    def likeness(
        self, groups: list[Group], postings: Any, owner: np.ndarray, languages: np.ndarray, caller: CallerStatistics
    ) -> np.ndarray:
        """Return how alike each row, given by its postings, and the question are, from 0 to 1."""
        rows = len(languages)
        terms, columns = numbered(postings["term"], len(self._ends))
        if len(terms) == 0 or not groups:
            return np.zeros(rows)
        places, term_of = slices(self._ends, terms)
        runs = self._runs[places]
        weights = self.rarity(caller)
        squared = (weights * weights)[runs]
        counts = 1.0 + np.log(np.maximum(postings["body"] + postings["title"], 1.0))
        own = np.bincount(term_of, squared, len(terms))
        sizes = np.sqrt(np.bincount(owner, counts * counts * own[columns], rows))
        result = np.zeros(rows)
        known_terms = self.known(groups, caller)
        for language in np.unique(languages):
            wanted = self.question(groups, int(language), known_terms)
            size = float(np.linalg.norm(wanted * weights))
            gains = np.bincount(term_of, squared * wanted[runs], len(terms))
            shared = np.bincount(owner, counts * gains[columns], rows)
            chosen = (languages == language) & (sizes > 0)
            result[chosen] = shared[chosen] / (sizes[chosen] * size)
        return np.minimum(result, 1.0)
