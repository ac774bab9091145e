"""Who acts alone for the public co-owners: the agent of the unit, of its field, or of the main contributor's unit."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from motrice.engines.coownership.reasons import Reason, Rule, Rules, add_months

UNIT, FIELD, SEVERAL, AGREED, NONE = (
    "agent_of_unit",
    "agent_of_field",
    "agent_between_units",
    "agent_agreed_otherwise",
    "agent_missing",
)


@dataclass(frozen=True)
class Designation:
    """The agent named for a unit, for all its results or for one field, from a day to a day."""

    unit: Hashable
    agent: Hashable
    starts_on: date
    ends_on: date | None = None
    field: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class UnitPart:
    """What part of a result the inventors or authors of one unit contributed."""

    unit: Hashable
    share: Fraction


@dataclass(frozen=True)
class Notification:
    """An agent tells another that it will protect the result, at a time."""

    sender: Hashable
    recipient: Hashable
    at: datetime


@dataclass(frozen=True)
class AgentAnswer:
    """The agent, or none yet, with the reasons in the order in which they were weighed."""

    agent: Hashable | None
    unit: Hashable | None
    reasons: tuple[Reason, ...]

    @property
    def is_settled(self) -> bool:
        """Whether somebody acts."""
        return self.agent is not None


def propose_agent(
    *,
    parts: Sequence[UnitPart],
    designations: Iterable[Designation],
    notifications: Iterable[Notification] = (),
    rules: Rules,
    on: date,
    field: str = "",
) -> AgentAnswer:
    """Who is the agent of a result obtained in these units on a day."""
    if rules.on(UNIT, on) is None:
        return AgentAnswer(None, None, (Reason("no_rule", None, {"on": on}),))
    if not parts:
        return AgentAnswer(None, None, (Reason("no_unit", rules.on(UNIT, on)),))
    held = [row for row in designations if row.holds_on(on)]
    agents = {part.unit: _agent_of(part.unit, held, field) for part in parts}
    if len(parts) == 1:
        return _of_one_unit(parts[0].unit, agents[parts[0].unit], rules, on)
    return _between(parts, agents, list(notifications), rules, on)


def _agent_of(unit: Hashable, held: Sequence[Designation], field: str) -> Designation | None:
    """The agent of the field when one was named for it, else that of the whole unit."""
    wanted = [row for row in held if row.unit == unit]
    if field:
        for row in wanted:
            if row.field == field:
                return row
    return next((row for row in wanted if not row.field), None)


def _of_one_unit(unit: Hashable, row: Designation | None, rules: Rules, on: date) -> AgentAnswer:
    if row is None:
        return AgentAnswer(None, unit, (Reason("none_designated", rules.on(NONE, on), {"unit": unit}),))
    return AgentAnswer(row.agent, unit, (_designated(row, rules, on),))


def _designated(row: Designation, rules: Rules, on: date) -> Reason:
    facts = {"unit": row.unit, "agent": row.agent, "since": row.starts_on, "field": row.field}
    if row.field:
        return Reason("designated_for_field", rules.on(FIELD, on), facts)
    return Reason("designated_for_unit", rules.on(UNIT, on), facts)


def _between(
    parts: Sequence[UnitPart],
    agents: dict[Hashable, Designation | None],
    notifications: list[Notification],
    rules: Rules,
    on: date,
) -> AgentAnswer:
    rule = rules.on(SEVERAL, on)
    named = {row.agent for row in agents.values() if row is not None}
    if len(named) == 1 and None not in agents.values():
        row = next(row for row in agents.values() if row is not None)
        reasons = tuple(_designated(each, rules, on) for each in agents.values() if each is not None)
        return AgentAnswer(
            row.agent, parts[0].unit, (*reasons, Reason("one_agent_for_all", rule, {"agent": row.agent}))
        )
    most = max(part.share for part in parts)
    leading = [part.unit for part in parts if part.share == most]
    shares = {part.unit: part.share for part in parts}
    if len(leading) == 1:
        unit = leading[0]
        reason = Reason("greatest_contribution", rule, {"unit": unit, "share": most, "shares": shares})
        designated = agents[unit]
        if designated is None:
            return AgentAnswer(None, unit, (reason, Reason("none_designated", rules.on(NONE, on), {"unit": unit})))
        return AgentAnswer(designated.agent, unit, (reason, _designated(designated, rules, on)))
    tie = Reason("equal_contributions", rule, {"units": tuple(leading), "share": most, "shares": shares})
    return _first_to_notify(leading, agents, notifications, tie, rules, on)


def _first_to_notify(
    leading: Sequence[Hashable],
    agents: dict[Hashable, Designation | None],
    notifications: list[Notification],
    tie: Reason,
    rules: Rules,
    on: date,
) -> AgentAnswer:
    """Among agents of equal units, the first that told all the others its decision to protect."""
    everybody = {row.agent for row in agents.values() if row is not None}
    candidates: dict[Hashable, Designation] = {}
    for unit in leading:
        row = agents[unit]
        if row is not None:
            candidates.setdefault(row.agent, row)
    told: dict[Hashable, datetime] = {}
    for agent in candidates:
        first: dict[Hashable, datetime] = {}
        for notice in notifications:
            if notice.sender == agent and notice.recipient in everybody - {agent}:
                first[notice.recipient] = min(notice.at, first.get(notice.recipient, notice.at))
        if first and everybody - {agent} <= set(first):
            told[agent] = max(first.values())
    missing = tuple(unit for unit in leading if agents[unit] is None)
    reasons: list[Reason] = [tie]
    if missing:
        reasons += [Reason("none_designated", rules.on(NONE, on), {"unit": unit}) for unit in missing]
    if not told:
        return AgentAnswer(None, None, (*reasons, Reason("nobody_notified", tie.rule, {"agents": tuple(candidates)})))
    earliest = min(told.values())
    winners = [agent for agent, at in told.items() if at == earliest]
    if len(winners) > 1:
        facts = {"agents": tuple(winners), "at": earliest}
        return AgentAnswer(None, None, (*reasons, Reason("notified_together", tie.rule, facts)))
    row = candidates[winners[0]]
    facts = {"agent": row.agent, "unit": row.unit, "at": earliest, "later": _later(told, earliest)}
    return AgentAnswer(row.agent, row.unit, (*reasons, Reason("first_to_notify", tie.rule, facts)))


def _later(told: dict[Hashable, datetime], earliest: datetime) -> dict[Hashable, datetime]:
    return {agent: at for agent, at in told.items() if at != earliest}


def agreement_refusal(*, declared_on: date, agreed_on: date, rules: Rules) -> Reason | None:
    """Why an agreement on another agent cannot be recorded: made before the declaration, or after its delay."""
    rule = rules.on(AGREED, declared_on)
    if rule is None:
        return Reason("no_rule", None, {"on": declared_on})
    last = add_months(declared_on, rule.months)
    if agreed_on < declared_on:
        return Reason("agreed_too_early", rule, {"declared_on": declared_on, "agreed_on": agreed_on})
    if agreed_on > last:
        return Reason("agreed_too_late", rule, {"last_day": last, "agreed_on": agreed_on})
    return None


def designation_due(*, unit_starts_on: date, rules: Rules) -> tuple[date, Rule] | None:
    """Until when a unit created or renewed on a day must have its agent, and by which rule."""
    rule = rules.on(UNIT, unit_starts_on)
    return (add_months(unit_starts_on, rule.months), rule) if rule else None
