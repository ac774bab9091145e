"""When models are learnt, and the vectors of the rows under each model."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.latent import CHUNK, LatentModel, french_map, learn
from motrice.engines.search.statistics import EVERYTHING, ClassStatistics, class_of
from motrice.engines.search.storage import REBUILD, Vocabulary, slices
from motrice.engines.search.text import Analyzer
from motrice.engines.search.tuning import Tuning

VECTOR = np.dtype("<f2")
UNSHIFTED = np.float32(2.0**112)
# A model of fewer terms than this says nothing.
FEWEST_TERMS = 20
# From this share of open documents on, what is learnt from them serves trusted callers too.
MOSTLY_OPEN = 0.7


class Corpus:
    """The rows and postings as they stand at a commit under way."""

    def __init__(self, rows: np.ndarray, postings: np.ndarray, alive: np.ndarray, vocabulary: Vocabulary) -> None:
        self.rows = rows
        self.postings = postings
        self.alive = alive
        self.vocabulary = vocabulary
        self.ends = rows["posting_end"]
        self.languages = rows["language"]

    def postings_of(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the postings of chosen rows, and for each the place of its row among them."""
        places, owner = slices(self.ends, chosen)
        return self.postings[places], owner

    def sample(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return terms, counts, owners and languages of chosen rows."""
        postings, owner = self.postings_of(chosen)
        counts = postings["body"].astype(np.float32) + 2.0 * postings["title"]
        return postings["term"].astype(np.int64), counts, owner, self.languages[chosen]


def due(classes: dict[str, ClassStatistics], models: dict[str, Any], tuning: Tuning) -> dict[str, str]:
    """Return which models are to be learnt: name and the class of documents each learns from.

    The shared model learns from open documents; one of everything is kept beside it only when the open ones are few.
    """
    everything = classes[EVERYTHING].documents if EVERYTHING in classes else 0
    name = class_of(tuning.shared_access)
    shared = classes[name].documents if name in classes else 0
    wanted = {}
    if shared >= tuning.latent_min_documents:
        wanted["shared"] = (name, shared)
    if everything >= tuning.latent_min_documents and shared < MOSTLY_OPEN * everything:
        wanted["everything"] = (EVERYTHING, everything)
    grown = {}
    for key, (source, count) in wanted.items():
        learnt = models[key]["learnt_from"] if key in models else 0
        due_again = count >= learnt * (1.0 + tuning.latent_refit_growth) or not learnt
        if due_again and modelled(classes[source]).sum() >= FEWEST_TERMS:
            grown[key] = source
    return grown


def modelled(statistics: ClassStatistics) -> np.ndarray:
    """Return which terms of a class say something of meaning: neither alone in one text nor in too many."""
    frequencies = statistics.frequencies
    return (frequencies >= 2) & (frequencies <= max(10, 0.4 * statistics.documents))


def learn_model(corpus: Corpus, chosen: np.ndarray, statistics: ClassStatistics, tuning: Tuning) -> LatentModel:
    """Learn a model from chosen rows, or from a sample of them when they are many."""
    if len(chosen) > tuning.latent_sample:
        chosen = np.sort(np.random.default_rng(7).choice(chosen, tuning.latent_sample, replace=False))
    kept = modelled(statistics)
    terms, frequencies = statistics.terms[kept], statistics.frequencies[kept]
    if len(terms) > tuning.latent_max_terms:
        order = np.sort(
            np.argpartition(-frequencies.astype(np.int64), tuning.latent_max_terms)[: tuning.latent_max_terms]
        )
        terms, frequencies = terms[order], frequencies[order]
    analyzer = Analyzer()
    # In the order of the words, not of their numbers, which depend on documents that the model must not know of.
    alphabetical = np.array(
        sorted(range(len(terms)), key=lambda place: corpus.vocabulary.terms[int(terms[place])]), int
    )
    terms, frequencies = terms[alphabetical], frequencies[alphabetical]
    names = [corpus.vocabulary.terms[number] for number in terms.tolist()]
    if (corpus.languages[chosen] == 1).any():
        common = set(np.argsort(-frequencies.astype(np.int64), kind="stable")[: tuning.latent_mapped_terms].tolist())
        places = {name: place for place, name in enumerate(names)}
        mapping = french_map(names, common, places, analyzer.stem, tuning.latent_translation)
    else:
        mapping = sparse.identity(len(names), dtype=np.float32, format="csr")
    dimensions = min(tuning.latent_dimensions, len(chosen) // 3, max(2, len(terms) - 1))
    return learn(terms, frequencies, statistics.documents, mapping, corpus.sample(chosen), dimensions)


def write_vectors(path: Path, model: LatentModel, corpus: Corpus, start: int) -> None:
    """Write the vectors of all rows from `start` on, after those already there."""
    width = model.dimensions * VECTOR.itemsize
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(start * width)
        file.seek(start * width)
        for first in range(start, len(corpus.rows), CHUNK):
            chosen = np.arange(first, min(first + CHUNK, len(corpus.rows)))
            terms, counts, owner, languages = corpus.sample(chosen)
            matrix = model.weighted(terms, counts, owner, len(chosen))
            file.write(model.vectors(matrix, languages).astype(VECTOR).tobytes())


def single(halves: np.ndarray) -> np.ndarray:
    """Return numbers of half precision in single precision, each divided by `UNSHIFTED`: exactly, and faster.

    The bits of the exponent and of the fraction move by the thirteen that the fraction is longer, the sign by itself
    (IEEE 754-2019, 3.6: exponents are biased by 15 and 127). Infinities and what is no number do not occur.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= ~0x70000000  # the copies of the sign, which the exponent must not hold
    return bits.view(np.float32)


def likenesses(vectors: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the likeness of each row to a direction; rows and direction hold numbers only, as they were written.

    The library below reads rows by whole registers: what lies behind a short row may set the flag of an invalid
    operation that no result holds.
    """
    with np.errstate(invalid="ignore"):
        return vectors @ direction


def write_clusters(path: Path, stored: np.ndarray, tuning: Tuning) -> None:
    """Sort vectors into clusters of neighbours, so that a search reads a few clusters and not everything."""
    generator = np.random.default_rng(11)
    count = min(tuning.latent_clusters, max(1, len(stored) // 50))
    picked = np.sort(generator.choice(len(stored), min(len(stored), 40 * count), replace=False))
    sample = stored[picked].astype(np.float32)
    centres = sample[generator.choice(len(sample), count, replace=False)]
    for _ in range(6):
        nearest = np.argmax(sample @ centres.T, axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, sample)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-9), centres)
    labels = np.empty(len(stored), dtype=np.int32)
    for start in range(0, len(stored), CHUNK):
        labels[start : start + CHUNK] = np.argmax(stored[start : start + CHUNK].astype(np.float32) @ centres.T, axis=1)
    order = np.argsort(labels, kind="stable")
    path.mkdir()
    np.save(path / "centres.npy", centres)
    np.save(path / "rows.npy", order.astype(np.uint32))
    np.save(path / "ends.npy", np.cumsum(np.bincount(labels, minlength=count)))
    with (path / "vectors.bin").open("wb") as file:
        for start in range(0, len(order), CHUNK):
            file.write(stored[order[start : start + CHUNK]].tobytes())


def mapped_vectors(path: Path, shape: tuple[int, int]) -> np.ndarray:
    """Return vectors mapped from disk."""
    if shape[0] == 0:
        return np.empty(shape, VECTOR)
    try:
        return np.memmap(path, dtype=VECTOR, mode="r", shape=shape).view(np.ndarray)
    except (OSError, ValueError) as error:
        raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error


class Clusters:
    """Vectors sorted by cluster, read back."""

    def __init__(self, path: Path, dimensions: int) -> None:
        try:
            self.centres = np.load(path / "centres.npy")
            self.rows = np.load(path / "rows.npy")
            self.ends = np.load(path / "ends.npy")
            shape = (len(self.rows), dimensions)
            self.stored = np.memmap(path / "vectors.bin", dtype=VECTOR, mode="r", shape=shape).view(np.ndarray)
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error

    def near(self, direction: np.ndarray, probes: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the clusters nearest to a direction, with their likeness."""
        likeness = likenesses(self.centres, direction)
        chosen = np.argsort(-likeness, kind="stable")[:probes]
        scaled = direction * UNSHIFTED
        rows, found = [], []
        for cluster in chosen.tolist():
            start = int(self.ends[cluster - 1]) if cluster else 0
            end = int(self.ends[cluster])
            rows.append(self.rows[start:end].astype(np.int64))
            found.append(likenesses(single(self.stored[start:end]), scaled))
        return np.concatenate(rows), np.concatenate(found)


class Stored:
    """The vectors of the rows, as a reader sees them, whoever made them."""

    def __init__(
        self,
        directory: Path,
        entry: dict[str, Any],
        shape: tuple[int, int],
        path: Path,
        before: "Stored | None" = None,
    ) -> None:
        self.entry = entry
        self._dimensions = shape[1]
        self.stored = mapped_vectors(path, shape)
        self.clusters: Clusters | None = None
        if entry["clusters"]:
            same = before is not None and before.entry["clusters"] == entry["clusters"]
            kept = before.clusters if before is not None and same else None
            self.clusters = kept or Clusters(directory / entry["clusters"], self._dimensions)
        # Rows that no cluster holds yet are few, and searched one and all.
        self._start = entry["clustered"]
        self._tail: np.ndarray | None = None
        same_start = before is not None and before.entry["clustered"] == self._start
        self._old_tail = before._tail if before is not None and same_start else None

    def tail(self) -> np.ndarray:
        """Return the vectors that no cluster holds, in single precision."""
        if self._tail is None:
            old = self._old_tail if self._old_tail is not None else np.empty((0, self._dimensions), np.float32)
            fresh = self.stored[self._start + len(old) :].astype(np.float32)
            self._tail = np.concatenate([old, fresh]) if len(old) else fresh
            self._old_tail = None
        return self._tail

    def nearest(self, direction: np.ndarray, mask: np.ndarray, count: int, probes: int) -> np.ndarray:
        """Return the rows of a mask that are nearest to a direction."""
        likeness = likenesses(self.tail(), direction)
        rows = np.arange(self._start, self._start + len(likeness))
        if self.clusters is not None:
            near_rows, near_likeness = self.clusters.near(direction, probes)
            rows = np.concatenate([near_rows, rows])
            likeness = np.concatenate([near_likeness, likeness])
        kept = mask[rows] & (likeness > 0)
        rows, likeness = rows[kept], likeness[kept]
        if len(rows) > count:
            rows = rows[np.argpartition(-likeness, count - 1)[:count]]
        return rows

    def cosines(self, direction: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the likeness of chosen rows to a direction."""
        # Row by row, so that the figure of a row never depends on which others are asked for.
        return np.einsum("ij,j->i", self.stored[rows].astype(np.float32), direction)


class Vectors(Stored):
    """The vectors of the rows under one learnt model."""

    def __init__(self, directory: Path, entry: dict[str, Any], count: int, before: "Vectors | None" = None) -> None:
        self.model: LatentModel = before.model if before is not None else LatentModel.load(directory / entry["name"])
        shape = (count, self.model.dimensions)
        super().__init__(directory, entry, shape, directory / entry["name"] / "vectors.bin", before)
