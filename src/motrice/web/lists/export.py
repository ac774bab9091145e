"""The files of a list: exactly the rows and columns shown, streamed, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from motrice.web.lists.declare import Column, plain

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 500
FORMATS = ("csv", "xlsx")
FIRST_YEAR = 1900  # spreadsheets count days from here: an earlier one would be another day, or none


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet could take for a formula gets an apostrophe; figures stay figures (OWASP, CSV
    injection, read 2026-11-22)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _values(row: Any, columns: Sequence[Column]) -> list[Any]:
    cells = []
    for column in columns:
        value = column.exported(row)
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        cells.append(safe_cell(plain(value)))
    return cells


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), with the mark that tells spreadsheets it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([safe_cell(str(column.label)) for column in columns])
    for row in rows:
        yield writer.writerow(["" if value is None else value for value in _values(row, columns)])


def csv_response(rows: Iterable[Any], columns: Sequence[Column], name: str) -> HttpResponse:
    """A streamed CSV file."""
    response = StreamingHttpResponse(csv_lines(rows, columns), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response  # type: ignore[return-value]


def xlsx_response(rows: Iterable[Any], columns: Sequence[Column], name: str) -> FileResponse:
    """A workbook written row by row to a temporary file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(column.label), head)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(_values(row, columns)):
            _write(sheet, line, place, value, day, moment)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _write(sheet: Any, line: int, place: int, value: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date) and value.year < FIRST_YEAR:
        sheet.write_string(line, place, value.isoformat())
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, str):
        sheet.write_string(line, place, value)
    else:
        sheet.write_number(line, place, value)
