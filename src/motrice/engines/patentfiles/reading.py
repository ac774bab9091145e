"""A patent file of any known format, read as a stream of records."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, BinaryIO

from motrice.engines.patentfiles import epo, exchange, greenbook, inpi, tables, uspto, usptojson
from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.shapes import PatentRecord
from motrice.engines.patentfiles.xmlnodes import Node, nodes

HEAD = 65_536
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
LARGEST_UNPACKED = 4_000_000_000
DEEPEST_ARCHIVE = 3
READERS: tuple[tuple[str, tuple[str, ...], Callable[[Node], PatentRecord]], ...] = (
    ("exchange", exchange.WANTED, exchange.record_of),
    ("ep", epo.WANTED, epo.record_of),
    ("uspto", uspto.WANTED, uspto.record_of),
    ("uspto-assignment", usptojson.WANTED, usptojson.transfer_of),
    ("inpi", inpi.WANTED, inpi.record_of),
)
BY_TAG = {tag: reader for _name, tags, reader in READERS for tag in tags}
FORMATS = (
    "OPS and DOCDB exchange documents, EPO publication server XML, USPTO XML, greenbook, Open Data Portal JSON and "
    "assignment XML, INPI XML, and CSV of The Lens, Espacenet and PATENTSCOPE"
)
OTHER_ROOTS = re.compile(rb"<(?:[a-z]+:)?(?:standardization|biblio-search|document-inquiry|fulltext-documents?)\b")


def read(path: str | Path) -> Iterator[PatentRecord]:
    """Every record of a file, packed (gzip, zip) or not; what is no patent file is refused in words."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            yield from read_stream(stream, path.name)
    except FileNotFoundError as error:
        raise PatentFileError(
            "no_file", "There is no such file.", advice="Check its name.", where=str(path)
        ) from error


def read_stream(stream: BinaryIO, where: str, depth: int = 0) -> Iterator[PatentRecord]:
    """Every record of an open file."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b":
        with _unpacking(where):
            yield from read_stream(io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=stream), where)), where, depth)
        return
    if head == b"PK\x03\x04":
        yield from _archive(stream, where, depth)
        return
    yield from _plain(stream, where)


def list_length(path: str | Path) -> int | None:
    """How many lines a result list has, packed by gzip or not, without reading its records; None for other files.

    A damaged list has the lines before the damage: whoever reads it is told.
    """
    count, is_first = 0, True
    with Path(path).open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        packed = io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=stream), str(path)))
        source = packed if is_packed else stream
        try:
            while part := source.read(HEAD):
                if is_first and part.lstrip(BLANK).startswith((b"<", b"{", b"[", b"PATN", b"PK\x03\x04")):
                    return None
                is_first = False
                count += part.count(b"\n")
        except (OSError, EOFError, zlib.error, PatentFileError):
            return count
    return count


class _Bounded(io.RawIOBase):
    """A stream that refuses to unpack without end."""

    def __init__(self, inner: gzip.GzipFile | IO[bytes], where: str) -> None:
        self.inner, self.where, self.left = inner, where, LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.left = LARGEST_UNPACKED
        return self.inner.seek(offset, whence)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.inner.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise PatentFileError(
                "too_long",
                f"The packed file unpacks to more than {LARGEST_UNPACKED // 10**9} GB.",
                advice="Unpack and split it.",
                where=self.where,
            )
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _unpacking(where: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise PatentFileError(
            "damaged", f"The packed file is damaged: {error}.", advice="Fetch it again.", where=where
        ) from error


def _archive(stream: BinaryIO, where: str, depth: int) -> Iterator[PatentRecord]:
    """Archives of offices are nested: years of weeks of documents."""
    if depth >= DEEPEST_ARCHIVE:
        raise PatentFileError("too_deep", "Archives lie too deep in one another.", advice="Unpack them.", where=where)
    with _unpacking(where), zipfile.ZipFile(stream) as archive:
        found = False
        for item in archive.infolist():
            name = item.filename.lower()
            if item.is_dir() or not name.endswith((".xml", ".zip", ".gz", ".csv", ".json", ".txt")):
                continue
            if item.flag_bits & 1:
                raise PatentFileError("locked", "The archive is locked.", advice="Unlock it first.", where=where)
            with archive.open(item) as inner:
                bounded = io.BufferedReader(_Bounded(inner, where))
                yield from read_stream(bounded, f"{where}/{item.filename}", depth + 1)
            found = True
        if not found:
            raise PatentFileError("empty", "The archive holds no file to read.", advice="Choose another.", where=where)


def _plain(stream: BinaryIO, where: str) -> Iterator[PatentRecord]:
    head = stream.read(HEAD)
    stream.seek(0)
    start = head.lstrip(BLANK).replace(b"\x00", b"")
    if not start:
        raise PatentFileError("empty", "The file is empty.", advice="Choose another.", where=where)
    if start[:1] == b"<":
        yield from _xml(stream, where, head)
    elif start[:1] in (b"{", b"["):
        yield from usptojson.records(stream, where)
    elif start[:4] == b"PATN" or b"\nPATN" in head[:4096]:
        yield from greenbook.records(stream, where)
    elif b"\x00" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise PatentFileError("unknown", "This is no text.", advice=f"Known formats: {FORMATS}.", where=where)
    else:
        yield from tables.records(stream, where)


def _xml(stream: BinaryIO, where: str, head: bytes) -> Iterator[PatentRecord]:
    number = 0
    for node, findings in nodes(stream, BY_TAG.keys(), where):
        number += 1
        record = BY_TAG[node.tag](node)
        yield replace(record, findings=(*findings, *record.findings)) if findings else record
    if number:
        return
    if OTHER_ROOTS.search(head):
        raise PatentFileError(
            "other_answer",
            "This answer of OPS is a search, a number, a text or pictures: no bibliography, family or legal event.",
            advice="Choose a biblio, family or legal answer.",
            where=where,
        )
    raise PatentFileError("unknown", "No patent document is in this XML.", advice=f"Known: {FORMATS}.", where=where)
