"""The single agent: named for a unit or a field, notified between agents, and given its mandate on an asset."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed
from motrice.directory.models import Organisation
from motrice.directory.operations.guards import locked
from motrice.engines.coownership import agreement_refusal
from motrice.portfolio.models import AgentDesignation, AgentNotification, Asset, Mandate
from motrice.portfolio.operations.holding import hold_assets
from motrice.portfolio.queries.coownership import agent_answer, names_of, owners_on
from motrice.portfolio.tables import coownership as law
from motrice.portfolio.words.coownership import reason_words, reasons_words


def designate_agent(
    *,
    unit: Organisation,
    agent: Organisation,
    starts_on: date,
    actor: Any,
    field: str = "",
    ends_on: date | None = None,
    ground: str = "",
    at: datetime | None = None,
) -> AgentDesignation:
    """Name the single agent of a unit, for all its results or for one field; the one before ends the day before."""
    require(actor, "designate_agent", unit)
    if not unit.is_unit:
        raise RuleViolation(_("An agent is named for a research unit."), field="unit")
    field = field.strip()
    row = AgentDesignation(
        unit=unit, agent=agent, field=field, starts_on=starts_on, ends_on=ends_on, ground=ground.strip()
    )
    with audit.operation(actor, "agent.designate", subject=unit, reason=ground.strip(), at=at) as op:
        locked(unit)  # of two who name an agent at once, the second reads the first's
        held = AgentDesignation.objects.filter(unit=unit, field__iexact=field).order_by("starts_on")
        _require_before(held.filter(starts_on__gte=starts_on).first(), ends_on)
        for before in held.filter(starts_on__lt=starts_on):
            if before.ends_on is None or before.ends_on >= starts_on:
                op.update(before, ends_on=starts_on - timedelta(days=1))
        op.create(row)
    return row


def end_designation(
    *, designation: AgentDesignation, ends_on: date, actor: Any, read: Read = None, at: datetime | None = None
) -> AgentDesignation:
    """Say on which day an agent stops being one; refused when another is the agent by then.

    `StaleState` when its last day is no longer what was `read`.
    """
    require(actor, "edit", designation)
    with audit.operation(actor, "agent.end", subject=designation, at=at) as op:
        locked(designation.unit)
        designation.refresh_from_db(fields=["ends_on"])
        heed(designation, {"ends_on": ends_on}, read=read, actor=actor)
        held = AgentDesignation.objects.filter(unit=designation.unit_id, field__iexact=designation.field)
        _require_before(held.filter(starts_on__gt=designation.starts_on).order_by("starts_on").first(), ends_on)
        op.update(designation, ends_on=ends_on)
    return designation


def _require_before(later: AgentDesignation | None, ends_on: date | None) -> None:
    """Refuse that an agent of a unit still is one when the next begins."""
    if later is not None and (ends_on is None or ends_on >= later.starts_on):
        raise RuleViolation(
            _("%(agent)s is the agent from %(day)s: end this one before that day.")
            % {"agent": later.agent, "day": later.starts_on.isoformat()},
            field="ends_on",
        )


def record_notification(
    *,
    asset: Asset,
    sender: Organisation,
    recipient: Organisation,
    notified_at: datetime,
    actor: Any,
    at: datetime | None = None,
) -> AgentNotification:
    """Record when an agent told another that it will protect the result: between equals, the first one acts."""
    require(actor, "decide", asset)
    if notified_at > (at or timezone.now()):
        raise RuleViolation(_("A notice cannot be of a time to come."), field="notified_at")
    row = AgentNotification(asset=asset, sender=sender, recipient=recipient, notified_at=notified_at)
    with audit.operation(actor, "agent.notify", subject=asset, at=at) as op:
        op.create(row)
    return row


def accept_agent(*, asset: Asset, on: date, actor: Any, field: str = "", at: datetime | None = None) -> Mandate:
    """Give the mandate to the agent that the rules name, with the article and the facts it rests on."""
    require(actor, "decide", asset)
    answer = agent_answer(asset, on=on, field=field)
    names = names_of(answer.reasons)
    if answer.agent is None:
        raise RuleViolation(reasons_words(answer.reasons, names), field="on")
    article = next((reason.article for reason in answer.reasons if reason.article), "")
    return _mandate(
        asset, answer.agent, on, actor, at, field=field, article=article, ground=reasons_words(answer.reasons, names)
    )


def agree_on_agent(
    *,
    asset: Asset,
    agent: Organisation,
    declared_on: date,
    agreed_on: date,
    actor: Any,
    ground: str,
    at: datetime | None = None,
) -> Mandate:
    """Give the mandate to another agent that the co-owners agreed on in time; too early or too late is refused."""
    require(actor, "decide", asset)
    if agreed_on > timezone.localdate(at):
        raise RuleViolation(_("It cannot have been agreed on a day to come."), field="agreed_on")
    rules = law.rules()
    refusal = agreement_refusal(declared_on=declared_on, agreed_on=agreed_on, rules=rules)
    if refusal is not None:
        raise RuleViolation(reason_words(refusal, {}), field="agreed_on")
    rule = rules.on("agent_agreed_otherwise", declared_on)
    article = rule.article if rule else ""
    return _mandate(asset, agent.pk, agreed_on, actor, at, article=article, ground=ground.strip(), is_agreed=True)


def _mandate(asset: Asset, agent: Any, on: date, actor: Any, at: datetime | None, **values: Any) -> Mandate:
    row = Mandate(asset=asset, agent_id=agent, starts_on=on, **values)
    with audit.operation(actor, "agent.mandate", subject=asset, at=at) as op:
        hold_assets([asset.pk])
        if not law.public_among(owners_on(asset, on), on):
            raise RuleViolation(
                _("No public body owns a part on this day: the single agent acts for public co-owners."), field="on"
            )
        for before in Mandate.objects.filter(asset=asset, ends_on__isnull=True):
            if before.starts_on >= on:
                raise RuleViolation(
                    _("%(agent)s acts since %(day)s already: choose a later day.")
                    % {"agent": before.agent, "day": before.starts_on.isoformat()},
                    field="on",
                )
            op.update(before, ends_on=on - timedelta(days=1))
        op.create(row)
    return row
