"""Acts on a need through the API: the exchange with its company, its moves, its outcomes and NDAs."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.sourcing.api.needs import NeedOut
from motrice.sourcing.api.shapes import MessageIn, actor_of, need_of, referral_of, team_of
from motrice.sourcing.enums import MessageKind, OutcomeKind
from motrice.sourcing.models import Message, Nda, Outcome
from motrice.sourcing.operations import needs as need_operations
from motrice.sourcing.operations import outcomes, routing
from motrice.sourcing.operations.desk import end_nda, record_nda, withdraw_nda
from motrice.sourcing.queries import desk_officers
from motrice.web.rest import ReasonIn, Strict, paginated

router = Router()


class WriteIn(MessageIn):
    """A text to the company, with or without a wait."""

    awaits_reply: bool = False


class ReassignIn(Strict):
    """Another officer, by the reference of the account, and why."""

    owner: str = Field(min_length=1, max_length=8)
    reason: str = Field(min_length=1, max_length=2000)


class ReassignedOut(Schema):
    """Who is in charge now; the caller may no longer see the need itself."""

    reference: str
    owner: str


class CloseNeedIn(Strict):
    """The end of a need."""

    ending: str = Field("", max_length=64)
    note: str = Field("", max_length=2000)


class MessageOut(Schema):
    """A message."""

    kind: MessageKind
    text: str
    author: str
    sent_at: datetime

    @staticmethod
    def resolve_author(message: Any) -> str:
        return str(message.author)


class OutcomeIn(Strict):
    """What a need led to."""

    kind: OutcomeKind
    dated_on: date
    referral: str = Field("", max_length=8)
    agreement: str = Field("", max_length=120)
    note: str = Field("", max_length=2000)


class OutcomeOut(Schema):
    """What a need led to."""

    kind: OutcomeKind
    dated_on: date
    agreement: str
    ending: str


class NdaIn(Strict):
    """The NDA of a team."""

    team: str = Field(min_length=1, max_length=8)
    recorded_on: date
    agreement: str = Field(min_length=1, max_length=120)


class NdaOut(Schema):
    """An NDA; `ends_on` is empty while it is in force."""

    team: str
    recorded_on: date
    ends_on: date | None
    agreement: str

    @staticmethod
    def resolve_team(nda: Nda) -> str:
        return nda.organisation.reference


class EndNdaIn(Strict):
    """The last day of an NDA."""

    ended_on: date


class WithdrawNdaIn(Strict):
    """How an NDA came to be recorded by mistake."""

    reason: str = Field(min_length=1, max_length=2000)


@router.get("/needs/{reference}/messages", response=list[MessageOut])
@paginated
def need_messages(request: HttpRequest, reference: str) -> Any:
    """The messages of a need that the caller takes part in."""
    need = need_of(request, reference)
    return Message.objects.permitted(actor_of(request)).filter(need=need).select_related("author")


@router.post("/needs/{reference}/qualify", response=NeedOut)
def need_qualify(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Take a need in charge by answering its company."""
    need = need_of(request, reference)
    return need_operations.qualify_need(need=need, message=payload.text, actor=actor_of(request))


@router.post("/needs/{reference}/write", response={201: MessageOut})
def need_write(request: HttpRequest, reference: str, payload: WriteIn) -> Any:
    """Write to the company, as the desk."""
    need = need_of(request, reference)
    return Status(201, need_operations.write_to_company(need=need, actor=actor_of(request), **payload.dict()))


@router.post("/needs/{reference}/reply", response={201: MessageOut})
def need_reply(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Write to the desk, as the company."""
    need = need_of(request, reference)
    return Status(201, need_operations.reply_to_desk(need=need, text=payload.text, actor=actor_of(request)))


@router.post("/needs/{reference}/reassign", response=ReassignedOut)
def need_reassign(request: HttpRequest, reference: str, payload: ReassignIn) -> Any:
    """Give a need to another officer of a desk, with the reason."""
    need = need_of(request, reference, "reassign")
    owner = next((user for user in desk_officers() if user.reference == payload.owner), None)
    if owner is None:
        raise RuleViolation(_("No officer of a need desk has this reference."), field="owner")
    routing.reassign_need(need=need, owner=owner, actor=actor_of(request), reason=payload.reason)
    return {"reference": need.reference, "owner": str(owner)}


@router.post("/needs/{reference}/withdraw", response=NeedOut)
def need_withdraw(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """End a need because the company no longer has it."""
    need = need_of(request, reference)
    return outcomes.withdraw_need(need=need, actor=actor_of(request), reason=payload.reason)


@router.post("/needs/{reference}/decline", response=NeedOut)
def need_decline(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Tell the company that the network cannot take its need."""
    need = need_of(request, reference)
    return outcomes.decline_need(need=need, message=payload.text, actor=actor_of(request))


@router.post("/needs/{reference}/close", response=NeedOut)
def need_close(request: HttpRequest, reference: str, payload: CloseNeedIn) -> Any:
    """Close a need with its outcome, or with the reason why there is none."""
    need = need_of(request, reference)
    return outcomes.close_need(need=need, actor=actor_of(request), **payload.dict())


@router.post("/needs/{reference}/reopen", response=NeedOut)
def need_reopen(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """Take an ended need up again."""
    need = need_of(request, reference)
    return outcomes.reopen_need(need=need, actor=actor_of(request), reason=payload.reason)


@router.get("/needs/{reference}/outcomes", response=list[OutcomeOut])
@paginated
def outcome_list(request: HttpRequest, reference: str) -> Any:
    """What a need led to."""
    return Outcome.objects.permitted(actor_of(request)).filter(need=need_of(request, reference))


@router.post("/needs/{reference}/outcomes", response={201: OutcomeOut})
def outcome_record(request: HttpRequest, reference: str, payload: OutcomeIn) -> Any:
    """Record an introduction, an NDA or a contract."""
    need, data = need_of(request, reference), payload.dict()
    asked = data.pop("referral")
    referral = referral_of(request, asked) if asked else None
    return Status(201, outcomes.record_outcome(need=need, referral=referral, actor=actor_of(request), **data))


@router.post("/needs/{reference}/ndas", response={201: NdaOut})
def nda_record(request: HttpRequest, reference: str, payload: NdaIn) -> Any:
    """Record the NDA of a team: it then reads the confidential part."""
    need, data = need_of(request, reference), payload.dict()
    team = team_of(request, data.pop("team"))
    return Status(201, record_nda(need=need, organisation=team, actor=actor_of(request), **data))


@router.get("/needs/{reference}/ndas", response=list[NdaOut])
@paginated
def nda_list(request: HttpRequest, reference: str) -> Any:
    """The NDAs of a need, as far as the caller is told: a team sees its own."""
    rows = Nda.objects.permitted(actor_of(request)).filter(need=need_of(request, reference))
    return rows.select_related("organisation").order_by("recorded_on", "pk")


@router.post("/needs/{reference}/ndas/{team}/end", response=NdaOut)
def nda_end(request: HttpRequest, reference: str, team: str, payload: EndNdaIn) -> Any:
    """End the NDA of a team: after that day it no longer reads the confidential part."""
    need, actor = need_of(request, reference), actor_of(request)
    rows = Nda.objects.filter(need=need, ends_on=None).select_related("organisation", "need")
    nda = get_permitted(rows, actor, "view", organisation__reference=team)
    return end_nda(nda=nda, ended_on=payload.ended_on, actor=actor)


@router.post("/needs/{reference}/ndas/{team}/withdraw", response={204: None})
def nda_withdraw(request: HttpRequest, reference: str, team: str, payload: WithdrawNdaIn) -> Any:
    """Take back the NDA of a team, recorded by mistake: what is confidential closes to it at once."""
    need, actor = need_of(request, reference), actor_of(request)
    rows = Nda.objects.in_force().filter(need=need).select_related("organisation", "need")
    nda = get_permitted(rows, actor, "view", organisation__reference=team)
    withdraw_nda(nda=nda, reason=payload.reason, actor=actor)
    return Status(204, None)


@router.post("/needs/{reference}/end-wait", response={204: None})
def need_end_wait(request: HttpRequest, reference: str) -> Any:
    """Note that the company answered by another way: the desk's own time runs again."""
    need_operations.end_wait(need=need_of(request, reference), actor=actor_of(request))
    return Status(204, None)
