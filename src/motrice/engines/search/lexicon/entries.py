"""The listed terms, read once and arranged to be looked up by form, by stem and by phrase, in both directions."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import tantivy

LANGUAGES = ("fr", "en")
# Words that join the parts of a term and that a writer may leave out or change.
FRENCH_JOINING = "l d de du des la le les à a au aux un une en et sur par"
ENGLISH_JOINING = "of the a an in s to for and by"
JOINING = {"fr": frozenset(FRENCH_JOINING.split()), "en": frozenset(ENGLISH_JOINING.split())}
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_SEPARATORS = str.maketrans(dict.fromkeys("'’ʼ-‐‑–/", " "))

Targets = dict[str, float]


class LexiconError(ValueError):
    """A line of the term files cannot be read; says which."""


def fold(word: str) -> str:
    """Return a word in lower case without accents or ligatures."""
    word = word.lower().translate(LIGATURES)
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def parts(term: str) -> list[str]:
    """Return the words of a term in lower case, apostrophes and hyphens taken as spaces."""
    return unicodedata.normalize("NFC", term).lower().translate(LIGATURES).translate(_SEPARATORS).split()


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, tantivy.TextAnalyzer]:
    return {
        code: tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer(name)).build()
        for code, name in (("fr", "french"), ("en", "english"))
    }


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word without accents, so that it is the same with and without them."""
    bare = fold(word)
    if len(bare) < 4:
        return bare[:-1] if language == "en" and len(bare) == 3 and bare.endswith("s") and bare[1] != "s" else bare
    if language == "fr" and bare.endswith(("ees", "ee")):
        # A participle in the feminine: its last e is what tells the stemmer so, once accents are gone.
        bare = bare.rstrip("s")[:-1]
    return fold((_stemmers()[language].analyze(bare) or [bare])[0])


def phrase_key(words: list[str], language: str) -> tuple[str, ...]:
    """Return the stems of the words of a term, without the words that join them."""
    joining = JOINING[language]
    return tuple(stem(word, language) for word in words if word not in joining)


def read_lines(text: str, name: str) -> Iterator[tuple[str, list[str]]]:
    """Read lines of `French term = English term, another`, likeliest first."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        french, equals, english = line.partition("=")
        targets = [target.strip() for target in english.split(",")]
        if not equals or not french.strip() or not all(targets):
            raise LexiconError(f"{name}, line {number}: expected 'French = English, English', found {line!r}.")
        yield french.strip(), targets


@lru_cache(maxsize=1)
def pairs() -> tuple[tuple[str, str, int], ...]:
    """Return every listed pair with the place of the English term in its line."""
    found: list[tuple[str, str, int]] = []
    for file in sorted(files("motrice.engines.search.lexicon").joinpath("terms").iterdir(), key=lambda f: f.name):
        for french, targets in read_lines(file.read_text("utf-8"), file.name):
            found.extend((french, target, place) for place, target in enumerate(targets))
    return tuple(found)


class Direction:
    """The terms of one language with their equivalents in the other."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.forms: dict[str, Targets] = {}
        self.folded: dict[str, Targets] = {}
        self.stems: dict[str, Targets] = {}
        self.phrases: dict[tuple[str, ...], Targets] = {}
        self.longest = 1

    def add(self, term: str, target: str, weight: float) -> None:
        """Enter one pair under every key by which it is looked up."""
        words = parts(term)
        if len(words) == 1:
            word = words[0]
            for table, key in ((self.forms, word), (self.folded, fold(word)), (self.stems, stem(word, self.source))):
                _keep(table.setdefault(key, {}), target, weight)
            return
        phrase = phrase_key(words, self.source)
        if len(phrase) > 1:
            _keep(self.phrases.setdefault(phrase, {}), target, weight)
            self.longest = max(self.longest, len(phrase))
        elif len(phrase) == 1 and fold(words[0]) not in JOINING[self.source]:
            _keep(self.stems.setdefault(phrase[0], {}), target, 0.5 * weight)


def _keep(targets: Targets, target: str, weight: float) -> None:
    targets[target] = max(targets.get(target, 0.0), weight)


@lru_cache(maxsize=2)
def direction(source: str) -> Direction:
    """Return the terms of a language; English ones are ranked by how early each French line names them."""
    found = Direction(source)
    if source == "fr":
        for french, english, place in pairs():
            found.add(french, english, 1.0 / (1.0 + place))
        return found
    grouped: dict[str, dict[str, float]] = defaultdict(dict)
    for french, english, place in pairs():
        _keep(grouped[english.lower()], french, 1.0 / (1.0 + place))
    for english, targets in grouped.items():
        best = max(targets.values())
        for french, weight in targets.items():
            found.add(english, french, weight / best)
    return found
