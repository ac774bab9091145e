"""Participants in European programmes (CORDIS): by their PIC, with VAT number, place and the names they go by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level
from motrice.core.imports import ERROR, Proposed, Row, register
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.importers.records import RecordImporter
from motrice.directory.importers.ror import position
from motrice.directory.importers.shapes import Record
from motrice.directory.importers.texts import clean, clean_address, clean_number

COUNTRIES = {"UK": "GB", "EL": "GR"}  # the Union's own codes for two countries
ACTIVITIES = {
    "HES": OrganisationKind.UNIVERSITY,
    "REC": OrganisationKind.RESEARCH_BODY,
    "PRC": OrganisationKind.COMPANY,
    "PUB": OrganisationKind.OTHER,
    "OTH": OrganisationKind.OTHER,
}


@register
class CordisParticipants(RecordImporter):
    """One participation per row: the participant is described by the first row that names it."""

    kind: ClassVar[str] = "eu-participants"
    label: ClassVar[Any] = _("CORDIS, participants with VAT number and place")
    explanation: ClassVar[Any] = _(
        "CSV of participations: pic, vat_number, name, activity_type, address, geolocation."
    )
    example: ClassVar[str] = "h2020_participations_partial_2023.csv.gz"
    columns: ClassVar[tuple[str, ...]] = (
        "pic",
        "vat_number",
        "name",
        "short_name",
        "activity_type",
        "street",
        "post_code",
        "city",
        "country",
        "geolocation",
        "url",
    )
    source: ClassVar[str] = "CORDIS"
    main_scheme: ClassVar[str] = "pic"

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """The participant of one row; met again in another project, it is left without remark."""
        number = clean_number(found, line, "pic", "pic", row["pic"])
        if not number:
            found.find(line, "pic", "missing_number", row["name"], severity=ERROR)
        if not number or f"pic:{number}" in self.seen:
            return []
        name = clean(found, line, "name", row["name"], limit=300)
        if not name:
            found.find(line, "name", "missing_name", number, severity=ERROR)
            return []
        tax = clean_number(found, line, "vat_number", "vat", row["vat_number"])
        country = COUNTRIES.get(row["country"], row["country"])[:2]
        city = clean(found, line, "city", row["city"], limit=120)
        short = clean(found, line, "short_name", row["short_name"], limit=80)
        latitude, _comma, longitude = row["geolocation"].partition(",")
        place = {"street": row["street"][:300], "postcode": row["post_code"][:16], "city": city, "country": country}
        fields = {
            "name": name,
            "kind": ACTIVITIES.get(row["activity_type"], OrganisationKind.OTHER),
            "short_name": short if short.casefold() != name.casefold() else "",
            "website": clean_address(found, line, "url", row["url"]),
            "country": country,
            "city": city,
            "level": Level.PUBLIC,
        }
        return [
            Record(
                line,
                ("pic", number),
                fields,
                identifiers=[("vat", tax)] if tax else [],
                address={**position(found, line, latitude.strip(), longitude.strip()), **place},
                is_mention=True,
            )
        ]


@register
class CordisNames(RecordImporter):
    """Every name under which a PIC was written, over three exports: the first is its name, the others are aliases."""

    kind: ClassVar[str] = "eu-names"
    label: ClassVar[Any] = _("CORDIS, names of participants by PIC")
    explanation: ClassVar[Any] = _("CSV with pic, name, country, source: one row per name.")
    example: ClassVar[str] = "pic_name_variants.csv.gz"
    columns: ClassVar[tuple[str, ...]] = ("pic", "name", "country")
    source: ClassVar[str] = "CORDIS"
    main_scheme: ClassVar[str] = "pic"

    def rows(self) -> Iterator[tuple[int, Row]]:
        """One item per PIC, at the line where it is first named, with all its names."""
        by_number: dict[str, tuple[int, Row]] = {}
        for line, row in super().rows():
            first = by_number.setdefault(row["pic"], (line, {**row, "names": []}))
            first[1]["names"].append((line, row["name"], row.get("source", "")))
        yield from by_number.values()

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """One participant with its names; the same name twice from one export is a doubled row."""
        number = clean_number(found, line, "pic", "pic", row["pic"])
        names: dict[str, int] = {}
        seen: dict[tuple[str, str], int] = {}
        for at, raw, export in row["names"]:
            name = clean(found, at, "name", raw, limit=300)
            first = seen.setdefault((name, export), at)
            if first != at:
                found.find(at, "name", "doubled_row", name, first)
            if name:
                names.setdefault(name, at)
        if not number:
            found.find(line, "pic", "missing_number", next(iter(names), ""), severity=ERROR)
            return []
        if not names:
            found.find(line, "name", "missing_name", number, severity=ERROR)
            return []
        main, *others = names
        fields = {
            "name": main,
            "kind": OrganisationKind.OTHER,
            "country": COUNTRIES.get(row["country"], row["country"])[:2],
            "level": Level.PUBLIC,
        }
        return [Record(line, ("pic", number), fields, names=[(NameKind.ALIAS, name, "") for name in others])]

    def _field_changes(self, record: Record, known: Any) -> list[Any]:
        """Names only add: which of them is the right one is not theirs to say."""
        changes = super()._field_changes(record, known)
        return changes if known is None else [change for change in changes if change[0] == "other_name"]
