"""The law of co-ownership and the families of licences, as the catalogue holds them, in the shapes of the engines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.engines.coownership import Rule, Rules
from motrice.engines.software import Family, LicenceTable, UnknownLicence, normalise
from motrice.portfolio.tables.dated import check_days, day_in

COOWNERSHIP, LICENCE_FAMILY = "portfolio.coownership", "portfolio.licence_family"
CONFIDENCES = ("text", "secondary", "reading")
FAMILIES = {family.name.lower(): family for family in Family if family is not Family.UNKNOWN}


def check_rule(data: dict[str, Any]) -> None:
    """A rule of co-ownership: its topic, article, days of validity, delay in months, source and how sure it is."""
    for name in ("article", "note"):
        text = data.get(name)
        if not isinstance(text, dict) or not text.get("fr") or not text.get("en"):
            raise RuleViolation(_("It needs its %(name)s in French and in English.") % {"name": name}, field=name)
    if not data.get("topic") or not data.get("source"):
        raise RuleViolation(_("A rule has a topic and a source."), field="topic")
    if data.get("confidence") not in CONFIDENCES:
        raise RuleViolation(
            _("Say how sure it is: %(values)s.") % {"values": ", ".join(CONFIDENCES)}, field="confidence"
        )
    months = data.get("months", 0)
    if type(months) is not int or not 0 <= months <= 120:
        raise RuleViolation(_("A delay is a whole number of months."), field="months")
    check_days(data)
    unknown = set(data.get("kinds", ())) - set(OrganisationKind.values)
    if unknown:
        raise RuleViolation(_("No kind of body is called %(kind)s.") % {"kind": min(unknown)}, field="kinds")


def check_family(data: dict[str, Any]) -> None:
    """A family of licences: a label, SPDX identifiers of licences, and exceptions that make a licence one of it."""
    label = data.get("label")
    if not isinstance(label, dict) or not label.get("fr") or not label.get("en"):
        raise RuleViolation(_("It needs a label in French and in English."), field="label")
    for name in ("licences", "exceptions"):
        if not isinstance(data.get(name), list):
            raise RuleViolation(_("It lists %(name)s.") % {"name": name}, field=name)
    for licence in data["licences"]:
        try:
            written = normalise(licence)
        except UnknownLicence as error:
            raise RuleViolation(_("SPDX knows no licence %(text)s.") % {"text": licence}, field="licences") from error
        if written != licence:
            raise RuleViolation(
                _("SPDX writes %(text)s as %(written)s.") % {"text": licence, "written": written}, field="licences"
            )


def register_kinds() -> None:
    """Tell the catalogue how each kind is checked."""
    catalogue.register_kind(COOWNERSHIP, check_rule)
    catalogue.register_kind(LICENCE_FAMILY, check_family)


def rules() -> Rules:
    """The rules of co-ownership in force by day, their articles in the reader's language."""
    language = (get_language() or "fr")[:2]
    return Rules(
        Rule(
            topic=row.data["topic"],
            article=row.data["article"].get(language, row.data["article"]["en"]),
            starts_on=date.fromisoformat(row.data["starts_on"]),
            ends_on=day_in(row.data, "ends_on"),
            months=row.data.get("months", 0),
            source=row.data["source"],
            confidence=row.data["confidence"],
        )
        for row in catalogue.current(COOWNERSHIP)
    )


def public_kinds(day: date) -> frozenset[str]:
    """The kinds of bodies that the decree counts as public on a day."""
    found: set[str] = set()
    for row in catalogue.current(COOWNERSHIP):
        starts_on, ends_on = date.fromisoformat(row.data["starts_on"]), day_in(row.data, "ends_on")
        if row.data["topic"] == "public_bodies" and starts_on <= day and (ends_on is None or day <= ends_on):
            found |= set(row.data.get("kinds", ()))
    return frozenset(found)


def public_among(organisations: Iterable[Organisation], day: date) -> list[Organisation]:
    """Those that the decree counts as public bodies on a day."""
    kinds = public_kinds(day)
    return [body for body in organisations if body.kind in kinds]


def licences() -> LicenceTable:
    """Which family each licence belongs to."""
    families: dict[str, Family] = {}
    exceptions: dict[str, Family] = {}
    for row in catalogue.current(LICENCE_FAMILY):
        family = FAMILIES.get(row.code)
        if family is None:
            continue
        families |= dict.fromkeys(row.data["licences"], family)
        exceptions |= dict.fromkeys(row.data["exceptions"], family)
    return LicenceTable(families, exceptions)
