"""Transfer mechanisms financed by the national investment plan: SATT, IRT, ITE, Carnot institutes, with partners."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.imports import ERROR, Proposed, Row, register
from motrice.directory.enums import NameKind, OrganisationKind, RelationKind
from motrice.directory.importers.matching import KnownNames
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import Link, Record
from motrice.directory.importers.texts import clean, clean_number
from motrice.directory.models import Identifier
from motrice.directory.rules import TYPE, Regions, choices, fold

PARTNER_COLUMNS = ("project_id", "is_coordinator", "organisation_name", "organisation_category", "region", "country")
# A body with sites everywhere says nothing of a territory: its partners of these categories do.
LOCAL = ("universités", "grandes écoles")
FORMER = re.compile(r"\s*\(\s*EX\s+(.+?)\s*\)\s*$", re.IGNORECASE)
LABELS = {"CARN": _("Carnot label, first wave"), "CRNT": _("Carnot label, second wave")}


@register
class InnovationStructures(RecordImporter):
    """One financed structure per row; the partners' file beside gives territories and who takes part."""

    kind: ClassVar[str] = "transfer-mechanisms"
    label: ClassVar[Any] = _("Investment plan, transfer mechanisms")
    explanation: ClassVar[Any] = _("The agency's CSV of structures; beside it (role “partners”) their partners.")
    example: ClassVar[str] = "innovation_structures.csv.gz"
    columns: ClassVar[tuple[str, ...]] = (
        "project_id",
        "call_title",
        "call_year",
        "acronym",
        "title_fr",
        "funding_eur",
    )
    companions: ClassVar[dict[str, tuple[str, ...]]] = {"partners": PARTNER_COLUMNS}
    source: ClassVar[str] = "ANR"
    main_scheme: ClassVar[str] = "anr"

    def prepare(self) -> None:
        """Read the types of the catalogue and the partners of each structure."""
        super().prepare()
        self.regions = Regions()
        self.types = {call: choice for choice in choices(TYPE).values() for call in choice.data.get("calls", [])}
        self.partners: dict[str, list[tuple[int, Row]]] = {}
        for line, row in self.companion("partners"):
            self.partners.setdefault(row["project_id"], []).append((line, row))

    @cached_property
    def bodies(self) -> KnownBodies:
        """The bodies by their names; read when the first partner is met."""
        return KnownBodies(self.hidden)

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The structure, the label it bears, and the links of its partners."""
        number = clean_number(found, line, "project_id", "anr", row["project_id"])
        choice = self.types.get(row["call_title"])
        if choice is None:
            found.find(line, "call_title", "unknown_sort", row["call_title"], "-", severity=ERROR)
            return []
        raw = clean(found, line, "title_fr", row["title_fr"] or row["acronym"], limit=300)
        name = FORMER.sub("", raw)
        if not number:
            found.find(line, "project_id", "missing_number", name, severity=ERROR)
            return []
        if not name:
            found.find(line, "title_fr", "missing_name", row["project_id"], severity=ERROR)
            return []
        year = row["call_year"] if row["call_year"].isdigit() else ""
        if not year:
            found.find(line, "call_year", "wrong_year", row["call_year"])
        is_institute = row["call_title"] in LABELS
        partners = self.partners.get(row["project_id"], [])
        record = Record(
            line,
            ("anr", number),
            {
                "name": name,
                "kind": OrganisationKind.INSTITUTE if is_institute else OrganisationKind.MECHANISM,
                "short_name": clean(found, line, "acronym", row["acronym"], limit=80),
                "country": "FR",
                "starts_on": f"{year}-01-01" if year and not is_institute else "",
                "level": Level.PUBLIC,
            },
            mechanism=self._offer(line, choice, row, partners, found),
            match_names=False,
        )
        if former := FORMER.search(raw):
            record.names.append((NameKind.FORMER, former[1], "fr"))
        record.fields["region"] = self._seat(partners)
        record.links = self._participants(partners, found)
        return [*self._label(line, row, record, year), record]

    def _offer(
        self, line: int, choice: Any, row: Row, partners: list[tuple[int, Row]], found: Proposed
    ) -> dict[str, Any]:
        offer: dict[str, Any] = {"mechanism_type": choice.code}
        try:
            offer |= {"amount": f"{float(row['funding_eur']):.2f}", "currency": "EUR"}
        except ValueError:
            found.find(line, "funding_eur", "refused", row["funding_eur"])
        if choice.data["territory"] == "regional":
            offer["regions"] = self._territory(partners)
        return offer

    def _territory(self, partners: list[tuple[int, Row]]) -> list[str]:
        local = [
            self.regions.named(row["region"])
            for _line, row in partners
            if row["region"] and row["organisation_category"].casefold().startswith(LOCAL)
        ]
        return sorted(set(local))

    def _seat(self, partners: list[tuple[int, Row]]) -> str:
        seats = [row["region"] for _line, row in partners if row["is_coordinator"] == "True" and row["region"]]
        return self.regions.named(Counter(seats).most_common(1)[0][0]) if seats else ""

    def _participants(self, partners: list[tuple[int, Row]], found: Proposed) -> list[Link]:
        links = []
        for line, row in partners:
            pair = self.bodies.pair(row["organisation_name"])
            if pair is None:
                if row["is_coordinator"] != "True":
                    found.find(line, "organisation_name", "unknown_body", row["organisation_name"])
                continue
            links.append(Link(RelationKind.PARTICIPATES, pair, is_source=False))
        return links

    def _label(self, line: int, row: Row, record: Record, year: str) -> list[Record]:
        if row["call_title"] not in LABELS:
            return []
        key = ("key", f"label {row['call_title']}")
        since = f"{year}-01-01" if year else ""
        record.links.append(Link(RelationKind.LABELLED_AS, key, is_source=True, starts_on=since))
        fields = {
            "name": str(LABELS[row["call_title"]]),
            "kind": OrganisationKind.LABEL,
            "country": "FR",
            "level": Level.PUBLIC,
        }
        return [Record(line, key, fields, is_mention=True, match_names=False)]


class KnownBodies:
    """Bodies by the names that partners' lists use; a name that two bodies bear says nothing."""

    def __init__(self, hidden: Container[int]) -> None:
        known = KnownNames("none", hidden)
        self.by_name: dict[str, set[int]] = {}
        for (_country, name), pks in known.exact.items():
            self.by_name.setdefault(name, set()).update(pks)
        self.numbers: dict[int, tuple[str, str]] = {}
        rows = Identifier.objects.filter(organisation__isnull=False).order_by("-scheme")
        for pk, scheme, value in rows.values_list("organisation_id", "scheme", "value").iterator():
            self.numbers[pk] = (scheme, value)

    def pair(self, name: str) -> tuple[str, str] | None:
        """A number of the body that bears this name, when one alone does."""
        pks = self.by_name.get(fold(name), set())
        return self.numbers.get(next(iter(pks))) if len(pks) == 1 else None
