"""Result lists as CSV: The Lens, Espacenet, WIPO PATENTSCOPE."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import BinaryIO

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import is_country, is_grant
from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.gathering import Draft
from motrice.engines.patentfiles.shapes import Claim, Classification, Document, Number, Party, PatentRecord
from motrice.engines.patentfiles.text import classification, parted, squeezed

Row = dict[str, str]
PREAMBLE = 20
LONGEST_FIELD = 2_000_000
LENS = frozenset({"Jurisdiction", "Kind", "Publication Number", "Priority Numbers", "Simple Family Size"})
ESPACENET = frozenset({"Publication number", "Earliest priority", "Family number", "Applicants"})
PATENTSCOPE = frozenset({"Publication Number", "Publication Date", "Priority Data", "IPC", "Applicants"})
PRIORITY = re.compile(r"^(?P<number>\S.*?)\s+(?P<day>\d{4}-\d\d-\d\d)T\S+\s+(?P<country>[A-Za-z]{2})$")
PRIORITY_FORMS = (
    PRIORITY,
    re.compile(r"^(?P<number>\S.*?)\s+(?P<day>\d\d\.\d\d\.\d{4})\s+(?P<country>[A-Za-z]{2})$"),
    re.compile(r"^(?P<country>[A-Za-z]{2})\s+(?P<day>\d{8})\s+(?P<number>\S.*)$"),
)
LENS_PRIORITY = re.compile(r"^(?P<country>[A-Z]{2}) (?P<number>.+?)(?: (?P<kind>[A-Z]\d?))?(?: (?P<day>\d{8}))?$")
LENS_APPLICATION = re.compile(r"^(?P<country>[A-Z]{2}) (?P<number>.+?)(?: (?P<kind>[A-Z]\d?))?$")
BARE_RETURN = re.compile(r"\r(?!\n)|\x85|\u2028|\u2029")
NOTHING = ("", "NA", "N/A", "null")


def records(stream: BinaryIO, where: str) -> Iterator[PatentRecord]:
    """Every row of a result list, whichever service it comes from."""
    text, was_utf8 = _text(stream)
    broken = BARE_RETURN.search(text) is not None and "\n" in text
    if broken:
        text = BARE_RETURN.sub(" ", text)
    before, lines = _headed(text.replace("\0", " "), where)
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True)
    last = before
    try:
        header = [name.strip() for name in next(reader)]
        kind, full = _kind(header, where, before + 1), [name for name in header if name]
        last = before + reader.line_num
        for cells in reader:
            line, last = last + 1, before + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            draft = Draft(kind.__name__.strip("_"), line)
            if not was_utf8:
                draft.find("not_utf8", "", cells[0])
            if len(cells) < len(full) or any(cell.strip() for cell in cells[len(header) :]):
                draft.find("wrong_width", "", " | ".join(cells), f"{len(cells)}/{len(full)}")
            row = dict.fromkeys(full, "") | {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
            kind(draft, {name: "" if cell in NOTHING else cell for name, cell in row.items()})
            if draft.publication is None and draft.application is None:
                draft.find("no_number", "Publication Number", " | ".join(cells))
            yield draft.done()
    except csv.Error as error:
        raise PatentFileError(
            "wrong_csv",
            f"The row cannot be read: {error}.",
            advice="A quotation mark is probably not closed: the file was cut, or edited by hand. Export it again.",
            where=where,
            line=last + 1,
        ) from error


def _text(stream: BinaryIO) -> tuple[str, bool]:
    raw = stream.read()
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), True
    try:
        return raw.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), False


def _headed(text: str, where: str) -> tuple[int, list[str]]:
    """The lines from the header on, and how many stand before it."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines[:PREAMBLE]):
        if "ublication" in line and ("pplicants" in line or "Jurisdiction" in line):
            return number, lines[number:]
    first = lines[0].strip()[:120] if lines else ""
    raise PatentFileError(
        "no_header",
        f"No line of the first {PREAMBLE} names columns of The Lens, Espacenet or PATENTSCOPE. It begins: “{first}”.",
        advice="Export the list again with all columns, and do not edit it.",
        where=where,
        line=1,
    )


def _kind(header: list[str], where: str, line: int) -> Callable[[Draft, Row], None]:
    names = set(header)
    for wanted, reader in ((LENS, lens), (ESPACENET, espacenet), (PATENTSCOPE, patentscope)):
        if wanted <= names:
            return reader
    nearest = min((LENS, ESPACENET, PATENTSCOPE), key=lambda wanted: len(wanted - names))
    raise PatentFileError(
        "missing_columns",
        f"The list lacks the columns {', '.join(sorted(nearest - names))}.",
        advice="Export it again with all columns.",
        where=where,
        line=line,
    )


@lru_cache(maxsize=50_000)
def _symbol(scheme: str, text: str) -> Classification | None:
    return classification(scheme, text)


def _classes(draft: Draft, scheme: str, texts: list[str], column: str) -> None:
    seen: set[str] = set()
    for text in texts:
        if text and text not in seen:
            seen.add(text)
            draft.classify(_symbol(scheme, text), text, column)


def _names(draft: Draft, role: str, names: list[tuple[str, str]], column: str) -> None:
    for order, (name, country) in enumerate((pair for pair in names if pair[0]), start=1):
        draft.party(Party(role, name, name, country, order), column)


def _published(draft: Draft, text: str, on: date | None, column: str) -> None:
    number = numbers.whole(text, on)
    if number is None:
        draft.find("wrong_number", column, text)
        return
    draft.publication = Document(number, on, text)
    draft.is_grant = bool(number.kind) and is_grant(number.country, number.kind)
    draft.granted_on = on if draft.is_grant else None


def lens(draft: Draft, row: Row) -> None:
    """The Lens: parties joined by `;;`, without country; days as 2013-04-25 or 25/04/13."""
    on = draft.day(row["Publication Date"], "Publication Date")
    _published(draft, row["Publication Number"], on, "Publication Number")
    if draft.publication is not None and not draft.publication.number.kind and row["Kind"]:
        number = draft.publication.number
        draft.publication = Document(
            numbers.publication(number.country, number.number, row["Kind"], on), on, row["Publication Number"]
        )
    filed = draft.day(row.get("Application Date", ""), "Application Date")
    text = row.get("Application Number", "")
    if found := LENS_APPLICATION.match(text):
        number = _docdb(found, filed)
        draft.application = Document(draft.checked(number, "Application Number"), filed, text)
    elif text:
        draft.find("wrong_number", "Application Number", text)
    for order, part in enumerate(filter(None, row["Priority Numbers"].split(";;")), start=1):
        part = part.strip()
        found = LENS_PRIORITY.match(part)
        if found is None:
            draft.find("wrong_priority", "Priority Numbers", part)
            continue
        claimed = draft.day(found["day"] or "", "Priority Numbers")
        number = _docdb(found, claimed)
        draft.priorities.append(Claim(draft.checked(number, "Priority Numbers"), claimed, order, original=part))
    draft.title("", row.get("Title", ""), "Title")
    for role, column in (("applicant", "Applicants"), ("inventor", "Inventors")):
        _names(draft, role, [(squeezed(name), "") for name in row.get(column, "").split(";;")], column)
    for scheme, column in (("CPC", "CPC Classifications"), ("IPC", "IPCR Classifications")):
        _classes(draft, scheme, row.get(column, "").split(";;"), column)
    size = row.get("Simple Family Size", "")
    draft.family_size = int(size) if size.isdigit() else None


def _docdb(found: re.Match[str], on: date | None) -> Number:
    """The Lens writes DOCDB numbers, but for international ones: `US 2004/0004764 W`."""
    if "/" in found["number"]:
        return numbers.application(found["country"], found["number"], found["kind"] or "", on)
    return Number(found["country"], numbers.bare(found["number"]), found["kind"] or "A")


def espacenet(draft: Draft, row: Row) -> None:
    """Espacenet: parties end with their country in brackets; several share a cell, on one line or several."""
    on = draft.day(row.get("Publication date", ""), "Publication date")
    _published(draft, row["Publication number"].split("\n")[0], on, "Publication number")
    draft.family_id = row.get("Family number", "").lstrip("0")
    draft.title("", row.get("Title", ""), "Title")
    claimed = draft.day(row.get("Earliest priority", ""), "Earliest priority")
    if claimed is not None:
        draft.find("priority_without_number", "Earliest priority", claimed.isoformat())
    for role, column in (("inventor", "Inventors"), ("applicant", "Applicants")):
        _names(draft, role, parted(row.get(column, "")), column)
    _classes(draft, "IPC", row.get("IPC", "").split(), "IPC")
    texts = [text for text in row.get("CPC", "").split() if not text.startswith("(")]
    _classes(draft, "CPC", texts, "CPC")


def patentscope(draft: Draft, row: Row) -> None:
    """PATENTSCOPE: days as 21.08.2009, `NA` for nothing, small letters for some countries, no kind of document."""
    on = draft.day(row["Publication Date"], "Publication Date")
    _published(draft, row["Publication Number"], on, "Publication Number")
    draft.title("", row.get("Title", ""), "Title")
    for order, part in enumerate(filter(None, row["Priority Data"].strip("[]").split(", ")), start=1):
        found = next((match for form in PRIORITY_FORMS if (match := form.match(part.strip()))), None)
        if found is None or not is_country(found["country"].upper()):
            draft.find("wrong_priority", "Priority Data", part)
            continue
        claimed = draft.day(found["day"], "Priority Data")
        number = numbers.application(found["country"], found["number"], "", claimed)
        draft.priorities.append(Claim(number, claimed, order, original=part))
    for role, column in (("applicant", "Applicants"), ("inventor", "Inventors")):
        _names(draft, role, [(squeezed(name), "") for name in row.get(column, "").split(";")], column)
    _classes(draft, "IPC", [text.strip() for text in row.get("IPC", "").split(";")], "IPC")
