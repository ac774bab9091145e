"""Who can answer a need, through the API: the ranking with its evidence, and what the officer makes of it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.sourcing import ranking
from motrice.sourcing.api.referrals import ReferralOut
from motrice.sourcing.api.shapes import TEXT, Strict, actor_of, need_of, team_of
from motrice.sourcing.enums import CandidateStatus
from motrice.sourcing.models import Candidate
from motrice.sourcing.operations import referrals
from motrice.sourcing.operations.candidates import exclude, shortlist
from motrice.sourcing.ranking import Ranked

router = Router()


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


@router.get("/needs/{reference}/ranking", response=list[RankedOut])
def need_ranking(
    request: HttpRequest,
    reference: str,
    region: str = Query("", max_length=80),
    limit: int = Query(10, ge=1, le=50),
    with_secret: bool = False,
) -> Any:
    """Who can answer, with the evidence and its weight; `with_secret` searches the confidential part too."""
    need, actor = need_of(request, reference, "rank"), actor_of(request)
    uses = with_secret and ranking.has_secret_for(need, actor)
    rows = ranking.rank_teams(need, actor, filters=ranking.Filters(region=region), with_secret=uses, limit=limit)
    return [ranked(row) for row in rows]


@router.post("/needs/{reference}/candidates", response={201: CandidateOut})
def candidate_add(request: HttpRequest, reference: str, payload: CandidateIn) -> Any:
    """Keep a team for a need, or set it aside with a reason."""
    need, team = need_of(request, reference), team_of(request, payload.team)
    act = exclude if payload.is_excluded else shortlist
    return Status(201, act(need=need, organisation=team, reason=payload.reason, actor=actor_of(request)))


@router.post("/needs/{reference}/referrals", response={201: list[ReferralOut]})
def need_refer(request: HttpRequest, reference: str, payload: ReferIn) -> Any:
    """Put a need to one or several teams: all are asked, or none."""
    need = need_of(request, reference)
    targets = [referrals.Target(team_of(request, one, field="teams")) for one in dict.fromkeys(payload.teams)]
    made = referrals.refer_need(
        need=need,
        targets=targets,
        message=payload.message,
        due_at=payload.due_at,
        actor=actor_of(request),
    )
    return Status(201, made)
