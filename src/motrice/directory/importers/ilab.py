"""Laureates of the i-Lab competition: companies, and summaries as evidence of the laboratories they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.imports import Proposed, Row, register
from motrice.core.models import ImportProposal
from motrice.directory.enums import EvidenceKind, OrganisationKind
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import TEXTS, Pair, Record, holders
from motrice.directory.importers.texts import clean, clean_address, clean_number
from motrice.directory.models import Evidence
from motrice.directory.rules import DOMAIN, Regions, choices


@register
class IlabLaureates(RecordImporter):
    """One laureate per row: a company when it has a number, a text when it has a summary or a pitch."""

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
    )
    source: ClassVar[str] = "i-Lab"
    main_scheme: ClassVar[str] = "siren"

    def prepare(self) -> None:
        """Read the regions and domains of the catalogue too."""
        super().prepare()
        self.regions = Regions()
        self.domains = {
            heading: code for code, choice in choices(DOMAIN).items() for heading in choice.data.get("headings", [])
        }

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """Companies first, then the texts, whose holders may be among the companies of this very file."""
        found = super().read(rows)
        units = {line: self._units(line, row, found) for line, row in rows if row["research_unit_rnsr_ids"].strip()}
        known = holders(("rnsr", number) for numbers in units.values() for number in numbers)
        keys = {row["row_id"] for _line, row in rows}
        done = set(
            Evidence.objects.filter(source=self.source, external_key__in=keys).values_list("external_key", flat=True)
        )
        for line, row in rows:
            pairs: list[Pair] = [("rnsr", number) for number in units.get(line, [])]
            for pair in pairs:
                if pair not in known:
                    found.find(line, "research_unit_rnsr_ids", "unknown_unit", pair[1])
            pairs = [pair for pair in pairs if pair in known]
            if row["row_id"] in done:
                found.unchanged += 1
            elif item := self._text(line, row, pairs, found):
                found.proposals.append(item)
        return found

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The company of one row; it may have won several times."""
        number = clean_number(found, line, "siren", "siren", row["siren"])
        name = clean(found, line, "company_name", row["company_name"] or row["project_name"], limit=300)
        if number and not name:
            found.find(line, "company_name", "missing_name", number)
        if not number or not name:
            return []
        region = self.regions.named(row["region"]) if row["region"] else ""
        if region and region not in self.regions.by_departement.values():
            found.find(line, "region", "unknown_region", region)
        domain = self.domains.get(row["technology_domain"], "")
        fields = {
            "name": name,
            "kind": OrganisationKind.COMPANY,
            "website": clean_address(found, line, "company_website", row["company_website"]),
            "region": region[:80],
            "country": "FR",
            "level": Level.PUBLIC,
        }
        topics = [("domain", domain)] if domain else []
        return [Record(line, ("siren", number), fields, topics=topics, is_mention=True)]

    @staticmethod
    def _units(line: int, row: Row, found: Proposed) -> list[str]:
        parts = [part.strip() for part in row["research_unit_rnsr_ids"].split(",") if part.strip()]
        numbers = [clean_number(found, line, "research_unit_rnsr_ids", "rnsr", part) for part in parts]
        return list(dict.fromkeys(number for number in numbers if number))

    def _text(self, line: int, row: Row, pairs: list[Pair], found: Proposed) -> ImportProposal | None:
        summary = clean(found, line, "summary", row["summary"], prose=True)
        pitch = clean(found, line, "pitch", row["pitch"], prose=True)
        is_named = bool((row["company_name"] or row["project_name"]).strip())
        company = clean_number(Proposed(), line, "siren", "siren", row["siren"]) if is_named else ""
        owners: list[Pair] = [*pairs, *([("siren", company)] if company else [])]
        if not (summary or pitch):
            return None
        name = " ".join((row["project_name"] or row["company_name"] or pitch).split())
        title = name if len(name) <= 500 else f"{name[:499]}…"
        if not owners:
            found.find(line, "research_unit_rnsr_ids", "no_holder", title)
            return None
        values = {
            "kind": EvidenceKind.STARTUP,
            "title": title,
            "text": "\n\n".join(part for part in (pitch, summary) if part),
            "language": "fr",
            "dated_on": f"{row['year']}-01-01" if row["year"].isdigit() else "",
            "level": Level.PUBLIC,
        }
        return text_proposal(line, row["row_id"], title, values, owners)


def text_proposal(line: int, key: str, title: str, values: dict[str, Any], owners: Sequence[Pair]) -> ImportProposal:
    """The proposal of one text with its holders."""
    return ImportProposal(
        line=line,
        phase=TEXTS,
        key=key[:120],
        title=title[:300],
        action=ImportProposal.Action.CREATE,
        changes=[
            *([name, None, value] for name, value in values.items() if value not in (None, "")),
            *(["holder", None, list(pair)] for pair in dict.fromkeys(owners)),
        ],
    )
