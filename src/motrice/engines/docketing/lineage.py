"""What the applications of a family take from one another: filing dates, priorities, grants, phases, ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from motrice.engines.docketing.histories import RESTORED, SAME_TITLE, Application, Event, Family
from motrice.engines.docketing.tables import RenewalScheme

ENTRIES = {
    "national_phase": ("national_entry",),
    "regional_phase": ("national_entry",),
    "validation": ("validation",),
    "unitary": ("unitary_request", "unitary_registration"),
}
"""For each descent, the events that say when the phase was entered or the part was asked for."""


class Lineage:
    """One family, read as its applications descend from one another."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.by_key = {application.key: application for application in family.applications}
        self.events = {application.key: _by_kind(application.events) for application in family.applications}
        self._roots: dict[str, Application] = {}
        self._children: dict[str, list[Application]] = {}
        for application in family.applications:
            if application.parent:
                self._children.setdefault(application.parent, []).append(application)

    def parent(self, application: Application) -> Application | None:
        """What it descends from, when that is known."""
        return self.by_key.get(application.parent) if application.parent else None

    def root(self, application: Application) -> Application:
        """The application whose filing date counts: the first of the line of descent."""
        found = self._roots.get(application.key)
        if found is None:
            found, seen = application, {application.key}
            while (parent := self.parent(found)) is not None:
                if parent.key in seen:
                    raise ValueError(f"The applications {application.key} and {parent.key} descend from one another.")
                seen.add(parent.key)
                found = parent
            self._roots[application.key] = found
        return found

    def filing(self, application: Application) -> date | None:
        """The filing date that counts: its own, or that of the application it descends from."""
        return self.root(application).filed_on or application.filed_on

    def priority(self, application: Application) -> date | None:
        """The earliest priority it claims or inherits; the filing date that counts when there is none."""
        current: Application | None = application
        while current is not None:
            if current.priority_on is not None:
                return current.priority_on
            current = self.parent(current) if self.root(application) is not current else None
        return self.filing(application)

    def title(self, application: Application) -> Application:
        """The application whose grant is its own: the European one, for a validated or unitary part."""
        current = application
        while current.descent in SAME_TITLE and (parent := self.parent(current)) is not None:
            self.root(application)
            current = parent
        return current

    def granted(self, application: Application) -> Event | None:
        """The publication of the grant of its title, else the grant, else its own; the earliest of several."""
        for holder in dict.fromkeys((self.title(application).key, application.key)):
            kinds = self.events[holder]
            for kind in ("grant_publication", "grant"):
                if kind in kinds:
                    return kinds[kind][0]
        return None

    def first(self, application: Application, kind: str) -> Event | None:
        """The earliest event of a kind."""
        found = self.events[application.key].get(kind)
        return found[0] if found else None

    def child(self, application: Application, answers: Sequence[str]) -> Application | None:
        """The first that descends from it in one of these ways: "validation", or "regional_phase:EP"."""
        found = [
            child
            for child in self._children.get(application.key, ())
            if child.descent in answers or f"{child.descent}:{child.office}" in answers
        ]
        return min(found, key=lambda child: (self.entered(child) or date.max, child.key), default=None)

    def entered(self, application: Application) -> date | None:
        """When a phase was entered or a part asked for: its event, else its own filing date."""
        by_kind = self.events[application.key]
        entries = [by_kind[kind][0].on for kind in ENTRIES.get(application.descent, ()) if kind in by_kind]
        return min(entries) if entries else application.filed_on

    def ends(self, application: Application, kinds: Sequence[str]) -> list[Event]:
        """The events that ended it and that no later restoration undid, earliest first."""
        by_kind = self.events[application.key]
        if not any(kind in by_kind for kind in kinds):
            return []
        restored = by_kind.get(RESTORED, ())
        last = restored[-1].on if restored else date.min
        found = [event for kind in kinds for event in by_kind.get(kind, ()) if event.on > last or not restored]
        return sorted(found, key=_order)


def grant_year(filing: date, granted: date) -> int:
    """In which year of the patent a day falls: the first runs from the filing to the eve of its anniversary."""
    years = granted.year - filing.year
    anniversary = _anniversary(filing, years)
    return years + 1 if granted >= anniversary else years


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a common year
        return date(day.year + years, 2, 28)


def grant_year_of(lineage: Lineage, application: Application, origin: RenewalScheme | None) -> int | None:
    """The year of the patent in which its title was granted, when the scheme of the title stops there."""
    if origin is None or not origin.is_limited_by_grant:
        return None
    granted, filing = lineage.granted(application), lineage.filing(application)
    return grant_year(filing, granted.on) if granted and filing else None


def _order(event: Event) -> tuple[date, str]:
    return event.on, event.key


def _by_kind(events: Sequence[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.kind, []).append(event)
    for same in found.values():
        if len(same) > 1:
            same.sort(key=_order)
    return found
