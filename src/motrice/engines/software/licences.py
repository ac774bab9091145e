"""What the licences of third parties' parts ask of the whole, and where that meets an exclusive licence.

An expression such as `GPL-2.0-only WITH Classpath-exception-2.0 OR MIT` leaves a choice: the mildest way through it
counts. Licences joined by `AND` bind together: each of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from license_expression import ExpressionError, Licensing, get_spdx_licensing

PUBLIC_REFERENCE = "LicenseRef-"


class Family(IntEnum):
    """What a licence asks in return, mildest first."""

    PERMISSIVE = 0
    WEAK_COPYLEFT = 1
    STRONG_COPYLEFT = 2
    NETWORK_COPYLEFT = 3
    PROPRIETARY = 4
    UNKNOWN = 5


class UnknownLicence(ValueError):
    """A text that is no licence expression; `kind` says what is wrong with it."""

    def __init__(self, kind: str, text: str, what: str = "") -> None:
        super().__init__(f"{kind}: {text!r} {what}".strip())
        self.kind, self.text, self.what = kind, text, what


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


def _parse(text: str) -> Any:
    if not text.strip():
        raise UnknownLicence("empty", text)
    try:
        tree = _licensing().parse(text, strict=True)
    except ExpressionError as error:
        raise UnknownLicence("grammar", text, str(error)) from error
    unknown = [
        key
        for key in _licensing().unknown_license_keys(tree, unique=True)
        if not key.startswith((PUBLIC_REFERENCE, "DocumentRef-"))
    ]
    if unknown:
        raise UnknownLicence("unknown", text, ", ".join(sorted(unknown)))
    return tree


def normalise(text: str) -> str:
    """An SPDX expression as the list of licences writes it today; refuses what is none."""
    return str(_parse(text))


@dataclass(frozen=True)
class LicenceTable:
    """Which family each licence belongs to, and which family each exception makes of a licence."""

    families: Mapping[str, Family]
    exceptions: Mapping[str, Family]

    def families_of(self, expression: str) -> frozenset[Family]:
        """What an expression asks in return: the mildest of its choices, all of what it joins."""
        return self._weigh(_parse(expression))

    def _weigh(self, tree: Any) -> frozenset[Family]:
        operator = getattr(tree, "operator", "").strip()
        if operator == "OR":
            return min((self._weigh(part) for part in tree.args), key=lambda found: (max(found), len(found)))
        if operator == "AND":
            return frozenset().union(*(self._weigh(part) for part in tree.args))
        exception = getattr(tree, "exception_symbol", None)
        if exception is not None:
            plain = self.families.get(tree.license_symbol.key, Family.UNKNOWN)
            softened = self.exceptions.get(exception.key)
            return frozenset({min(plain, softened) if softened is not None else plain})
        return frozenset({self.families.get(tree.key, Family.UNKNOWN)})


@dataclass(frozen=True)
class Part:
    """Somebody else's code: its licence, and whether it is `linked`, `modified`, `copied` or a `tool` of the build."""

    name: str
    licence: str
    use: str


@dataclass(frozen=True)
class Concern:
    """Why a part stands in the way of the licence that is planned, or needs a look."""

    code: str
    part: Part
    family: Family

    @property
    def is_conflict(self) -> bool:
        """Whether the plan cannot be kept with this part as it is."""
        return self.code in CONFLICTS


CONFLICTS = ("network_copyleft", "strong_copyleft", "weak_copyleft_mixed")


def concerns(parts: Iterable[Part], table: LicenceTable, *, is_exclusive: bool) -> list[Concern]:
    """What to warn of before an exclusive licence; without one, only the licences nobody could read.

    A tool that builds the software and is not given with it asks nothing of it.
    """
    found = []
    for part in parts:
        if part.use == "tool":
            continue
        for family in table.families_of(part.licence):
            code = _code(family, part.use) if is_exclusive or family == Family.UNKNOWN else ""
            if code:
                found.append(Concern(code, part, family))
    return sorted(found, key=lambda concern: (not concern.is_conflict, concern.part.name, concern.family))


def _code(family: Family, use: str) -> str:
    if family == Family.WEAK_COPYLEFT:
        return "weak_copyleft_linked" if use == "linked" else "weak_copyleft_mixed"
    return {
        Family.NETWORK_COPYLEFT: "network_copyleft",
        Family.STRONG_COPYLEFT: "strong_copyleft",
        Family.PROPRIETARY: "proprietary",
        Family.UNKNOWN: "unread",
    }.get(family, "")
