"""The national register of public research structures (RNSR): units, who supervises them, what came before them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.identifiers import is_valid
from motrice.core.imports import ERROR, Proposed, Row, register
from motrice.directory.enums import NameKind, OrganisationKind, RelationKind, SuccessionKind
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import Link, Pair, Record, number_as_name
from motrice.directory.importers.texts import clean, clean_address, clean_number
from motrice.directory.rules import DOMAIN, Regions, choices, fold

UNIT_SORTS = {
    "Equipe interne": OrganisationKind.TEAM,
    "Fondations de coopération scientifique": OrganisationKind.ASSOCIATION,
    "Groupements d'Intérêt Public": OrganisationKind.OTHER,
    "Société privée": OrganisationKind.COMPANY,
}
BODY_SORTS = {
    "UNIV": OrganisationKind.UNIVERSITY,
    "EPST": OrganisationKind.RESEARCH_BODY,
    "EPIC": OrganisationKind.RESEARCH_BODY,
    "AUT_ETAB": OrganisationKind.SCHOOL,
}
NATURES = (
    ("université", OrganisationKind.UNIVERSITY),
    ("organismes", OrganisationKind.RESEARCH_BODY),
    ("autres établissements", OrganisationKind.SCHOOL),
    ("santé", OrganisationKind.HOSPITAL),
    ("fondation", OrganisationKind.ASSOCIATION),
    ("société", OrganisationKind.COMPANY),
)
# The register's ways of succession. One that joins parts of several reads as a merger; so does "intégration", by
# which a structure enters another. By "essaimage" a part leaves.
WAYS = {
    "fusion": SuccessionKind.MERGED,
    "renouvellement": SuccessionKind.CONTINUED,
    "éclatement": SuccessionKind.SPLIT,
    "éclatement - fusion": SuccessionKind.MERGED,
    "intégration": SuccessionKind.MERGED,
    "essaimage": SuccessionKind.SPLIT,
    "essaimage-fusion": SuccessionKind.MERGED,
}


def aligned(row: Row, *names: str) -> list[tuple[str, ...]]:
    """The cells that hold lists with semicolons, item by item; a shorter list ends with empty items."""
    lists = [row[name].split(";") if row[name] else [] for name in names]
    length = max(map(len, lists), default=0)
    return [tuple((items[n] if n < len(items) else "").strip() for items in lists) for n in range(length)]


@register
class RnsrStructures(RecordImporter):
    """One structure per row, with its supervisors, parents and predecessors in aligned lists."""

    kind: ClassVar[str] = "rnsr"
    label: ClassVar[Any] = _("RNSR, public research structures")
    explanation: ClassVar[Any] = _(
        "The ministry's CSV of active structures: number, name, address, supervisors, parents, predecessors, domains."
    )
    example: ClassVar[str] = "structures_actives_2022.csv.gz"
    columns: ClassVar[tuple[str, ...]] = (
        "numero_national_de_structure",
        "libelle",
        "sigle",
        "annee_de_creation",
        "type_de_structure",
        "site_web",
        "adresse",
        "code_postal",
        "commune",
        "label_numero",
        "tutelles",
        "sigles_des_tutelles",
        "nature_de_tutelle",
        "uai_des_tutelles",
        "siret_des_tutelles",
        "code_de_type_de_tutelle",
        "numero_de_structure_parent",
        "numero_de_structure_historique",
        "type_de_succession",
        "annee_d_effet_historique",
        "domaine_scientifique",
        "code_panel_erc",
    )
    source: ClassVar[str] = "RNSR"
    main_scheme: ClassVar[str] = "rnsr"

    def prepare(self) -> None:
        """Read the regions and domains of the catalogue too."""
        super().prepare()
        self.regions = Regions()
        self.bodies: dict[str, Pair] = {}
        self.labels: dict[str, int] = {}
        self.domains = {
            heading: code for code, choice in choices(DOMAIN).items() for heading in choice.data.get("headings", [])
        }

    @cached_property
    def announced(self) -> set[Pair]:
        """The structures of the file."""
        return {("rnsr", row["numero_national_de_structure"]) for _line, row in self.rows()}

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The structure, the bodies it names for the first time, and its predecessors that are in no file."""
        number = clean_number(found, line, "numero_national_de_structure", "rnsr", row["numero_national_de_structure"])
        name = clean(found, line, "libelle", row["libelle"], limit=300)
        if not number:
            found.find(line, "numero_national_de_structure", "missing_number", name, severity=ERROR)
            return []
        if not name:
            found.find(line, "libelle", "missing_name", row["numero_national_de_structure"], severity=ERROR)
            return []
        self._same_name(line, name, row, found)
        unit = Record(line, ("rnsr", number), self._fields(line, name, row, found))
        place = {"street": row["adresse"][:300], "postcode": row["code_postal"][:16], "city": row["commune"][:120]}
        if any(place.values()):
            unit.address = {**place, "region": unit.fields["region"], "country": unit.fields["country"]}
        unit.topics = self._topics(row)
        bodies = self._supervisors(line, row, unit, found)
        for (cell,) in aligned(row, "numero_de_structure_parent"):
            if parent := clean_number(found, line, "numero_de_structure_parent", "rnsr", cell):
                unit.links.append(Link(RelationKind.PARENT, ("rnsr", parent), is_source=False))
        stubs = self._predecessors(line, row, unit, found)
        return [*bodies, unit, *stubs]

    def _same_name(self, line: int, name: str, row: Row, found: Proposed) -> None:
        key = f"{fold(name)} {row['commune'].casefold()}"
        first = self.labels.setdefault(key, line)
        if first != line:
            found.find(line, "libelle", "same_name", name, first)

    def _fields(self, line: int, name: str, row: Row, found: Proposed) -> dict[str, Any]:
        year = row["annee_de_creation"]
        if year and not (year.isdigit() and 1200 < int(year) < 2100):
            found.find(line, "annee_de_creation", "wrong_year", year)
            year = ""
        region = self.regions.of_postcode(row["code_postal"])
        return {
            "name": name,
            "kind": UNIT_SORTS.get(row["type_de_structure"], OrganisationKind.UNIT),
            "short_name": clean(found, line, "sigle", row["sigle"], limit=80),
            "legal_form": row["type_de_structure"][:120],
            "website": clean_address(found, line, "site_web", row["site_web"]),
            "starts_on": f"{int(year):04d}-01-01" if year else "",
            "city": clean(found, line, "commune", row["commune"], limit=120),
            "region": region,
            "country": "FR" if region else "",
            "level": Level.PUBLIC,
        }

    def _topics(self, row: Row) -> list[Pair]:
        codes = [self.domains.get(heading, "") for (heading,) in aligned(row, "domaine_scientifique")]
        panels = [panel for (panel,) in aligned(row, "code_panel_erc")]
        pairs = [("domain", code) for code in codes if code] + [("erc", panel) for panel in panels if panel]
        return list(dict.fromkeys(pairs))

    def _supervisors(self, line: int, row: Row, unit: Record, found: Proposed) -> list[Record]:
        """The links of the bodies that supervise or take part; a body is described by the first row that names it."""
        fresh = []
        names = ("tutelles", "sigles_des_tutelles", "nature_de_tutelle", "uai_des_tutelles", "siret_des_tutelles")
        rows = aligned(row, *names, "code_de_type_de_tutelle", "label_numero")
        for rank, (name, acronym, nature, uai, siret, role, label) in enumerate(rows, start=1):
            if not name:
                continue
            key = self.bodies.get(f"{name}|{siret}")
            if key is None:
                record = self._body(line, name, acronym, nature, uai, siret, found)
                key = self.bodies[f"{name}|{siret}"] = record.key
                fresh.append(record)
            kind = RelationKind.PARTICIPATES if role == "PART" else RelationKind.SUPERVISES
            if len(label) > 40:
                found.find(line, "label_numero", "too_long", label, 40)
            unit.links.append(Link(kind, key, is_source=False, rank=rank, label_number=label[:40]))
            if label and label not in {value for _kind, value, _lang in unit.names} and len(label) <= 40:
                unit.names.append((NameKind.ALIAS, label, ""))
        return fresh

    def _body(self, line: int, name: str, acronym: str, nature: str, uai: str, siret: str, found: Proposed) -> Record:
        pairs: list[Pair] = []
        number = clean_number(found, line, "siret_des_tutelles", "siret", siret)
        if number:
            pairs.append(("siret", number))
            pairs += [("siren", number[:9])] if is_valid("siren", number[:9]) else []
        school = clean_number(found, line, "uai_des_tutelles", "uai", uai)
        pairs += [("uai", school)] if school else []
        kind = next((kind for word, kind in NATURES if word in nature.casefold()), OrganisationKind.OTHER)
        fields = {
            "name": clean(found, line, "tutelles", name, limit=300),
            "kind": kind,
            "short_name": clean(found, line, "sigles_des_tutelles", acronym, limit=80),
            "country": "" if "étrang" in nature.casefold() else "FR",
            "level": Level.PUBLIC,
        }
        key = pairs[0] if pairs else ("key", f"body {fold(name)}")
        return Record(line, key, fields, identifiers=pairs, is_mention=True)

    def _predecessors(self, line: int, row: Row, unit: Record, found: Proposed) -> list[Record]:
        """A closed structure is known by its number alone: kept so that the line of succession is whole."""
        stubs = []
        names = ("numero_de_structure_historique", "type_de_succession", "annee_d_effet_historique")
        for before, way, year in aligned(row, *names):
            number = clean_number(found, line, "numero_de_structure_historique", "rnsr", before)
            if not number:
                continue
            since = f"{int(year):04d}-01-01" if year.isdigit() else ""
            if way not in WAYS:
                found.find(line, "type_de_succession", "unknown_sort", way, SuccessionKind.CONTINUED.label)
            succession = WAYS.get(way, SuccessionKind.CONTINUED)
            unit.links.append(
                Link(
                    RelationKind.SUCCEEDED_BY,
                    ("rnsr", number),
                    is_source=False,
                    succession=succession,
                    starts_on=since,
                )
            )
            if ("rnsr", number) in self.announced:
                continue
            found.find(line, "numero_de_structure_historique", "known_by_number_only", number)
            stubs.append(
                Record(
                    line,
                    ("rnsr", number),
                    {
                        "name": number_as_name(("rnsr", number)),
                        "kind": OrganisationKind.UNIT,
                        "country": "FR",
                        "ends_on": f"{int(year) - 1:04d}-12-31" if year.isdigit() else "",
                        "level": Level.PUBLIC,
                    },
                    is_stub=True,
                )
            )
        return stubs
