"""XML read as a stream, safely: no entity is expanded from the file, nothing outside it is opened.

Elements are known by their local name: DOCDB fragments use a prefix they do not declare, or none at all. A named
character of the usual lists (`&cacute;`, `&SACUTE;`) becomes its letter; one that is unknown is kept as it stands and
noted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import BinaryIO
from xml.parsers import expat

from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.shapes import Finding

BLOCK = 1 << 16
DEEPEST = 250
LONGEST_RECORD = 64_000_000
LONGEST_ENTITY = 8
DECLARATION = re.compile(rb"<\?xml[ \t\r\n]")
HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!DOCTYPE|<!--)")
BARE_AMPERSAND = re.compile(rb"&(?!#?[A-Za-z0-9._-]{1,40};)")
LONGEST_NAME = 42
WIDE = (b"\xff\xfe", b"\xfe\xff")
ROOT = "motrice-fragments"
BIBLIOGRAPHIES = frozenset(
    {
        "SDOBI",
        "bibliographic-data",
        "fr-bibliographic-data",
        "subdoc-bibliographic-information",
        "us-bibliographic-data-application",
        "us-bibliographic-data-grant",
    }
)


@dataclass(slots=True)
class Node:
    """An element: its local name, attributes, the line it starts on, its children and text in order."""

    tag: str
    attributes: dict[str, str]
    line: int
    parts: list[Node | str] = field(default_factory=list)
    up: Node | None = None

    def __iter__(self) -> Iterator[Node]:
        return (part for part in self.parts if isinstance(part, Node))

    def get(self, name: str) -> str:
        """An attribute, or nothing."""
        return self.attributes.get(name, "")

    def all(self, path: str) -> list[Node]:
        """The elements at a path of local names from here: `parties/applicants/applicant`."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node if child.tag == name]
        return found

    def one(self, path: str) -> Node | None:
        """The first element at a path."""
        found = self.all(path)
        return found[0] if found else None

    def value(self, path: str = "") -> str:
        """The text of this element, or of the first at a path, on one line."""
        node = self.one(path) if path else self
        return " ".join(node.whole().split()) if node is not None else ""

    def whole(self) -> str:
        """All text in and below."""
        return "".join(part if isinstance(part, str) else part.whole() for part in self.parts)

    def below(self, name: str) -> Iterator[Node]:
        """Every element of that name below this one, in order."""
        for child in self:
            if child.tag == name:
                yield child
            yield from child.below(name)

    def path(self) -> str:
        """Where the element stands: the names from the root."""
        return f"{self.up.path()}/{self.tag}" if self.up is not None else self.tag


# The Greek letters of ISO 8879 (`&mgr;`), which the USPTO used before 2005.
GREEK_NAMES = "a b g d e z ee th i k l m n x o p r s t u ph kh ps oh"
GREEK = dict(zip(GREEK_NAMES.split(), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))


def letter_of(name: str) -> str:
    """The character of a named entity; DOCDB writes some in capitals throughout (`&SACUTE;`)."""
    if name.endswith("gr") and (greek := GREEK.get(name[:-2].lower())):
        return greek.upper() if name[0].isupper() else greek
    for candidate in (name, name[:1] + name[1:].lower(), name.lower()):
        if found := html5.get(f"{candidate};"):
            return found
    return ""


class _Builder:
    """The handlers of one parse: builds the elements asked for, forgets the others."""

    def __init__(self, wanted: Collection[str], where: str) -> None:
        self.wanted, self.where = frozenset(wanted), where
        self.ready: list[Node] = []
        self.findings: list[Finding] = []
        self.stack: list[Node] = []
        self.inside = 0
        self.size = 0
        self.base = 0
        self.renew(0)

    def renew(self, base: int) -> None:
        """Begin another document of the same file."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = self.outside
        parser.EntityDeclHandler = self.declared
        parser.SkippedEntityHandler = self.skipped
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        self.parser, self.base = parser, base
        self.stack.clear()
        self.inside = 0

    @property
    def line(self) -> int:
        return int(self.base + self.parser.CurrentLineNumber)

    def outside(self, context: str | None, *_ids: str | None) -> int:
        """Nothing outside the file is opened: a DTD named there counts as read, and empty."""
        self.parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    def declared(self, name: str, is_parameter: bool, value: str | None, *ids: str | None) -> None:
        """Pictures may be declared (they are not read), and short characters; anything else is refused."""
        notation = ids[-1]
        short = value is not None and len(value) <= LONGEST_ENTITY and "&" not in value and "%" not in value
        if notation or (short and not is_parameter):
            return
        raise PatentFileError(
            "unsafe_entity",
            f"The file declares the entity “{name}”, which could expand or open something else.",
            advice="No patent office needs this: get the file from its office again.",
            where=self.where,
            line=self.line,
        )

    def skipped(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        letter = letter_of(name)
        if not letter:
            path = self.stack[-1].path() if self.stack else ""
            self.findings.append(Finding("unknown_entity", path, self.line, f"&{name};"))
        self.text(letter or f"&{name};")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        up = self.stack[-1] if self.stack else None
        if len(self.stack) > DEEPEST:
            raise PatentFileError(
                "too_deep",
                f"Elements are nested more than {DEEPEST} deep.",
                advice="This is no patent document: choose another file.",
                where=self.where,
                line=self.line,
            )
        node = Node(tag, attributes, self.line, up=up)
        if self.inside and up is not None:
            up.parts.append(node)
        if tag in self.wanted or self.inside:
            self.inside += 1
        self.stack.append(node)

    def end(self, _name: str) -> None:
        node = self.stack.pop()
        if self.inside:
            self.inside -= 1
            if not self.inside:
                self.size = 0
                self.ready.append(node)

    def text(self, data: str) -> None:
        if not self.inside:
            return
        self.size += len(data)
        if self.size > LONGEST_RECORD:
            raise PatentFileError(
                "too_long",
                "One document holds more text than any patent does.",
                advice="Choose another file.",
                where=self.where,
                line=self.line,
            )
        self.stack[-1].parts.append(data)


def _pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The blocks of a file, cut where another XML declaration begins (weekly files hold thousands of documents)."""
    rest, first = b"", True
    while block := stream.read(BLOCK):
        block = rest + block
        if first and block[:2] in WIDE:
            yield block, True
            yield from ((more, False) for more in iter(lambda: stream.read(BLOCK), b""))
            return
        while found := DECLARATION.search(block, 0 if not first else 1):
            if found.start():
                yield block[: found.start()], first
            block, first = block[found.start() :], True
            if len(block) < 8 or not DECLARATION.search(block, 1):
                break
        keep = max(block.rfind(b"<", max(0, len(block) - 8)), block.rfind(b"&", max(0, len(block) - LONGEST_NAME)))
        rest, block = (block[keep:], block[:keep]) if keep > 0 else (b"", block)
        yield block, first
        first = False
    if rest:
        yield rest, first


def nodes(stream: BinaryIO, wanted: Collection[str], where: str) -> Iterator[tuple[Node, list[Finding]]]:
    """Every element of the wanted names, with what was noted while it was read; refuses what is not XML or cut.

    A document whose text is not XML is kept when its bibliography came whole before, and that is noted.
    """
    builder, state = _Builder(wanted, where), _State()
    for block, begins in _pieces(stream):
        try:
            if begins and state.is_open:
                _close(builder, state)
            if begins:
                yield from _taken(builder)
                builder.renew(state.lines)
                state.begin(block, builder)
            if state.is_open:
                builder.parser.Parse(_mended(block, builder, state.lines), False)
        except expat.ExpatError as error:
            yield from _taken(builder)
            yield from _salvaged(error, builder)
            state.is_open = False
        state.lines += block.count(b"\n")
        yield from _taken(builder)
    try:
        if state.is_open:
            _close(builder, state)
    except expat.ExpatError as error:
        yield from _taken(builder)
        raise _explained(error, builder, where) from error
    yield from _taken(builder)


@dataclass(slots=True)
class _State:
    """Where the reading of a file stands: the lines behind, whether a document is open, whether we gave it a root."""

    lines: int = 0
    is_open: bool = False
    is_wrapped: bool = False

    def begin(self, block: bytes, builder: _Builder) -> None:
        """Open a document; fragments get the root they lack."""
        self.is_wrapped = not HEAD.match(block) and block[:2] not in WIDE
        self.is_open = True
        if self.is_wrapped:
            builder.parser.Parse(f"<{ROOT}>".encode(), False)


def _salvaged(error: expat.ExpatError, builder: _Builder) -> Iterator[tuple[Node, list[Finding]]]:
    """The document at fault, if its bibliography is whole; else the fault is raised."""
    explained = _explained(error, builder, builder.where)
    node = next((item for item in builder.stack if item.tag in builder.wanted), None)
    whole = node is not None and any(child.tag in BIBLIOGRAPHIES and child not in builder.stack for child in node)
    if node is None or not whole:
        raise explained from error
    path = "/".join(item.tag for item in builder.stack if item.tag != ROOT)
    fault = Finding("unreadable_text", path, explained.line, explained.message)
    findings, builder.findings = [*builder.findings, fault], []
    yield node, findings


def _mended(block: bytes, builder: _Builder, lines: int) -> bytes:
    """A block whose lone ampersands (`<str>Roe & Doe</str>`, met in files of the EPO) are written as XML asks."""
    if b"&" not in block or block[:2] in WIDE or b"<![CDATA[" in block:
        return block
    first = BARE_AMPERSAND.search(block)
    if first is None:
        return block
    near = block[max(0, first.start() - 30) : first.start() + 30].decode("utf-8", errors="replace")
    line = lines + block.count(b"\n", 0, first.start()) + 1
    builder.findings.append(Finding("bare_ampersand", "", line, " ".join(near.split())))
    return BARE_AMPERSAND.sub(b"&amp;", block)


def _close(builder: _Builder, state: _State) -> None:
    if state.is_wrapped:
        builder.parser.Parse(f"</{ROOT}>".encode(), False)
    builder.parser.Parse(b"", True)


def _taken(builder: _Builder) -> Iterator[tuple[Node, list[Finding]]]:
    ready, builder.ready = builder.ready, []
    for number, node in enumerate(ready):
        findings: list[Finding] = []
        if number == 0:
            findings, builder.findings = builder.findings, []
        yield node, findings


CUT = frozenset({expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], 5, 20})
UNREADABLE = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]


def _explained(error: expat.ExpatError, builder: _Builder, where: str) -> PatentFileError:
    line = builder.base + error.lineno
    open_elements = "/".join(node.tag for node in builder.stack if node.tag != ROOT)
    mismatch = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]
    if error.code in CUT or (
        error.code == mismatch and builder.stack and builder.stack[0].tag == ROOT and open_elements
    ):
        return PatentFileError(
            "cut",
            f"The file ends in the middle of a document (inside {open_elements})."
            if open_elements
            else "The file is empty or ends before its first element.",
            advice="Fetch it again: what came before was read.",
            where=where,
            line=line,
        )
    if error.code == UNREADABLE:
        return PatentFileError(
            "not_xml",
            f"Something here is no XML, or not in the encoding that the file declares (column {error.offset + 1}).",
            advice="Save the file as UTF-8, or fetch it again.",
            where=where,
            line=line,
        )
    return PatentFileError(
        "not_xml",
        f"This is not well-formed XML: {expat.errors.messages.get(error.code, error)}.",
        advice="Fetch the file again, or choose another.",
        where=where,
        line=line,
    )
