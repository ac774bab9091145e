"""The Research Organization Registry: organisations of the world, their names, numbers and relations.

Two files: the names of the whole registry (JSON lines), and the places of its French organisations (CSV).
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.identifiers import is_valid, normalise
from motrice.core.imports import ERROR, Proposed, Row, register
from motrice.directory.enums import NameKind, OrganisationKind, RelationKind, SuccessionKind
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.shapes import Link, Pair, Record
from motrice.directory.importers.texts import clean, clean_address, clean_number
from motrice.directory.rules import Regions

KINDS = (
    ("education", OrganisationKind.UNIVERSITY),
    ("healthcare", OrganisationKind.HOSPITAL),
    ("company", OrganisationKind.COMPANY),
    ("facility", OrganisationKind.RESEARCH_BODY),
    ("government", OrganisationKind.RESEARCH_BODY),
    ("nonprofit", OrganisationKind.ASSOCIATION),
    ("funder", OrganisationKind.FUNDER),
)
NAME_KINDS = {"alias": NameKind.ALIAS, "acronym": NameKind.ACRONYM, "label": NameKind.TRANSLATION}


def kind_of(types: list[str], country: str, parents: object) -> str:
    """The registry's types as our kind; a French facility that has parents is a research unit."""
    if "facility" in types and country == "FR" and parents:
        return OrganisationKind.UNIT
    return next((kind for name, kind in KINDS if name in types), OrganisationKind.OTHER)


def clean_id(found: Proposed, line: int, value: Any) -> str:
    """The record's own number: without one the row is left out."""
    if not is_valid("ror", str(value or "")):
        found.find(line, "id", "wrong_identifier", value, _("“%s” is not a ROR number.") % value, severity=ERROR)
        return ""
    return normalise("ror", str(value))


@register
class RorRegistry(RecordImporter):
    """One organisation per line: names by language, numbers of other registers, relations by number."""

    kind: ClassVar[str] = "ror"
    label: ClassVar[Any] = _("ROR registry, names and relations")
    explanation: ClassVar[Any] = _("One JSON object per line: id, status, types, name, names, country, ext, rel.")
    example: ClassVar[str] = "ror_registry_names.jsonl.gz"
    source: ClassVar[str] = "ROR"
    main_scheme: ClassVar[str] = "ror"

    @cached_property
    def announced(self) -> set[Pair]:
        """The organisations of the file."""
        return {("ror", str(row.get("id"))) for _line, row in self.rows()}

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The record of one line; a withdrawn one is left out unless the directory knows it."""
        number = clean_id(found, line, row.get("id"))
        name = clean(found, line, "name", row.get("name"), limit=300)
        if not number:
            return []
        if not name:
            found.find(line, "name", "missing_name", number, severity=ERROR)
            return []
        country = str(row.get("country") or "")[:2]
        relations = row.get("rel") or {}
        acronyms = [value for kind, value, _lang in row.get("names") or [] if kind == "acronym"]
        fields = {
            "name": name,
            "kind": kind_of(row.get("types") or [], country, relations.get("parent")),
            "short_name": acronyms[0] if acronyms and len(acronyms[0]) <= 80 else "",
            "country": country,
            "city": clean(found, line, "city", row.get("city"), limit=120),
            "level": Level.PUBLIC,
        }
        return [
            Record(
                line=line,
                key=("ror", number),
                fields=fields,
                identifiers=self._numbers(line, row.get("ext") or {}, found),
                names=[
                    (NAME_KINDS[kind], clean(found, line, "names", value, limit=300), language or "")
                    for kind, value, language in row.get("names") or []
                    if kind in NAME_KINDS and value != fields["short_name"]
                ],
                links=self._links(relations),
                match_names=row.get("status") == "active",
            )
        ]

    @staticmethod
    def _numbers(line: int, others: dict[str, Any], found: Proposed) -> list[tuple[str, str]]:
        pairs = []
        for scheme, value in others.items():
            if scheme in ("grid", "isni", "wikidata", "fundref"):
                number = clean_number(found, line, scheme, scheme, value)
                pairs += [(scheme, number)] if number else []
        return pairs

    @staticmethod
    def _links(relations: dict[str, list[str]]) -> list[Link]:
        links = []
        for kind, others in relations.items():
            for other in others:
                end = ("ror", other)
                if kind in ("parent", "child"):
                    links.append(Link(RelationKind.PARENT, end, is_source=kind == "child"))
                elif kind in ("successor", "predecessor"):
                    links.append(
                        Link(
                            RelationKind.SUCCEEDED_BY,
                            end,
                            is_source=kind == "successor",
                            succession=SuccessionKind.CONTINUED,
                        )
                    )
        return links


@register
class RorPlaces(RecordImporter):
    """The French records with region, position and website."""

    kind: ClassVar[str] = "ror-places"
    label: ClassVar[Any] = _("ROR, places and websites of French organisations")
    explanation: ClassVar[Any] = _("CSV with ror_id, name, types, country_code, region, city, lat, lng, website.")
    example: ClassVar[str] = "ror_france_active.csv.gz"
    columns: ClassVar[tuple[str, ...]] = ("ror_id", "name", "types", "country_code", "region", "city", "lat", "lng")
    source: ClassVar[str] = "ROR"
    main_scheme: ClassVar[str] = "ror"

    def prepare(self) -> None:
        """Read the regions' names too."""
        super().prepare()
        self.regions = Regions()

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The place of one organisation, and what the names file lacks."""
        number = clean_id(found, line, row["ror_id"])
        name = clean(found, line, "name", row["name"], limit=300)
        if not number:
            return []
        if not name:
            found.find(line, "name", "missing_name", number, severity=ERROR)
            return []
        parents = [item for item in json.loads(row.get("relationships") or "[]") if item.get("type") == "parent"]
        region = self.regions.named(row["region"]) if row["region"] else ""
        city = clean(found, line, "city", row["city"], limit=120)
        country = row["country_code"][:2]
        year = row.get("established", "")
        fields = {
            "name": name,
            "kind": kind_of(row["types"].split(";"), country, parents),
            "country": country,
            "region": region,
            "city": city,
            "website": clean_address(found, line, "website", row.get("website")),
            "starts_on": f"{int(year):04d}-01-01" if year.isdigit() and 0 < int(year) < 2100 else "",
            "level": Level.PUBLIC,
        }
        return [
            Record(
                line=line,
                key=("ror", number),
                fields=fields,
                address={
                    **position(found, line, row["lat"], row["lng"]),
                    "city": city,
                    "region": region,
                    "country": country,
                },
                match_names=False,
            )
        ]


def position(found: Proposed, line: int, latitude: str, longitude: str) -> dict[str, float]:
    """A position in degrees, or nothing with a finding."""
    if not latitude and not longitude:
        return {}
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        north, east = 999.0, 999.0
    if abs(north) <= 90 and abs(east) <= 180:
        return {"latitude": north, "longitude": east}
    found.find(line, "position", "wrong_position", f"{latitude}, {longitude}")
    return {}
