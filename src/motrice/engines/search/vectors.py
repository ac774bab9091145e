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


class Corpus:
    """The rows and postings as they stand at a commit under way."""

    def __init__(self, rows: np.ndarray, postings: np.ndarray, alive: np.ndarray, vocabulary: Vocabulary) -> None:
        self.rows = rows
        self.postings = postings
        self.alive = alive
        self.vocabulary = vocabulary
        self.ends = np.ascontiguousarray(rows["posting_end"])
        self.languages = np.ascontiguousarray(rows["language"])

    def sample(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return terms, counts, owners and languages of chosen rows."""
        places, owner = slices(self.ends, chosen)
        postings = self.postings[places]
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
    if everything >= tuning.latent_min_documents and shared < 0.7 * everything:
        wanted["everything"] = (EVERYTHING, everything)
    grown = {}
    for key, (source, count) in wanted.items():
        learnt = models[key]["learnt_from"] if key in models else 0
        if count >= learnt * (1.0 + tuning.latent_refit_growth) or not learnt:
            grown[key] = source
    return grown


def learn_model(corpus: Corpus, chosen: np.ndarray, statistics: ClassStatistics, tuning: Tuning) -> LatentModel:
    """Learn a model from chosen rows, or from a sample of them when they are many."""
    if len(chosen) > tuning.latent_sample:
        chosen = np.sort(np.random.default_rng(7).choice(chosen, tuning.latent_sample, replace=False))
    frequencies = statistics.frequencies
    kept = (frequencies >= 2) & (frequencies <= max(10, 0.4 * statistics.documents))
    terms, frequencies = statistics.terms[kept], frequencies[kept]
    if len(terms) > tuning.latent_max_terms:
        order = np.sort(
            np.argpartition(-frequencies.astype(np.int64), tuning.latent_max_terms)[: tuning.latent_max_terms]
        )
        terms, frequencies = terms[order], frequencies[order]
    analyzer = Analyzer()
    names = [corpus.vocabulary.terms[number] for number in terms.tolist()]
    surfaces = [corpus.vocabulary.surfaces[number] for number in terms.tolist()]
    if (corpus.languages[chosen] == 1).any():
        mapping = french_map(surfaces, {n: i for i, n in enumerate(names)}, analyzer.stem, tuning.latent_translation)
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


class Vectors:
    """The vectors of the rows under one model, as a reader sees them."""

    def __init__(self, directory: Path, entry: dict[str, Any], count: int, before: "Vectors | None" = None) -> None:
        self.name = entry["name"]
        self.model = before.model if before is not None else LatentModel.load(directory / self.name)
        path = directory / self.name / "vectors.bin"
        shape = (count, self.model.dimensions)
        try:
            self.stored = np.memmap(path, dtype=VECTOR, mode="r", shape=shape) if count else np.empty(shape, VECTOR)
        except (OSError, ValueError) as error:
            raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error
        self._full: np.ndarray | None = None
        self._before = before._full if before is not None else None

    def full(self) -> np.ndarray:
        """Return all vectors in single precision, for exact search."""
        if self._full is None:
            old = 0 if self._before is None else len(self._before)
            fresh = np.asarray(self.stored[old:]).astype(np.float32)
            self._full = fresh if self._before is None else np.concatenate([self._before, fresh])
            self._before = None
        return self._full

    def cosines(self, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the likeness of chosen rows to a query vector."""
        return np.asarray(self.stored[rows]).astype(np.float32) @ query
