"""What the desk reads from the catalogue: segments, promises, routing rules, reasons; and how each is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.calendars import WorkingCalendar
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.directory.enums import OrganisationKind, Scheme
from motrice.directory.models import Identifier

SEGMENT, PROMISE, ROUTING = "sourcing.segment", "sourcing.promise", "sourcing.routing"
REFUSAL, ENDING = "sourcing.refusal", "sourcing.ending"
FIRST_ANSWER = "first-answer"
NAF_FORM = re.compile(r"^[0-9]{2}([0-9]{1,2}[A-Z]?)?$")
CONDITIONS = {"segments", "naf", "regions", "trl_min", "trl_max"}
TARGETS = {"kinds", "identifiers", "same_segment", "same_region", "network_desk", "offices", "officers"}
LISTS = ("segments", "naf", "regions", "kinds", "identifiers", "offices", "officers")


def in_words(texts: Mapping[str, str]) -> str:
    """A text of the catalogue in the reader's language."""
    return texts.get((get_language() or "fr")[:2]) or texts.get("fr", "")


def plain_naf(code: str) -> str:
    """A NAF code without its point: `20.59Z` and `2059Z` are one."""
    return code.replace(".", "").replace(" ", "").upper()


def check_naf(code: str) -> str:
    """The plain form of a NAF code or division; refuses what is neither."""
    plain = plain_naf(code)
    if plain and not NAF_FORM.match(plain):
        raise RuleViolation(
            _("“%(code)s” is not a NAF code: give two digits to four digits and a letter, such as 20.59Z.")
            % {"code": code},
            field="naf_code",
        )
    return plain


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


def _check_segment(data: dict[str, Any]) -> None:
    _check_keys(data, {"name", "description", "naf"}, "segment")
    _check_texts(data, "name", "description")
    if not isinstance(data.get("naf"), list):
        raise RuleViolation(_("A segment lists its NAF codes."), field="naf")
    for code in data["naf"]:
        if not code or check_naf(str(code)) != code:
            raise RuleViolation(
                _("Write the NAF code %(code)s without a point or spaces.") % {"code": code}, field="naf"
            )


def _check_promise(data: dict[str, Any]) -> None:
    numbers = ("working_days", "reminder_working_days", "team_working_days", "team_reminder_working_days")
    _check_keys(data, {"name", *numbers, "opening", "closing", "country", "subdivision"}, "promise")
    _check_texts(data, "name")
    for name in numbers:
        if not isinstance(data.get(name), int) or data[name] < 1:
            raise RuleViolation(
                _("“%(name)s” is a number of working days, at least one.") % {"name": name}, field=name
            )
    for before, whole in ((numbers[1], numbers[0]), (numbers[3], numbers[2])):
        if data[before] >= data[whole]:
            raise RuleViolation(_("A reminder comes before the time is over."), field=before)
    try:
        opening, closing = time.fromisoformat(data["opening"]), time.fromisoformat(data["closing"])
    except (KeyError, ValueError) as error:
        raise RuleViolation(_("Give office hours as 09:00."), field="opening") from error
    if opening >= closing:
        raise RuleViolation(_("The office closes after it opens."), field="closing")


def check_routing(data: dict[str, Any]) -> None:
    """An ordered rule: which needs it takes, to whom it gives them, up to which load, and on which days it holds."""
    _check_keys(data, {"name", "order", "when", "target", "max_load", "starts_on", "ends_on"}, "routing")
    _check_texts(data, "name")
    if type(data.get("order")) is not int:
        raise RuleViolation(_("A routing rule has an order, a whole number."), field="order")
    load = data.get("max_load")
    if load is not None and (type(load) is not int or load < 1):
        raise RuleViolation(_("The load at most is a whole number of open needs, at least one."), field="max_load")
    days = [_check_day(data, name) for name in ("starts_on", "ends_on")]
    if all(days) and days[0] > days[1]:  # type: ignore[operator]
        raise RuleViolation(_("The end cannot precede the start."), field="ends_on")
    when, target = data.get("when", {}), data.get("target") or {}
    _check_keys(when, CONDITIONS, "when")
    _check_keys(target, TARGETS, "target")
    for name, value in (*when.items(), *target.items()):
        if name in LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise RuleViolation(_("“%(name)s” is a list of texts.") % {"name": name}, field=name)
    if not target:
        raise RuleViolation(_("A routing rule says which offices it gives the need to."), field="target")
    wrong = [kind for kind in target.get("kinds", []) if kind not in OrganisationKind.values]
    wrong += [text for text in target.get("identifiers", []) if text.partition(":")[0] not in Scheme.values]
    if wrong:
        raise RuleViolation(_("Unknown kind or register: %(what)s.") % {"what": ", ".join(wrong)}, field="target")


def _check_day(data: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(data[name]) if data.get(name) else None
    except (TypeError, ValueError) as error:
        raise RuleViolation(_("“%(name)s” is a day, such as 2027-01-31.") % {"name": name}, field=name) from error


def _check_reason(data: dict[str, Any]) -> None:
    _check_keys(data, {"name", "help", "order"}, "reason")
    _check_texts(data, "name", "help")


def register_kinds() -> None:
    """Tell the catalogue how each kind of the desk is checked."""
    catalogue.register_kind(SEGMENT, _check_segment)
    catalogue.register_kind(PROMISE, _check_promise)
    catalogue.register_kind(ROUTING, check_routing)
    catalogue.register_kind(REFUSAL, _check_reason)
    catalogue.register_kind(ENDING, _check_reason)


def choices(kind: str) -> list[tuple[str, str]]:
    """The entries of a kind as a list to choose from, in their order, in the reader's language."""
    rows = sorted(catalogue.current(kind), key=lambda row: (row.data.get("order", 0), row.code))
    return [(row.code, in_words(row.data["name"])) for row in rows]


def require_code(kind: str, code: str, *, field: str) -> str:
    """The code itself when the catalogue proposes it; refuses any other."""
    if code not in {row.code for row in catalogue.current(kind)}:
        raise RuleViolation(
            _("“%(code)s” is not in the list: choose one of its entries.") % {"code": code}, field=field
        )
    return code


def segments() -> list[CatalogueEntry]:
    """The market segments, by code."""
    return catalogue.current(SEGMENT)


def segment_of(naf_code: str) -> str:
    """The market segment of a NAF code: the longest code listed by a segment wins; empty when none lists it."""
    plain = plain_naf(naf_code)
    best, found = 0, ""
    for row in catalogue.current(SEGMENT):
        for listed in row.data["naf"]:
            if plain and plain.startswith(listed) and len(listed) > best:
                best, found = len(listed), row.code
    return found


@dataclass(frozen=True)
class Promise:
    """The times that the desk promises, and how they are counted."""

    entry: CatalogueEntry
    calendar: WorkingCalendar
    working_days: int
    reminder_working_days: int
    team_working_days: int
    team_reminder_working_days: int

    def first_answer_due(self, received_at: datetime) -> datetime:
        """When a person of the desk has answered at the latest."""
        return self.calendar.add_working_days(received_at, self.working_days)

    def team_due(self, sent_at: datetime) -> datetime:
        """When a team is asked to have answered, unless the officer sets another time."""
        return self.calendar.add_working_days(sent_at, self.team_working_days)

    def reminder_at(self, due_at: datetime) -> datetime:
        """When the officer is reminded."""
        return self.calendar.add_working_days(due_at, -self.reminder_working_days)

    def team_reminder_at(self, due_at: datetime) -> datetime:
        """When the team is reminded."""
        return self.calendar.add_working_days(due_at, -self.team_reminder_working_days)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Office hours between two times."""
        return self.calendar.working_time(start, end)


def promise_from(entry: CatalogueEntry) -> Promise:
    """The promise that one version of the catalogue states: a need keeps the one it was received under."""
    data = entry.data
    calendar = WorkingCalendar(
        country=data.get("country", "FR"),
        subdivision=data.get("subdivision", ""),
        opening=time.fromisoformat(data["opening"]),
        closing=time.fromisoformat(data["closing"]),
    )
    return Promise(
        entry=entry,
        calendar=calendar,
        working_days=data["working_days"],
        reminder_working_days=data["reminder_working_days"],
        team_working_days=data["team_working_days"],
        team_reminder_working_days=data["team_reminder_working_days"],
    )


def current_promise() -> Promise:
    """The promise made to needs that arrive now."""
    return promise_from(catalogue.entry(PROMISE, FIRST_ANSWER))


def routing_rules() -> list[CatalogueEntry]:
    """The routing rules in the order in which they are tried."""
    return sorted(catalogue.current(ROUTING), key=lambda row: (row.data["order"], row.code))


def identified(texts: Iterable[str]) -> Q:
    """Organisations by the numbers of registers that a rule lists, such as `ror:03yrm5c26`."""
    listed = Q(pk__in=[])
    for text in texts:
        scheme, _colon, value = text.partition(":")
        listed |= Q(scheme=scheme, value=value)
    return Q(pk__in=Identifier.objects.filter(listed).values("organisation_id"))


def rule_holds(data: Mapping[str, Any], on: date) -> bool:
    """Whether a routing rule holds on a day: its dates are both included, and one left out sets no limit."""
    start, end = data.get("starts_on"), data.get("ends_on")
    return (not start or date.fromisoformat(start) <= on) and (not end or on <= date.fromisoformat(end))


def rule_applies(data: Mapping[str, Any], *, segment: str, naf_code: str, region: str, trl: int | None) -> bool:
    """Whether a need meets every condition of a routing rule; a rule without conditions takes all."""
    when = data.get("when", {})
    if "segments" in when and segment not in when["segments"]:
        return False
    if "naf" in when and not any(plain_naf(naf_code).startswith(code) for code in when["naf"]):
        return False
    if "regions" in when and region not in when["regions"]:
        return False
    low, high = when.get("trl_min"), when.get("trl_max")
    if (low or high) and trl is None:
        return False
    return (low is None or trl >= low) and (high is None or trl <= high)  # type: ignore[operator]


def routing_words(routing: Mapping[str, Any]) -> str:
    """Why this officer: the rule, the office and the load, as they stood when the need was given."""
    if not routing:
        return ""
    if routing.get("reassigned"):
        return _("Given by %(who)s: %(reason)s") % {"who": routing.get("by", ""), "reason": routing["reason"]}
    parts = []
    if routing.get("rule"):
        parts.append(_("Rule “%(rule)s”.") % {"rule": in_words(routing.get("rule_name", {})) or routing["rule"]})
    else:
        parts.append(_("No rule found an office with an officer present: the need falls to the coordinator."))
    if routing.get("office"):
        parts.append(_("Office: %(office)s.") % {"office": routing["office"]})
    if routing.get("among"):
        load = routing.get("load", 0)
        needs = ngettext("%(n)d open need", "%(n)d open needs", load) % {"n": load}
        parts.append(
            ngettext(
                "The only officer present, with %(needs)s.",
                "The least loaded of %(among)d officers present, with %(needs)s.",
                routing["among"],
            )
            % {"among": routing["among"], "needs": needs}
        )
    if routing.get("absent"):
        parts.append(
            ngettext(
                "%(count)d officer is absent that day.", "%(count)d officers are absent that day.", routing["absent"]
            )
            % {"count": routing["absent"]}
        )
    return " ".join(parts)
