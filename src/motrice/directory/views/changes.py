"""The differences of a proposal, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from motrice.core.confidentiality import Level
from motrice.core.identifiers import REGISTERS, shown
from motrice.core.imports import importer_of
from motrice.core.models import ImportProposal
from motrice.directory.enums import EvidenceKind, NameKind, OrganisationKind, RelationKind
from motrice.directory.models import Evidence, Organisation

WORDS = {"kind": OrganisationKind, "level": Level}


@dataclass(frozen=True)
class ShownChange:
    """One difference as people read it."""

    number: int
    label: str
    before: str
    after: str
    is_kept: bool
    asked: list[tuple[str, str]] = field(default_factory=list)  # what one may write otherwise: label and text
    fault: str = ""


def shown_changes(
    proposal: ImportProposal, typed: Mapping[int, Sequence[str]] | None = None, fault: str = ""
) -> list[ShownChange]:
    """Every difference of a proposal, those dismissed marked; with what was typed in it and why that was refused."""
    dismissed, importer = set(proposal.dismissed), importer_of(proposal.run.kind)
    is_decided = proposal.state in (ImportProposal.State.APPLIED, ImportProposal.State.REFUSED)
    found = []
    for number, (name, before, after) in enumerate(proposal.changes):
        words = importer.shown(name, before, after) or (_label(name, after), _words(name, before), _words(name, after))
        asked = [] if is_decided else importer.asked(name, after)
        texts = (typed or {}).get(number, ())
        if texts and len(texts) == len(asked):
            asked = [(label, text) for (label, _supposed), text in zip(asked, texts, strict=True)]
        found.append(ShownChange(number, *words, number not in dismissed, asked, fault if asked and texts else ""))
    return found


def _label(name: str, after: Any) -> str:
    if name == "identifier":
        return str(REGISTERS[after[0]].label) if after[0] in REGISTERS else after[0]
    if name == "other_name":
        return str(NameKind(after[0]).label)
    titles = {
        "topic": _("Topic"),
        "address": _("Address"),
        "mechanism": _("What it offers"),
        "link": _("Link"),
        "holder": _("Holder"),
    }
    if name in titles:
        return titles[name]
    model = Organisation if name in {column.name for column in Organisation._meta.concrete_fields} else Evidence
    return str(model._meta.get_field(name).verbose_name)


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "identifier":
        return shown(value[0], value[1])
    if name == "other_name":
        return f"{value[1]} ({value[2]})" if value[2] else value[1]
    if name in ("topic", "holder"):
        return " ".join(value)
    if name == "link":
        kind = RelationKind(value["kind"]).label
        other = " ".join(value["other"])
        text = f"{kind} {other}" if value["is_source"] else f"{other} {kind}"
        return " · ".join(filter(None, (text, value.get("label_number", ""), value.get("starts_on", ""))))
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part not in (None, "", []))
    return _choice(name, str(value))


def _choice(name: str, value: str) -> str:
    if name in WORDS and value in WORDS[name].values:
        return str(WORDS[name](value).label)
    if name == "kind" and value in EvidenceKind.values:
        return str(EvidenceKind(value).label)
    return value if len(value) <= 400 else f"{value[:399]}…"
