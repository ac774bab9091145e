"""From which day to which an entry of the catalogue holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation


def check_days(data: dict[str, Any]) -> None:
    """Refuse a rule without a first day, or whose last day comes before it."""
    starts_on, ends_on = day_in(data, "starts_on"), day_in(data, "ends_on")
    if starts_on is None or (ends_on is not None and ends_on < starts_on):
        raise RuleViolation(_("A rule holds from a day, to a later day if any."), field="starts_on")


def day_in(data: dict[str, Any], name: str) -> date | None:
    """A day of an entry; none when it is left out."""
    if not data.get(name):
        return None
    try:
        return date.fromisoformat(str(data[name]))
    except ValueError as error:
        raise RuleViolation(_("%(value)s is no day.") % {"value": data[name]}, field=name) from error
