"""How names and identifiers are compared: folded, cut into words, prefixes and trigrams."""

import re

from rapidfuzz.distance import DamerauLevenshtein

from motrice.engines.characters import plain_characters
from motrice.engines.search.stopwords import ENGLISH_STOPWORDS, FRENCH_STOPWORDS
from motrice.engines.search.text import fold

WORD = re.compile(r"[^\W_]+")
URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]+/(?:.*/)?([^/?#]+)/?(?:[?#].*)?$")
BARE_URL = re.compile(r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|eu|fr|net|gov)/(?:.*/)?([^/?#]+)/?$")
SCHEME = re.compile(
    r"^(?:ror|orcid|rnsr|siren|siret|isni|grid|idref|pic|vat|tva|doi|wikidata|fundref|hal|uai)\s*(?:id)?\s*[:#=n°]*\s+"
)
SCHEME_COLON = re.compile(r"^[a-z]{2,10}:(?!//)\s*")
EMPTY_WORDS = FRENCH_STOPWORDS | ENGLISH_STOPWORDS
LONGEST_PREFIX = 16
LONGEST_TEXT = 300
LONGEST_IDENTIFIER = 64


def folded(text: str) -> str:
    """Return the words of a name without case, accents or punctuation, joined by one space."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the folded words of a name; inner dots of an acronym (C.N.R.S.) do not cut it."""
    text = fold(text[:LONGEST_TEXT].casefold())
    text = re.sub(r"\b(?:\w\.){2,}", lambda found: found[0].replace(".", "") + " ", text)
    return WORD.findall(text.replace("\u2019", "'"))


def identifier(text: str) -> str:
    """Return an identifier in its bare form: `https://ror.org/02feahw73`, `ROR: 02feahw73` and `02feahw73` agree."""
    text = plain_characters(text[:LONGEST_TEXT]).strip().casefold()
    found = URL.match(text) or BARE_URL.match(text)
    if found:
        text = found[1]
    text = SCHEME_COLON.sub("", SCHEME.sub("", text))
    return "".join(WORD.findall(text))[:LONGEST_IDENTIFIER]


def initials(text: str) -> str:
    """Return the first letters of the words that matter, when there are at least three."""
    kept = [word for word in words(text) if word not in EMPTY_WORDS]
    return "".join(word[0] for word in kept) if 3 <= len(kept) <= 10 else ""


def prefixes(word: str) -> list[str]:
    """Return the beginnings of a word."""
    return [word[:length] for length in range(1, min(len(word), LONGEST_PREFIX) + 1)]


def trigrams(word: str) -> list[str]:
    """Return the trigrams of a word with its edges marked."""
    padded = f"_{word}_"
    return [padded[i : i + 3] for i in range(len(padded) - 2)] if len(word) > 1 else []


def closeness(typed: str, word: str) -> float:
    """Return how well a typed word fits a word or its beginning, from 0 to 1, misspelling allowed."""
    if word.startswith(typed):
        return 1.0 if len(word) == len(typed) else 0.93
    if len(typed) < 3:
        return 0.0
    whole = DamerauLevenshtein.normalized_similarity(typed, word)
    start = DamerauLevenshtein.normalized_similarity(typed, word[: len(typed)]) if len(word) > len(typed) else 0.0
    return max(whole, 0.9 * start) * 0.9


def fitness(typed: list[str], name: list[str]) -> float:
    """Return how well typed words fit a name, each word taken once, from 0 to 1."""
    if not typed or not name:
        return 0.0
    left = list(name)
    total = 0.0
    weight = 0.0
    for word in typed:
        importance = 0.2 if word in EMPTY_WORDS and len(typed) > 1 else min(len(word), 10) / 10 + 0.2
        weight += importance
        best = max(left, key=lambda candidate: closeness(word, candidate), default=None)
        if best is None:
            continue
        gain = closeness(word, best)
        if gain > 0.55:
            total += importance * gain
            left.remove(best)
    return total / weight
