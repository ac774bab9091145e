"""From a question to groups of alternatives: each word of the question with all the ways documents may say it.

A group counts once however many alternatives a document holds (as a structured query does): the frequencies of its
alternatives are added with their weights before saturation, so that a word with ten translations weighs no more than
a word with one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from motrice.engines.search.documents import LANGUAGES
from motrice.engines.search.expansion import expand
from motrice.engines.search.groups import Alternative, Group, Phrase
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.statistics import CallerStatistics
from motrice.engines.search.text import (
    Analyzer,
    beside_numbers,
    fold,
    guess_language,
    has_digit,
    is_stopword,
    joined_words,
    number_pieces,
    words_of,
)
from motrice.engines.search.tuning import Tuning


@dataclass(slots=True)
class ParsedQuery:
    """A question ready to be scored."""

    groups: list[Group]
    language: str | None
    confidence: float
    terms: np.ndarray
    by_language: dict[int, np.ndarray]
    columns: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Say in which column of a table of scores each term stands."""
        self.columns = {term: column for column, term in enumerate(self.terms.tolist())}

    def phrases(self, code: int) -> Iterator[tuple[int, Phrase]]:
        """Give the terms of several words that count in texts of a language, with the columns of their groups."""
        for column, group in enumerate(self.groups):
            for phrase in group.phrases.values():
                if phrase.language == code:
                    yield column, phrase

    def term_weights(self, languages: frozenset[int]) -> dict[int, float]:
        """Return how much each stem can say of a text in one of some languages (0 counts in all)."""
        weights: dict[int, float] = {}
        for group in self.groups:
            said = [(a.term, a.weight) for a in group.alternatives.values() if a.language in languages]
            for phrase in group.phrases.values():
                if phrase.language in languages:
                    said += [(term, phrase.weight / len(phrase.terms)) for term in phrase.terms]
            for term, weight in said:
                weights[term] = max(weights.get(term, 0.0), group.weight * weight)
        return weights

    def said(self, snapshot: Snapshot) -> tuple[list[str], list[list[str]]]:
        """Return the stems of which one makes a document an answer, and the terms of which all stems are needed."""
        names = snapshot.vocabulary.terms
        single = {alternative.term for group in self.groups for alternative in group.alternatives.values()}
        several = {tuple(sorted(phrase.terms)) for group in self.groups for phrase in group.phrases.values()}
        return sorted(names[term] for term in single), [[names[term] for term in terms] for terms in sorted(several)]

    @property
    def total(self) -> float:
        """Return the sum of the weights of the groups, by which scores are divided."""
        return sum(group.weight for group in self.groups)


def content_words(text: str, tuning: Tuning) -> tuple[dict[str, float], str | None, float]:
    """Return the words of a question that carry meaning with their counts, and its language."""
    text = text[: tuning.max_query_chars]
    words = words_of(text)
    language, confidence = guess_language(words)
    if language is None or confidence < 0.3:
        kept = [w for w in words if not (is_stopword(w, "fr") and is_stopword(w, "en"))]
        if language is not None:
            kept = [w for w in kept if not is_stopword(w, language)]
    else:
        kept = [w for w in words if not is_stopword(w, language)]
    counts: dict[str, float] = dict(Counter(kept or words))
    # A compound is asked for by its parts; joined it would count once more.
    for word in joined_words(text):
        if word in counts:
            counts[word] = max(counts[word] - 1.0 + tuning.joined_weight, tuning.joined_weight)
    return {word: count for word, count in counts.items() if count > 0}, language, confidence


class QueryParser:
    """Builds the groups of a question for one caller."""

    def __init__(self, analyzer: Analyzer, tuning: Tuning) -> None:
        self.analyzer = analyzer
        self.tuning = tuning

    def parse(self, text: str, snapshot: Snapshot, caller: CallerStatistics, *, synonyms: bool = True) -> ParsedQuery:
        """Return the question as groups, heaviest first, weights frozen with the statistics."""
        counts, language, confidence = content_words(text, self.tuning)
        self._write_numbers_otherwise(text[: self.tuning.max_query_chars], counts, snapshot, caller)
        groups: dict[frozenset[str], Group] = {}
        for word, count in counts.items():
            forms = self.forms(word, snapshot)
            key = frozenset(forms)
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group(word, 0.0)
                self._offer_itself(group, word, forms, snapshot)
            group.count += count
        if confidence < self.tuning.certain_language and self._knows(list(groups.values()), caller):
            language, confidence = caller.language, 1.0
        if self.tuning.expand:
            by_word = {word: groups[frozenset(self.forms(word, snapshot))] for word in counts}
            sure = language if confidence >= self.tuning.language_confidence else None
            expand(text, by_word, sure, snapshot, caller, self.analyzer, self.tuning, synonyms=synonyms)
        return self.weighted(list(groups.values()), language, confidence, caller)

    def _write_numbers_otherwise(
        self, text: str, counts: dict[str, float], snapshot: Snapshot, caller: CallerStatistics
    ) -> None:
        """Ask for a number joined to the letters beside it too (`AAV 9`), or for its parts (`511keV`), where texts do.

        What was typed is asked for as well: a text that came after the counts were frozen may hold it.
        """
        for number, joined in beside_numbers(text):
            if counts.get(joined, 0.0) < 1.0 and self._is_held(joined, snapshot, caller):
                counts[joined] = 1.0
                counts[number] *= self.tuning.joined_weight  # alone it says little
        for word in [word for word in counts if has_digit(word)]:
            pieces = number_pieces(word)
            is_apart = len(pieces) == 2 and all(self._is_held(piece, snapshot, caller) for piece in pieces)
            if is_apart and not self._is_held(word, snapshot, caller):
                for piece in pieces:
                    counts[piece] = counts.get(piece, 0.0) + counts[word]

    def _is_held(self, word: str, snapshot: Snapshot, caller: CallerStatistics) -> bool:
        """Say whether a document that the caller sees holds a word."""
        found = [snapshot.vocabulary.numbers.get(form) for form in self.forms(word, snapshot)]
        numbers = np.array([number for number in found if number is not None], dtype=np.uint32)
        return bool(len(numbers) and caller.frequencies(numbers).any())

    def _knows(self, groups: list[Group], caller: CallerStatistics) -> bool:
        """Say whether a collection of one language holds the words of a question too short to tell its own."""
        if caller.language is None:
            return False
        held = self._counts(groups, caller)[0]
        idf = caller.idf(held)
        return bool(idf[held > 0].sum() >= self.tuning.known_share * idf.sum() > 0)

    def _offer_itself(self, group: Group, word: str, forms: set[str], snapshot: Snapshot) -> None:
        """Offer the stems of the word itself; in a text of the other language its stem there counts for less."""
        bare = fold(word)
        for form in forms:
            number = snapshot.vocabulary.numbers.get(form)
            if number is None:
                continue
            group.offer(Alternative(number, self.tuning.other_stem_weight, "same"))
            for code, language in enumerate(LANGUAGES, 1):
                if form in (self.analyzer.stem(word, language), self.analyzer.stem(bare, language)):
                    group.offer(Alternative(number, 1.0, "same", code))
            if form in snapshot.vocabulary.unaccented.get(bare, ()):
                group.offer(Alternative(number, 1.0, "same", LANGUAGES.index("fr") + 1))

    def forms(self, word: str, snapshot: Snapshot) -> set[str]:
        """Return the stems under which documents may hold the word itself, typed with or without accents."""
        return self.analyzer.forms(word) | snapshot.vocabulary.unaccented.get(fold(word), set())

    def weighted(
        self, groups: list[Group], language: str | None, confidence: float, caller: CallerStatistics
    ) -> ParsedQuery:
        """Weigh groups by rarity and repetition, keep the heaviest, and lay them out for scoring."""
        k3 = self.tuning.query_k3
        frequencies, occurrences = self._counts(groups, caller)
        idf = caller.idf(frequencies)
        # What a text is about comes back in it; of two words as rare, the one that does says more of a document.
        returning = np.divide(occurrences, frequencies, out=np.ones_like(idf), where=frequencies > 0)
        weights = idf * np.maximum(returning, 1.0) ** self.tuning.returning_power
        for group, weight in zip(groups, weights.tolist(), strict=True):
            group.weight = weight * group.count * (k3 + 1) / (k3 + group.count)
        groups = sorted(groups, key=lambda g: -g.weight)[: self.tuning.max_query_groups]
        single = {a.term for g in groups for a in g.alternatives.values()}
        several = {term for g in groups for phrase in g.phrases.values() for term in phrase.terms}
        terms = np.array(sorted(single | several), dtype=np.int64)
        by_language = {}
        for code in range(len(LANGUAGES) + 1):
            weights = np.zeros((len(terms), len(groups)), dtype=np.float64)
            for column, group in enumerate(groups):
                for alternative in group.alternatives.values():
                    if alternative.language in (0, code):
                        place = int(np.searchsorted(terms, alternative.term))
                        weights[place, column] = max(weights[place, column], alternative.weight)
            by_language[code] = weights
        return ParsedQuery(groups, language, confidence, terms, by_language)

    @staticmethod
    def _counts(groups: list[Group], caller: CallerStatistics) -> tuple[np.ndarray, np.ndarray]:
        """Return in how many documents each group occurs and how often in all; synonyms do not make it less rare.

        Nor do words of a language in which there are next to no documents: what a collection in English holds of them
        are English words that look like them.
        """
        best: dict[tuple[int, int], float] = {}
        only = (0, LANGUAGES.index(caller.language) + 1) if caller.language else range(len(LANGUAGES) + 1)
        for place, group in enumerate(groups):
            for alternative in group.alternatives.values():
                if alternative.how != "synonym" and alternative.language in only:
                    key = (place, alternative.term)
                    best[key] = max(best.get(key, 0.0), alternative.weight)
        owner = np.array([place for place, _ in best], dtype=np.int64)
        shares = np.array(list(best.values()), dtype=np.float64)
        documents, times = caller.counts(np.array([term for _, term in best], dtype=np.int64))
        size = len(groups)
        return np.bincount(owner, documents * shares, size), np.bincount(owner, times * shares, size)
