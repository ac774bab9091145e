"""Field by field: what a family of a file would add to the portfolio, or change in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from motrice.core.imports import Change
from motrice.engines.patentfiles import Party
from motrice.portfolio.importers.bodies import Directory, Judged
from motrice.portfolio.importers.held import Held
from motrice.portfolio.importers.members import Family, Member
from motrice.portfolio.importers.supposed import supposed

LONGEST_TITLE = 300
SUMMARY = 4000


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class Comparison:
    """The differences between families of a file and the portfolio, and the applicants that a person must judge."""

    def __init__(self, directory: Directory, office_pk: int) -> None:
        self.directory = directory
        self.office_pk = office_pk
        self.doubtful: dict[tuple[str, str], tuple[int, Judged]] = {}

    def judged(self, member: Member) -> list[list[Any]]:
        """The applicants of a filing: name, country, and the body when it is sure."""
        found = []
        for party in member.applicants:
            judged = self.directory.judge(party.name, party.country, party.identifier)
            found.append([party.name[:300], party.country, judged.best.id if judged.is_sure and judged.best else None])
            if judged.best is not None and not judged.is_sure:
                self.doubtful.setdefault((party.name[:300], party.country), (member.line, judged))
        return found

    def creation(self, family: Family) -> list[Change]:
        """Everything of a new family."""
        title, language = family.title()
        first = family.first_day()
        changes: list[Change] = [
            ["title", None, shortened(title, LONGEST_TITLE)],
            ["language", None, "fr" if language == "fr" else "en"],
            ["starts_on", None, _iso(first)],
        ]
        if family.docdb:
            changes.append(["docdb_family", None, family.docdb])
        summary = next((family.abstracts[name] for name in (language, "fr", "en") if name in family.abstracts), "")
        if summary:
            changes.append(["summary", None, summary[:SUMMARY]])
        members = family.ordered()
        changes.append(["owners", None, supposed(self.owners(members), [self.office_pk])])
        makers = self.makers(members)
        if makers:
            changes.append(["makers", None, supposed(makers)])
        changes += [["class", None, list(pair)] for pair in ordered_classes(family)]
        changes += [["application", None, self.application(family, member)] for member in members]
        return changes

    def owners(self, members: list[Member]) -> list[int]:
        """The applicants that are surely known; failing any, the office."""
        sure = {pk for member in members for _name, _country, pk in self.judged(member) if pk is not None}
        return sorted(sure) or [self.office_pk]

    def makers(self, members: list[Member]) -> list[str]:
        """The inventors as printed, of the filing that names most of them."""
        named: tuple[Party, ...] = max((member.inventors for member in members), key=len, default=())
        return list(dict.fromkeys(party.name[:160] for party in named))

    def application(self, family: Family, member: Member) -> dict[str, Any]:
        """One filing with all that hangs on it."""
        numbers = {(item.office, item.number) for item in family.members.values() if item.number}
        descent = member.descent_among(numbers)
        has_day = member.number and member.filed_on
        return {
            "office": member.office,
            "number": member.number if has_day else "",
            "route": str(member.route),
            "filed_on": _iso(member.filed_on),
            "language": member.language,
            "parent": list(descent[0]) if descent else [],
            "descent": str(descent[1]) if descent else "",
            "applicants": self.judged(member),
            "priorities": [
                [office, number, _iso(on), is_active]
                for (office, number), (on, is_active) in sorted(member.priorities.items())
                if on is not None
            ],
            "publications": [
                [office, number, kind, _iso(on), language]
                for (office, number, kind), (on, language) in member.publications.items()
                if on is not None
            ],
        }

    def differences(self, family: Family, held: Held) -> list[Change]:
        """What a held family lacks, or says otherwise."""
        changes: list[Change] = []
        own = held.asset.family.docdb_family
        if family.docdb and own != family.docdb:
            changes.append(["docdb_family", own, family.docdb])
        changes += [["class", None, list(pair)] for pair in ordered_classes(family) if pair not in held.classes]
        for member in family.ordered():
            application = held.application_of(member)
            if application is None:
                changes.append(["application", None, self.application(family, member)])
            else:
                changes += self._of_filing(family, member, application, held)
        return changes

    def _of_filing(self, family: Family, member: Member, application: Any, held: Held) -> Iterator[Change]:
        said = self.application(family, member)
        where = [application.office, application.number, application.pk]
        if member.filed_on and application.filed_on != member.filed_on:
            yield ["filed_on", [*where, _iso(application.filed_on)], [*where, _iso(member.filed_on)]]
        if member.number and not application.number and member.filed_on:
            yield ["number", [*where, ""], [*where, member.number]]
        known = {(row.office, row.number) for row in application.priorities.all()}
        for row in said["priorities"]:
            if (row[0], row[1]) not in known:
                yield ["priority", None, [*where, *row]]
        for row in said["publications"]:
            if (row[0], row[1], row[2]) not in held.publications:
                yield ["publication", None, [*where, *row]]
        if said["applicants"] and not list(application.applicants.all()):
            yield ["applicants", None, [*where, said["applicants"]]]


def ordered_classes(family: Family) -> list[tuple[str, str]]:
    """The classes, the first ones first."""
    return [
        pair for pair, _first in sorted(family.classes.items(), key=lambda item: (item[0][0] != "ipc", not item[1]))
    ]


def shortened(text: str, limit: int) -> str:
    """A text that fits its column."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
