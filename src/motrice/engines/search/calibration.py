"""BM25 fitted to the collection: k1 and b are chosen by questions made from the documents themselves.

No one setting of BM25 serves all collections: titles want little length normalisation, abstracts of one kind much. So
known items are simulated (Azzopardi, de Rijke and Balog, "Building simulated queries for known-item topics", SIGIR
2007): a handful of the words of a document, taken out of it, must find the rest; and its title must find its text. The
pair that finds them best is kept until the statistics are frozen anew.

Documents are drawn by the square root of their length, so that long texts among many titles are heard; a pair far from
the usual one must earn it. Only the documents of one class take part: nothing hidden shapes what a caller gets.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from motrice.engines.search.statistics import ClassStatistics
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.vectors import Corpus

K1 = (0.5, 0.9, 1.4, 2.0, 2.8)
B = (0.2, 0.4, 0.6, 0.75, 0.9, 1.0)
UNFITTED = (0.0, 0.0)
FEWEST_WORDS = 8
FEWEST_TITLES = 0.3
CONTRASTED = 400


@dataclass(frozen=True, slots=True)
class Sample:
    """Some documents as matrices of counts, with the weight of each term."""

    bodies: sparse.csr_matrix
    titles: sparse.csr_matrix
    body_words: np.ndarray
    title_words: np.ndarray
    idf: np.ndarray


def calibrated(corpus: Corpus, chosen: np.ndarray, statistics: ClassStatistics, tuning: Tuning) -> tuple[float, float]:
    """Return the k1 and b that suit chosen rows, or zeros when they are too few to tell."""
    if len(chosen) < tuning.calibration_minimum:
        return UNFITTED
    generator = np.random.default_rng(5)
    if len(chosen) > tuning.calibration_sample:
        chosen = np.sort(generator.choice(chosen, tuning.calibration_sample, replace=False))
    sample = sampled(corpus, chosen, statistics)
    gains = []
    bodies, heads = sample.body_words >= FEWEST_WORDS, sample.title_words >= FEWEST_WORDS
    for source, enough in ((sample.bodies, bodies), (sample.titles, heads)):
        if np.count_nonzero(enough) >= tuning.calibration_minimum:
            weight = 1.0 if source is sample.bodies else tuning.title_weight
            gains.append(handfuls(sample, source, weight, np.nonzero(enough)[0], generator, tuning))
            break
    titled = np.nonzero((sample.title_words >= 3) & (sample.body_words >= 2 * FEWEST_WORDS))[0]
    if len(titled) >= max(tuning.calibration_minimum, FEWEST_TITLES * len(chosen)):
        gains.append(titles(sample, titled, generator, tuning))
    if not gains:
        return UNFITTED
    total = np.mean([gain / max(gain.max(), 1e-9) for gain in gains], axis=0) - reluctance(tuning)
    best = np.unravel_index(int(np.argmax(np.round(total, 9))), total.shape)
    return K1[best[0]], B[best[1]]


def reluctance(tuning: Tuning) -> np.ndarray:
    """Return what each pair loses for being far from the usual one."""
    k1 = np.log(np.array(K1) / tuning.k1)[:, None] / np.log(2.0)
    b = (np.array(B)[None, :] - tuning.b) / 0.3
    return tuning.calibration_reluctance * (k1**2 + b**2)


def sampled(corpus: Corpus, chosen: np.ndarray, statistics: ClassStatistics) -> Sample:
    """Return the counts of chosen rows."""
    postings, owner = corpus.postings_of(chosen)
    terms, first, place = np.unique(postings["term"], return_index=True, return_inverse=True)
    # Terms in order of appearance here: their numbers depend on documents that must not sway the draw.
    order = np.argsort(first)
    columns = np.argsort(order)[place]
    shape = (len(chosen), len(terms))
    bodies = sparse.csr_matrix((postings["body"].astype(np.float64), (owner, columns)), shape=shape)
    heads = sparse.csr_matrix((postings["title"].astype(np.float64), (owner, columns)), shape=shape)
    heads.eliminate_zeros()
    bodies.eliminate_zeros()
    held = statistics.frequencies[np.searchsorted(statistics.terms, terms[order])]
    frequencies = np.minimum(held.astype(np.float64), statistics.documents)
    idf = np.log(1.0 + (statistics.documents - frequencies + 0.5) / (frequencies + 0.5))
    rows = corpus.rows[chosen]
    return Sample(bodies, heads, rows["body_words"].astype(float), rows["title_words"].astype(float), idf)


def drawn(candidates: np.ndarray, lengths: np.ndarray, generator: np.random.Generator, tuning: Tuning) -> np.ndarray:
    """Return the documents to ask about, long ones more often."""
    weights = np.sqrt(lengths[candidates])
    count = min(tuning.calibration_questions, len(candidates))
    return generator.choice(candidates, count, replace=False, p=weights / weights.sum())


def handfuls(
    sample: Sample,
    source: sparse.csr_matrix,
    weight: float,
    candidates: np.ndarray,
    generator: np.random.Generator,
    tuning: Tuning,
) -> np.ndarray:
    """Ask for documents by a handful of the words of their texts (or titles, where texts lack), taken out of them."""
    whole = (sample.bodies + tuning.title_weight * sample.titles).tocsr()
    lengths = sample.body_words + tuning.title_weight * sample.title_words
    trial = Trial(whole, lengths, sample.idf)
    for place in drawn(candidates, lengths, generator, tuning).tolist():
        row = source[place]
        words = np.repeat(row.indices, row.data.astype(np.int64))
        count = min(len(words) // 2, int(generator.integers(4, 16)))
        terms, counts = np.unique(generator.choice(words, count, replace=False), return_counts=True)
        trial.ask(place, terms, counts.astype(np.float64), weight * counts)
    return trial.gain


def titles(sample: Sample, candidates: np.ndarray, generator: np.random.Generator, tuning: Tuning) -> np.ndarray:
    """Ask for texts by their titles."""
    trial = Trial(sample.bodies.tocsr(), sample.body_words, sample.idf)
    for place in drawn(candidates, sample.body_words, generator, tuning).tolist():
        row = sample.titles[place]
        trial.ask(place, row.indices, row.data, np.zeros(len(row.indices)))
    return trial.gain


class Trial:
    """Adds up, for every pair of k1 and b, how high the documents asked for come."""

    def __init__(self, counts: sparse.csr_matrix, lengths: np.ndarray, idf: np.ndarray) -> None:
        self._columns = counts.tocsc()
        self._relative = lengths / max(float(lengths.mean()), 1.0)
        self._mean = max(float(lengths.mean()), 1.0)
        self._idf = idf
        self.gain = np.zeros((len(K1), len(B)))

    def ask(self, target: int, terms: np.ndarray, counts: np.ndarray, taken: np.ndarray) -> None:
        """Ask one question; `taken` is how much of each word has been taken out of the document asked for."""
        held = self._columns[:, terms]
        weights = self._idf[terms] * counts
        rows = np.unique(held.indices)
        if len(rows) > CONTRASTED:
            rough = np.asarray(held.sign() @ weights).ravel()
            rows = rows[np.lexsort((rows, -np.round(rough[rows], 8)))[:CONTRASTED]]
        rows = rows[rows != target]
        found = np.vstack([held[rows].toarray(), np.maximum(held[[target]].toarray() - taken, 0.0)])
        lengths = np.append(self._relative[rows], self._relative[target] - taken.sum() / self._mean)
        for i, k1 in enumerate(K1):
            for j, b in enumerate(B):
                scores = found / (found + (k1 * (1.0 - b + b * lengths))[:, None]) @ weights
                if scores[-1] > 0:
                    better = np.count_nonzero(scores[:-1] > scores[-1] + 1e-9)
                    level = np.count_nonzero(np.abs(scores[:-1] - scores[-1]) <= 1e-9)
                    self.gain[i, j] += 1.0 / np.log2(2.0 + better + 0.5 * level)
