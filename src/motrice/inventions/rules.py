"""What disclosures read from the catalogue, how each kind is checked; and exact shares in words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.calendars import WorkingCalendar
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.inventions.enums import DecisionKind

CRITERION, PROMISE = "inventions.criterion", "inventions.promise"
DECISION, DOMAIN = "inventions.decision", "inventions.domain"
UNDERTAKING = "inventions.undertaking"
EVALUATION, SECRECY = "evaluation", "secrecy"
MAX_DENOMINATOR = 1_000_000
FRACTION = re.compile(r"^\s*(\d{1,7})\s*/\s*(\d{1,7})\s*$")
PERCENT = re.compile(r"^\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*%?\s*$")
NUMBERS = (
    "sign_days",
    "sign_reminder_days",
    "take_days",
    "decision_days",
    "decision_reminder_days",
    "opinion_days",
    "opinion_reminder_days",
    "alert_days",
)


def in_words(texts: Mapping[str, str]) -> str:
    """A text of the catalogue in the reader's language."""
    return texts.get((get_language() or "fr")[:2]) or texts.get("fr", "")


def _check_texts(data: Mapping[str, Any], *names: str) -> None:
    for name in names:
        value = data.get(name)
        if not isinstance(value, dict) or not all(str(value.get(language, "")).strip() for language in ("fr", "en")):
            raise RuleViolation(_("“%(name)s” needs a French and an English text.") % {"name": name}, field=name)


def _check_keys(data: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise RuleViolation(
            _("%(where)s does not know %(keys)s.") % {"where": where, "keys": ", ".join(unknown)}, field=where
        )


def _check_criterion(data: dict[str, Any]) -> None:
    """A question put to every evaluator: its words, the scale from 0, the weight in the mean."""
    _check_keys(data, {"name", "help", "low", "high", "order", "scale", "weight"}, "criterion")
    _check_texts(data, "name", "help", "low", "high")
    if type(data.get("scale")) is not int or not 2 <= data["scale"] <= 10:
        raise RuleViolation(_("A scale runs from 0 to a whole number between 2 and 10."), field="scale")
    try:
        weight = Decimal(str(data["weight"]))
    except (KeyError, ArithmeticError) as error:
        raise RuleViolation(_("A weight is a number, such as 1.5."), field="weight") from error
    if not 0 < weight <= 10:
        raise RuleViolation(_("A weight lies between 0 and 10."), field="weight")


def _check_promise(data: dict[str, Any]) -> None:
    """The times promised to inventors, in working days of the office."""
    _check_keys(data, {"name", *NUMBERS, "opening", "closing", "country", "subdivision"}, "promise")
    _check_texts(data, "name")
    for name in NUMBERS:
        if type(data.get(name)) is not int or data[name] < 1:
            raise RuleViolation(
                _("“%(name)s” is a number of working days, at least one.") % {"name": name}, field=name
            )
    for before, whole in (
        ("sign_reminder_days", "sign_days"),
        ("decision_reminder_days", "decision_days"),
        ("opinion_reminder_days", "opinion_days"),
    ):
        if data[before] >= data[whole]:
            raise RuleViolation(_("A reminder comes before the time is over."), field=before)
    try:
        opening, closing = time.fromisoformat(data["opening"]), time.fromisoformat(data["closing"])
    except (KeyError, ValueError) as error:
        raise RuleViolation(_("Give office hours as 09:00."), field="opening") from error
    if opening >= closing:
        raise RuleViolation(_("The office closes after it opens."), field="closing")


def _check_decision(data: dict[str, Any]) -> None:
    """A kind of decision: its words, whether a second person approves it, and the next step usually promised."""
    _check_keys(data, {"name", "help", "order", "needs_approval", "next_step", "next_step_days"}, "decision")
    _check_texts(data, "name", "help", "next_step")
    if type(data.get("needs_approval")) is not bool:
        raise RuleViolation(_("needs_approval is true or false."), field="needs_approval")
    if type(data.get("next_step_days")) is not int or data["next_step_days"] < 1:
        raise RuleViolation(_("next_step_days is a number of working days, at least one."), field="next_step_days")


def _check_domain(data: dict[str, Any]) -> None:
    """A field of technology that a result belongs to."""
    _check_keys(data, {"name", "sector", "order"}, "domain")
    _check_texts(data, "name", "sector")


def _check_undertaking(data: dict[str, Any]) -> None:
    """What an evaluator from outside promises before reading: the text, and for how many days an address opens."""
    _check_keys(data, {"name", "text", "open_days", "most_days"}, "undertaking")
    _check_texts(data, "name", "text")
    for name in ("open_days", "most_days"):
        if type(data.get(name)) is not int or data[name] < 1:
            raise RuleViolation(_("“%(name)s” is a number of days, at least one.") % {"name": name}, field=name)
    if data["open_days"] > data["most_days"]:
        raise RuleViolation(_("An address opens no longer than its most days."), field="open_days")


def register_kinds() -> None:
    """Tell the catalogue how each kind of the inventions is checked."""
    catalogue.register_kind(CRITERION, _check_criterion)
    catalogue.register_kind(PROMISE, _check_promise)
    catalogue.register_kind(DECISION, _check_decision)
    catalogue.register_kind(DOMAIN, _check_domain)
    catalogue.register_kind(UNDERTAKING, _check_undertaking)


def ordered(kind: str) -> list[CatalogueEntry]:
    """The entries of a kind in their order."""
    return sorted(catalogue.current(kind), key=lambda row: (row.data.get("order", 0), row.code))


def choices(kind: str) -> list[tuple[str, str]]:
    """The entries of a kind as a list to choose from, in the reader's language."""
    return [(row.code, in_words(row.data["name"])) for row in ordered(kind)]


def require_code(kind: str, code: str, *, field: str) -> str:
    """The code itself when the catalogue proposes it; refuses any other."""
    if code not in {row.code for row in catalogue.current(kind)}:
        raise RuleViolation(
            _("“%(code)s” is not in the list: choose one of its entries.") % {"code": code}, field=field
        )
    return code


def decision_rule(kind: str) -> CatalogueEntry:
    """What the catalogue says of a kind of decision."""
    if kind not in DecisionKind.values:
        raise RuleViolation(_("“%(kind)s” is no decision that can be taken.") % {"kind": kind}, field="kind")
    return catalogue.entry(DECISION, kind)


def current_undertaking() -> CatalogueEntry:
    """What an evaluator from outside promises today."""
    return catalogue.entry(UNDERTAKING, SECRECY)


@dataclass(frozen=True)
class Promise:
    """The times promised to inventors, and how they are counted."""

    entry: CatalogueEntry
    calendar: WorkingCalendar

    def days(self, name: str) -> int:
        """One of the numbers of working days."""
        return int(self.entry.data[name])

    def after(self, at: datetime, name: str) -> datetime:
        """So many working days after a time."""
        return self.calendar.add_working_days(at, self.days(name))

    def before(self, at: datetime, name: str) -> datetime:
        """So many working days before a time."""
        return self.calendar.add_working_days(at, -self.days(name))


def promise_from(entry: CatalogueEntry | None) -> Promise:
    """The promise that one version of the catalogue states: a disclosure keeps the one it was sent under.

    One that was not sent has none yet: today's stands for it.
    """
    if entry is None:
        return current_promise()
    data = entry.data
    return Promise(
        entry,
        WorkingCalendar(
            country=data.get("country", "FR"),
            subdivision=data.get("subdivision", ""),
            opening=time.fromisoformat(data["opening"]),
            closing=time.fromisoformat(data["closing"]),
        ),
    )


def current_promise() -> Promise:
    """The promise made to disclosures that are sent now."""
    return promise_from(catalogue.entry(PROMISE, EVALUATION))


def parse_share(text: str, *, field: str = "share") -> Fraction:
    """An exact share as people write it: 1/3, 33.3 %, 50; nothing is rounded."""
    found = FRACTION.match(text)
    if found:
        numerator, denominator = int(found[1]), int(found[2])
    else:
        found = PERCENT.match(text)
        if not found:
            raise RuleViolation(
                _("“%(text)s” is not a share: write a fraction such as 1/3, or a percentage such as 37.5.")
                % {"text": text[:40]},
                field=field,
            )
        whole = Fraction(found[1].replace(",", ".")) / 100
        numerator, denominator = whole.numerator, whole.denominator
    if not denominator or numerator > denominator:
        raise RuleViolation(_("A share lies between nothing and the whole."), field=field)
    if denominator > MAX_DENOMINATOR:
        raise RuleViolation(_("This fraction is too fine: its denominator is at most a million."), field=field)
    return Fraction(numerator, denominator)


def total(shares: Iterable[Fraction]) -> Fraction:
    """The exact sum of shares."""
    return sum(shares, Fraction(0))


def percent_words(share: Fraction) -> str:
    """A share as a percentage, marked when it is rounded."""
    exact = share * 100
    shown = f"{float(exact):.2f}".rstrip("0").rstrip(".")
    sign = "" if Fraction(shown) == exact else "≈ "
    decimal = "," if (get_language() or "fr").startswith("fr") else "."
    return f"{sign}{shown.replace('.', decimal)}\N{NO-BREAK SPACE}%"


def share_words(share: Fraction) -> str:
    """A share as people read it: the fraction, and the percentage."""
    if share.denominator == 1:
        return percent_words(share)
    return f"{share.numerator}/{share.denominator} ({percent_words(share)})"


def sum_fault(shares: Sequence[Fraction]) -> str:
    """Why these shares cannot be sent, in words; empty when they sum to exactly one."""
    if not shares:
        return _("Name at least one inventor.")
    if any(not share for share in shares):
        return _("Each inventor needs a share: one of them has none yet.")
    whole = total(shares)
    if whole == 1:
        return ""
    gap = 1 - whole
    if gap > 0:
        return _("The shares sum to %(sum)s: %(gap)s is missing.") % {
            "sum": share_words(whole),
            "gap": share_words(gap),
        }
    return _("The shares sum to %(sum)s: %(gap)s is too much.") % {
        "sum": share_words(whole),
        "gap": share_words(-gap),
    }


def mean_score(scores: Sequence[Mapping[str, Any]]) -> float | None:
    """The weighted mean of an opinion's scores, each over its own scale, from 0 to 1."""
    weights = sum((Decimal(str(each["weight"])) for each in scores), Decimal(0))
    if not weights:
        return None
    parts = (Decimal(each["score"]) / Decimal(each["scale"]) * Decimal(str(each["weight"])) for each in scores)
    return float(sum(parts, Decimal(0)) / weights)
