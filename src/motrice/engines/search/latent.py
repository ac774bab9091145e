"""The vector view: what the words of the collection mean, learnt from the collection itself.

TF-IDF weights and a truncated singular value decomposition (latent semantic analysis). French words are first spread
over their English translations that the collection holds, so that both languages share one space. The model is
learnt from open documents where there are enough: then whoever may see those may use it, and nothing hidden has shaped
it. A model learnt from everything serves trusted callers alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse

from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.lexicon import translate
from motrice.engines.search.storage import REBUILD, slices

FRENCH = 1
CHUNK = 20_000
# From so many terms on, a table over the vocabulary is quicker than looking each one up.
MANY = 100_000
ARRAYS = ("terms", "idf", "projection", "map_ends", "map_columns", "map_weights", "order")


@dataclass(frozen=True, slots=True)
class LatentModel:
    """Terms, their weights, how French ones spread, and the projection onto the learnt dimensions."""

    terms: np.ndarray
    idf: np.ndarray
    projection: np.ndarray
    map_ends: np.ndarray
    map_columns: np.ndarray
    map_weights: np.ndarray
    order: np.ndarray

    @property
    def dimensions(self) -> int:
        """Return how many dimensions a vector has."""
        return int(self.projection.shape[1])

    def save(self, path: Path) -> None:
        """Write the model into a new directory."""
        path.mkdir()
        for name in ARRAYS:
            np.save(path / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, path: Path) -> "LatentModel":
        """Read a model back."""
        try:
            return cls(**{name: np.load(path / f"{name}.npy") for name in ARRAYS})
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorrupt(f"The model in {path} cannot be read ({error}). {REBUILD}") from error

    @property
    def french_map(self) -> sparse.csr_matrix:
        """Return how each term spreads when it stands in a French text."""
        size = len(self.terms)
        indptr = np.concatenate([[0], self.map_ends])
        return sparse.csr_matrix((self.map_weights, self.map_columns, indptr), shape=(size, size))

    def columns(self, terms: np.ndarray) -> np.ndarray:
        """Return the column of each term, -1 when the model does not know it."""
        if len(self.terms) == 0 or len(terms) == 0:
            return np.full(len(terms), -1)
        if len(terms) > MANY:
            table = np.full(max(int(self.terms.max()), int(terms.max())) + 1, -1, dtype=np.int32)
            table[self.terms] = np.arange(len(self.terms))
            return table[terms]
        places = np.minimum(np.searchsorted(self.terms, terms, sorter=self.order), len(self.terms) - 1)
        columns = self.order[places]
        return np.where(self.terms[columns] == terms, columns, -1)

    def knows(self, term: int) -> bool:
        """Say whether a term is one of those learnt."""
        return bool(self.columns(np.array([term]))[0] >= 0)

    def weighted(self, terms: np.ndarray, counts: np.ndarray, owner: np.ndarray, rows: int) -> sparse.csr_matrix:
        """Return TF-IDF rows of unit length."""
        columns = self.columns(terms)
        kept = columns >= 0
        columns, owner = columns[kept], owner[kept]
        values = (1.0 + np.log(counts[kept])) * self.idf[columns]
        matrix = sparse.csr_matrix((values.astype(np.float32), (owner, columns)), shape=(rows, len(self.terms)))
        return unit_rows(matrix)

    def vectors(self, matrix: sparse.csr_matrix, languages: np.ndarray) -> np.ndarray:
        """Return unit vectors of TF-IDF rows."""
        found = spread(matrix, languages, self.french_map) @ self.projection
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        return np.divide(found, norms, out=np.zeros_like(found), where=norms > 1e-9)

    def direction(self, terms: np.ndarray, counts: np.ndarray, *, french: bool) -> np.ndarray:
        """Return the unit vector of one short text: what `vectors` gives for it, without matrices."""
        columns = self.columns(terms)
        kept = columns >= 0
        columns = columns[kept]
        columns, values = together(columns, (1.0 + np.log(counts[kept])) * self.idf[columns])
        if french:
            places, owner = slices(self.map_ends, columns)
            columns, values = together(self.map_columns[places], self.map_weights[places] * values[owner])
        return unit(values.astype(np.float32) @ self.projection[columns])


def together(columns: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each column once with the sum of its values, these scaled to length one."""
    known, place = np.unique(columns, return_inverse=True)
    return known, unit(np.bincount(place, values, len(known)))


def unit(values: np.ndarray) -> np.ndarray:
    """Return a vector scaled to length one, or zeros."""
    size = float(np.linalg.norm(values))
    return values / size if size > 1e-9 else np.zeros_like(values)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the matrix with each row scaled to length one."""
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return sparse.diags(scale.astype(np.float32)).dot(matrix).tocsr()


def spread(matrix: sparse.csr_matrix, languages: np.ndarray, french_map: sparse.csr_matrix) -> sparse.csr_matrix:
    """Spread the French rows over the translations of their words."""
    is_french = languages == FRENCH
    if not is_french.any():
        return matrix
    french = sparse.diags(is_french.astype(np.float32)).dot(matrix)
    other = sparse.diags((~is_french).astype(np.float32)).dot(matrix)
    return unit_rows((french @ french_map + other).tocsr())


def french_map(
    names: list[str], mapped: set[int], places: dict[str, int], stem: Callable[[str, str], str], share: float
) -> sparse.csr_matrix:
    """Return, for each term, itself and, for those to be mapped, the English terms that translate it from French.

    Terms are translated by their stems: the form in which a word was first met may be that of a hidden document.
    """
    rows, columns, weights = [], [], []
    for row, name in enumerate(names):
        found: dict[int, float] = {}
        if row in mapped and not any(map(str.isdigit, name)):
            for phrase, likelihood in translate(name, "fr")[:4]:
                stems = [stem(word, "en") for word in phrase.split()]
                for word in stems:
                    if word in places and places[word] != row:
                        found[places[word]] = found.get(places[word], 0.0) + likelihood / len(stems)
        total = sum(found.values())
        own = 1.0 - share if total else 1.0
        rows.append(row)
        columns.append(row)
        weights.append(own)
        for column, weight in found.items():
            rows.append(row)
            columns.append(column)
            weights.append(share * weight / total)
    size = len(names)
    return sparse.csr_matrix((np.array(weights, dtype=np.float32), (rows, columns)), shape=(size, size))


def learn(
    terms: np.ndarray,
    frequencies: np.ndarray,
    documents: int,
    mapping: sparse.csr_matrix,
    sample: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    dimensions: int,
) -> LatentModel:
    """Learn a model from a sample of documents given as postings (terms, counts, owners) and languages."""
    idf = np.log((documents + 1.0) / (frequencies + 0.5)).astype(np.float32)
    size = len(terms)
    model = LatentModel(
        terms=terms.astype(np.int64),
        idf=np.maximum(idf, 0.0),
        projection=np.zeros((size, 0), dtype=np.float32),
        map_ends=mapping.indptr[1:].astype(np.int64),
        map_columns=mapping.indices,
        map_weights=mapping.data,
        order=np.argsort(terms, kind="stable"),
    )
    posting_terms, counts, owner, languages = sample
    matrix = spread(model.weighted(posting_terms, counts, owner, len(languages)), languages, mapping)
    dimensions = max(2, min(dimensions, min(matrix.shape) - 1))
    # Slow to import (with pandas behind it), and needed by nobody who only searches.
    from sklearn.utils.extmath import randomized_svd

    _, _, directions = randomized_svd(matrix, dimensions, n_iter=3, random_state=7)
    return replace(model, projection=np.ascontiguousarray(directions.T.astype(np.float32)))
