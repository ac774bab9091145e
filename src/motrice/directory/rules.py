"""The catalogue of the directory: regions, domains, steps of transfer and types of mechanism, read and checked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation

REGION, DOMAIN, STEP, TYPE = (f"directory.{kind}" for kind in ("region", "domain", "transfer_step", "mechanism_type"))
TERRITORIES = ("regional", "national", "operator")


def _labels(data: dict[str, Any]) -> None:
    label = data.get("label")
    if not isinstance(label, dict) or not label.get("fr") or not label.get("en"):
        raise RuleViolation(_("It needs a label in French and in English."), field="label")


def _trl(data: dict[str, Any]) -> None:
    low, high = data.get("trl_min"), data.get("trl_max")
    if not (isinstance(low, int) and isinstance(high, int) and 1 <= low <= high <= 9):
        raise RuleViolation(_("Readiness runs from TRL 1 to TRL 9."), field="trl_min")


def check_region(data: dict[str, Any]) -> None:
    """A region has a name, labels and départements."""
    _labels(data)
    if not data.get("name") or not isinstance(data.get("departements"), list):
        raise RuleViolation(_("A region has a name and a list of départements."), field="departements")


def check_step(data: dict[str, Any]) -> None:
    """A step has labels, an order, a readiness and the code of the step after it."""
    _labels(data)
    _trl(data)
    if not isinstance(data.get("order"), int) or not isinstance(data.get("next"), str):
        raise RuleViolation(_("A step has an order and says which step follows."), field="order")


def check_type(data: dict[str, Any]) -> None:
    """A type of mechanism has labels, steps, a readiness and a territory."""
    _labels(data)
    _trl(data)
    if data.get("territory") not in TERRITORIES:
        raise RuleViolation(_("A territory is regional, national or that of the operator."), field="territory")
    if not isinstance(data.get("steps"), list) or not data["steps"]:
        raise RuleViolation(_("A type says which steps it serves."), field="steps")


catalogue.register_kind(REGION, check_region)
catalogue.register_kind(DOMAIN, _labels)
catalogue.register_kind(STEP, check_step)
catalogue.register_kind(TYPE, check_type)


@dataclass(frozen=True)
class Choice:
    """One entry of the catalogue as a person picks it."""

    code: str
    label: str
    data: dict[str, Any]


def label_of(data: dict[str, Any]) -> str:
    """The label in the reader's language."""
    return data["label"].get((get_language() or "fr")[:2], data["label"]["en"])


def choices(kind: str) -> dict[str, Choice]:
    """The entries of one kind by code, in the catalogue's order."""
    rows = [Choice(row.code, label_of(row.data), row.data) for row in catalogue.current(kind)]
    return {row.code: row for row in sorted(rows, key=lambda row: (row.data.get("order", 0), fold(row.label)))}


def fold(text: str) -> str:
    """A text without case, accents, punctuation or doubled spaces: to compare names."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return re.sub(r"\W+", " ", text.casefold()).strip()


class Regions:
    """Region names as files write them, and départements, read once for an import or a page."""

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}
        self.by_departement: dict[str, str] = {}
        for row in catalogue.current(REGION):
            name = row.data["name"]
            for alias in (name, *row.data["label"].values(), *row.data.get("aliases", [])):
                self.by_name.setdefault(fold(alias), name)
            for departement in row.data["departements"]:
                self.by_departement[departement] = name

    def named(self, text: str) -> str:
        """The region's own name, or the text as found."""
        return self.by_name.get(fold(text), text.strip())

    def of_postcode(self, postcode: str) -> str:
        """The region of a French postcode, or an empty text."""
        code = postcode.strip()
        if not re.fullmatch(r"\d{5}", code):
            return ""
        return self.by_departement.get(code[:3]) or self.by_departement.get(code[:2], "")


def region_labels() -> dict[str, str]:
    """Region names to their label in the reader's language."""
    return {choice.data["name"]: choice.label for choice in choices(REGION).values()}
