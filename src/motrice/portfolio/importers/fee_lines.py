"""The lines of a fee table as people write them: on a form, pasted from a spreadsheet, or in a file.

A wrong line is told with its number, its field and what to write; nothing is taken of a table that has one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from motrice.engines.docketing import FeeRow, FeeTable
from motrice.portfolio.enums import FeeCategory
from motrice.portfolio.queries.fee_changes import MOST_LINES
from motrice.web.formats import labelled

HEADINGS = {"term", "terme", "annuité", "année", "year"}
TERM = re.compile(r"\d{1,2}(\.\d)?")
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+\.\d{1,2}|\d{1,3}(\.\d{3})+,\d{1,2}")


@dataclass(frozen=True)
class FeeLine:
    """One line as it was written; `number` counts from 1 in the place it comes from."""

    number: int
    term: str
    category: str
    amount: str
    place: str = "row"

    @property
    def key(self) -> tuple[str, str]:
        """What the amount is of: a term and a category of payer, standard when none is named."""
        term = self.term.strip().replace(",", ".")
        return term, self.category.strip().lower() or FeeCategory.STANDARD


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line: its field, and what to write instead."""

    line: FeeLine
    field: str
    message: str

    def __str__(self) -> str:
        places = {"row": _("Row %(n)d"), "pasted": _("Pasted line %(n)d"), "file": _("Line %(n)d of the file")}
        names = {"term": _("term"), "category": _("category"), "amount": _("amount"), "line": _("line")}
        return labelled(f"{places[self.line.place] % {'n': self.line.number}}, {names[self.field]}", self.message)


def read_lines(text: str, place: str = "pasted") -> tuple[list[FeeLine], list[LineFault]]:
    """The lines of a text: term, category, amount between tabs, semicolons or commas; headings are left out."""
    lines: list[FeeLine] = []
    faults: list[LineFault] = []
    delimiter = next((mark for mark in "\t;" if mark in text), ",")
    reader = csv.reader(text.replace("\0", "").splitlines(), delimiter=delimiter)
    for number, written in enumerate(reader, start=1):
        cells = [cell.strip() for cell in written]
        if not any(cells) or cells[0].lower() in HEADINGS:
            continue
        line = FeeLine(number, *[*cells, "", "", ""][:3], place=place)
        if len(lines) + len(faults) >= MOST_LINES:
            words = _("a table has at most %(n)d lines: leave out what is not of it.") % {"n": MOST_LINES}
            return lines, [*faults, LineFault(line, "line", words)]
        if len(cells) != 3:
            words = _("%(n)d values are found: write term, category and amount, as in 5;standard;925.00.")
            faults.append(LineFault(line, "line", words % {"n": len(cells)}))
        else:
            lines.append(line)
    return lines, faults


def merged(held: Iterable[FeeLine], pasted: Iterable[FeeLine]) -> list[FeeLine]:
    """The rows of the form with what was pasted: a line replaces the amount of its term and category, or is added."""
    found = {line.key: line for line in held}
    for line in pasted:
        found[line.key] = line
    return list(found.values())


def check_lines(lines: Sequence[FeeLine], *, has_terms: bool) -> tuple[list[FeeRow], list[LineFault]]:
    """The rows of a table, and all that is wrong; a line without an amount is no longer of the table."""
    rows: list[FeeRow] = []
    faults: list[LineFault] = []
    seen: dict[tuple[str, str], FeeLine] = {}
    for line in lines:
        if not line.amount.strip() and line.place == "row":
            continue
        wrong = _wrong(line, has_terms)
        if line.key in seen:
            words = _("this term and category stand on line %(n)d too: keep one of them.")
            wrong = [LineFault(line, "term", words % {"n": seen[line.key].number})]
        seen.setdefault(line.key, line)
        faults += wrong
        if not wrong:
            rows.append(FeeRow(*line.key, Decimal(plain_amount(line.amount))))
    return rows, faults


def _wrong(line: FeeLine, has_terms: bool) -> list[LineFault]:
    found = []
    term, category = line.key
    if has_terms and not TERM.fullmatch(term):
        words = _("“%(text)s” is no term: write the year as a number, such as 5.")
        found.append(LineFault(line, "term", words % {"text": line.term}))
    if not has_terms and term:
        words = _("“%(text)s” stands where this fee has no term: leave it empty.")
        found.append(LineFault(line, "term", words % {"text": line.term}))
    if category not in FeeCategory.values:
        words = _("“%(text)s” is no category: write one of %(known)s.")
        known = ", ".join(FeeCategory.values)
        found.append(LineFault(line, "category", words % {"text": line.category, "known": known}))
    if not AMOUNT.fullmatch(plain_amount(line.amount)):
        words = _("“%(text)s” is no amount: write digits and at most two decimals, such as 925.00.")
        found.append(LineFault(line, "amount", words % {"text": line.amount}))
    return found


def plain_amount(text: str) -> str:
    """An amount as written in French or in English, with a point; what may be read in two ways is left as it is."""
    bare = re.sub(r"[\s  ']", "", text)
    if GROUPED.fullmatch(bare):
        decimals = bare[max(bare.rfind(","), bare.rfind(".")) + 1 :]
        return re.sub(r"[.,]", "", bare[: -len(decimals)]) + f".{decimals}"
    return bare.replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", bare) else bare


def rows_of(table: FeeTable) -> list[FeeLine]:
    """The rows of a table as it stands."""
    return [FeeLine(at, row.term, row.category, str(row.amount)) for at, row in enumerate(table.rows, start=1)]


def lines_of(
    rows: list[FeeLine], pasted: str, sent: str, table: FeeTable
) -> tuple[list[FeeLine], list[FeeRow], list[LineFault]]:
    """The rows with what was pasted put into them, those that hold, and all that is wrong."""
    lines, unread = read_lines(pasted)
    more, unread_more = read_lines(sent, "file")
    lines, unread = lines + more, unread + unread_more
    has_terms = any(row.term for row in table.rows)
    _pasted, wrong = check_lines(lines, has_terms=has_terms)
    if unread or wrong:
        return rows, [], [*unread, *wrong]
    together = merged(rows, lines)
    found, faults = check_lines(together, has_terms=has_terms)
    shown = [FeeLine(at, *line.key, line.amount.strip()) for at, line in enumerate(together, start=1)]
    return shown, found, faults
