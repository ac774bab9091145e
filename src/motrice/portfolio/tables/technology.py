"""Fields of technology and methods of ranking, as the catalogue gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.engines.technology import Concordance
from motrice.portfolio.enums import RankingBasis

FIELD, METHOD = "portfolio.technology_field", "portfolio.ranking_method"


def in_words(texts: Mapping[str, str]) -> str:
    """A text of the catalogue in the reader's language."""
    return texts.get((get_language() or "fr")[:2]) or texts.get("fr", "")


def _texts(data: Mapping[str, Any], *names: str) -> None:
    for name in names:
        value = data.get(name)
        if not isinstance(value, dict) or not value.get("fr") or not value.get("en"):
            raise RuleViolation(_("“%(name)s” needs a French and an English text.") % {"name": name}, field=name)


def check_field(data: dict[str, Any]) -> None:
    """A field of technology: its label and sector, and the beginnings of the classes that lead to it."""
    _texts(data, "label", "sector")
    prefixes = data.get("prefixes")
    if not isinstance(prefixes, list) or not all(isinstance(prefix, str) and prefix for prefix in prefixes):
        raise RuleViolation(_("A field lists the beginnings of its classes."), field="prefixes")
    if not data.get("source"):
        raise RuleViolation(_("Say where it comes from."), field="source")


def check_method(data: dict[str, Any]) -> None:
    """How an office counts for its ranking: what, where, of which kinds, for which editions; with its source."""
    _texts(data, "label", "note")
    if data.get("basis") not in RankingBasis.values:
        raise RuleViolation(_("A method counts what is published or what is filed."), field="basis")
    for name in ("offices", "kinds"):
        if not isinstance(data.get(name), list):
            raise RuleViolation(_("“%(name)s” is a list of texts.") % {"name": name}, field=name)
    first, last = data.get("edition_from"), data.get("edition_to")
    if not isinstance(first, int) or not (last is None or (isinstance(last, int) and last >= first)):
        raise RuleViolation(
            _("A method has its first edition, and its last unless it holds still."), field="edition_to"
        )
    if not data.get("source"):
        raise RuleViolation(_("Say where it comes from."), field="source")


def register_kinds() -> None:
    """Declare the kinds of the catalogue that steering reads."""
    catalogue.register_kind(FIELD, check_field)
    catalogue.register_kind(METHOD, check_method)


@dataclass(frozen=True)
class Field:
    """One of the 35 fields."""

    code: str
    label: Mapping[str, str]
    sector: Mapping[str, str]

    def __str__(self) -> str:
        return in_words(self.label)


@dataclass(frozen=True)
class Method:
    """One way of counting, for the editions from a year to a year."""

    code: str
    label: Mapping[str, str]
    basis: str
    offices: tuple[str, ...]
    kinds: tuple[str, ...]
    first: int
    last: int | None
    note: Mapping[str, str]
    source: str

    def __str__(self) -> str:
        return in_words(self.label)

    @property
    def words(self) -> str:
        """What it counts, in a sentence."""
        return in_words(self.note)

    def holds_for(self, year: int) -> bool:
        """Whether the edition of a year counts so."""
        return self.first <= year and (self.last is None or year <= self.last)


def fields() -> dict[int, Field]:
    """The fields by number."""
    return read()[1]


def concordance() -> Concordance:
    """Which class leads to which field."""
    return read()[0]


def read() -> tuple[Concordance, dict[int, Field]]:
    """The concordance and the fields in one reading; the first is built once for each state of the catalogue."""
    rows = catalogue.current(FIELD)
    table = _concordance(tuple((row.code, row.version, tuple(row.data["prefixes"])) for row in rows))
    return table, {int(row.code): Field(row.code, row.data["label"], row.data["sector"]) for row in rows}


@lru_cache(maxsize=2)
def _concordance(rows: tuple[tuple[str, int, tuple[str, ...]], ...]) -> Concordance:
    return Concordance({prefix: int(code) for code, _version, prefixes in rows for prefix in prefixes})


def methods() -> list[Method]:
    """The methods in the order of their first edition."""
    found = [
        Method(
            code=row.code,
            label=row.data["label"],
            basis=row.data["basis"],
            offices=tuple(row.data["offices"]),
            kinds=tuple(row.data["kinds"]),
            first=row.data["edition_from"],
            last=row.data.get("edition_to"),
            note=row.data["note"],
            source=row.data["source"],
        )
        for row in catalogue.current(METHOD)
    ]
    return sorted(found, key=lambda method: method.first)


def method_for(year: int) -> Method:
    """The method of the edition that counts a year; refused before the first one known."""
    for method in methods():
        if method.holds_for(year):
            return method
    raise RuleViolation(_("No method of ranking is known for %(year)d.") % {"year": year}, field="year")
