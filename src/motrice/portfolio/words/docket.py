"""The docket in words: the name of a rule, the chain that made a date, why an office was closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from motrice.engines.docketing import Rule, Rulebook
from motrice.portfolio.enums import EventKind
from motrice.portfolio.models import Deadline
from motrice.portfolio.tables import docket as tables
from motrice.web.formats import day_text

CLOSED = {
    "Saturday": gettext_lazy("a Saturday"),
    "Sunday": gettext_lazy("a Sunday"),
    "closing day": gettext_lazy("a closing day of the office"),
    "New Year's Day": gettext_lazy("New Year’s Day"),
    "Epiphany": gettext_lazy("Epiphany"),
    "Good Friday": gettext_lazy("Good Friday"),
    "Easter Monday": gettext_lazy("Easter Monday"),
    "Labor Day": gettext_lazy("Labour Day"),
    "Victory Day": gettext_lazy("Victory Day"),
    "Ascension Day": gettext_lazy("Ascension Day"),
    "Whit Monday": gettext_lazy("Whit Monday"),
    "Pentecost Monday": gettext_lazy("Whit Monday"),
    "Corpus Christi": gettext_lazy("Corpus Christi"),
    "National Day": gettext_lazy("Bastille Day"),
    "Assumption Day": gettext_lazy("Assumption Day"),
    "German Unity Day": gettext_lazy("German Unity Day"),
    "All Saints' Day": gettext_lazy("All Saints’ Day"),
    "Armistice Day": gettext_lazy("Armistice Day"),
    "Christmas Day": gettext_lazy("Christmas Day"),
    "Second Day of Christmas": gettext_lazy("the second day of Christmas"),
    "King's Day": gettext_lazy("King’s Day (The Hague)"),
    "International Women's Day": gettext_lazy("Women’s Day (Berlin)"),
}


def in_language(names: dict[str, str], key: str = "") -> str:
    """The words of a table in the reader's language: `name` or `note`."""
    is_french = (get_language() or "").startswith("fr")
    if not key:
        return names.get("fr" if is_french else "en", "")
    return names.get(f"{key}_fr" if is_french else key, "")


def rule_name(deadline: Deadline, book: Rulebook | None = None) -> str:
    """What a deadline asks, in words: "French annuity, year 5"."""
    rule = (book or tables.book_of(deadline.book)).rules.get(deadline.rule)
    name = in_language(rule.names) if rule else deadline.rule
    if deadline.year:
        return _("%(name)s, year %(year)s") % {"name": name, "year": deadline.term}
    return name


@dataclass(frozen=True)
class ChainStep:
    """One step of the chain as its page shows it."""

    words: str
    on: date
    law: str = ""
    note: str = ""
    is_doubt: bool = False


def chain_steps(deadline: Deadline) -> list[ChainStep]:
    """Every step that made a deadline, in order, each with the rule that says so."""
    book = tables.rulebook()
    return [_step(link, deadline, book) for link in deadline.chain]


def _step(link: list[str], deadline: Deadline, book: Rulebook) -> ChainStep:
    kind, on, cites, detail = link[0], date.fromisoformat(link[1]), link[2], link[3]
    if kind in ("moved", "doubt"):
        return _closing(kind, on, cites, detail, book)
    rule = book.rules.get(cites)
    words = _WORDS[kind]
    text = str(words) % {"detail": _detail(kind, detail), "rule": in_language(rule.names) if rule else cites}
    law = detail if kind == "window" else (rule.legal_basis if rule else "")
    return ChainStep(text, on, law, in_language(rule.names, "note") if rule and kind == "delay" else "")


_WORDS: dict[str, Any] = {
    "event": gettext_lazy("Counted from: %(detail)s"),
    "filing": gettext_lazy("Counted from the filing"),
    "priority": gettext_lazy("Counted from the earliest priority"),
    "grant": gettext_lazy("Counted from the grant"),
    "publication": gettext_lazy("Counted from the publication"),
    "delay": gettext_lazy("%(rule)s: %(detail)s"),
    "end_of_month": gettext_lazy("At the end of the month"),
    "extension": gettext_lazy("Extended, %(detail)s in all"),
    "shift": gettext_lazy("%(rule)s: %(detail)s from the priority"),
    "window": gettext_lazy("May be paid until then without a surcharge"),
    "accumulated": gettext_lazy("Could not be paid earlier: it fell due before the entry, the filing or the grant"),
    "grace": gettext_lazy("%(rule)s: %(detail)s more"),
    "done": gettext_lazy("Done: %(detail)s"),
    "ended": gettext_lazy("No longer needed: %(detail)s"),
}


def _detail(kind: str, detail: str) -> str:
    if kind in ("event", "done", "ended"):
        if detail.startswith("child:"):
            return _("a filing that follows from it")
        return str(EventKind(detail).label) if detail in EventKind.values else detail
    count, _space, unit = detail.partition(" ")
    if not count.isdecimal():
        return detail
    number = int(count)
    if unit == "years":
        return ngettext("%(n)d year", "%(n)d years", number) % {"n": number}
    if unit == "days":
        return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    return ngettext("%(n)d month", "%(n)d months", number) % {"n": number}


def _closing(kind: str, on: date, cites: str, detail: str, book: Rulebook) -> ChainStep:
    calendar = book.calendar(cites)
    why = str(CLOSED.get(detail, detail))
    law = calendar.legal_basis if calendar else ""
    if kind == "moved":
        text = _("The office is closed (%(why)s): moved to the next open day") % {"why": why}
        return ChainStep(text, on, law)
    text = _("The office may be closed (%(why)s): the date is not moved") % {"why": why}
    return ChainStep(text, on, law, is_doubt=True)


def law_of(rule: Rule | None) -> str:
    """The article, or a word for none."""
    return (rule.legal_basis if rule else "") or _("no article of law is cited")


def moved_words(deadline: Deadline) -> str:
    """Why a date moved, in one line; "" when it did not."""
    if deadline.due_on == deadline.original_on:
        return ""
    return _("moved from %(day)s") % {"day": day_text(deadline.original_on)}


@dataclass(frozen=True)
class FeeBasis:
    """The fee table that gave an amount: from when it holds, until when that is known, and by which source."""

    code: str
    version: int
    valid_from: date
    known_until: date | None
    source: str


def fee_basis(code: str, version: int | None, book: Rulebook) -> FeeBasis | None:
    """The table as it is in force; nothing for a version that another has replaced, or where no table was used."""
    table = book.fee_tables.get(code)
    if table is None or table.version != version:
        return None
    ends = [day for day in (table.valid_to, table.known_until) if day is not None]
    return FeeBasis(table.code, table.version, table.valid_from, min(ends, default=None), table.source)


def basis_of(deadline: Deadline) -> FeeBasis | None:
    """From which table the amount of a deadline comes."""
    return fee_basis(deadline.fee_table, deadline.fee_version, tables.book_of(deadline.book))


def basis_words(deadline: Deadline) -> str:
    """Whether an amount is an estimate and of which table, in one line; "" for what was paid or has no fee."""
    found = basis_of(deadline)
    if found is None or found.known_until is None or not deadline.is_estimate:
        return _("estimate") if deadline.is_estimate else ""
    return _("estimate: table known until %(day)s") % {"day": day_text(found.known_until)}


def basis_source(deadline: Deadline) -> str:
    """The same with the table and its source, for a file."""
    found = basis_of(deadline)
    if found is None:
        return f"{deadline.fee_table} v. {deadline.fee_version}" if deadline.fee_table else ""
    told = [basis_words(deadline), f"{found.code} v. {found.version}", found.source]
    return "; ".join(filter(None, told))
