"""The words of a question, each with the stems that stand for it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Alternative:
    """One stem that stands for a word of the question; `language` limits it to documents of that language."""

    term: int
    weight: float
    how: str
    language: int = 0


@dataclass(slots=True)
class Phrase:
    """A term of several words: it counts where a document of its language holds them all."""

    text: str
    terms: tuple[int, ...]
    weight: float
    how: str
    language: int


@dataclass(slots=True)
class Group:
    """One word of the question and its alternatives: single stems, and terms of several."""

    word: str
    count: float
    alternatives: dict[tuple[int, int], Alternative] = field(default_factory=dict)
    phrases: dict[tuple[tuple[int, ...], int], Phrase] = field(default_factory=dict)
    weight: float = 0.0

    def offer(self, alternative: Alternative) -> None:
        """Keep an alternative, or the heavier of two for the same stem."""
        key = (alternative.term, alternative.language)
        known = self.alternatives.get(key)
        if known is None or known.weight < alternative.weight:
            self.alternatives[key] = alternative

    def offer_phrase(self, phrase: Phrase) -> None:
        """Keep a term of several words, or the heavier of two of the same stems."""
        key = (phrase.terms, phrase.language)
        known = self.phrases.get(key)
        if known is None or known.weight < phrase.weight:
            self.phrases[key] = phrase
