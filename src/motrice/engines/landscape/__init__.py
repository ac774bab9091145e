"""Places texts on a plane so that those that speak of the same things lie near one another.

Words are weighted by TF-IDF, reduced by a truncated singular value decomposition, and laid out by t-SNE started from
the two first components: the same texts in the same order always give the same places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.manifold import TSNE
from sklearn.preprocessing import normalize

DIMENSIONS, NEIGHBOURS, SEED = 50, 30, 20260101
ROUNDS = 500
# Fewer texts than this have too few neighbours for t-SNE: their two first components are their places.
FEW = 12
MAX_WORDS = 20_000
# Words of three letters and more, and sub-classes such as a61k.
WORD = r"(?u)\b[^\W\d_]{3,}\b|\b[a-hy]\d{2}[a-z]\b"
SIDE = 1000.0


def positions(texts: Sequence[str], *, seed: int = SEED) -> list[tuple[float, float]]:
    """A place for each text, in a square of side 1000; texts without a word that another has too lie in the middle."""
    if len(texts) < 2:
        return [(SIDE / 2, SIDE / 2) for _text in texts]
    vectors = _vectors(texts, seed)
    if vectors is None:
        return [(SIDE / 2, SIDE / 2) for _text in texts]
    return [(float(x), float(y)) for x, y in _squared(_laid_out(vectors, seed))]


def _vectors(texts: Sequence[str], seed: int) -> np.ndarray | None:
    words = TfidfVectorizer(
        strip_accents="unicode", sublinear_tf=True, min_df=2, max_df=0.4 if len(texts) > FEW else 1.0,
        max_features=MAX_WORDS, token_pattern=WORD,
    )  # fmt: skip
    try:
        matrix = words.fit_transform(texts)
    except ValueError:  # no word is shared by two texts
        return None
    wanted = min(DIMENSIONS, matrix.shape[0] - 1, matrix.shape[1] - 1)
    if wanted < 2:
        return None
    return normalize(TruncatedSVD(wanted, random_state=seed).fit_transform(matrix))


def _laid_out(vectors: np.ndarray, seed: int) -> np.ndarray:
    start = vectors[:, :2]
    if len(vectors) < FEW:
        return start
    spread = start.std(axis=0).max() or 1.0
    # The longest process that the layout may be: neighbours are found once, then moved some hundred times.
    layout = TSNE(
        n_components=2,
        perplexity=min(NEIGHBOURS, (len(vectors) - 1) / 3),
        init=start / spread * 1e-4,
        random_state=seed,
        max_iter=ROUNDS,
        n_jobs=1,
    )
    return layout.fit_transform(vectors.astype(np.float64))


def _squared(places: np.ndarray) -> np.ndarray:
    """Scaled into the square, the proportions kept, a tenth of a unit being enough for a drawing."""
    low, high = places.min(axis=0), places.max(axis=0)
    span = float((high - low).max()) or 1.0
    margin = (SIDE - (high - low) / span * SIDE) / 2
    return np.round((places - low) / span * SIDE + margin, 1)
