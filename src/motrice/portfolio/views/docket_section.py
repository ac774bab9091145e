"""The deadlines of an asset on its page: what is to do first, then the annuities to the last year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.engines.docketing import Rulebook
from motrice.portfolio.enums import DeadlineState
from motrice.portfolio.links import deadline_url
from motrice.portfolio.models import Deadline
from motrice.portfolio.tables.docket import rulebook
from motrice.portfolio.views.record import SECTIONS, Reader, Section
from motrice.portfolio.words.docket import rule_name
from motrice.web import parts
from motrice.web.formats import amount_text

IN_SIGHT = 6


class Line(NamedTuple):
    """One deadline as it is shown."""

    row: Deadline
    name: str
    url: str
    amount: str


@dataclass(frozen=True)
class Group:
    """Deadlines that stand together; those with a `title` are folded under it."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)


def deadlines_section(reader: Reader) -> Section | None:
    """The asset's deadlines that the reader may see: the next in sight, later years and the past folded."""
    found = Deadline.objects.permitted(reader.actor).filter(asset=reader.asset)
    rows = list(found.select_related("application").order_by("due_on", "pk"))
    if not rows:
        return None
    book = rulebook()
    waiting = [row for row in rows if row.state == DeadlineState.OPEN]
    over = [row for row in reversed(rows) if row.state != DeadlineState.OPEN]
    groups = [
        Group(lines=_lines(waiting[:IN_SIGHT], book)),
        Group(_("Later: %(n)d") % {"n": len(waiting) - IN_SIGHT}, _lines(waiting[IN_SIGHT:], book)),
        Group(_("Done or past: %(n)d") % {"n": len(over)}, _lines(over, book)),
    ]
    steps = [parts.Step(_("Docket"), reverse("portfolio:docket"))]
    return Section("deadlines", _("Deadlines"), "portfolio/_deadlines.html", {"groups": groups}, steps)


def _lines(rows: list[Deadline], book: Rulebook) -> list[Line]:
    return [
        Line(
            row,
            rule_name(row, book),
            deadline_url(row),
            amount_text(row.amount, row.currency) if row.amount is not None else "",
        )
        for row in rows
    ]


SECTIONS.insert(1, deadlines_section)
