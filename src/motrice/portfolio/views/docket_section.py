"""The deadlines of an asset on its page: what is to do first, then the annuities to the last year."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.portfolio.links import deadline_url
from motrice.portfolio.models import Deadline
from motrice.portfolio.tables.docket import rulebook
from motrice.portfolio.views.record import SECTIONS, Reader, Section
from motrice.portfolio.words.docket import rule_name
from motrice.web import parts
from motrice.web.formats import amount_text


def deadlines_section(reader: Reader) -> Section | None:
    """Every deadline of the asset that the reader may see, by its due date."""
    rows = list(Deadline.objects.permitted(reader.actor).filter(asset=reader.asset).select_related("application"))
    if not rows:
        return None
    book = rulebook()
    lines = [
        (
            row,
            rule_name(row, book),
            deadline_url(row),
            amount_text(row.amount, row.currency) if row.amount is not None else "",
        )
        for row in rows
    ]
    steps = [parts.Step(_("Docket"), reverse("portfolio:docket"))]
    return Section("deadlines", _("Deadlines"), "portfolio/_deadlines.html", {"lines": lines}, steps)


SECTIONS.insert(1, deadlines_section)
