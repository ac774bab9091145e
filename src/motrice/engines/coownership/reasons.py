"""A rule of law as a parameter, and the reason that an answer gives: which rule, which facts, which days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Rule:
    """One rule with the days between which it holds, its legal source and how sure it is."""

    topic: str
    article: str
    starts_on: date
    ends_on: date | None = None
    months: int = 0
    source: str = ""
    confidence: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the rule is law on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Reason:
    """Why: a code that the reader's language gives words to, the rule it comes from, and the facts it rests on."""

    code: str
    rule: Rule | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def article(self) -> str:
        """The article, or nothing when no rule is at stake."""
        return self.rule.article if self.rule else ""


class Refused(ValueError):
    """An act that cannot be done, with its reason."""

    def __init__(self, code: str, rule: Rule | None = None, **facts: Any) -> None:
        super().__init__(f"{code}: {facts}")
        self.reason = Reason(code, rule, facts)


class Rules:
    """The rules that an answer may use, found by topic and day."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: (rule.topic, rule.starts_on))
        for earlier, later in zip(self._rules, self._rules[1:], strict=False):
            if earlier.topic == later.topic and (earlier.ends_on is None or later.starts_on <= earlier.ends_on):
                raise ValueError(f"Two rules on {later.topic!r} hold on {later.starts_on}: give the first one an end.")

    def on(self, topic: str, day: date) -> Rule | None:
        """The rule on a topic that holds on a day, if there is one."""
        return next((rule for rule in self._rules if rule.topic == topic and rule.holds_on(day)), None)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month when that month has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
