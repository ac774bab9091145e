"""From text to index terms, in French and English: tokens, elisions, compounds, formulae, stems, language."""

import re
import unicodedata
from itertools import pairwise

import tantivy

from motrice.engines.search.stopwords import ENGLISH_STOPWORDS, FRENCH_STOPWORDS

# A word may hold inner hyphens, apostrophes, dots and slashes; they are taken apart afterwards.
TOKEN = re.compile(r"[^\W_]+(?:[-‐‑–'’ʼ./·][^\W_]+)*(?:\+\+|#)?")
JOINT = re.compile(r"[-‐‑–./·]")
APOSTROPHE = re.compile(r"['’ʼ]")
NUMBER = re.compile(r"\d+(?:[.]\d+)+$")
# A number of few digits beside few letters: a generation, a grade, a unit.
NUMBERED = re.compile(r"[^\W\d_]{1,8} \d{1,4}|\d{1,5} [^\W\d_]{1,4}")
HYPHEN = re.compile(r"[-‐‑]")
PUNCTUATION = ".,;:!?()[]\"'«»“”"
PIECES = re.compile(r"\d+|[^\W\d_]+")
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
ELIDED = frozenset(
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu"]
)
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
LONGEST_WORD = 60
CACHE_LIMIT = 1_500_000

FRENCH_ONLY = FRENCH_STOPWORDS - ENGLISH_STOPWORDS
ENGLISH_ONLY = ENGLISH_STOPWORDS - FRENCH_STOPWORDS
FRENCH_LETTERS = re.compile(r"[éèêëàâçùûîïôœ]")
FRENCH_ENDINGS = ("tion", "eux", "euse", "age", "aux", "ique", "iques", "eur", "eurs", "ement", "elle", "elles", "ite")
ENGLISH_ENDINGS = ("ing", "ed", "ly", "ic", "ical", "ness", "ity", "ous", "ful", "th", "y", "er", "ers")


def fold(word: str) -> str:
    """Return the word without accents or ligatures; case is the caller's."""
    if word.isascii():
        return word
    word = word.translate(LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def tokens_of(text: str) -> list[str]:
    """Return the lower-case words of a text with their inner marks, not yet taken apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return TOKEN.findall(text.lower())


def words_in(tokens: list[str]) -> list[str]:
    """Return the words of tokens, compounds given both in parts and joined."""
    words: list[str] = []
    for token in tokens:
        if token.isalnum():
            words.append(token)
        else:
            words.extend(parts_of(token))
    return words


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text, compounds given both in parts and joined."""
    return words_in(tokens_of(text))


def parts_of(token: str) -> list[str]:
    """Take apart a token with inner marks: `l'énergie`, `lithium-ion`, `3.5`, `c++`."""
    if NUMBER.match(token):
        return [token]
    if token.endswith(("++", "#")):
        return [token]
    result: list[str] = []
    for piece in JOINT.split(token):
        halves = [half for half in APOSTROPHE.split(piece) if half]
        while len(halves) > 1 and halves[0] in ELIDED:
            halves.pop(0)
        if len(halves) > 1 and halves[-1] == "s":
            halves.pop()
        result.extend(halves)
    if len(result) > 1 and JOINT.search(token) and len(token) <= LONGEST_WORD:
        result.append("".join(result))
    return result


def joined_words(text: str) -> list[str]:
    """Return the compounds of a text as they are joined (`lithiumion`), which `words_of` gives beside their parts."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    tokens = [token for token in TOKEN.findall(text.lower()) if JOINT.search(token)]
    found = [parts_of(token) for token in tokens]
    return [parts[-1] for parts in found if len(parts) > 2 and parts[-1] == "".join(parts[:-1])]


def beside_numbers(text: str) -> list[tuple[str, str]]:
    """Return the numbers that stand beside letters, with both joined: `AAV 9` gives `9` and `aav9`."""
    plain = HYPHEN.sub(" ", unicodedata.normalize("NFKC", text).lower())
    words = [word.strip(PUNCTUATION) for word in plain.split()]
    found = []
    for first, second in pairwise(words):
        if NUMBERED.fullmatch(f"{first} {second}"):
            found.append((first if first.isdigit() else second, first + second))
    return found


def number_pieces(word: str) -> list[str]:
    """Return the letters and the numbers of a word, in order: `511kev` is `511` and `kev`."""
    return PIECES.findall(word)


def has_digit(word: str) -> bool:
    """Say whether a word holds a digit."""
    return any(map(str.isdigit, word))


def is_stopword(word: str, language: str) -> bool:
    """Say whether the word carries no meaning in this language."""
    return word in (FRENCH_STOPWORDS if language == "fr" else ENGLISH_STOPWORDS)


def guess_language(words: list[str]) -> tuple[str | None, float]:
    """Return the likelier language and the strength of the evidence (0 when there is none)."""
    french: float = sum(map(FRENCH_ONLY.__contains__, words))
    english: float = sum(map(ENGLISH_ONLY.__contains__, words))
    if french + english < 3:
        for word in set(words):
            if len(word) < 4:
                continue
            folded = fold(word)
            french += 0.8 * bool(FRENCH_LETTERS.search(word)) + 0.3 * folded.endswith(FRENCH_ENDINGS)
            english += 0.3 * folded.endswith(ENGLISH_ENDINGS)
    total = french + english
    if total == 0 or french == english:
        return None, 0.0
    return ("fr" if french > english else "en"), abs(french - english) / (total + 1.0)


class Analyzer:
    """Turns words into stems; keeps what it has already stemmed."""

    def __init__(self) -> None:
        self._stemmers = {
            code: tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
            .filter(tantivy.Filter.stemmer(name))
            .build()
            for code, name in (("fr", "french"), ("en", "english"))
        }
        self._stems: dict[tuple[str, str], str] = {}

    def stem(self, word: str, language: str) -> str:
        """Return the folded stem of a word that is no stop word."""
        key = (word, language)
        known = self._stems.get(key)
        if known is None:
            known = self._stem(word, language)
            if len(self._stems) > CACHE_LIMIT:
                self._stems.clear()
            self._stems[key] = known
        return known

    def _stem(self, word: str, language: str) -> str:
        if len(word) > LONGEST_WORD:
            word = word[:LONGEST_WORD]
        if len(word) < 4 or any(c.isdigit() for c in word):
            # Short words, numbers and formulae have no inflection worth removing, but for a plural s.
            stem = word[:-1] if len(word) == 3 and word.endswith("s") and word.isalpha() and word[1] != "s" else word
        else:
            found = self._stemmers[language].analyze(word)
            stem = found[0] if found else word
        return fold(stem) or word

    def forms(self, word: str) -> set[str]:
        """Return every stem under which a word of unknown language may have been indexed."""
        bare = fold(word)
        return {self.stem(w, language) for w in {word, bare} for language in ("fr", "en")}


class Evidence(dict[str, int]):
    """What each token says of the language it stands in; told once and kept.

    A value holds the words that are French alone in its lower four bits, those that are English alone in the upper.
    """

    def __missing__(self, token: str) -> int:
        words = words_in([token])
        french = sum(map(FRENCH_ONLY.__contains__, words))
        english = sum(map(ENGLISH_ONLY.__contains__, words))
        if len(self) > CACHE_LIMIT:
            self.clear()
        value = self[token] = min(french, 15) | min(english, 15) << 4
        return value

    def counts(self, tokens: list[str]) -> tuple[int, int]:
        """Return how many words of the tokens are French alone, and how many English alone."""
        values = bytes(map(self.__getitem__, tokens))
        french, english = values.count(1), values.count(16)
        if values.count(0) + french + english == len(values):
            return french, english
        return sum(value & 15 for value in values), sum(value >> 4 for value in values)


def language_spans(text: str, evidence: Evidence) -> list[tuple[str, list[str]]]:
    """Split a text into runs of one language, each with its tokens, so that two languages are stemmed each its way."""
    tokens = tokens_of(text)
    french, english = evidence.counts(tokens)
    less, more = sorted((french, english))
    if more > less and more + less >= 3:
        main = "fr" if french > english else "en"
    else:
        main = guess_language(words_in(tokens))[0] or "en"
    if less < 4 or less < 0.2 * more:
        return [(main, tokens)]
    spans = []
    for sentence in SENTENCE_END.split(text):
        found = tokens_of(sentence)
        if found:
            spans.append((guess_language(words_in(found))[0] or main, found))
    return spans
