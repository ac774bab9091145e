"""The exact score of chosen documents: a function of the question, the document and frozen statistics, nothing else.

Because no score depends on which other documents were found, a hidden document changes no score, and taking a piece of
evidence away leaves all others as they were.
"""

from dataclasses import dataclass

import numpy as np

from motrice.engines.search.documents import Match
from motrice.engines.search.query import ParsedQuery
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.statistics import CallerStatistics
from motrice.engines.search.tuning import Tuning

MARKS = 1 << 14


@dataclass(slots=True)
class WordScores:
    """Scores of rows, with what each group of the question gave to each."""

    rows: np.ndarray
    contributions: np.ndarray
    found: np.ndarray
    postings: np.ndarray
    owner: np.ndarray

    @property
    def totals(self) -> np.ndarray:
        """Return one score for each row."""
        return self.contributions.sum(axis=1)

    def chosen(self, places: np.ndarray) -> "WordScores":
        """Return the scores of some of the rows only."""
        number = np.full(len(self.rows), -1)
        number[places] = np.arange(len(places))
        owner = number[self.owner]
        kept = owner >= 0
        return WordScores(
            self.rows[places], self.contributions[places], self.found[places], self.postings[kept], owner[kept]
        )


def word_scores(
    query: ParsedQuery, rows: np.ndarray, snapshot: Snapshot, caller: CallerStatistics, tuning: Tuning
) -> WordScores:
    """Score rows by BM25 over the groups, as a share of the weight of the question."""
    total = query.total
    postings, owner = snapshot.postings_of(rows)
    if len(rows) == 0 or len(query.terms) == 0 or total <= 0:
        shape = (len(rows), len(query.groups))
        return WordScores(rows, np.zeros(shape), np.zeros((len(rows), len(query.terms))), postings, owner)
    found = term_frequencies(query.terms, len(rows), postings, owner, tuning)
    frequencies = np.zeros((len(rows), len(query.groups)))
    languages = snapshot.language[rows]
    for code, weights in query.by_language.items():
        chosen = languages == code
        if chosen.any():
            frequencies[chosen] = found[chosen] @ weights
            for column, phrase in query.phrases(code):
                held = found[np.ix_(chosen, [query.columns[term] for term in phrase.terms])].min(axis=1)
                frequencies[chosen, column] += phrase.weight * held
    lengths = snapshot.body_words[rows] + tuning.title_weight * snapshot.title_words[rows]
    saturated = caller.saturated(frequencies, lengths, tuning)
    weights = np.array([group.weight for group in query.groups]) / total
    return WordScores(rows, saturated * weights, found, postings, owner)


def term_frequencies(
    terms: np.ndarray, rows: int, postings: np.ndarray, owner: np.ndarray, tuning: Tuning
) -> np.ndarray:
    """Return how often each row holds each term, title words counted with their weight."""
    # A table of the last bits of the terms sorts out most postings before any is looked up.
    marked = np.zeros(MARKS, dtype=bool)
    marked[terms % MARKS] = True
    kept = np.flatnonzero(marked[postings["term"] % MARKS])
    chosen = postings[kept]
    columns = np.minimum(np.searchsorted(terms, chosen["term"].astype(terms.dtype)), len(terms) - 1)
    same = terms[columns] == chosen["term"]
    kept, chosen, columns = kept[same], chosen[same], columns[same]
    result = np.zeros((rows, len(terms)))
    result[owner[kept], columns] = chosen["body"] + tuning.title_weight * chosen["title"]
    return result


def matches(
    query: ParsedQuery, scores: WordScores, place: int, snapshot: Snapshot, limit: int = 12
) -> tuple[Match, ...]:
    """Say which words of the question a row answers, through which of its own words, heaviest first."""
    language = int(snapshot.language[scores.rows[place]])
    contributions = scores.contributions[place]
    # Plain numbers: for a dozen words, each step of numpy costs more than the sum.
    total, gains, times = float(contributions.sum()), contributions.tolist(), scores.found[place].tolist()
    found: list[Match] = []
    for column in np.argsort(-contributions, kind="stable")[:limit].tolist():
        if gains[column] <= 0:
            break
        group = query.groups[column]
        # Of each alternative: how much it gives, and what it is.
        said: list[tuple[float, str, str]] = []
        for a in group.alternatives.values():
            if a.language in (0, language):
                word = group.word if a.how == "same" else snapshot.vocabulary.surfaces[a.term]
                said.append((times[query.columns[a.term]] * a.weight, word, a.how))
        for p in group.phrases.values():
            if p.language == language:
                said.append((min(times[query.columns[term]] for term in p.terms) * p.weight, p.text, p.how))
        _gain, word, how = max(said, key=lambda one: one[0])
        found.append(Match(group.word, word, how, gains[column] / total))
    return tuple(found)
