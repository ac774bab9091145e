"""Referrals through the API: a team's inbox and answers, joint ones included."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.sourcing.api.needs import MessageOut
from motrice.sourcing.api.shapes import TEXT, MessageIn, ReasonIn, Strict, actor_of, referral_of, team_of
from motrice.sourcing.enums import JointStatus, ReferralStatus
from motrice.sourcing.models import JointAnswer, Referral
from motrice.sourcing.operations import joint as joints
from motrice.sourcing.operations import referrals
from motrice.web.rest import paginated

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


class RefuseIn(Strict):
    """A refusal with its reason."""

    refusal: str = Field(min_length=1, max_length=64)
    text: str = Field("", max_length=2000)


class JointIn(Strict):
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


@router.get("/referrals", response=list[ReferralOut])
@paginated
def referral_list(request: HttpRequest, status: ReferralStatus | None = None) -> Any:
    """The referrals that the caller may see: a team's inbox, or the desk's."""
    rows = Referral.objects.permitted(actor_of(request)).select_related("need", "organisation")
    return (rows.filter(status=status) if status else rows).order_by("-sent_at", "pk")


@router.get("/referrals/{reference}", response=ReferralOut)
def referral_detail(request: HttpRequest, reference: str) -> Any:
    """One referral."""
    return referral_of(request, reference)


@router.post("/referrals/{reference}/accept", response=ReferralOut)
def referral_accept(request: HttpRequest, reference: str, payload: MessageIn) -> Any:
    """Accept, as the team."""
    return referrals.accept_referral(
        referral=referral_of(request, reference),
        answer=payload.text,
        actor=actor_of(request),
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


@router.post("/referrals/{reference}/joint", response={201: JointOut})
def joint_propose(request: HttpRequest, reference: str, payload: JointIn) -> Any:
    """Propose to answer with another team."""
    referral, team = referral_of(request, reference), team_of(request, payload.partner, field="partner")
    return Status(
        201, joints.propose_joint(referral=referral, partner_team=team, text=payload.text, actor=actor_of(request))
    )


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
