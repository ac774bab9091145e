"""Judging a disclosure through the API: evaluators, opinions, messages, what is near it, the decision."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.inventions import rules
from motrice.inventions.api.disclosures import DisclosureOut
from motrice.inventions.api.shapes import TEXT, DisclosureReasonIn, MadeOut, actor_of, disclosure_of
from motrice.inventions.enums import DecisionKind, DecisionStatus
from motrice.inventions.forms import account_of
from motrice.inventions.models import Decision, Disclosure, Evaluator, Message, Opinion
from motrice.inventions.operations import decisions, evaluation
from motrice.inventions.similar import near_disclosures, near_texts
from motrice.web.rest import Strict, paginated

router = Router()


class TextIn(Strict):
    """A text."""

    text: str = Field(min_length=1, max_length=TEXT)


class BeginIn(Strict):
    """First words to the inventors, if any."""

    message: str = Field("", max_length=TEXT)


class DisclosureMessageOut(Schema):
    """A message between inventors and office."""

    reference: str
    author: str
    is_from_office: bool
    text: str
    sent_at: datetime

    @staticmethod
    def resolve_author(row: Message) -> str:
        return str(row.author)


class EvaluatorIn(Strict):
    """Whom to ask, by the address of their account."""

    email: str = Field(min_length=3, max_length=254)
    question: str = Field("", max_length=4000)


class EvaluatorOut(Schema):
    """Somebody asked for an opinion."""

    reference: str
    name: str
    question: str
    due_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_name(row: Evaluator) -> str:
        return str(row.user)


class ScoreIn(Strict):
    """A score and its reason."""

    score: int = Field(ge=0, le=10)
    reason: str = Field(min_length=1, max_length=4000)


class OpinionIn(Strict):
    """An opinion: a score for every criterion of the catalogue, by its code."""

    scores: dict[str, ScoreIn] = Field(max_length=40)
    summary: str = Field(min_length=1, max_length=TEXT)
    advice: DecisionKind


class ScoreOut(Schema):
    """One score as it was given, under the version of the criterion read that day."""

    criterion: str
    version: int
    score: int
    scale: int
    weight: str
    reason: str


class OpinionOut(Schema):
    """An opinion."""

    reference: str
    evaluator: str
    scores: list[ScoreOut]
    mean: float | None
    summary: str
    advice: DecisionKind
    given_at: datetime

    @staticmethod
    def resolve_evaluator(row: Opinion) -> str:
        return str(row.evaluator.user)

    @staticmethod
    def resolve_mean(row: Opinion) -> float | None:
        return rules.mean_score(row.scores)


class DecisionIn(Strict):
    """A decision to propose; the next step left out is the usual one of its kind."""

    kind: DecisionKind
    reasons: str = Field(min_length=1, max_length=TEXT)
    next_step: str = Field("", max_length=300)
    next_step_on: date | None = None


class DecisionOut(Schema):
    """A decision, proposed or taken."""

    reference: str
    kind: DecisionKind
    status: DecisionStatus
    reasons: str
    next_step: str
    next_step_on: date
    needs_approval: bool
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    closed_at: datetime | None

    @staticmethod
    def resolve_proposed_by(row: Decision) -> str:
        return str(row.proposed_by)

    @staticmethod
    def resolve_approved_by(row: Decision) -> str | None:
        return str(row.approved_by) if row.approved_by is not None else None


class NearOut(Schema):
    """A record near a disclosure, with the words that brought it."""

    reference: str
    title: str
    words: list[str]


class SimilarOut(Schema):
    """What is near a disclosure, among what the caller may read."""

    disclosures: list[NearOut]
    texts: list[NearOut]


@router.post("/disclosures/{reference}/evaluate", response=DisclosureOut)
def disclosure_evaluate(request: HttpRequest, reference: str, payload: BeginIn) -> Any:
    """Begin the evaluation of a received disclosure."""
    disclosure = disclosure_of(request, reference, "handle")
    return evaluation.begin_evaluation(disclosure=disclosure, actor=actor_of(request), message=payload.message)


@router.post("/disclosures/{reference}/return", response=DisclosureOut)
def disclosure_return(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Give a disclosure back to correct."""
    disclosure = disclosure_of(request, reference, "handle")
    return evaluation.return_disclosure(disclosure=disclosure, actor=actor_of(request), reason=payload.reason)


@router.get("/disclosures/{reference}/messages", response=list[DisclosureMessageOut])
@paginated
def message_list(request: HttpRequest, reference: str) -> Any:
    """The discussion between inventors and office."""
    rows = Message.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("author").order_by("sent_at", "pk")


@router.post("/disclosures/{reference}/messages", response={201: MadeOut})
def message_write(request: HttpRequest, reference: str, payload: TextIn) -> Any:
    """Write in the discussion."""
    disclosure = disclosure_of(request, reference, "write")
    return Status(201, evaluation.write_message(disclosure=disclosure, text=payload.text, actor=actor_of(request)))


@router.get("/disclosures/{reference}/evaluators", response=list[EvaluatorOut])
@paginated
def evaluator_list(request: HttpRequest, reference: str) -> Any:
    """Who was asked, as far as the caller may read it."""
    rows = Evaluator.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("user").order_by("invited_at", "pk")


@router.post("/disclosures/{reference}/evaluators", response={201: MadeOut})
def evaluator_invite(request: HttpRequest, reference: str, payload: EvaluatorIn) -> Any:
    """Ask somebody who has an account for an opinion."""
    disclosure = disclosure_of(request, reference, "handle")
    made = evaluation.invite_evaluator(
        disclosure=disclosure,
        user=account_of(payload.email),
        question=payload.question,
        actor=actor_of(request),
    )
    return Status(201, made)


@router.delete("/opinions/{reference}", response={204: None})
def evaluator_end(request: HttpRequest, reference: str) -> Any:
    """Call an evaluator off; the opinion they gave stays."""
    row = get_permitted(Evaluator, actor_of(request), "handle", reference=reference)
    evaluation.end_evaluator(evaluator=row, actor=actor_of(request))
    return Status(204, None)


@router.put("/opinions/{reference}", response=OpinionOut)
def opinion_give(request: HttpRequest, reference: str, payload: OpinionIn) -> Any:
    """Give one's opinion, or correct it while nothing is decided."""
    row = get_permitted(Evaluator, actor_of(request), "answer", reference=reference)
    return evaluation.give_opinion(evaluator=row, actor=actor_of(request), **payload.dict())


@router.get("/disclosures/{reference}/opinions", response=list[OpinionOut])
@paginated
def opinion_list(request: HttpRequest, reference: str) -> Any:
    """The opinions that the caller may read: all for the office, one's own for an evaluator, none for inventors."""
    rows = Opinion.objects.permitted(actor_of(request)).filter(evaluator__disclosure=disclosure_of(request, reference))
    return rows.select_related("evaluator__user").order_by("given_at", "pk")


@router.get("/disclosures/{reference}/similar", response=SimilarOut)
def disclosure_similar(request: HttpRequest, reference: str) -> Any:
    """Disclosures and texts near it, for who evaluates it."""
    disclosure = disclosure_of(request, reference, "search")
    actor = actor_of(request)
    return {
        "disclosures": [_near(found) for found in near_disclosures(disclosure, actor=actor)],
        "texts": [_near(found) for found in near_texts(disclosure, actor=actor)],
    }


def _near(found: Any) -> dict[str, Any]:
    title = found.record.title_words if isinstance(found.record, Disclosure) else found.record.title
    return {"reference": found.record.reference, "title": title, "words": list(found.matched)}


@router.get("/disclosures/{reference}/decisions", response=list[DecisionOut])
@paginated
def decision_list(request: HttpRequest, reference: str) -> Any:
    """The decisions that the caller may read, newest first; what is only proposed is the office's own."""
    rows = Decision.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("proposed_by", "approved_by").order_by("-proposed_at", "-pk")


@router.post("/disclosures/{reference}/decisions", response={201: DecisionOut})
def decision_propose(request: HttpRequest, reference: str, payload: DecisionIn) -> Any:
    """Propose a decision; it is taken at once unless the catalogue asks for a second person."""
    disclosure = disclosure_of(request, reference, "decide")
    made = decisions.propose_decision(disclosure=disclosure, actor=actor_of(request), **payload.dict())
    return Status(201, made)


@router.post("/decisions/{reference}/approve", response=DecisionOut)
def decision_approve(request: HttpRequest, reference: str) -> Any:
    """Approve a decision that somebody else proposed."""
    row = get_permitted(Decision, actor_of(request), "approve", reference=reference)
    return decisions.approve_decision(decision=row, actor=actor_of(request))


@router.post("/decisions/{reference}/refuse", response=DecisionOut)
def decision_refuse(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Refuse a proposed decision, or take one's own back."""
    row = get_permitted(Decision, actor_of(request), "approve", reference=reference)
    return decisions.refuse_decision(decision=row, actor=actor_of(request), reason=payload.reason)


@router.post("/disclosures/{reference}/reopen", response=DisclosureOut)
def disclosure_reopen(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Take a decided disclosure up again."""
    disclosure = disclosure_of(request, reference, "handle")
    return decisions.reopen_disclosure(disclosure=disclosure, actor=actor_of(request), reason=payload.reason)
