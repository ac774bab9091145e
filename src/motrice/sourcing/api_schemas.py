"""What the desk's API takes and gives; the confidential part has a schema of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from motrice.sourcing.enums import (
    CandidateStatus,
    JointStatus,
    MessageKind,
    NeedLevel,
    NeedStatus,
    OfferKind,
    OfferStatus,
    OutcomeKind,
    ReferralStatus,
)
from motrice.sourcing.models import Candidate, JointAnswer, Nda, Need, Offer, Referral
from motrice.sourcing.ranking import Ranked

TEXT = 20_000


class Strict(Schema):
    """What is sent: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


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


class MessageIn(Strict):
    """A text."""

    text: str = Field(min_length=1, max_length=TEXT)


class WriteIn(MessageIn):
    """A text to the company, with or without a wait."""

    awaits_reply: bool = False


class ReasonIn(Strict):
    """Why."""

    reason: str = Field("", max_length=2000)


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


class PieceOut(Schema):
    """A proof, its share of the score, and the rank without it."""

    title: str
    kind: str
    share: float
    rank_without: int | None
    matched: str


class RankedOut(Schema):
    """A team or person at its rank, with its proofs."""

    rank: int
    score: float
    team: str | None
    person: str | None
    name: str
    evidence: list[PieceOut]


def ranked(row: Ranked) -> dict[str, Any]:
    """A row of the ranking as the API gives it."""
    return {
        "rank": row.rank,
        "score": row.score,
        "team": row.organisation.reference if row.organisation else None,
        "person": row.person.reference if row.person else None,
        "name": row.name,
        "evidence": [
            {
                "title": piece.title,
                "kind": str(piece.kind),
                "share": piece.share,
                "rank_without": piece.rank_without,
                "matched": piece.words,
            }
            for piece in row.pieces
        ],
    }


class CandidateIn(Strict):
    """A team to keep or to set aside."""

    team: str = Field(min_length=1, max_length=8)
    is_excluded: bool = False
    reason: str = Field("", max_length=2000)


class CandidateOut(Schema):
    """A team that the officer looked at."""

    reference: str
    team: str
    status: CandidateStatus
    reason: str

    @staticmethod
    def resolve_team(candidate: Candidate) -> str:
        return candidate.organisation.reference


class ReferIn(Strict):
    """Teams to ask, with a message; without `due_at` they have the promised time."""

    teams: list[str] = Field(min_length=1, max_length=20)
    message: str = Field(min_length=1, max_length=TEXT)
    due_at: datetime | None = None


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


class OfferOut(Schema):
    """An offer in both languages."""

    reference: str
    kind: OfferKind
    status: OfferStatus
    organisation: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    trl_min: int | None
    trl_max: int | None
    segments: list[str]
    review_on: date

    @staticmethod
    def resolve_organisation(offer: Offer) -> str:
        return offer.organisation.name

    @staticmethod
    def resolve_segments(offer: Offer) -> list[str]:
        return [row.segment for row in offer.segments.all()]


class FoundOut(Schema):
    """An offer that answers a question, and what matched."""

    offer: OfferOut
    score: float
    matched: list[str]


class ReviewIn(Strict):
    """The next review."""

    review_on: date


class SegmentOut(Schema):
    """A market segment."""

    code: str
    name: dict[str, str]
    naf: list[str]


class ReportOut(Schema):
    """The figures of the desk."""

    at: datetime
    total: int
    counts: dict[str, int]
    median_days: float | None
    share_in_time: float | None
    introductions_per_need: float | None
    answers: int
