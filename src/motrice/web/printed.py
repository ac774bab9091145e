"""Reports on paper and in mail: declared once as plain data, set as an accessible PDF, their charts as pictures.

The PDF is tagged and follows PDF/UA-1 (ISO 14289-1), except where a text holds a character that no font has. Texts
reach the typesetter as data and are never read as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.web import formats
from motrice.web.charts import Chart

HERE = Path(__file__).parent
FONTS = HERE / "static" / "web" / "dist" / "fonts"
PAPER, PICTURE = HERE / "typst" / "paper.typ", HERE / "typst" / "chart.typ"
PICTURE_DOTS = 144
# Characters that no printed text holds: controls, halves of pairs, and what is no character.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Figure:
    """One number and what it counts."""

    value: Any
    label: Any


@dataclass(frozen=True)
class Table:
    """Lines under headings; `numbers` are the places of the columns that hold figures."""

    columns: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    title: Any = ""
    numbers: Sequence[int] = ()
    empty: Any = ""


@dataclass(frozen=True)
class Part:
    """A section of a report."""

    title: Any = ""
    text: Any = ""
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Paper:
    """A report: its title, what it is about in a sentence or two, and its parts. `name` is that of its file."""

    name: str
    title: Any
    parts: Sequence[Part]
    lead: Sequence[Any] = ()


def pdf(paper: Paper, *, author: str, made_at: datetime | None = None) -> bytes:
    """Set a report on A4 pages in the language that is active.

    `author` is who asked for it: the footer names them and the moment, so that a page left on a printer tells whose
    it is. Same report, same moment, same bytes.
    """
    moment = made_at or timezone.now()
    footer = _("%(site)s · made on %(moment)s for %(name)s") % {
        "site": settings.SITE_NAME, "moment": formats.moment_text(moment), "name": author,
    }  # fmt: skip
    data = {
        "title": _plain(paper.title),
        "author": _plain(author),
        "language": formats.language(),
        "footer": _plain(footer),
        "lead": [_plain(line) for line in paper.lead],
        "parts": [_part(part) for part in paper.parts],
    }
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    try:
        return _set(PAPER, inputs, moment, ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # The standard wants every character drawn. One that no font of this machine has leaves a box, not a refusal.
        return _set(PAPER, inputs, moment, [])


def picture(chart: Chart) -> bytes:
    """Draw a chart as a PNG of 720 by 300 dots, for mail."""
    compiler = typst.Compiler(PICTURE, root=HERE, font_paths=_fonts())
    svg = UNPRINTABLE.sub("", chart.drawing(is_standalone=True))
    found = compiler.compile(format="png", ppi=PICTURE_DOTS, sys_inputs={"svg": svg})
    pages = [found] if isinstance(found, bytes) else found
    return bytes(pages[0])


def response(paper: Paper, *, author: str) -> HttpResponse:
    """Answer with the PDF as a file to keep."""
    found = HttpResponse(pdf(paper, author=author), content_type="application/pdf")
    found["Content-Disposition"] = f'attachment; filename="{paper.name}.pdf"'
    return found


def told(chart: Chart) -> str:
    """The figures of a chart in words, for who cannot see it."""
    lines = []
    for category, cells in chart.rows():
        values = [shown for shown, _link in cells]
        names = [str(one.name) for one in chart.series]
        pairs = values if len(values) == 1 else [formats.labelled(n, v) for n, v in zip(names, values, strict=True)]
        lines.append(formats.labelled(category, ", ".join(pairs)))
    of = str(chart.unit or (chart.series[0].name if len(chart.series) == 1 else ""))
    stop = "\u00a0; " if formats.language() == "fr" else "; "
    return f"{chart.title}{f' ({of})' if of else ''}. {stop.join(lines)}."


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": _plain(part.title),
        "text": _plain(part.text),
        "figures": [{"value": _plain(one.value), "label": _plain(one.label)} for one in part.figures],
        "charts": [_chart(chart) for chart in part.charts if not chart.is_empty],
        "tables": [_table(table) for table in part.tables],
    }


def _chart(chart: Chart) -> dict[str, str]:
    note = _plain(chart.note)
    svg = UNPRINTABLE.sub("", chart.drawing(is_standalone=True))
    return {"title": _plain(chart.title), "svg": svg, "told": _plain(told(chart)), "note": note}


def _table(table: Table) -> dict[str, Any]:
    columns = [{"label": _plain(label), "number": at in table.numbers} for at, label in enumerate(table.columns)]
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    return {"title": _plain(table.title), "columns": columns, "rows": rows, "empty": _plain(table.empty)}


def _plain(value: Any) -> str:
    """A text as it is printed: numbers as the language writes them, nothing that cannot be drawn."""
    shown = (
        formats.number_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    )
    return UNPRINTABLE.sub("", shown)


def _set(template: Path, inputs: dict[str, str], moment: datetime, standards: list[str]) -> bytes:
    compiler = typst.Compiler(template, root=HERE, font_paths=_fonts())
    found = compiler.compile(
        format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(moment.timestamp())
    )
    return bytes(found)


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the pages; those of the machine stand in for characters that ours lack."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[FONTS])
