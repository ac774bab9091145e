"""The single agent through the API: named for a unit, notified between agents, given its mandate."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.portfolio.api.assets import asset_of
from motrice.portfolio.api.shapes import REFERENCE, ReasonOut, actor_of, organisation_of, reasons_told
from motrice.portfolio.lists.assets import AGENTS
from motrice.portfolio.models import AgentDesignation, AgentNotification, Mandate
from motrice.portfolio.operations import agents
from motrice.portfolio.queries.coownership import agent_answer
from motrice.web.rest import ReadIn, Strict, paginated
from motrice.web.rest_lists import listed

router = Router()


class AgentOut(Schema):
    """Whom the rules name on a day, and who has the mandate."""

    agent: str | None
    reasons: list[ReasonOut]
    mandate: str | None
    mandate_since: date | None
    article: str


class AcceptAgentIn(Strict):
    """From when the agent of the rules acts."""

    on: date
    field: str = Field("", max_length=80)


class AgreeAgentIn(Strict):
    """Another agent, agreed on in time."""

    agent: str = Field(**REFERENCE)
    declared_on: date
    agreed_on: date
    ground: str = Field(min_length=1, max_length=200)


class NotificationIn(Strict):
    """When an agent told another."""

    sender: str = Field(**REFERENCE)
    recipient: str = Field(**REFERENCE)
    notified_at: datetime


class NotificationOut(Schema):
    """When an agent told another."""

    sender: str
    recipient: str
    notified_at: datetime

    @staticmethod
    def resolve_sender(row: AgentNotification) -> str:
        return row.sender.name

    @staticmethod
    def resolve_recipient(row: AgentNotification) -> str:
        return row.recipient.name


class DesignationIn(Strict):
    """The agent of a unit."""

    unit: str = Field(**REFERENCE)
    agent: str = Field(**REFERENCE)
    field: str = Field("", max_length=80)
    starts_on: date
    ends_on: date | None = None
    ground: str = Field("", max_length=200)


class DesignationOut(Schema):
    """The agent of a unit."""

    reference: str
    unit: str
    agent: str
    field: str
    starts_on: date
    ends_on: date | None
    ground: str

    @staticmethod
    def resolve_unit(row: AgentDesignation) -> str:
        return row.unit.name

    @staticmethod
    def resolve_agent(row: AgentDesignation) -> str:
        return row.agent.name


class EndDesignationIn(ReadIn):
    """The last day; `read` gives `ends_on` as it was told."""

    ends_on: date


@router.get("/assets/{reference}/agent", response=AgentOut)
def agent_proposed(
    request: HttpRequest, reference: str, on: date | None = None, field: str = Query("", max_length=80)
):
    """Whom the rules name as the single agent on a day, with the article, and who has the mandate."""
    asset = asset_of(request, reference, "inside")
    answer = agent_answer(asset, on=on or timezone.localdate(), field=field)
    mandate = Mandate.objects.permitted(actor_of(request)).filter(asset=asset, ends_on=None).first()
    body = Organisation.objects.filter(pk=answer.agent).first() if answer.agent else None
    return {
        "agent": body.name if body else None,
        "reasons": reasons_told(answer.reasons),
        "mandate": mandate.agent.name if mandate else None,
        "mandate_since": mandate.starts_on if mandate else None,
        "article": mandate.article if mandate else "",
    }


@router.post("/assets/{reference}/agent", response=AgentOut)
def agent_accept(request: HttpRequest, reference: str, payload: AcceptAgentIn) -> Any:
    """Give the mandate to the agent that the rules name; 422 with the reasons when they name none."""
    asset = asset_of(request, reference, "decide")
    agents.accept_agent(asset=asset, actor=actor_of(request), **payload.dict())
    return agent_proposed(request, reference, payload.on, payload.field)


@router.post("/assets/{reference}/agent/agreed", response=AgentOut)
def agent_agree(request: HttpRequest, reference: str, payload: AgreeAgentIn) -> Any:
    """Give the mandate to another agent that was agreed on in time; too early or late is refused with the article."""
    asset = asset_of(request, reference, "decide")
    agents.agree_on_agent(
        asset=asset,
        agent=organisation_of(request, payload.agent, field="agent"),
        declared_on=payload.declared_on,
        agreed_on=payload.agreed_on,
        ground=payload.ground,
        actor=actor_of(request),
    )
    return agent_proposed(request, reference, payload.agreed_on, "")


@router.get("/assets/{reference}/agent/notices", response=list[NotificationOut])
@paginated
def agent_notices(request: HttpRequest, reference: str) -> Any:
    """Which agent told which other, and when."""
    rows = AgentNotification.objects.permitted(actor_of(request)).filter(asset=asset_of(request, reference))
    return rows.select_related("sender", "recipient").order_by("notified_at", "pk")


@router.post("/assets/{reference}/agent/notices", response={201: NotificationOut})
def agent_notify(request: HttpRequest, reference: str, payload: NotificationIn) -> Any:
    """Record when an agent told another."""
    if timezone.is_naive(payload.notified_at):
        raise RuleViolation(_("Give the time with its offset from Greenwich."), field="notified_at")
    row = agents.record_notification(
        asset=asset_of(request, reference, "decide"),
        sender=organisation_of(request, payload.sender, field="sender"),
        recipient=organisation_of(request, payload.recipient, field="recipient"),
        notified_at=payload.notified_at,
        actor=actor_of(request),
    )
    return Status(201, row)


@router.get("/agents", response=list[DesignationOut])
@listed(AGENTS)
def designation_list(request: HttpRequest) -> Any:
    """The single agents of the units."""
    return AgentDesignation.objects.permitted(actor_of(request)).select_related("unit", "agent")


@router.post("/agents", response={201: DesignationOut})
def designation_create(request: HttpRequest, payload: DesignationIn) -> Any:
    """Name the agent of a unit; 403 to who is of none of its supervisors."""
    unit = get_permitted(Organisation.objects.live(), actor_of(request), "designate_agent", reference=payload.unit)
    row = agents.designate_agent(
        unit=unit,
        agent=organisation_of(request, payload.agent, field="agent"),
        actor=actor_of(request),
        **payload.dict(include={"field", "starts_on", "ends_on", "ground"}),
    )
    return Status(201, row)


@router.post("/agents/{reference}/end", response=DesignationOut)
def designation_end(request: HttpRequest, reference: str, payload: EndDesignationIn) -> Any:
    """Say on which day an agent stops being one; 409 when its last day is no longer what was read."""
    rows = AgentDesignation.objects.select_related("unit", "agent")
    designation = get_permitted(rows, actor_of(request), "edit", reference=reference)
    return agents.end_designation(designation=designation, actor=actor_of(request), **payload.dict())
