"""`{% load lists %}`: the cells and facet values of a list, which a page shows by the hundred: one step of Python each
costs a quarter of what the template language would."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from motrice.web import formats
from motrice.web.lists.page import Cell, Row, ShownFacet

register = template.Library()
FACET_SHOWN = 6


@register.simple_tag
def facet_choices(shown: ShownFacet) -> SafeString:
    """The values of a facet as boxes to tick, each with how many rows have it; every part is escaped here.

    After the first six, those that nobody ticked are folded away: a list of many facets stays one that can be read.
    """
    key, lines, folded = shown.facet.key, [], []
    for place, value in enumerate(shown.values, 1):
        box = f'id="{key}-{place}" name="{key}" value="{conditional_escape(value.value)}"'
        checked = " checked" if value.is_selected else ""
        place_for = (
            lines
            if place <= FACET_SHOWN or value.is_selected or len(shown.values) == place == FACET_SHOWN + 1
            else folded
        )
        place_for.append(
            f'<label class="choice" for="{key}-{place}"><input class="form-check-input" type="checkbox" {box}'
            f' form="list-form"{checked}><span>{conditional_escape(value.label)}</span>'
            f' <span class="number">{formats.number_text(value.count)}</span></label>'
        )
    if folded:
        more = ngettext("%(n)s more", "%(n)s more", len(folded)) % {"n": formats.number_text(len(folded))}
        told = f'<span class="visually-hidden"> ({conditional_escape(shown.facet.label)})</span>'
        lines.append(f'<details class="facet-more"><summary>{conditional_escape(more)}{told}</summary>')
        lines += [*folded, "</details>"]
    return SafeString("\n".join(lines))


@register.simple_tag
def row_cells(row: Row, labels: Sequence[str]) -> SafeString:
    """The cells of a row; `labels` are the columns' words, which a phone shows beside each value."""
    return SafeString("\n".join(_cell(row, *pair) for pair in zip(row.cells, labels, strict=True)))


def _cell(row: Row, cell: Cell, label: str) -> str:
    """One cell; every part is escaped here unless it is HTML already."""
    html = conditional_escape(cell.html)
    if cell.column.kind == "main":
        inner = f'<a href="{conditional_escape(row.url)}" data-open>{html}</a>' if row.url else html
        return f'<th scope="row" class="cell-main">{inner}</th>'
    flush = (
        ' class="is-number"' if cell.column.is_number else ' class="cell-code"' if cell.column.kind == "code" else ""
    )
    told = f' data-label="{conditional_escape(label)}"' if html else ""
    return f"<td{flush}{told}>{html}</td>"
