"""French and English noun phrases that agree, and the small pattern language that puts them into sentences.

A pattern is a sentence with slots and choices: ``[Nous mesurons|On obtient] {un.prop} de {v1}{unit}``. ``{form.slot}``
inflects the term in the slot, ``{form.slot a/b}`` passes arguments to the form, ``{name}`` inserts a plain value.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random

# Words whose h is aspirated, hence without elision (Trésor de la langue française).
ASPIRATED = ("hache", "halle", "halo", "hasard", "haut", "hauts", "haute", "hautes", "hotte", "hottes", "huit")
VOWELS = "aàâäeéèêëiîïoôöœuùûüyæ"
# Acronyms read letter by letter take "an" before a letter whose name begins with a vowel.
LETTERS_WITH_AN = "AEFHILMNORSX8"
SOFT_START = re.compile(r"^(uni|use|usu|eu|one|ut)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A noun phrase in both languages: gender and number in French, countability in English."""

    fr: str
    en: str
    feminine: bool
    plural: bool
    english_kind: str

    @classmethod
    def parse(cls, source: str) -> "Term":
        """Read ``msc|capteur|sensor``: gender, French number, English countable, uncountable or plural."""
        code, french, english = source.split("|")
        if len(code) != 3 or code[0] not in "mf" or code[1] not in "sp" or code[2] not in "cup":
            raise ValueError(f"{source!r}: the code must be m or f, then s or p, then c, u or p.")
        return cls(french, english, code[0] == "f", code[1] == "p", code[2])

    def elides(self) -> bool:
        """Tell whether the French article before it loses its vowel."""
        first = self.fr.split(" ", 1)[0].lower()
        return first[0] in VOWELS or (first[0] == "h" and first not in ASPIRATED)


def _chosen(options: str, index_by_number: bool, index_by_form: int) -> str:
    forms = options.split("/")
    if len(forms) == 2:
        return forms[index_by_number]
    return forms[index_by_form]


def french(form: str, term: Term, options: str) -> str:
    """Inflect a French noun phrase; the forms are named after the masculine singular they stand for."""
    noun, plural, feminine = term.fr, term.plural, term.feminine
    if form == "nu":
        return noun
    if form == "es":
        return ("e" if feminine else "") + ("s" if plural else "")
    if form == "s":
        return "s" if plural else ""
    if form == "v":
        return _chosen(options, plural, 2 * plural + feminine)
    if form == "notre":
        return f"{'nos' if plural else 'notre'} {noun}"
    if form == "de" or (form == "d_un" and plural):
        return f"d'{noun}" if term.elides() else f"de {noun}"
    if plural:
        return {"le": "les", "un": "des", "du": "des", "au": "aux"}[form] + " " + noun
    return _french_singular(form, term)


def _french_singular(form: str, term: Term) -> str:
    noun, feminine, mass = term.fr, term.feminine, term.english_kind == "u"
    if form == "d_un":
        return f"d'{'une' if feminine else 'un'} {noun}"
    if form == "un" and not mass:
        return f"{'une' if feminine else 'un'} {noun}"
    if term.elides():
        return {"le": "l'", "un": "de l'", "du": "de l'", "au": "à l'"}[form] + noun
    if feminine:
        return {"le": "la", "un": "de la", "du": "de la", "au": "à la"}[form] + " " + noun
    return {"le": "le", "un": "du", "du": "du", "au": "au"}[form] + " " + noun


def indefinite(phrase: str) -> str:
    """Put a or an before an English phrase, by its sound."""
    first = phrase.split(" ", 1)[0].split("-", 1)[0]
    if first.isupper() and not first.isdigit():
        vowel = first[0] in LETTERS_WITH_AN
    else:
        vowel = phrase[0].lower() in "aeiou8" and not SOFT_START.match(phrase)
    return f"{'an' if vowel else 'a'} {phrase}"


def english(form: str, term: Term, options: str) -> str:
    """Inflect an English noun phrase; ``a`` takes adjectives as its argument."""
    if form == "nu":
        return term.en
    if form == "v":
        singular, plural = options.split("/")
        return plural if term.english_kind == "p" else singular
    if form == "a":
        phrase = f"{options} {term.en}" if options else term.en
        return indefinite(phrase) if term.english_kind == "c" else phrase
    raise ValueError(f"{form!r} is not a form of English.")


INFLECT = {"fr": french, "en": english}
FORMS = {"fr": {"nu", "es", "s", "v", "notre", "le", "un", "du", "au", "de", "d_un"}, "en": {"nu", "v", "a"}}


class Pattern:
    """A compiled sentence pattern of one language."""

    __slots__ = ("language", "nodes", "source")

    def __init__(self, source: str, language: str):
        self.source = source
        self.language = language
        self.nodes, rest = self._parse(source, 0)
        if rest != len(source):
            raise ValueError(f"{source!r}: a bracket is closed that was never opened, at character {rest}.")

    def _parse(self, source: str, start: int) -> tuple[list, int]:
        nodes: list = []
        position = start
        while position < len(source) and source[position] not in "|]":
            if source[position] == "{":
                end = source.index("}", position)
                nodes.append(self._slot(source[position + 1 : end]))
                position = end + 1
            elif source[position] == "[":
                choices = []
                while source[position] in "[|":
                    nested, position = self._parse(source, position + 1)
                    choices.append(nested)
                    if position >= len(source):
                        raise ValueError(f"{source!r}: a bracket is never closed.")
                nodes.append(choices)
                position += 1
            else:
                literal = re.compile(r"[^\[\]|{}]+").match(source, position)
                if literal is None:
                    raise ValueError(f"{source!r}: character {position} is out of place.")
                nodes.append(literal.group())
                position = literal.end()
        return nodes, position

    def _slot(self, body: str) -> tuple[str, str, str]:
        head, _, options = body.partition(" ")
        form, dot, slot = head.partition(".")
        if not dot:
            return ("", form, "")
        if form not in FORMS[self.language]:
            raise ValueError(f"{self.source!r}: {form!r} is not a form of {self.language}.")
        return (form, slot, options)

    def slots(self) -> set[str]:
        """Name every slot and value the pattern may ask for."""
        found: set[str] = set()

        def visit(nodes: list) -> None:
            for node in nodes:
                if isinstance(node, tuple):
                    found.add(node[1])
                elif isinstance(node, list):
                    for choice in node:
                        visit(choice)

        visit(self.nodes)
        return found

    def render(self, values: dict, rng: Random) -> str:
        """Write the sentence with these terms and values, capitalised and spaced as its language wants."""
        parts: list[str] = []
        self._write(self.nodes, values, rng, parts)
        text = "".join(parts)
        text = text[0].upper() + text[1:]
        return french_spacing(text) if self.language == "fr" else text

    def _write(self, nodes: list, values: dict, rng: Random, parts: list[str]) -> None:
        inflect = INFLECT[self.language]
        for node in nodes:
            if isinstance(node, str):
                parts.append(node)
            elif isinstance(node, tuple):
                form, slot, options = node
                value = values[slot]
                parts.append(inflect(form, value, options) if form else str(value))
            else:
                self._write(node[int(rng.random() * len(node))], values, rng, parts)


@lru_cache(maxsize=4096)
def pattern(source: str, language: str) -> Pattern:
    """Compile a pattern once."""
    return Pattern(source, language)


def french_spacing(text: str) -> str:
    """Put the no-break spaces that French typography asks for before double punctuation and the per cent sign."""
    for mark in (":", ";", "?", "!", "%", "€"):
        text = text.replace(f" {mark}", f"\N{NO-BREAK SPACE}{mark}")
    return text
