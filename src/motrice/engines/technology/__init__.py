"""Reads classes of the IPC and CPC as they are written anywhere, and finds the field of technology of a class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WRITTEN = re.compile(r"^([A-HY]\d{2}[A-Z])\s*(\d{1,4})(?:\s*/\s*(\d{2,6}))?")
_FIXED = re.compile(r"^([A-HY]\d{2}[A-Z])(\d{4})(\d{6})")
_START = re.compile(r"^([A-HY](?:\d{2}(?:[A-Z])?)?)\s*$")


def plain_symbol(text: str) -> str:
    """A class as `A61K 31/00`, from any of its spellings (`A61K31/00`, `A61K 31/00 (2006.01)`, `A61K0031000000`).

    The fixed form of WIPO's standard ST.8 has four digits for the group and six for the subgroup. A text that is no
    class comes back as it is, without the spaces around it.
    """
    text = " ".join(text.upper().split())
    if fixed := _FIXED.match(text):
        subgroup = fixed[3].rstrip("0")
        return f"{fixed[1]} {int(fixed[2])}/{subgroup.ljust(2, '0')}"
    if written := _WRITTEN.match(text):
        group = f"{written[1]} {int(written[2])}"
        return f"{group}/{written[3]}" if written[3] else group
    return text


def plain_prefix(text: str) -> str:
    """The beginning of classes: `B22F` a subclass, `B22F 10/` a whole group, `B22F 10/28` a subgroup and its like.

    A group without its stroke is given it: H01M 10 must not take H01M 100/02 along. Empty when it is no class.
    """
    text = " ".join(text.upper().replace("/ ", "/").split())
    if start := _START.match(text):
        return start[1]
    if not (written := _WRITTEN.match(text)) or not re.fullmatch(r"[A-HY]\d{2}[A-Z]\s*\d{1,4}(?:\s*/\s*\d*)?", text):
        return ""
    return f"{written[1]} {int(written[2])}/{written[3] or ''}"


class Concordance:
    """Prefixes of classes with the field of technology each leads to; the longest that fits decides."""

    def __init__(self, fields: Mapping[str, int]):
        self.fields = dict(fields)
        self.longest = max(map(len, self.fields), default=0)
        self._known: dict[str, int | None] = {}

    def field_of(self, symbol: str) -> int | None:
        """The field of a class, or None when the concordance knows none (classes made after its last update)."""
        if symbol not in self._known:
            text = plain_symbol(symbol)
            lengths = range(min(self.longest, len(text)), 0, -1)
            self._known[symbol] = next((self.fields[text[:n]] for n in lengths if text[:n] in self.fields), None)
        return self._known[symbol]

    def fields_of(self, symbols: Iterable[str]) -> tuple[int, ...]:
        """The fields of several classes, each once, that of the first class first."""
        found = (self.field_of(symbol) for symbol in symbols)
        return tuple(dict.fromkeys(field for field in found if field is not None))
