"""Judging a disclosure through the API: begun, returned, discussed, what is near it, the decision."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.inventions.api.disclosures import DisclosureOut
from motrice.inventions.api.shapes import TEXT, DisclosureReasonIn, MadeOut, actor_of, disclosure_of
from motrice.inventions.enums import DecisionKind, DecisionStatus
from motrice.inventions.models import Decision, Disclosure, Message
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
