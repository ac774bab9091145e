"""Referrals through the API: a team's inbox and answers, joint ones included."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.sourcing.api.acts import MessageOut
from motrice.sourcing.api.shapes import TEXT, MessageIn, actor_of, referral_of, team_of
from motrice.sourcing.enums import JointStatus, MessageKind, ReferralStatus
from motrice.sourcing.lists import REFERRALS
from motrice.sourcing.models import JointAnswer, Message, Referral
from motrice.sourcing.operations import joint as joints
from motrice.sourcing.operations import referrals
from motrice.web.rest import ReadIn, ReasonIn, paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class ReferralOut(Schema):
    """A need put to a team, and its answer."""

    reference: str
    need: str
    team: str
    status: ReferralStatus
    message: str
    sent_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str
    refusal: str

    @staticmethod
    def resolve_need(referral: Referral) -> str:
        return referral.need.reference

    @staticmethod
    def resolve_team(referral: Referral) -> str:
        return referral.organisation.reference


class StatementReadIn(ReadIn):
    """`read` gives the title, the problem and the rest of the need as its page or the API told it."""


class AcceptIn(MessageIn, StatementReadIn):
    """How a team can help."""


class RefuseIn(StatementReadIn):
    """A refusal with its reason."""

    refusal: str = Field(min_length=1, max_length=64)
    text: str = Field("", max_length=2000)


class ForwardIn(ReadIn):
    """The question in other words; empty: in the team's own. `read` gives the question's `text` as told."""

    text: str = Field("", max_length=TEXT)


class DueIn(ReadIn):
    """Until when an answer is awaited; `read` gives `due_at` as it was told."""

    due_at: AwareDatetime

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """The day, since a page shows no more of it."""
        try:
            return timezone.localdate(datetime.fromisoformat(value)) if name == "due_at" else value
        except ValueError as error:
            raise TypeError from error


class JointIn(StatementReadIn):
    """A joint answer with another team."""

    partner: str = Field(min_length=1, max_length=8)
    text: str = Field(min_length=1, max_length=TEXT)


class JointOut(Schema):
    """A joint answer."""

    reference: str
    status: JointStatus
    text: str
    partner: str

    @staticmethod
    def resolve_partner(joint: JointAnswer) -> str:
        return joint.partner_team.reference


def _referrals(request: HttpRequest) -> Any:
    return Referral.objects.permitted(actor_of(request)).select_related("need", "organisation")


@router.get("/referrals", response=list[ReferralOut], url_name="desk_referrals")
@listed(REFERRALS)
def referral_list(request: HttpRequest) -> Any:
    """The referrals that the caller may see: a team's inbox, or the desk's."""
    return _referrals(request)


@router.get("/referrals/export", openapi_extra=FILE)
@filed(REFERRALS)
def referral_export(request: HttpRequest) -> Any:
    """The same referrals as a file, for who may export them."""
    return _referrals(request)


@router.get("/referrals/{reference}", response=ReferralOut)
def referral_detail(request: HttpRequest, reference: str) -> Any:
    """One referral."""
    return referral_of(request, reference)


@router.post("/referrals/{reference}/accept", response=ReferralOut)
def referral_accept(request: HttpRequest, reference: str, payload: AcceptIn) -> Any:
    """Accept, as the team; 409 when the need is no longer what was read."""
    return referrals.accept_referral(
        referral=referral_of(request, reference),
        answer=payload.text,
        actor=actor_of(request),
        read=payload.read,
    )


@router.post("/referrals/{reference}/refuse", response=ReferralOut)
def referral_refuse(request: HttpRequest, reference: str, payload: RefuseIn) -> Any:
    """Refuse, as the team, with a reason of the list."""
    referral = referral_of(request, reference)
    return referrals.refuse_referral(referral=referral, actor=actor_of(request), **payload.dict())


@router.post("/referrals/{reference}/ask", response={201: MessageOut})
def referral_ask(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Ask a question, as the team."""
    referral = referral_of(request, reference)
    return Status(201, referrals.ask_question(referral=referral, text=payload.text, actor=actor_of(request)))


@router.post("/referrals/{reference}/answer", response={201: MessageOut})
def referral_answer(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Answer a team's question, as the desk."""
    referral = referral_of(request, reference)
    return Status(201, referrals.answer_question(referral=referral, text=payload.text, actor=actor_of(request)))


@router.post("/referrals/{reference}/call-back", response=ReferralOut)
def referral_call_back(request: HttpRequest, reference: str, payload: ReasonIn) -> Any:
    """Call a referral back, as the desk."""
    referral = referral_of(request, reference)
    return referrals.call_back(referral=referral, reason=payload.reason, actor=actor_of(request))


@router.get("/referrals/{reference}/joint", response=list[JointOut])
@paginated
def joint_list(request: HttpRequest, reference: str) -> Any:
    """The joint answers in which a referral takes part."""
    referral = referral_of(request, reference)
    rows = JointAnswer.objects.permitted(actor_of(request)).filter(Q(lead=referral) | Q(partner=referral))
    return rows.select_related("partner_team").order_by("pk")


@router.post("/referrals/{reference}/joint", response={201: JointOut})
def joint_propose(request: HttpRequest, reference: str, payload: JointIn) -> Any:
    """Propose to answer with another team."""
    referral, team = referral_of(request, reference), team_of(request, payload.partner, field="partner")
    asked = {"text": payload.text, "read": payload.read}
    return Status(201, joints.propose_joint(referral=referral, partner_team=team, actor=actor_of(request), **asked))


@router.post("/joint-answers/{reference}/confirm", response=JointOut)
def joint_confirm(request: HttpRequest, reference: str) -> Any:
    """Confirm a joint answer, as the second team."""
    joint = get_permitted(JointAnswer, actor_of(request), "view", reference=reference)
    return joints.confirm_joint(joint=joint, actor=actor_of(request))


@router.post("/joint-answers/{reference}/decline", response=JointOut)
def joint_decline(request: HttpRequest, reference: str) -> Any:
    """Decline a joint answer, as the second team."""
    joint = get_permitted(JointAnswer, actor_of(request), "view", reference=reference)
    return joints.decline_joint(joint=joint, actor=actor_of(request))


@router.post("/joint-answers/{reference}/give-up", response=JointOut)
def joint_give_up(request: HttpRequest, reference: str) -> Any:
    """Give up a joint answer, as the team that proposed it."""
    joint = get_permitted(JointAnswer, actor_of(request), "view", reference=reference)
    return joints.give_up_joint(joint=joint, actor=actor_of(request))


@router.get("/referrals/{reference}/messages", response=list[MessageOut])
@paginated
def referral_messages(request: HttpRequest, reference: str) -> Any:
    """The exchange between a team and the desk."""
    referral = referral_of(request, reference)
    rows = Message.objects.permitted(actor_of(request)).filter(referral=referral)
    return rows.select_related("author").order_by("sent_at", "pk")


@router.post("/referrals/{reference}/forward", response={201: MessageOut})
def referral_forward(request: HttpRequest, reference: str, payload: ForwardIn) -> Any:
    """Put the team's last question to the company, in its words or others; the team is not named."""
    referral = referral_of(request, reference, "handle")
    question = Message.objects.filter(referral=referral, kind=MessageKind.TEAM_TO_DESK).last()
    if question is None:
        raise RuleViolation(_("This team has asked no question."))
    return Status(201, referrals.forward_question(question=question, actor=actor_of(request), **payload.dict()))


@router.post("/referrals/{reference}/due", response=ReferralOut)
def referral_due(request: HttpRequest, reference: str, payload: DueIn) -> Any:
    """Give a team more or less time."""
    return referrals.set_due(referral=referral_of(request, reference), actor=actor_of(request), **payload.dict())
