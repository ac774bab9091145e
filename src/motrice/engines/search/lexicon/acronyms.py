"""Short forms and what they stand for (`IRM`, `imagerie par résonance magnétique`, `MRI`), in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from motrice.engines.search.lexicon.entries import JOINING, LANGUAGES, LIGATURES, LexiconError, fold, stem
from motrice.engines.search.lexicon.function_words import FUNCTION_WORDS
from motrice.engines.search.lexicon.translation import WORD, checked_source

FILE = "acronyms.txt"
CAPITALS_ALONE = "!"
SHORTEST_IN_SMALL_LETTERS = 3
Stems = tuple[str, ...]
TOKEN = re.compile(r"[^\W_]+(?:[-‐‑/][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a thing: a short form or a term, in a language; some short forms are words too."""

    text: str
    language: str
    is_short: bool
    is_word: bool = False

    @property
    def needs_capitals(self) -> bool:
        """Whether small letters mean something else, or nothing."""
        return self.is_word or len(self.text) < SHORTEST_IN_SMALL_LETTERS


@dataclass(slots=True)
class Table:
    """The things that are listed, and the numbers of those that a short form or the stems of a term name."""

    things: list[tuple[Form, ...]] = field(default_factory=list)
    short: dict[str, dict[str, list[int]]] = field(default_factory=lambda: {code: {} for code in LANGUAGES})
    terms: dict[str, dict[Stems, list[int]]] = field(default_factory=lambda: {code: {} for code in LANGUAGES})
    longest: int = 1

    def add(self, forms: tuple[Form, ...]) -> None:
        """Enter a thing under every form by which it is looked up."""
        number = len(self.things)
        self.things.append(forms)
        for form in forms:
            if form.is_short:
                self.short[form.language].setdefault(plain(form.text), []).append(number)
            else:
                key = tuple(key for key, _match in _stems(form.text, form.language))
                self.terms[form.language].setdefault(key, []).append(number)
                self.longest = max(self.longest, len(key))


def plain(short: str) -> str:
    """Return a short form as it is compared: small letters, no accents, nothing between them."""
    return fold(re.sub(r"[-‐‑/.]", "", unicodedata.normalize("NFC", short)))


def read_things(text: str, name: str = FILE) -> Iterator[tuple[Form, ...]]:
    """Read lines of `short forms | terms = short forms | terms`, French first; any of the four may be empty."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        sides = line.split("=")
        if len(sides) != len(LANGUAGES) or any(side.count("|") != 1 for side in sides):
            raise LexiconError(f"{name}, line {number}: expected 'short | term = short | term', found {line!r}.")
        forms: list[Form] = []
        for language, side in zip(LANGUAGES, sides, strict=True):
            for is_short, part in zip((True, False), side.split("|"), strict=True):
                for given in filter(None, (one.strip() for one in part.split(","))):
                    forms.append(Form(given.rstrip(CAPITALS_ALONE), language, is_short, CAPITALS_ALONE in given))
        if len(forms) < 2 or all(form.is_short for form in forms):
            raise LexiconError(f"{name}, line {number}: expected a term and another form, found {line!r}.")
        yield tuple(forms)


@lru_cache(maxsize=1)
def table() -> Table:
    """Return what is listed, read once."""
    found = Table()
    for forms in read_things(files("motrice.engines.search.lexicon").joinpath(FILE).read_text("utf-8")):
        found.add(forms)
    return found


def other_forms(text: str, language: str) -> list[tuple[str, str, list[Form]]]:
    """Return what a text says that is listed: as it says it, in which language, and the other forms of the same thing.

    A short form is looked up in the language of the text and, where it says nothing there, in the other. The terms of
    its own language are given to a short form alone: that of two terms one may stand for the other is for the lexicon.
    """
    checked_source(language)
    listed = table()
    found = []
    for match in TOKEN.finditer(unicodedata.normalize("NFC", text)):
        code, numbers = _short(match.group(), language, listed)
        if numbers:
            others = [f for f in _forms(numbers, listed) if not (f.is_short and plain(f.text) == plain(match.group()))]
            found.append((match.group(), code, others))
    for chunk, numbers in _terms(text, language, listed):
        found.append((chunk, language, [f for f in _forms(numbers, listed) if f.is_short or f.language != language]))
    return found


def _short(token: str, language: str, listed: Table) -> tuple[str, list[int]]:
    key = plain(token)
    for code in sorted(LANGUAGES, key=lambda code: code != language):
        numbers = [
            number
            for number in listed.short[code].get(key, ())
            if token.isupper() or not any(f.needs_capitals for f in listed.things[number] if plain(f.text) == key)
        ]
        if numbers:
            return code, numbers
    return language, []


def _terms(text: str, language: str, listed: Table) -> Iterator[tuple[str, list[int]]]:
    """Give the listed terms of a text, longest first, with the things that they name."""
    text = unicodedata.normalize("NFC", text)
    found = _stems(text, language)
    stems = [key for key, _match in found]
    place = 0
    while place < len(found):
        for size in range(min(listed.longest, len(found) - place), 0, -1):
            numbers = listed.terms[language].get(tuple(stems[place : place + size]))
            if numbers:
                yield text[found[place][1].start() : found[place + size - 1][1].end()], numbers
                place += size - 1
                break
        place += 1


def _stems(text: str, language: str) -> list[tuple[str, re.Match[str]]]:
    """Return the stems of the words that carry meaning, each with its place."""
    skipped = FUNCTION_WORDS[language] | JOINING[language]
    words = [(match.group().lower().translate(LIGATURES), match) for match in WORD.finditer(text)]
    return [(stem(word, language), match) for word, match in words if word not in skipped]


def _forms(numbers: list[int], listed: Table) -> list[Form]:
    return list(dict.fromkeys(form for number in numbers for form in listed.things[number]))
