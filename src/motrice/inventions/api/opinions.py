"""Opinions through the API: who is asked, inside and outside, what they say, and how an invitation ends."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.inventions import rules
from motrice.inventions.api.shapes import TEXT, MadeOut, actor_of, disclosure_of
from motrice.inventions.enums import DecisionKind, DeclineKind, ShownPart
from motrice.inventions.forms import account_of
from motrice.inventions.models import Evaluator, Opinion
from motrice.inventions.operations import opinions, outside_opinions
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class EvaluatorIn(Strict):
    """Whom to ask, by the address of their account."""

    email: str = Field(min_length=3, max_length=254)
    question: str = Field("", max_length=4000)


class OutsideIn(Strict):
    """Whom to ask outside by a secret address, what they read beside the title and what it is, and until when."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=254)
    language: Literal["fr", "en"] = "fr"
    question: str = Field("", max_length=4000)
    topic: str = Field("", max_length=200)
    shown: list[ShownPart] = Field(default_factory=list, max_length=len(ShownPart))
    files: list[str] = Field(default_factory=list, max_length=30)
    open_until: date | None = None


class OutsideChangeIn(ReadIn):
    """What to change of an invitation; what is left out stays. `read` gives its parts as they were told."""

    question: str | None = Field(None, max_length=4000)
    shown: list[ShownPart] | None = Field(None, max_length=len(ShownPart))
    files: list[str] | None = Field(None, max_length=30)
    open_until: date | None = None


class DeclineIn(Strict):
    """Why no opinion is given."""

    kind: DeclineKind
    reason: str = Field("", max_length=4000)


class EvaluatorOut(Schema):
    """Somebody asked for an opinion, and how far that is; `open_until` and what follows are for those of outside."""

    reference: str
    name: str
    is_outside: bool
    state: str
    question: str
    due_at: datetime
    reminded_at: datetime | None
    ended_at: datetime | None
    decline: str
    decline_reason: str
    email: str
    shown: list[str]
    files: list[str] = Field(alias="shown_files")
    open_until: date | None
    opened_at: datetime | None
    undertaken_at: datetime | None

    @staticmethod
    def resolve_name(row: Evaluator) -> str:
        return str(row)

    @staticmethod
    def resolve_state(row: Evaluator) -> str:
        return row.state(timezone.localdate())


class ScoreIn(Strict):
    """A score and its reason."""

    score: int = Field(ge=0, le=10)
    reason: str = Field(min_length=1, max_length=4000)


class OpinionIn(ReadIn):
    """An opinion: a score for every criterion of the catalogue, by its code.

    `read` gives as `opinion` the one that was told before: its `scores`, `summary` and `advice`, or null for none.
    """

    scores: dict[str, ScoreIn] = Field(max_length=40)
    summary: str = Field(min_length=1, max_length=TEXT)
    advice: DecisionKind

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """An opinion as the operation compares it."""
        if name != "opinion":
            return value
        if value is None:
            return []
        scores = [[score["criterion"], score["score"], score["reason"]] for score in value["scores"]]
        return [scores, value["summary"], value["advice"]]


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
        return str(row.evaluator)

    @staticmethod
    def resolve_mean(row: Opinion) -> float | None:
        return rules.mean_score(row.scores)


@router.get("/disclosures/{reference}/evaluators", response=list[EvaluatorOut])
@paginated
def evaluator_list(request: HttpRequest, reference: str) -> Any:
    """Who was asked, as far as the caller may read it."""
    rows = Evaluator.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("user", "opinion", "disclosure").order_by("invited_at", "pk")


@router.post("/disclosures/{reference}/evaluators", response={201: MadeOut})
def evaluator_invite(request: HttpRequest, reference: str, payload: EvaluatorIn) -> Any:
    """Ask somebody who has an account for an opinion."""
    disclosure = disclosure_of(request, reference, "handle")
    made = opinions.invite_evaluator(
        disclosure=disclosure,
        user=account_of(payload.email),
        question=payload.question,
        actor=actor_of(request),
    )
    return Status(201, made)


@router.post("/disclosures/{reference}/evaluators/outside", response={201: MadeOut})
def evaluator_invite_outside(request: HttpRequest, reference: str, payload: OutsideIn) -> Any:
    """Ask somebody who has no account, by a secret address that is mailed to them alone and never shown here."""
    disclosure = disclosure_of(request, reference, "handle")
    made = outside_opinions.invite_outside(disclosure=disclosure, actor=actor_of(request), **payload.dict())
    return Status(201, made)


@router.patch("/opinions/{reference}", response=EvaluatorOut)
def evaluator_change(request: HttpRequest, reference: str, payload: OutsideChangeIn) -> Any:
    """Change what an evaluator from outside is asked or reads, or until when their address opens."""
    row = get_permitted(Evaluator, actor_of(request), "handle", reference=reference)
    return outside_opinions.change_outside(evaluator=row, actor=actor_of(request), **payload.dict())


@router.post("/opinions/{reference}/remind", response=EvaluatorOut)
def evaluator_remind(request: HttpRequest, reference: str) -> Any:
    """Ask once more for an opinion that has not come; 409 on a day when they were written to."""
    row = get_permitted(Evaluator, actor_of(request), "handle", reference=reference)
    return opinions.remind_evaluator(evaluator=row, actor=actor_of(request))


@router.post("/opinions/{reference}/decline", response=EvaluatorOut)
def opinion_decline(request: HttpRequest, reference: str, payload: DeclineIn) -> Any:
    """Decline to give one's opinion, or declare a conflict of interest."""
    row = get_permitted(Evaluator, actor_of(request), "answer", reference=reference)
    return opinions.decline_opinion(evaluator=row, actor=actor_of(request), **payload.dict())


@router.delete("/opinions/{reference}", response={204: None})
def evaluator_end(request: HttpRequest, reference: str) -> Any:
    """Call an evaluator off; the opinion they gave stays."""
    row = get_permitted(Evaluator, actor_of(request), "handle", reference=reference)
    opinions.end_evaluator(evaluator=row, actor=actor_of(request))
    return Status(204, None)


@router.put("/opinions/{reference}", response=OpinionOut)
def opinion_give(request: HttpRequest, reference: str, payload: OpinionIn) -> Any:
    """Give one's opinion, or correct it while nothing is decided."""
    row = get_permitted(Evaluator, actor_of(request), "answer", reference=reference)
    return opinions.give_opinion(evaluator=row, actor=actor_of(request), **payload.dict())


@router.get("/disclosures/{reference}/opinions", response=list[OpinionOut])
@paginated
def opinion_list(request: HttpRequest, reference: str) -> Any:
    """The opinions that the caller may read: all for the office, one's own for an evaluator, none for inventors."""
    rows = Opinion.objects.permitted(actor_of(request)).filter(evaluator__disclosure=disclosure_of(request, reference))
    return rows.select_related("evaluator__user").order_by("given_at", "pk")
