"""Translate words, terms and whole texts, tolerant of inflection and of missing accents."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from motrice.engines.search.lexicon.entries import (
    JOINING,
    LANGUAGES,
    LIGATURES,
    Targets,
    direction,
    fold,
    parts,
    phrase_key,
    stem,
)
from motrice.engines.search.lexicon.function_words import FUNCTION_WORDS
from motrice.engines.search.lexicon.morphology import divisions, guesses
from motrice.engines.search.lexicon.wordforms import base_of, singular

Translations = list[tuple[str, float]]
Known = Callable[[str], bool]

# An equivalent found under the stem alone may belong to another word of the family.
STEM_SHARE = 0.6
GUESS_SHARE = 0.5
MOST_TARGETS = 8
SHORTEST_GUESSED = 4
WORD = re.compile(r"[^\W_]+")


def checked_source(source: str) -> str:
    """Return the language, or say which exist."""
    if source not in LANGUAGES:
        raise ValueError(f"Unknown language {source!r}: the lexicon translates from 'fr' or 'en'.")
    return source


def _sorted(targets: Targets) -> tuple[tuple[str, float], ...]:
    """Return the best targets; of two forms of one word only the better stays."""
    kept: dict[str, tuple[str, float]] = {}
    for target, weight in sorted(targets.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0])):
        kept.setdefault(fold(target).rstrip("s"), (target, weight))
    return tuple(kept.values())[:MOST_TARGETS]


@lru_cache(maxsize=50_000)
def listed(word: str, source: str) -> tuple[tuple[str, float], ...]:
    """Return the listed equivalents of one word: as written, without accents, as an inflected form, by its stem."""
    tables = direction(source)
    word = unicodedata.normalize("NFC", word).lower().translate(LIGATURES)
    found: Targets = {}
    share = 1.0
    for targets in (
        tables.forms.get(word) or tables.folded.get(fold(word)),
        tables.forms.get(singular(word, source, tables.forms) or ""),
        tables.forms.get(base_of(word, source, tables.forms) or ""),
        tables.stems.get(stem(word, source)),
    ):
        if targets:
            _merge(found, targets, share)
            share *= STEM_SHARE
    return _sorted(found)


def _merge(found: Targets, more: Targets, share: float) -> None:
    for target, weight in more.items():
        found[target] = max(found.get(target, 0.0), share * weight)


def guessed(word: str, source: str, known: Known | None = None) -> Translations:
    """Return the forms a word would have by the rules of derivation, those that `known` accepts if it is given."""
    bare = fold(word)
    if len(bare) < SHORTEST_GUESSED or not bare.isalpha():
        return []
    return list(_derived(bare, source) if known is None else _derive(bare, source, known))


@lru_cache(maxsize=50_000)
def _derived(bare: str, source: str) -> tuple[tuple[str, float], ...]:
    return _derive(bare, source, None)


def _derive(bare: str, source: str, known: Known | None) -> tuple[tuple[str, float], ...]:
    found: Targets = {}
    for form in _singulars(bare):
        for candidate, weight in guesses(form, source):
            if known is None or known(candidate):
                found[candidate] = max(found.get(candidate, 0.0), GUESS_SHARE * weight)
    for prefix, rest in divisions(bare, source):
        for target, weight in listed(rest, source):
            candidate = prefix + fold(target)
            if " " not in target and (known is None or known(candidate)):
                found[candidate] = max(found.get(candidate, 0.0), GUESS_SHARE * weight)
    return _sorted(found)


def _singulars(word: str) -> tuple[str, ...]:
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return (word[:-1],)
    return (word,)


def translate(term: str, source: str, *, known: Known | None = None) -> Translations:
    """Return the equivalents of a word or term with weights up to 1, best first; nothing when none is known.

    Words that no list holds are derived by rule. `known` tells which derived words exist in some vocabulary.
    """
    checked_source(source)
    words = parts(term)
    if not words:
        return []
    if len(words) > 1:
        found = direction(source).phrases.get(phrase_key(words, source))
        if found:
            return list(_sorted(found))
        words = [word for word in words if word not in JOINING[source]] or words
    if len(words) == 1:
        return list(listed(words[0], source)) or guessed(words[0], source, known)
    return []


def translate_text(text: str, source: str, *, known: Known | None = None) -> list[tuple[str, Translations]]:
    """Return the terms of a text in order, longest listed terms first, each with its equivalents.

    Function words are left out. A word without any equivalent is given with an empty list.
    """
    checked_source(source)
    tables = direction(source)
    skipped = FUNCTION_WORDS[source] | JOINING[source]
    tokens = [
        (match.start(), match.end(), match.group())
        for match in WORD.finditer(unicodedata.normalize("NFC", text))
        if match.group().lower() not in skipped
    ]
    stems = [stem(word.lower(), source) for _, _, word in tokens]
    found: list[tuple[str, Translations]] = []
    place = 0
    while place < len(tokens):
        size = min(tables.longest, len(tokens) - place)
        while size > 1 and tuple(stems[place : place + size]) not in tables.phrases:
            size -= 1
        if size > 1:
            surface = text[tokens[place][0] : tokens[place + size - 1][1]]
            found.append((surface, list(_sorted(tables.phrases[tuple(stems[place : place + size])]))))
        else:
            word = tokens[place][2]
            found.append((word, list(listed(word, source)) or guessed(word, source, known)))
        place += max(size, 1)
    return found
