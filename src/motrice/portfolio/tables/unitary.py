"""The states that a unitary patent covers by the day of its registration, as the catalogue holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.portfolio.tables.dated import check_days, day_in

STATE = "portfolio.unitary_state"


@dataclass(frozen=True)
class Period:
    """States that unitary patents registered on these days cover; without a last day, until further notice."""

    starts_on: date
    ends_on: date | None
    countries: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Whether a unitary patent registered on this day covers these states."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def check_state(data: dict[str, Any]) -> None:
    """A state that unitary patents cover: its code, the first and last day of registration, the law and its source."""
    country = data.get("country")
    if not isinstance(country, str) or len(country) != 2 or not country.isupper():
        raise RuleViolation(_("A state has its code of two capital letters."), field="country")
    if not data.get("article") or not data.get("source"):
        raise RuleViolation(_("Say by which article, and where that was read."), field="source")
    check_days(data)


def register_kinds() -> None:
    """Tell the catalogue how the kind is checked."""
    catalogue.register_kind(STATE, check_state)


def periods() -> list[Period]:
    """The states by the days on which a unitary patent must be registered to cover them."""
    found: dict[tuple[date, date | None], list[str]] = {}
    for row in catalogue.current(STATE):
        days = (date.fromisoformat(str(row.data["starts_on"])), day_in(row.data, "ends_on"))
        found.setdefault(days, []).append(row.data["country"])
    return [Period(first, last, tuple(codes)) for (first, last), codes in found.items()]


def states_on(day: date) -> list[str]:
    """The states that a unitary patent registered on this day covers."""
    return sorted(code for period in periods() if period.holds(day) for code in period.countries)
