"""Word statistics, frozen between refits and kept apart for each access token.

What a caller's scores depend on is the sum of the statistics of the tokens they hold: only documents they may see. A
hidden document, added or removed, changes none of them. The class of all documents serves trusted callers alone.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from motrice.engines.search.documents import LANGUAGES
from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.storage import REBUILD
from motrice.engines.search.tuning import Tuning

EVERYTHING = "*"
# The squared coefficient of variation of the lengths of texts of one kind (abstracts, summaries, calls).
USUAL_VARIATION = 0.5
NEARLY_ALL = 0.9


def class_of(token: str) -> str:
    """Return the name of the statistics class of an access token."""
    return "token:" + token.replace("\x00", "\ufffd")


@dataclass(frozen=True, slots=True)
class ClassStatistics:
    """Counts of one class of documents at the time it was frozen."""

    documents: int
    body_words: int
    title_words: int
    squared_words: int
    french: int
    terms: np.ndarray
    frequencies: np.ndarray
    # How often each term occurs in all, against in how many documents.
    occurrences: np.ndarray
    # BM25 as fitted to these documents; nothing when they are too few, or not such as to be fitted.
    k1: float = 0.0
    b: float = 0.0
    # How its documents vote for their owners, as fitted; nothing likewise.
    power: float = 0.0
    decay: float = 0.0


def counted(documents: np.ndarray, postings: np.ndarray) -> ClassStatistics:
    """Count a class from its rows and their postings (each term once a document)."""
    terms, place, frequencies = np.unique(postings["term"], return_inverse=True, return_counts=True)
    return ClassStatistics(
        documents=len(documents),
        body_words=int(documents["body_words"].sum()),
        title_words=int(documents["title_words"].sum()),
        squared_words=squared_words(documents),
        french=int(np.count_nonzero(documents["language"] == 1)),
        terms=terms.astype(np.uint32),
        frequencies=frequencies.astype(np.uint32),
        occurrences=np.bincount(place, times(postings), len(terms)).astype(np.uint32),
    )


def times(postings: np.ndarray) -> np.ndarray:
    """Return how often the word of each posting occurs in its document."""
    return postings["body"].astype(np.float64) + postings["title"]


def squared_words(documents: np.ndarray) -> int:
    """Return the sum of the squared lengths of documents, which tells how unlike in length they are."""
    lengths = documents["body_words"].astype(np.int64) + documents["title_words"].astype(np.int64)
    return int(lengths @ lengths)


def save(path: Path, classes: dict[str, ClassStatistics]) -> None:
    """Write all classes into one file."""
    names = list(classes)
    parts = [classes[name] for name in names]
    heads = np.array(
        [(p.documents, p.body_words, p.title_words, p.squared_words, p.french, len(p.terms)) for p in parts],
        dtype=np.int64,
    )
    np.savez(
        path,
        names=np.frombuffer("\x00".join(name.replace("\x00", "\ufffd") for name in names).encode(), dtype=np.uint8),
        heads=heads.reshape(len(parts), 6),
        fits=np.array([(p.k1, p.b) for p in parts], dtype=np.float64).reshape(len(parts), 2),
        votes=np.array([(p.power, p.decay) for p in parts], dtype=np.float64).reshape(len(parts), 2),
        terms=np.concatenate([p.terms for p in parts]) if parts else np.empty(0, np.uint32),
        frequencies=np.concatenate([p.frequencies for p in parts]) if parts else np.empty(0, np.uint32),
        occurrences=np.concatenate([p.occurrences for p in parts]) if parts else np.empty(0, np.uint32),
    )


def load(path: Path) -> dict[str, ClassStatistics]:
    """Read the classes back."""
    try:
        with np.load(path) as data:
            names = data["names"].tobytes().decode().split("\x00")
            heads, terms = data["heads"], data["terms"]
            frequencies, occurrences = data["frequencies"], data["occurrences"]
            fits = data["fits"].tolist()
            # Indexes made before votes were fitted have none.
            votes = data["votes"].tolist() if "votes" in data else [(0.0, 0.0)] * len(fits)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error
    classes = {}
    start = 0
    for name, (documents, body, title, squared, french, count), fit, vote in zip(
        names, heads.tolist(), fits, votes, strict=False
    ):
        end = start + count
        known = terms[start:end], frequencies[start:end], occurrences[start:end]
        classes[name] = ClassStatistics(documents, body, title, squared, french, *known, *fit, *vote)
        start = end
    return classes


class CallerStatistics:
    """What one caller may know of word frequencies."""

    def __init__(self, parts: list[ClassStatistics]) -> None:
        self._parts = parts
        self.documents = sum(p.documents for p in parts)
        self._body = sum(p.body_words for p in parts)
        self._title = sum(p.title_words for p in parts)
        self._squared = sum(p.squared_words for p in parts)
        self._fitted = max((p for p in parts if p.k1), key=lambda p: p.documents, default=None)
        self._voting = max((p for p in parts if p.power), key=lambda p: p.documents, default=None)
        self._french = sum(p.french for p in parts)

    def average_length(self, title_weight: float) -> float:
        """Return the mean length of a document, title words counted with their weight."""
        if self.documents == 0:
            return 100.0
        return max(1.0, (self._body + title_weight * self._title) / self.documents)

    def fit(self, tuning: Tuning) -> tuple[float, float]:
        """Return k1 and b for this caller."""
        if self._fitted is not None:
            return self._fitted.k1, self._fitted.b
        return tuning.k1 / (1.0 + self.unevenness / 1.5), tuning.b / (1.0 + self.unevenness)

    def voting(self, tuning: Tuning) -> tuple[float, float]:
        """Return the power and the decay of votes for owners for this caller."""
        if self._voting is not None:
            return self._voting.power, self._voting.decay
        return tuning.owner_power, tuning.owner_decay

    def saturated(self, counts: np.ndarray, lengths: np.ndarray, tuning: Tuning) -> np.ndarray:
        """Return counts of words (documents by words) as BM25 does: (k1 + 1) f / (f + k1 (1 - b + b l / mean l)).

        k1 and b are those of the widest fit the caller may know of. Without one, a text is at least not held to the
        length of a title where the two are mixed. Source: Robertson and Zaragoza, "The Probabilistic Relevance
        Framework: BM25 and Beyond", 2009.
        """
        mean = self.average_length(tuning.title_weight)
        k1, b = self.fit(tuning)
        if self._fitted is None:
            mean *= 1.0 + self.unevenness
        norm = k1 * (1.0 - b + b * lengths / mean)
        return counts * (k1 + 1.0) / (counts + norm[:, None])

    @property
    def language(self) -> str | None:
        """Return the language of nearly all documents, if there is one."""
        for code, count in zip(LANGUAGES, (self._french, self.documents - self._french), strict=True):
            if self.documents and count >= NEARLY_ALL * self.documents:
                return code
        return None

    @property
    def unevenness(self) -> float:
        """Return how much more the lengths vary than in a collection of one kind of text; nothing when they do not."""
        words = self._body + self._title
        if words == 0:
            return 0.0
        variation = self.documents * self._squared / words**2 - 1.0
        return max(0.0, variation - USUAL_VARIATION)

    def frequencies(self, terms: np.ndarray) -> np.ndarray:
        """Return in how many documents each term occurs, as frozen."""
        return self._counts(terms)[0]

    def counts(self, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return in how many documents each term occurs, and how often in all, as frozen."""
        found = self._counts(terms, "frequencies", "occurrences")
        return found[0], found[1]

    def _counts(self, terms: np.ndarray, *names: str) -> np.ndarray:
        names = names or ("frequencies",)
        result = np.zeros((len(names), len(terms)), dtype=np.float64)
        # The same type on both sides: otherwise each call would convert the whole vocabulary.
        terms = np.asarray(terms, dtype=np.uint32)
        for part in self._parts:
            if len(part.terms) == 0 or len(terms) == 0:
                continue
            places = np.minimum(np.searchsorted(part.terms, terms), len(part.terms) - 1)
            same = part.terms[places] == terms
            for line, name in zip(result, names, strict=True):
                line += np.where(same, getattr(part, name)[places], 0)
        return result

    def idf(self, frequencies: np.ndarray) -> np.ndarray:
        """Return the weight of terms of these frequencies; all weigh the same while nothing is frozen."""
        if self.documents == 0:
            return np.ones_like(frequencies, dtype=np.float64)
        capped = np.minimum(frequencies, self.documents)
        return np.log(1.0 + (self.documents - capped + 0.5) / (capped + 0.5))
