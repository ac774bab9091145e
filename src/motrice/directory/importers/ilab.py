"""Laureates of the i-Lab competition: companies, and summaries as evidence of the laboratories they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.identifiers import identify
from motrice.core.imports import Proposed, Row, register
from motrice.directory.enums import EvidenceKind, OrganisationKind
from motrice.directory.importers.evidence import Text, TextReader
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import Pair, Record, holders, number_as_name
from motrice.directory.importers.texts import clean, clean_address, clean_number
from motrice.directory.rules import DOMAIN, Regions, choices


@register
class IlabLaureates(RecordImporter):
    """One laureate per row: a company when it has a number, a text when it has a summary or a pitch and a holder."""

    kind: ClassVar[str] = "ilab"
    label: ClassVar[Any] = _("i-Lab competition, laureates")
    explanation: ClassVar[Any] = _("The ministry's CSV: company with SIREN, summary, research units by RNSR number.")
    example: ClassVar[str] = "laureates_1999_2025.csv.gz"
    columns: ClassVar[tuple[str, ...]] = (
        "row_id",
        "pitch",
        "summary",
        "year",
        "technology_domain",
        "region",
        "project_name",
        "siren",
        "company_name",
        "company_website",
        "research_unit_rnsr_ids",
        "research_unit_names",
        "research_unit_acronyms",
        "parent_structure_ids",
    )
    source: ClassVar[str] = "i-Lab"
    main_scheme: ClassVar[str] = "siren"

    def prepare(self) -> None:
        """Read the regions and domains of the catalogue too, and the name of each company where some row gives it."""
        super().prepare()
        self.regions = Regions()
        self.texts = TextReader(self.source, self.sight, self.hidden)
        self.named: dict[str, str] = {}
        for _line, row in self.rows():
            if name := row["company_name"].strip() or row["project_name"].strip():
                self.named.setdefault(row["siren"], name)
        self.domains = {
            heading: code for code, choice in choices(DOMAIN).items() for heading in choice.data.get("headings", [])
        }

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """Companies and units first, then the texts, whose holders may be among them."""
        numbers = Proposed()
        self.units = {line: self._units(line, row, numbers) for line, row in rows}
        self.parents = {line: self._parents(row) for line, row in rows}
        pairs = [pair for listed in (self.units, self.parents) for row in listed.values() for pair in row]
        self.known = holders(pairs)
        found = super().read(rows)
        found.findings += numbers.findings
        self.texts.propose((text for line, row in rows if (text := self._text(line, row, found))), found)
        return found

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The company of one row, which may have won several times, and the units that no register gave so far."""
        company = self._company(line, row, found)
        return [*([company] if company else []), *self._new_units(line, row, found)]

    def _company(self, line: int, row: Row, found: Proposed) -> Record | None:
        number = clean_number(found, line, "siren", "siren", row["siren"])
        raw = row["company_name"] or row["project_name"]
        if not number:
            clean(found, line, "company_name", raw)
            return None
        name = clean(found, line, "company_name", raw or self.named.get(row["siren"], ""), limit=300)
        if not name:
            if not _words(row):
                return None
            found.find(line, "company_name", "nameless_company", number)
        region = self.regions.named(row["region"]) if row["region"] else ""
        if region and region not in self.regions.by_departement.values():
            found.find(line, "region", "unknown_region", region)
        domain = self.domains.get(row["technology_domain"], "")
        fields = {
            "name": name or number_as_name(("siren", number)),
            "kind": OrganisationKind.COMPANY,
            "website": clean_address(found, line, "company_website", row["company_website"]),
            "region": region[:80],
            "country": "FR",
            "level": Level.PUBLIC,
        }
        topics = [("domain", domain)] if domain else []
        return Record(line, ("siren", number), fields, topics=topics, is_mention=True, match_names=bool(name))

    def _new_units(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """Units closed before the registers read so far begin: kept under the name that the row gives them."""
        names = _beside(row["research_unit_names"], len(self.units[line]))
        acronyms = _beside(row["research_unit_acronyms"], len(self.units[line]))
        fresh = []
        for (scheme, number), raw, acronym in zip(self.units[line], names, acronyms, strict=True):
            is_new = (scheme, number) not in self.known and f"{scheme}:{number}" not in self.seen
            told = found if is_new else Proposed()
            name = clean(told, line, "research_unit_names", raw, limit=300) or number_as_name((scheme, number))
            if is_new:
                found.find(line, "research_unit_rnsr_ids", "unit_by_mention", number, name)
            fields = {
                "name": name,
                "kind": OrganisationKind.UNIT,
                "short_name": clean(told, line, "research_unit_acronyms", acronym, limit=80),
                "country": "FR",
                "level": Level.PUBLIC,
            }
            fresh.append(Record(line, (scheme, number), fields, is_stub=True))
        return fresh

    @staticmethod
    def _units(line: int, row: Row, found: Proposed) -> list[Pair]:
        parts = [part.strip() for part in row["research_unit_rnsr_ids"].split(",") if part.strip()]
        numbers = [clean_number(found, line, "research_unit_rnsr_ids", "rnsr", part) for part in parts]
        return list(dict.fromkeys(("rnsr", number) for number in numbers if number))

    @staticmethod
    def _parents(row: Row) -> list[Pair]:
        """The bodies above the team, by whatever number the row gives: they hold the text when no unit does."""
        parts = [part.strip() for part in row["parent_structure_ids"].split(",") if part.strip()]
        pairs = [pair for part in parts for pair in identify(part)]
        return [*pairs, *(("siren", value[:9]) for scheme, value in pairs if scheme == "siret")]

    def _text(self, line: int, row: Row, found: Proposed) -> Text | None:
        words = _words(row)
        if not words:
            return None
        text = clean(found, line, "summary", words, prose=True)
        owners = self._owners(line, row, found)
        name = " ".join((row["project_name"] or row["company_name"] or row["pitch"] or row["summary"]).split())
        title = name if len(name) <= 500 else f"{name[:499]}…"
        if not owners:
            found.find(line, "research_unit_rnsr_ids", "no_holder", title)
            return None
        values = {
            "kind": EvidenceKind.STARTUP,
            "title": title,
            "text": text,
            "language": "fr",
            "dated_on": f"{row['year']}-01-01" if row["year"].isdigit() else "",
            "level": Level.PUBLIC,
        }
        return Text(line, row["row_id"][:120], values, owners)

    def _owners(self, line: int, row: Row, found: Proposed) -> list[Pair]:
        """The units, else the bodies above them, and the company: a text without a company is evidence too."""
        owners = list(self.units[line])
        if not owners:
            bodies: dict[int, Pair] = {}
            for pair in self.parents[line]:
                if pair in self.known and self.known[pair] not in self.hidden:
                    bodies.setdefault(self.known[pair], pair)
            owners = list(bodies.values())
        company = clean_number(Proposed(), line, "siren", "siren", row["siren"])
        if company:
            return [*owners, ("siren", company)]
        if owners:
            found.find(line, "siren", "without_company", ", ".join(value for _scheme, value in owners))
        return owners


def _words(row: Row) -> str:
    """What the row says of the project."""
    return "\n\n".join(part.strip() for part in (row["pitch"], row["summary"]) if part.strip())


def _beside(cell: str, count: int) -> list[str]:
    """A cell of names for so many numbers: names hold commas themselves, so one number takes the whole cell."""
    if count == 1:
        return [cell.strip()]
    parts = [part.strip() for part in cell.split(",")]
    return parts if len(parts) == count else [""] * count
