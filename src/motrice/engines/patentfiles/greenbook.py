"""The text format of US grants before 2001: fields of four letters, continued on indented lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import country_of
from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import Citation, Claim, Link, Party, PatentRecord, Text
from motrice.engines.patentfiles.text import classification, day

BEGIN = "PATN"
SECTION_NAMES = "PATN INVT ASSG PRIR REIS RLAP CLAS UREF FREF OREF LREP PCTA ABST GOVT PARN BSUM DRWD DETD CLMS DCLM"
SECTIONS = frozenset(SECTION_NAMES.split())
# Codes of RLAP: 71 continuation, 72 continuation in part, 73 division, 74 reissue, 81 to 93 others and further back.
RELATIONS = {"71": "continuation", "72": "continuation-in-part", "74": "division", "84": "reissue"}


@dataclass(slots=True)
class Section:
    """One group of fields, with the line it starts on."""

    name: str
    line: int
    fields: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The first field of a name."""
        return next((value for key, value in self.fields if key == name), "")

    def values(self, name: str) -> list[str]:
        """Every field of a name."""
        return [value for key, value in self.fields if key == name]


def records(stream: BinaryIO, where: str) -> Iterator[PatentRecord]:
    """Every patent of a file."""
    sections: list[Section] = []
    for line, raw in enumerate((raw.decode("utf-8", errors="replace").replace("\0", " ") for raw in stream), start=1):
        name, value = raw[:4].strip(), raw[5:].strip()
        if name in SECTIONS and not value:
            if name == BEGIN and sections:
                yield _record(sections)
                sections = []
            if name != BEGIN and not sections:
                break
            sections.append(Section(name, line))
        elif sections and name:
            sections[-1].fields.append((name, value))
        elif sections and sections[-1].fields and value:
            key, before = sections[-1].fields[-1]
            sections[-1].fields[-1] = (key, f"{before} {value}")
    if not sections:
        raise PatentFileError(
            "not_greenbook",
            "The file does not begin with a PATN section.",
            advice="Choose a file of US grants of 1976 to 2001.",
            where=where,
            line=1,
        )
    yield _record(sections)


def _record(sections: list[Section]) -> PatentRecord:
    head = sections[0]
    draft = Draft("uspto", head.line)
    _references(draft, head)
    for section in sections:
        reader = READERS.get(section.name)
        if reader is not None:
            reader(draft, section)
    return draft.done()


def _classes(draft: Draft, section: Section) -> None:
    for text in section.values("ICL"):
        draft.classify(classification("IPC", text), text, "CLAS/ICL", section.line)


def _citation(draft: Draft, section: Section) -> None:
    country = country_of(section.value("CNT")) or "US"
    draft.citations.append(Citation(numbers.publication(country, section.value("PNO")), section.value("NAM")))


def _abstract(draft: Draft, section: Section) -> None:
    draft.abstracts.append(Text("en", " ".join(value for _key, value in section.fields)))


def _relation(draft: Draft, section: Section) -> None:
    on, text, code = day(section.value("APD")), section.value("APN"), section.value("COD")
    number = numbers.application("US", text[:6], "", on)
    draft.links.append(Link(RELATIONS.get(code, f"us-{code}"), number, on, True, text))


def _international(draft: Draft, section: Section) -> None:
    world = numbers.international(section.value("PCN"))
    if world is not None:
        draft.links.append(Link("international", world, day(section.value("PD3")), True, section.value("PCN")))


def _references(draft: Draft, head: Section) -> None:
    """The last digit of both numbers is a check digit."""
    text, on = head.value("WKU"), draft.day(head.value("ISD"), "PATN/ISD")
    kind = "S" if text.startswith("D") else "E" if text.startswith("R") else "A"
    draft.publication = document(numbers.publication("US", text[:-1] if len(text) > 8 else text, kind, on), on, text)
    draft.is_grant, draft.granted_on, draft.language = True, on, "en"
    filed, text = draft.day(head.value("APD"), "PATN/APD"), head.value("APN")
    series = head.value("SRC")
    number = numbers.application("US", f"{series.zfill(2)}{text[:6]}" if series else text[:6], "", filed)
    draft.application = document(number, filed, text)
    draft.title("en", head.value("TTL"), "PATN/TTL")


def _claim(draft: Draft, section: Section) -> None:
    country, text = country_of(section.value("CNT")), section.value("APN")
    on = draft.day(section.value("APD"), "PRIR/APD", section.line)
    if not country:
        draft.find("unknown_country", "PRIR/CNT", section.value("CNT"), line=section.line)
    number = numbers.application(country, text, "", on)
    draft.priorities.append(Claim(number, on, len(draft.priorities) + 1, "national", original=text))


def _party(draft: Draft, section: Section) -> None:
    role = "inventor" if section.name == "INVT" else "assignee"
    name = " ".join(section.value("NAM").replace(";", ",").split())
    country = country_of(section.value("CNT")) or ("US" if section.value("STA") else "")
    order = 1 + sum(1 for party in draft.parties if party.role == role)
    if role == "inventor":  # "Yano; Shozo" is one person
        name = name.replace(", ", " ", 1)
    raw = section.value("NAM").replace(";", ",")
    draft.party(Party(role, name, raw, country, order, section.value("CTY")), section.name)


READERS: dict[str, Callable[[Draft, Section], None]] = {
    "PRIR": _claim,
    "INVT": _party,
    "ASSG": _party,
    "CLAS": _classes,
    "UREF": _citation,
    "FREF": _citation,
    "ABST": _abstract,
    "RLAP": _relation,
    "PCTA": _international,
}
