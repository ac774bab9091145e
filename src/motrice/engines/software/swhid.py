"""Identifiers of Software Heritage (ISO/IEC 18670): an object by its hash, and where it was found.

Read by form only: whether the archive holds the object is another question, which needs the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CORE = re.compile(r"swh:(?P<version>\d+):(?P<kind>[a-z]+):(?P<digest>[0-9A-Fa-f]*)")
KINDS = ("cnt", "dir", "rev", "rel", "snp")  # a content, directory, revision, release or snapshot
# lines and bytes point into a content; the others into what holds the object.
QUALIFIERS = ("origin", "visit", "anchor", "path", "lines", "bytes")
RANGE = re.compile(r"\d+(-\d+)?")


class UnfitSwhid(ValueError):
    """A text that is no identifier of Software Heritage; `kind` says what is wrong."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text!r}")
        self.kind, self.text = kind, text


@dataclass(frozen=True)
class Swhid:
    """One identifier, taken apart."""

    kind: str
    digest: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)

    @property
    def core(self) -> str:
        """The identifier without its qualifiers."""
        return f"swh:1:{self.kind}:{self.digest}"

    def __str__(self) -> str:
        return ";".join([self.core, *(f"{name}={value}" for name, value in self.qualifiers.items())])


def parse_swhid(text: str) -> Swhid:
    """Read an identifier; says what is wrong with one that is not."""
    core, *rest = text.strip().split(";")
    match = CORE.fullmatch(core)
    if match is None:
        raise UnfitSwhid("form", text)
    if match["version"] != "1":
        raise UnfitSwhid("version", text)
    if match["kind"] not in KINDS:
        raise UnfitSwhid("kind", text)
    if len(match["digest"]) != 40:
        raise UnfitSwhid("digest", text)
    if match["digest"] != match["digest"].lower():
        raise UnfitSwhid("case", text)
    return Swhid(match["kind"], match["digest"], _qualifiers(rest, match["kind"], text))


def _qualifiers(pieces: list[str], kind: str, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in pieces:
        name, sign, value = piece.partition("=")
        if not sign or not value or name not in QUALIFIERS or name in found or re.search(r"\s", value):
            raise UnfitSwhid("qualifier", text)
        found[name] = value
    for name in ("lines", "bytes"):
        if name in found and (kind != "cnt" or not RANGE.fullmatch(found[name])):
            raise UnfitSwhid("qualifier", text)
    for name, kinds in (("visit", ("snp",)), ("anchor", ("dir", "rev", "rel", "snp"))):
        if name in found and parse_swhid(found[name]).kind not in kinds:
            raise UnfitSwhid("qualifier", text)
    return found
