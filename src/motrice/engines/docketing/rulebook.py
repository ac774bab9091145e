"""All the tables together, checked against one another and indexed by application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from motrice.engines.docketing.days import Calendar
from motrice.engines.docketing.errors import TableError
from motrice.engines.docketing.histories import Application
from motrice.engines.docketing.tables import RENEWAL, Fees, FeeTable, RenewalScheme, Rule

T = TypeVar("T")


class Rulebook:
    """The rules, schemes, fees and calendars that dockets are derived from; the same book gives the same docket.

    Raises `TableError` when a code is given twice or when a table cites another that is not there.
    """

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        schemes: Iterable[RenewalScheme] = (),
        fee_tables: Iterable[FeeTable] = (),
        calendars: Iterable[Calendar] = (),
    ) -> None:
        self.rules = _once(((rule.code, rule) for rule in rules), "rule")
        self.schemes = _once(((scheme.office, scheme) for scheme in schemes), "renewal scheme of the office")
        self.calendars = _once(((calendar.code, calendar) for calendar in calendars), "calendar")
        self.fee_tables = _once(((table.code, table) for table in fee_tables), "fee table")
        self.fees = Fees(tuple(self.fee_tables.values()))
        self._chosen: dict[tuple[str, str, str, bool, str], tuple[Rule, ...]] = {}
        self._check()

    def calendar(self, code: str) -> Calendar | None:
        """A calendar by its code, or nothing for ""."""
        return self.calendars.get(code)

    def periods(self, application: Application) -> tuple[Rule, ...]:
        """The rules of periods that may concern an application."""
        return self._choose(application, "period")

    def notes(self, application: Application) -> tuple[Rule, ...]:
        """The rules without a date that concern an application."""
        return self._choose(application, "note")

    def scheme(self, application: Application) -> RenewalScheme | None:
        """How its annuities run."""
        if application.right != "patent":
            return None
        return self.schemes.get("UP" if application.descent == "unitary" else application.office)

    def payers(self, application: Application, on: date) -> set[str]:
        """The categories of payer that change an amount of an application, from a day on; the standard one always."""
        asked = [(rule.fee_office, rule.fees, rule.grace) for rule in self.periods(application)]
        scheme = self.scheme(application)
        if scheme is not None:
            asked.append((scheme.office, (RENEWAL,), scheme.grace))
        found = {"standard"}
        for office, acts, grace in asked:
            for act in (*acts, grace.surcharge_act if grace else ""):
                found |= self.fees.payers(office, act, on)
        return found

    def _choose(self, application: Application, form: str) -> tuple[Rule, ...]:
        is_first = application.priority_on is None and not application.descent
        claims = application.priority_on is not None
        key = (application.office, application.right, application.descent, claims, form)
        found = self._chosen.get(key)
        if found is None:
            found = tuple(
                rule
                for rule in self.rules.values()
                if rule.form == form
                and (not rule.offices or application.office in rule.offices)
                and application.office not in rule.not_offices
                and (not rule.rights or application.right in rule.rights)
                and (rule.descents is None or application.descent in rule.descents)
                and (is_first or not rule.is_first_filing_only)
                and (claims or not rule.is_priority_claimed_only)
            )
            self._chosen[key] = found
        return found

    def _check(self) -> None:
        for rule in self.rules.values():
            if rule.calendar and rule.calendar not in self.calendars:
                raise TableError(f"The rule {rule.code} cites an unknown calendar: {rule.calendar}.", field="calendar")
        for scheme in self.schemes.values():
            if scheme.calendar and scheme.calendar not in self.calendars:
                raise TableError(
                    f"The scheme of {scheme.office} cites an unknown calendar: {scheme.calendar}.", field="calendar"
                )
            cited = [scheme.rule, scheme.limit_rule]
            cited += [scheme.grace.rule] if scheme.grace else []
            cited += [scheme.shift.rule] if scheme.shift else []
            cited += [step.rule for step in scheme.steps]
            for code in cited:
                if code and code not in self.rules:
                    raise TableError(f"The scheme of {scheme.office} cites an unknown rule: {code}.", field="rule")


def _once(pairs: Iterable[tuple[str, T]], what: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for code, item in pairs:
        if code in found:
            raise TableError(f"The {what} {code} is given twice.", field="code")
        found[code] = item
    return found
