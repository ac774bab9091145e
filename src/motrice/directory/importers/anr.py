"""Projects of the national research agency, as evidence of the units that are their partners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.identifiers import identify, is_valid
from motrice.core.imports import Proposed, Row, register
from motrice.directory.enums import EvidenceKind
from motrice.directory.importers.evidence import Text, TextReader
from motrice.directory.importers.mechanisms import PARTNER_COLUMNS, KnownBodies
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import Pair, Record, holders
from motrice.directory.importers.texts import clean


def year_of(project: str) -> str:
    """The first day of the year that an ANR number holds ("ANR-10-…")."""
    match = re.match(r"ANR-(\d{2})-", project)
    return f"20{match[1]}-01-01" if match else ""


class _Texts(RecordImporter):
    """What the two sorts of project files share: no organisation is made, only texts."""

    source: ClassVar[str] = "ANR"
    main_scheme: ClassVar[str] = "anr"

    def prepare(self) -> None:
        """Remember the projects that this reading has met."""
        super().prepare()
        self.texts = TextReader(self.source, self.sight, self.hidden)

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """A project describes no organisation."""
        return []


@register
class AnrPartners(_Texts):
    """Partners of projects with their RNSR number: one text per project, its acronym, held by its units."""

    kind: ClassVar[str] = "anr-partners"
    label: ClassVar[Any] = _("ANR projects, partners with RNSR numbers")
    explanation: ClassVar[Any] = _("The agency's CSV of partners: project_id, acronym, organisation_name, rnsr_id.")
    example: ClassVar[str] = "dos_partners_2022.csv.gz"
    columns: ClassVar[tuple[str, ...]] = ("project_id", "acronym", "organisation_name", "rnsr_id", "is_coordinator")

    def rows(self) -> Iterator[tuple[int, Row]]:
        """One item per project, at its first line, with its partners."""
        projects: dict[str, tuple[int, Row]] = {}
        for line, row in super().rows():
            item = projects.setdefault(row["project_id"], (line, {**row, "partners": []}))
            item[1]["partners"].append((line, row))
        yield from projects.values()

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """One text per project with the units that hold it; every doubtful partner is told by its own line."""
        found, texts = Proposed(), []
        numbers = {line: self._number(line, partner, found) for _at, row in rows for line, partner in row["partners"]}
        known = holders(("rnsr", number) for number in numbers.values() if number)
        for line, row in rows:
            owners = self._owners(row, numbers, known, found)
            title = clean(found, line, "acronym", row["acronym"], limit=500)
            if owners and title:
                values = {
                    "kind": EvidenceKind.PROJECT,
                    "title": title,
                    "dated_on": year_of(row["project_id"]),
                    "level": Level.PUBLIC,
                    "url": f"https://anr.fr/Project-{row['project_id']}",
                }
                texts.append(Text(line, row["project_id"][:120], values, owners))
        self.texts.propose(texts, found)
        return found

    @staticmethod
    def _number(line: int, row: Row, found: Proposed) -> str:
        """A partner's RNSR number; another register's number there is named as what it is."""
        clean(found, line, "organisation_name", row["organisation_name"])
        number = row["rnsr_id"].strip().upper()
        if not number or is_valid("rnsr", number):
            return number
        others = ", ".join(scheme.upper() for scheme, _value in identify(number))
        if others:
            found.find(line, "rnsr_id", "identifier_of_other_kind", number, others)
        else:
            found.find(line, "rnsr_id", "wrong_identifier", number, _("“%s” is not an RNSR number.") % number)
        return ""

    @staticmethod
    def _owners(row: Row, numbers: dict[int, str], known: dict[Pair, int], found: Proposed) -> list[Pair]:
        owners: dict[Pair, int] = {}
        for line, _partner in row["partners"]:
            pair = ("rnsr", numbers[line])
            if not pair[1]:
                continue
            if pair not in known:
                found.find(line, "rnsr_id", "unknown_unit", pair[1])
                continue
            owners.setdefault(pair, line)
        return list(owners)


@register
class AnrInvestments(_Texts):
    """Projects of the investment plan with title and abstract; their partners, in a file beside, by name."""

    kind: ClassVar[str] = "anr-investments"
    label: ClassVar[Any] = _("Investment plan, projects with abstracts")
    explanation: ClassVar[Any] = _("The agency's CSV of projects; beside it (role “partners”) that of their partners.")
    example: ClassVar[str] = "dgpie_projects_2022.csv.gz"
    columns: ClassVar[tuple[str, ...]] = ("project_id", "acronym", "title_fr", "abstract_fr")
    companions: ClassVar[dict[str, tuple[str, ...]]] = {"partners": PARTNER_COLUMNS}

    def prepare(self) -> None:
        """Read the partners."""
        super().prepare()
        self.partners: dict[str, list[tuple[int, Row]]] = {}
        for line, row in self.companion("partners"):
            self.partners.setdefault(row["project_id"], []).append((line, row))

    @cached_property
    def bodies(self) -> KnownBodies:
        """The bodies by their names; read when the first partner is met."""
        return KnownBodies(self.hidden)

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """One text per project that has a title or an abstract and a partner in the directory."""
        found, texts = Proposed(), []
        for line, row in rows:
            title = clean(found, line, "title_fr", row["title_fr"] or row["acronym"], limit=500)
            abstract = clean(found, line, "abstract_fr", row["abstract_fr"], prose=True)
            owners = self._owners(row["project_id"], found)
            if not title or not (abstract or row["title_fr"]):
                continue
            if not owners:
                found.find(line, "project_id", "no_holder", title)
                continue
            values = {
                "kind": EvidenceKind.PROJECT,
                "title": title,
                "text": abstract,
                "language": "fr",
                "dated_on": year_of(row["project_id"]),
                "level": Level.PUBLIC,
                "url": f"https://anr.fr/Project-{row['project_id']}",
            }
            texts.append(Text(line, row["project_id"][:120], values, owners))
        self.texts.propose(texts, found)
        return found

    def _owners(self, project: str, found: Proposed) -> list[Pair]:
        owners: dict[Pair, int] = {}
        for line, partner in self.partners.get(project, []):
            name = clean(found, line, "organisation_name", partner["organisation_name"])
            pair = self.bodies.pair(name)
            if pair is None:
                found.find(line, "organisation_name", "unknown_body", name)
            else:
                owners.setdefault(pair, line)
        return list(owners)
