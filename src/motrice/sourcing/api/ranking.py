"""Who can answer a need, through the API: the ranking with its evidence, and what the officer makes of it."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.enums import SizeClass
from motrice.sourcing import ranking
from motrice.sourcing.api.referrals import ReferralOut
from motrice.sourcing.api.shapes import TEXT, actor_of, need_of, team_of
from motrice.sourcing.enums import CandidateOrigin, CandidateStatus
from motrice.sourcing.models import Candidate
from motrice.sourcing.operations import referrals
from motrice.sourcing.operations.candidates import exclude, restore, shortlist
from motrice.sourcing.ranking import Ranked
from motrice.web.rest import Strict, paginated

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

    owner: str
    rank: int
    score: float
    team: str | None
    person: str | None
    name: str
    region: str
    institutes: list[str]
    candidate: CandidateStatus | None
    evidence: list[PieceOut]


def ranked(row: Ranked) -> dict[str, Any]:
    """A row of the ranking as the API gives it."""
    return {
        "owner": row.owner,
        "rank": row.rank,
        "score": row.score,
        "team": row.organisation.reference if row.organisation else None,
        "person": row.person.reference if row.person else None,
        "name": row.name,
        "region": row.organisation.region if row.organisation else "",
        "institutes": row.institutes,
        "candidate": row.candidate.status if row.candidate else None,
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


class ComparedOut(RankedOut):
    """A row of the ranking with what its team offers and how it answered before."""

    offers: list[str]
    needs_accepted: int
    needs_refused: int


class CandidateIn(Strict):
    """A team to keep or to set aside: by its `owner` in the ranking, with its evidence, or by hand by its `team`."""

    owner: str = Field("", max_length=16)
    team: str = Field("", max_length=8)
    is_excluded: bool = False
    reason: str = Field("", max_length=2000)
    with_secret: bool = False


class CandidateOut(Schema):
    """A team that the officer looked at, and how it stood in the ranking then."""

    reference: str
    team: str
    status: CandidateStatus
    origin: CandidateOrigin
    rank: int | None
    score: float | None
    reason: str
    changed_at: datetime

    @staticmethod
    def resolve_team(candidate: Candidate) -> str:
        return candidate.organisation.reference


class ReferIn(Strict):
    """Teams, or candidates of the shortlist, to ask, with a message; without `due_at` they have the promised time."""

    teams: list[str] = Field(default_factory=list, max_length=20)
    candidates: list[str] = Field(default_factory=list, max_length=20)
    message: str = Field(min_length=1, max_length=TEXT)
    due_at: AwareDatetime | None = None


@router.get("/needs/{reference}/ranking", response=list[RankedOut])
def need_ranking(
    request: HttpRequest,
    reference: str,
    region: str = Query("", max_length=80),
    institute: str = Query("", max_length=8),
    kind: Literal["", "team", "person", "platform"] = "",
    trl: int | None = Query(None, ge=1, le=9),
    size: SizeClass | None = None,
    limit: int = Query(10, ge=1, le=50),
    with_secret: bool = False,
) -> Any:
    """Who can answer, with the evidence and its weight; `with_secret` searches the confidential part too."""
    need, actor = need_of(request, reference, "rank"), actor_of(request)
    filters = ranking.Filters(region=region, institute=institute, kind=kind, trl=trl, size=size or "")
    uses = with_secret and ranking.has_secret_for(need, actor)
    return [ranked(row) for row in ranking.rank_teams(need, actor, filters=filters, with_secret=uses, limit=limit)]


@router.get("/needs/{reference}/compare", response=list[ComparedOut])
def need_compare(
    request: HttpRequest,
    reference: str,
    owner: list[str] = Query(..., min_length=2, max_length=4),  # noqa: B008 - how the framework declares it
    with_secret: bool = False,
) -> Any:
    """Two to four owners of the ranking side by side; one that it no longer shows is left out."""
    need, actor = need_of(request, reference, "rank"), actor_of(request)
    uses = with_secret and ranking.has_secret_for(need, actor)
    rows = ranking.find_ranked(need, actor, owner, with_secret=uses)
    records = ranking.records_of(rows, actor)
    held = [records[row.organisation.pk] if row.organisation else ranking.Record() for row in rows]
    return [
        {
            **ranked(row),
            "offers": record.offers,
            "needs_accepted": record.accepted,
            "needs_refused": record.refused,
        }
        for row, record in zip(rows, held, strict=True)
    ]


@router.get("/needs/{reference}/candidates", response=list[CandidateOut])
@paginated
def candidate_list(request: HttpRequest, reference: str, status: CandidateStatus | None = None) -> Any:
    """The teams that the officer looked at, by rank."""
    need = need_of(request, reference)
    rows = Candidate.objects.permitted(actor_of(request)).filter(need=need).select_related("organisation")
    return (rows.filter(status=status) if status else rows).order_by("rank", "pk")


@router.post("/needs/{reference}/candidates", response={201: CandidateOut})
def candidate_add(request: HttpRequest, reference: str, payload: CandidateIn) -> Any:
    """Keep a team for a need, or set it aside with a reason."""
    need, actor = need_of(request, reference), actor_of(request)
    act = exclude if payload.is_excluded else shortlist
    if not payload.owner:
        team = team_of(request, payload.team)
        return Status(201, act(need=need, organisation=team, reason=payload.reason, actor=actor))
    need_of(request, reference, "rank")
    uses = payload.with_secret and ranking.has_secret_for(need, actor)
    row = next(iter(ranking.find_ranked(need, actor, [payload.owner], with_secret=uses)), None)
    if row is None or row.organisation is None:
        raise RuleViolation(_("The ranking shows no team under this name: add it by its reference."), field="owner")
    standing = row.standing(is_from_secret=uses)
    made = act(
        need=need,
        organisation=row.organisation,
        person=row.person,
        standing=standing,
        reason=payload.reason,
        actor=actor,
    )
    return Status(201, made)


@router.post("/candidates/{reference}/restore", response=CandidateOut)
def candidate_restore(request: HttpRequest, reference: str) -> Any:
    """Bring back a team that was set aside."""
    candidate = get_permitted(Candidate, actor_of(request), "edit", reference=reference)
    return restore(candidate=candidate, actor=actor_of(request))


@router.post("/needs/{reference}/referrals", response={201: list[ReferralOut]})
def need_refer(request: HttpRequest, reference: str, payload: ReferIn) -> Any:
    """Put a need to one or several teams: all are asked, or none."""
    need, actor = need_of(request, reference), actor_of(request)
    targets = [referrals.Target(team_of(request, one, field="teams")) for one in dict.fromkeys(payload.teams)]
    rows = Candidate.objects.permitted(actor).filter(need=need).select_related("organisation", "person")
    chosen = {row.reference: row for row in rows.filter(reference__in=payload.candidates)}
    for one in dict.fromkeys(payload.candidates):
        if one not in chosen:
            raise RuleViolation(_("This need has no candidate of this reference."), field="candidates")
        targets.append(referrals.Target(chosen[one].organisation, chosen[one].person))
    made = referrals.refer_need(
        need=need, targets=targets, message=payload.message, due_at=payload.due_at, actor=actor
    )
    return Status(201, made)
