"""Needs through the API: stated, read, answered, moved to their end.

Annotations are evaluated here: pages of lists wrap their function, and its own names would not be found.
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.sourcing.api.shapes import TEXT, MessageIn, ReasonIn, Strict, actor_of, need_of, referral_of, team_of
from motrice.sourcing.enums import Channel, MessageKind, NeedLevel, NeedStatus, OutcomeKind
from motrice.sourcing.models import Message, Nda, Need, NeedSecret, Outcome
from motrice.sourcing.operations import needs as need_operations
from motrice.sourcing.operations import outcomes, routing
from motrice.sourcing.operations.desk import record_nda
from motrice.sourcing.policies import is_desk
from motrice.sourcing.queries import desk_officers
from motrice.web.rest import paginated

router = Router()


class NeedOut(Schema):
    """A need, without its confidential part; the company's name is in the desk's pages only."""

    reference: str
    status: NeedStatus
    level: NeedLevel
    title: str
    problem: str
    tried: str
    constraints: str
    language: str
    naf_code: str
    segment: str
    trl: int | None
    deadline_on: date | None
    region: str
    owner: str
    received_at: datetime
    due_at: datetime
    first_answer_at: datetime | None
    escalated_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_owner(need: Need) -> str:
        return str(need.owner)


class NeedIn(Strict):
    """A need to state; `company` is a reference of the directory, `company_name` serves when there is none."""

    title: str = Field(min_length=1, max_length=200)
    problem: str = Field(min_length=1, max_length=TEXT)
    tried: str = Field("", max_length=TEXT)
    constraints: str = Field("", max_length=TEXT)
    secret: str = Field("", max_length=TEXT)
    language: str = Field("fr", pattern="^(fr|en)$")
    naf_code: str = Field("", max_length=8)
    segment: str = Field("", max_length=64)
    trl: int | None = Field(None, ge=1, le=9)
    deadline_on: date | None = None
    region: str = Field("", max_length=80)
    level: NeedLevel = NeedLevel.ORGANISATION
    hides_company: bool = False
    company: str = Field("", max_length=8)
    company_name: str = Field("", max_length=200)
    contact_name: str = Field("", max_length=150)
    contact_email: str = Field("", max_length=254)


class SecretOut(Schema):
    """The confidential part of a need."""

    text: str
    changed_at: datetime


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


class CloseIn(Strict):
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
    """An NDA in force."""

    team: str
    recorded_on: date
    agreement: str

    @staticmethod
    def resolve_team(nda: Nda) -> str:
        return nda.organisation.reference


@router.get("/needs", response=list[NeedOut])
@paginated
def need_list(
    request: HttpRequest,
    status: NeedStatus | None = None,
    segment: str = Query("", max_length=64),
    is_open: bool | None = None,
) -> Any:
    """The needs that the caller may see as the desk, the company or an auditor does."""
    rows = Need.objects.permitted(actor_of(request)).select_related("owner", "office", "company")
    if status is not None:
        rows = rows.filter(status=status)
    if segment:
        rows = rows.filter(segment=segment)
    if is_open is not None:
        rows = rows.open() if is_open else rows.exclude(pk__in=Need.objects.open().values("pk"))
    return rows.order_by("-received_at", "pk")


@router.post("/needs", response={201: NeedOut})
def need_submit(request: HttpRequest, payload: NeedIn) -> Any:
    """State a need: as the company's contact for one's own company, or as an officer for any company."""
    actor = actor_of(request)
    data = payload.dict()
    wanted = data.pop("company")
    company = team_of(request, wanted, field="company") if wanted else None
    names = {name: data.pop(name) for name in ("company_name", "contact_name", "contact_email")}
    officer = is_desk(actor)
    contact = need_operations.Contact(
        company=company,
        company_name=names["company_name"],
        user=None if officer else actor,
        name=names["contact_name"],
        email=names["contact_email"],
    )
    statement = need_operations.Statement(**data)
    channel = Channel.OFFICER if officer else Channel.SITE
    return Status(201, need_operations.submit_need(actor=actor, statement=statement, contact=contact, channel=channel))


@router.get("/needs/{reference}", response=NeedOut)
def need_detail(request: HttpRequest, reference: str) -> Any:
    """One need, without its confidential part."""
    return need_of(request, reference)


@router.get("/needs/{reference}/secret", response=SecretOut)
def need_secret(request: HttpRequest, reference: str) -> Any:
    """The confidential part: 404 to who may not read it, and when there is none."""
    return get_permitted(NeedSecret, actor_of(request), "view", need__reference=reference)


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
def need_close(request: HttpRequest, reference: str, payload: CloseIn) -> Any:
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
