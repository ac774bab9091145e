"""From the history of a family to its docket."""

from __future__ import annotations

from datetime import date

from motrice.engines.docketing.annuities import annuity_deadlines
from motrice.engines.docketing.deadlines import Deadline, Docket, Note
from motrice.engines.docketing.histories import DONE, EXTENDED, PAID, Family
from motrice.engines.docketing.lineage import Lineage
from motrice.engines.docketing.periods import period_deadlines
from motrice.engines.docketing.rulebook import Rulebook

FACTS = (DONE, EXTENDED, PAID)


def derive(family: Family, book: Rulebook, today: date) -> Docket:
    """Every deadline of a family, in order of due date, application and rule.

    It depends on nothing but its arguments: to recompute after an event is added, corrected or removed, derive the
    family again and take the `differences`. Facts that answer no deadline come back in `unmatched`, never lost.
    Raises `ValueError` when applications descend from one another in a circle.
    """
    lineage = Lineage(family)
    deadlines: list[Deadline] = []
    notes: list[Note] = []
    used: set[str] = set()
    for application in family.applications:
        for rule in book.periods(application):
            deadlines.extend(period_deadlines(rule, application, lineage, book, today, used))
        deadlines.extend(annuity_deadlines(application, lineage, book, today, used))
        notes.extend(Note(application.key, rule.code) for rule in book.notes(application))
    unmatched = tuple(
        event
        for application in family.applications
        for event in application.events
        if event.kind in FACTS and event.key not in used
    )
    deadlines.sort(key=lambda deadline: (deadline.due_on, deadline.key))
    return Docket(family.key, tuple(deadlines), tuple(notes), unmatched)
