"""How documents vote for their owners, fitted to the collection by its own documents.

A laboratory of a few good texts among many, a subject that half of the documents bear: no one way of counting votes
serves them all. So documents are held out one at a time: asked with the words of one of them, the others must find its
owners. How steeply a vote grows with the score, and how much less the next document of an owner counts, are chosen by
that, and frozen with the statistics. Another way than the usual one must be better beyond doubt, not just on the mean,
and steeper votes are not on offer: a text told twice makes them look better than they are to questions from outside.

Only the documents of one class take part, and only owners that have another document: nothing hidden shapes what a
caller gets.
"""

from dataclasses import dataclass

import numpy as np

from motrice.engines.search.calibration import Sample, sampled
from motrice.engines.search.statistics import ClassStatistics
from motrice.engines.search.storage import slices
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.vectors import Corpus

POWERS = (1.0, 1.5, 2.0)
DECAYS = (0.5, 0.7, 0.9, 1.0)
WAYS = [(power, decay) for power in POWERS for decay in DECAYS]
UNFITTED = (0.0, 0.0)
FIRST = 10


@dataclass(frozen=True, slots=True)
class Shared:
    """Which of some documents belong to which owners, as pairs of a place and an owner, by place."""

    places: np.ndarray
    owners: np.ndarray

    def kept(self, places: np.ndarray) -> "Shared":
        """Return the pairs of some of the places, which are counted anew."""
        number = np.full(int(self.places.max(initial=-1)) + 1, -1)
        number[places] = np.arange(len(places))
        kept = number[self.places] >= 0
        return Shared(number[self.places[kept]], self.owners[kept])


def fitted_votes(
    corpus: Corpus, owners: np.ndarray, chosen: np.ndarray, statistics: ClassStatistics, tuning: Tuning
) -> tuple[float, float]:
    """Return the power and the decay of votes that suit chosen rows, or zeros when they are too few to tell."""
    if (
        len(chosen) < tuning.calibration_minimum
        or not statistics.k1
        or (tuning.owner_power, tuning.owner_decay) not in WAYS
    ):
        return UNFITTED
    places, place = slices(corpus.rows["owner_end"], chosen)
    if len(places) == 0:
        return UNFITTED
    # Owners in order of appearance here: their numbers depend on documents that must not sway the draw.
    _, first, number = np.unique(owners[places], return_index=True, return_inverse=True)
    shared = Shared(place, np.argsort(np.argsort(first))[number])
    generator = np.random.default_rng(13)
    if len(chosen) > tuning.calibration_sample:
        kept = whole_owners(shared, tuning.calibration_sample, generator)
        shared, chosen = shared.kept(kept), chosen[kept]
    held = np.bincount(shared.owners)
    able = np.unique(shared.places[held[shared.owners] > 1])
    if len(able) < tuning.calibration_minimum:
        return UNFITTED
    asked = generator.choice(able, min(tuning.calibration_questions, len(able)), replace=False)
    trial = Trial(sampled(corpus, chosen, statistics), shared, statistics, tuning)
    gains = np.array([trial.asked(place) for place in asked.tolist()])
    return chosen_way(gains, tuning)


def whole_owners(shared: Shared, most: int, generator: np.random.Generator) -> np.ndarray:
    """Return the places of the documents of owners drawn at random: each has all of its documents, or is left out."""
    sizes = np.bincount(shared.owners)
    order = generator.permutation(len(sizes))
    taken = np.zeros(len(sizes), dtype=bool)
    taken[order[np.cumsum(sizes[order]) <= most]] = True
    return np.unique(shared.places[taken[shared.owners]])


def chosen_way(gains: np.ndarray, tuning: Tuning) -> tuple[float, float]:
    """Return the best way of voting; `gains` has a line for each question and a column for each way."""
    usual = WAYS.index((tuning.owner_power, tuning.owner_decay))
    more = gains - gains[:, [usual]]
    sure = more.mean(axis=0) - tuning.voting_reluctance * more.std(axis=0) / np.sqrt(len(gains))
    best = int(np.argmax(np.round(sure, 9)))
    return WAYS[best] if sure[best] > 0 else WAYS[usual]


class Trial:
    """Asks with the words of one document which owners the others vote for."""

    def __init__(self, sample: Sample, shared: Shared, statistics: ClassStatistics, tuning: Tuning) -> None:
        self._tuning = tuning
        self._shared = shared
        self._idf = sample.idf
        counts = (sample.bodies + tuning.title_weight * sample.titles).tocsr()
        self._counts = counts
        lengths = sample.body_words + tuning.title_weight * sample.title_words
        norm = statistics.k1 * (1.0 - statistics.b + statistics.b * lengths / max(float(lengths.mean()), 1.0))
        saturated = counts.copy()
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        saturated.data = counts.data / (counts.data + norm[rows])
        self._saturated = saturated.tocsc()
        self._held = np.bincount(shared.owners)
        self._ends = np.searchsorted(shared.places, np.arange(counts.shape[0] + 1))

    def asked(self, place: int) -> np.ndarray:
        """Return how high the owners of a document come by the votes of the others, for each way of voting."""
        row = self._counts[place]
        k3 = self._tuning.query_k3
        weights = self._idf[row.indices] * row.data * (k3 + 1.0) / (k3 + row.data)
        heavy = np.lexsort((row.indices, -np.round(weights, 9)))[: self._tuning.max_query_groups]
        scores = self._saturated[:, row.indices[heavy]] @ weights[heavy] / max(float(weights[heavy].sum()), 1e-9)
        scores[place] = 0.0
        voters = np.lexsort((np.arange(len(scores)), -np.round(scores, 9)))[: self._tuning.owner_pool]
        voters = voters[scores[voters] > 0]
        mine = self._shared.owners[self._ends[place] : self._ends[place + 1]]
        mine = mine[self._held[mine] > 1]
        return self._gains(voters, scores[voters], mine)

    def _gains(self, voters: np.ndarray, scores: np.ndarray, mine: np.ndarray) -> np.ndarray:
        pairs, voter = slices(self._ends[1:], voters)
        owners, local = np.unique(self._shared.owners[pairs], return_inverse=True)
        found = np.isin(owners, mine)
        if not found.any():
            return np.zeros(len(WAYS))
        # How many better documents of the same owner have voted before each.
        order = np.argsort(local, kind="stable")
        starts = np.searchsorted(local[order], np.arange(len(owners)))
        before = np.empty(len(local), dtype=np.int64)
        before[order] = np.arange(len(local)) - starts[local[order]]
        counted = before < self._tuning.owner_depth
        ideal = sum(1.0 / np.log2(rank + 2.0) for rank in range(min(FIRST, len(mine))))
        gains = []
        for power in POWERS:
            votes = np.where(counted, scores[voter] ** power, 0.0)
            for decay in DECAYS:
                totals = np.round(np.bincount(local, votes * decay**before, len(owners)), 10)
                ranks = np.array([np.count_nonzero(totals > total) for total in totals[found]])
                gains.append(float((1.0 / np.log2(ranks[ranks < FIRST] + 2.0)).sum()) / ideal)
        return np.array(gains)
