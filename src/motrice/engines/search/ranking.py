"""From a question to ranked documents: candidates from each view, then one exact score for each."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import tantivy

from motrice.engines.search import inverted
from motrice.engines.search.documents import LANGUAGES, Hit, Match
from motrice.engines.search.encoders import Encoder, EncoderMark, encoded_question
from motrice.engines.search.latent import LatentModel
from motrice.engines.search.query import ParsedQuery, QueryParser
from motrice.engines.search.scoring import WordScores, matches, word_scores
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.text import Analyzer
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.vectors import Stored, Vectors

DECIMALS = 8
SPARE = 1.3  # what is asked for beyond the share that should be visible: questions and filters often agree


@dataclass(slots=True)
class Ranking:
    """Documents in order, best first, with what is needed to explain them."""

    rows: np.ndarray
    scores: np.ndarray
    order: np.ndarray
    words: WordScores
    query: ParsedQuery
    snapshot: Snapshot

    def matches(self, place: int) -> tuple[Match, ...]:
        """Explain the document at a place of the ranking."""
        return matches(self.query, self.words, int(self.order[place]), self.snapshot)

    def hits(self, limit: int) -> list[Hit]:
        """Return the best documents."""
        found = []
        for place, (row, score) in enumerate(zip(self.rows[:limit].tolist(), self.scores.tolist(), strict=False)):
            found.append(
                Hit(
                    id=self.snapshot.identifier(row),
                    score=score,
                    title=self.snapshot.title(row),
                    language=self.snapshot.language_of(row),
                    kind=self.snapshot.kind_of(row),
                    matches=self.matches(place),
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question as a direction among vectors, and what nearness to it counts."""

    vectors: Stored
    direction: np.ndarray
    weight: float
    candidates: int
    mark: EncoderMark | None = None

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return what each row gains."""
        cosines = self.vectors.cosines(self.direction, rows)
        near = np.maximum(cosines, 0.0) if self.mark is None else self.mark.nearness(cosines)
        return self.weight * near


class Ranker:
    """Ranks documents for a question and a caller."""

    def __init__(self, tuning: Tuning, encoder: Encoder | None = None) -> None:
        self.tuning = tuning
        self._parser = QueryParser(Analyzer(), tuning)
        # A page asks the same question for documents, owners and counts: it is encoded once.
        self._asked = lru_cache(maxsize=256)(partial(encoded_question, encoder)) if encoder is not None else None

    def parse(self, text: str, snapshot: Snapshot, access: frozenset[str] | None) -> ParsedQuery:
        """Return the question as groups of alternatives."""
        return self._parser.parse(text, snapshot, snapshot.caller(access))

    def rank(
        self,
        text: str,
        snapshot: Snapshot,
        access: frozenset[str] | None,
        filters: dict[str, Any] | None,
        conditions: list[tantivy.Query],
        limit: int,
        *,
        for_owners: bool,
    ) -> Ranking | None:
        """Return the visible documents that answer the question, best first."""
        caller = snapshot.caller(access)
        query = self._parser.parse(text, snapshot, caller, synonyms=not for_owners)
        wanted = self.tuning.owner_candidates if for_owners else max(self.tuning.word_candidates, 2 * limit)
        # The inverted index holds long texts to the mean length: where lengths are uneven, more are looked at.
        wanted = int(wanted * min(3.0, 1.0 + 2.0 * caller.unevenness))
        mask = snapshot.visible(access, filters)
        rows = self._word_candidates(query, snapshot, mask, conditions, wanted, languages_of(filters))
        vectors = snapshot.vectors_for(access, self.tuning.shared_access) if self.tuning.latent_weight else None
        meanings = self._meanings(text, query, snapshot, vectors, for_owners=for_owners)
        for meaning in meanings:
            count = meaning.candidates * (2 if for_owners else 1)
            near = meaning.vectors.nearest(meaning.direction, mask, count, self.tuning.latent_probes)
            rows = np.union1d(rows, near)
        if len(rows) == 0:
            return None
        # Measures of angle take no account of length at all: they count as far as b says that short texts are as good.
        angle = caller.fit(self.tuning)[1]
        words = word_scores(query, rows, snapshot, caller, self.tuning)
        likeness = angle * sum((meaning.scores(rows) for meaning in meanings), np.zeros(len(rows)))
        words, totals = self._finalists(words, words.totals + likeness, max(wanted // 2, 2 * limit))
        long = max(1.0, len(query.groups) / self.tuning.long_question)
        shape_weight = self.tuning.owner_shape_weight if for_owners else self.tuning.shape_weight / long
        if snapshot.shapes is not None and shape_weight:
            languages = snapshot.language[words.rows]
            alike = snapshot.shapes.likeness(query.groups, words.postings, words.owner, languages, caller)
            totals = totals + angle * shape_weight * alike
        if vectors is not None and not for_owners and self.tuning.feedback_documents:
            feedback_weight = self.tuning.feedback_weight * min(long, self.tuning.long_feedback)
            totals = totals + angle * feedback_weight * self._feedback(vectors, words.rows, totals)
            totals = totals + angle * self.tuning.neighbour_weight * self._neighbours(vectors, words.rows, totals)
        scores = np.round(totals, DECIMALS)
        order = np.lexsort((words.rows, -scores))
        order = order[scores[order] > 0]
        return Ranking(words.rows[order], scores[order], order, words, query, snapshot)

    def _meanings(
        self, text: str, query: ParsedQuery, snapshot: Snapshot, vectors: Vectors | None, *, for_owners: bool
    ) -> list["Meaning"]:
        """Return the question as a direction in each space of meanings there is: the learnt one, the encoder's."""
        tuning, found = self.tuning, []
        direction = query_vector(query, vectors.model) if vectors is not None else None
        if vectors is not None and direction is not None:
            found.append(Meaning(vectors, direction, tuning.latent_weight, tuning.latent_candidates))
        weight = tuning.owner_neural_weight if for_owners else tuning.neural_weight
        if self._asked is not None and snapshot.neural is not None and weight:
            direction = self._asked(snapshot.mark, text[: tuning.max_query_chars])
            found.append(Meaning(snapshot.neural, direction, weight, tuning.neural_candidates, snapshot.mark))
        return found

    @staticmethod
    def _finalists(words: WordScores, totals: np.ndarray, count: int) -> tuple[WordScores, np.ndarray]:
        """Return the rows that are worth comparing letter by letter."""
        if len(totals) <= count:
            return words, totals
        places = np.sort(np.lexsort((words.rows, -np.round(totals, DECIMALS)))[:count])
        return words.chosen(places), totals[places]

    def _feedback(self, vectors: Vectors, rows: np.ndarray, totals: np.ndarray) -> np.ndarray:
        """Return how near each row is to the best ones taken together."""
        best = np.lexsort((rows, -totals))[: self.tuning.feedback_documents]
        centre = totals[best] @ vectors.stored[rows[best]].astype(np.float64)
        size = float(np.linalg.norm(centre))
        if size == 0.0:
            return np.zeros(len(rows))
        return np.maximum(vectors.cosines((centre / size).astype(np.float32), rows), 0.0)

    def _neighbours(self, vectors: Vectors, rows: np.ndarray, totals: np.ndarray) -> np.ndarray:
        """Return the mean score of the good documents that each row is nearest to: like texts answer alike."""
        tuning = self.tuning
        best = np.lexsort((rows, -np.round(totals, DECIMALS)))[: tuning.neighbour_pool]
        if len(best) <= 1:
            return np.zeros(len(rows))
        stored = vectors.stored[rows].astype(np.float64)
        likeness = np.maximum(stored @ stored[best].T, 0.0)
        likeness[best, np.arange(len(best))] = 0.0
        count = min(tuning.neighbours, len(best) - 1)
        nearest = np.partition(likeness, -count, axis=1)[:, -count, None]
        shares = np.where(likeness >= nearest, likeness, 0.0) ** tuning.neighbour_power
        sums = shares.sum(axis=1)
        return np.divide(shares @ totals[best], sums, out=np.zeros(len(rows)), where=sums > 0)

    def _word_candidates(
        self,
        query: ParsedQuery,
        snapshot: Snapshot,
        mask: np.ndarray,
        conditions: list[tantivy.Query],
        wanted: int,
        languages: frozenset[int],
    ) -> np.ndarray:
        """Return the best visible rows by the heavy words of the question, by the inverted index with our weights.

        Words that count in none of the languages asked for are left out: no visible document gains by them. Without
        conditions the index answers five times faster: it is asked for so many first that enough of them should be
        visible, and for the visible ones alone when that were too many, or when too few are. Either way these are
        the same rows.
        """
        searcher, names = snapshot.searcher, snapshot.vocabulary.terms
        weights = query.term_weights(languages)
        heaviest = sorted(weights.items(), key=lambda item: (-item[1], names[item[0]]))
        heaviest = heaviest[: self.tuning.word_candidate_terms]
        total = searcher.num_docs
        weighted = []
        for number, weight in heaviest:
            frequency = searcher.doc_freq("words", names[number])
            if frequency:
                rarity = float(np.log1p((total - frequency + 0.5) / (frequency + 0.5))) if total > frequency else 0.01
                weighted.append((names[number], weight / max(rarity, 1e-4)))
        if not weighted:
            return np.empty(0, dtype=np.int64)
        words = inverted.weighted_words(weighted)
        asked = int(max(2.0, SPARE / max(float(mask.mean()), 1e-6)) * wanted)
        if asked <= self.tuning.word_candidate_depth * wanted or not conditions:
            found = rows_of(searcher, searcher.search(words, min(asked, total), count=False))
            visible = found[mask[found]]
            if not conditions or len(visible) >= wanted or len(found) < asked:
                return visible[:wanted]
        return rows_of(searcher, searcher.search(inverted.filtered(words, conditions), wanted, count=False))


def query_vector(query: ParsedQuery, model: LatentModel) -> np.ndarray | None:
    """Return the direction of a question in the learnt space, or nothing when the model knows none of its words."""
    terms, counts = [], []
    for group in query.groups:
        # A stem that the model does not know may be one that hidden documents hold: it does not speak for the word.
        own = [a.term for a in group.alternatives.values() if a.how == "same" and model.knows(a.term)]
        own = own or [a.term for a in group.alternatives.values() if a.how == "spelling"][:1]
        terms.extend(own)
        counts.extend([group.count] * len(own))
    if not terms:
        return None
    french = query.language == "fr" or query.confidence < 0.1
    found = model.direction(np.array(terms), np.array(counts, dtype=np.float32), french=french)
    return found if np.any(found) else None


def languages_of(filters: dict[str, Any] | None) -> frozenset[int]:
    """Return the codes of the languages in which an alternative may count under these filters; 0 counts in all."""
    asked = (filters or {}).get("language")
    names = LANGUAGES if asked is None else inverted.listed(asked, "language")
    return frozenset([0, *(LANGUAGES.index(name) + 1 for name in names if name in LANGUAGES)])


def rows_of(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> np.ndarray:
    """Return the row numbers of search results."""
    rows = searcher.fast_field_values("row", [address for _, address in found.hits])
    return np.array(rows, dtype=np.int64)
