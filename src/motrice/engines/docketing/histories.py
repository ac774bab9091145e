"""What happened: families, their applications and the events of each; the only input that people give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DONE = "done"
PAID = "annuity_paid"
EXTENDED = "extension"
RESTORED = "restoration"

SAME_TITLE = ("validation", "unitary")
"""Descents that continue the parent's title: they share its filing and its grant."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day; `key` stays the same when the event is corrected.

    A fact that answers one deadline (kinds "done" and "extension") names its `rule`, and the `trigger` event if it
    matters; a payment names the `year` it is for. `amount` is what was paid, `months` what was granted.
    """

    key: str
    kind: str
    on: date
    year: int | None = None
    rule: str = ""
    trigger: str = ""
    months: int = 0
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One filing at one office (WIPO ST.3); `priority_on` is the earliest date it claims.

    `parent` is the key of the application it descends from and `descent` how. `category` is the category of fees.
    """

    key: str
    office: str
    filed_on: date | None
    right: str = "patent"
    parent: str = ""
    descent: str = ""
    priority_on: date | None = None
    category: str = "standard"
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Family:
    """Applications that belong together; those that descend from one another are found by their keys."""

    key: str
    applications: Sequence[Application]

    def __post_init__(self) -> None:
        keys = [application.key for application in self.applications]
        if len(set(keys)) != len(keys):
            raise ValueError(f"The family {self.key} names an application twice.")
