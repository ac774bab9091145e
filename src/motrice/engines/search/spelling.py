"""Words of the vocabulary that look like a given word: misspellings, and cognates across the two languages.

The trigrams of every stem are hashed into a table made when statistics are frozen; looking up a word counts shared
trigrams and checks the closest by edit distance.
"""

from pathlib import Path

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.statistics import CallerStatistics
from motrice.engines.search.storage import REBUILD, SPREAD

BUCKETS = 1 << 16
SHORTEST, LONGEST = 4, 40
LONGEST_LIST = 60_000
CHECKED = 60


def trigram_hashes(data: bytes) -> np.ndarray:
    """Return the hash of each run of three bytes."""
    raw = np.frombuffer(data, dtype=np.uint8).astype(np.uint32)
    return (raw[:-2] * 31 * 31 * 67 + raw[1:-1] * 31 * 67 + raw[2:] * 67 + raw[1:-1] * raw[2:]) % BUCKETS


def build(terms: list[str], chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Return the table of trigrams of the chosen terms."""
    kept = [int(n) for n in chosen if SHORTEST <= len(terms[n]) <= LONGEST and not any(map(str.isdigit, terms[n]))]
    padded = [b"_" + terms[number].encode() + b"_" for number in kept]
    sizes = np.array([len(p) for p in padded], dtype=np.int64)
    if not kept:
        return {"ends": np.zeros(BUCKETS, np.int64), "terms": np.empty(0, np.uint32)}
    hashes = trigram_hashes(b"".join(padded))
    owner = np.repeat(np.array(kept, dtype=np.uint32), sizes)
    # A run of three that crosses from one term into the next is not a trigram of either.
    place = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    inside = (place < np.repeat(sizes - 2, sizes))[: len(hashes)]
    hashes, owner = hashes[inside], owner[: len(inside)][inside]
    order = np.argsort(hashes, kind="stable")
    hashes, owner = hashes[order], owner[order]
    # A run that a term has twice is listed once.
    once = np.concatenate([[True], (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])])
    counts = np.bincount(hashes[once], minlength=BUCKETS)
    return {"ends": np.cumsum(counts), "terms": owner[once]}


class Spelling:
    """Looks up similar words."""

    def __init__(self, path: Path) -> None:
        try:
            self._ends = np.load(path / "ends.npy")
            self._terms = np.load(path / "terms.npy", mmap_mode="r").view(np.ndarray)
            self._sizes = np.load(path / "sizes.npy")
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error

    @staticmethod
    def save(path: Path, terms: list[str], chosen: np.ndarray) -> None:
        """Make the table and write it."""
        path.mkdir()
        np.save(path / "sizes.npy", np.array([min(len(term), 255) for term in terms], dtype=np.uint8))
        for name, values in build(terms, chosen).items():
            np.save(path / f"{name}.npy", values)

    def similar(
        self, word: str, names: list[str], caller: CallerStatistics, floor: float, limit: int
    ) -> list[tuple[int, float]]:
        """Return terms the caller may know of that resemble a folded word, with their similarity."""
        if not SHORTEST <= len(word) <= LONGEST:
            return []
        encoded = b"_" + word.encode() + b"_"
        lists = []
        for code in set(trigram_hashes(encoded).tolist()):
            start = int(self._ends[code - 1]) if code else 0
            end = int(self._ends[code])
            if start < end <= start + LONGEST_LIST:
                lists.append(self._terms[start:end])
        if not lists:
            return []
        found, shared = in_many(lists, max(2, len(lists) // 3))
        closeness = 2.0 * shared / (len(encoded) - 2 + self._sizes[found])
        closest = first_known(found[np.argsort(-closeness, kind="stable")], caller, CHECKED)
        judged = [(number, resemblance(word, names[number])) for number in closest]
        judged = [pair for pair in judged if pair[1] >= floor]
        # By name where they are as alike: numbers depend on documents that the caller may not know of.
        return sorted(judged, key=lambda pair: (-pair[1], names[pair[0]]))[:limit]


def first_known(terms: np.ndarray, caller: CallerStatistics, limit: int) -> list[int]:
    """Return the first terms that the caller may know of; no more are looked up than it takes."""
    known: list[int] = []
    for start in range(0, len(terms), 2 * limit):
        part = terms[start : start + 2 * limit]
        known += part[caller.frequencies(part) > 0].tolist()
        if len(known) >= limit:
            break
    return known[:limit]


def in_many(lists: list[np.ndarray], least: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the members of at least so many of the sorted lists, and of how many.

    Where the lists are long for the numbers they hold, each number is counted at its place. Else they are merged: such
    a member is missing from less than all of the shortest lists but `least - 1`, so that the longest need not be.
    """
    last = max(int(members[-1]) for members in lists)
    if last < SPREAD * sum(map(len, lists)):
        counts = np.bincount(np.concatenate(lists))
        found = np.flatnonzero(counts >= least)
        return found, counts[found]
    lists = sorted(lists, key=len)
    merged = max(len(lists) - least + 1, 1)
    found, shared = np.unique(np.concatenate(lists[:merged]), return_counts=True)
    for place, more in enumerate(lists[merged:], merged + 1):
        kept = shared >= least - (len(lists) - place + 1)
        found, shared = found[kept], shared[kept]
        places = np.minimum(np.searchsorted(more, found), len(more) - 1)
        shared = shared + (more[places] == found)
    kept = shared >= least
    return found[kept], shared[kept]


def resemblance(word: str, other: str) -> float:
    """Return how much two stems look alike, from 0 to 1; a shared beginning counts for more."""
    edit = DamerauLevenshtein.normalized_similarity(word, other)
    return 0.6 * edit + 0.4 * JaroWinkler.normalized_similarity(word, other)
