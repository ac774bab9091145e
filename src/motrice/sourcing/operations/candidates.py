"""What the officer makes of the teams proposed for a need: shortlist, set aside with a reason, bring back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.directory.models import Affiliation, Organisation, Person
from motrice.sourcing.enums import CandidateOrigin, CandidateStatus, EventKind
from motrice.sourcing.models import Candidate, Need
from motrice.sourcing.operations.timeline import moment, tell


@dataclass(frozen=True)
class Standing:
    """How a team stood in the ranking when the officer acted: kept, because evidence changes later."""

    rank: int | None = None
    score: float | None = None
    evidence: list[dict[str, Any]] = field(default_factory=list)
    is_from_secret: bool = False


def find_candidate(need: Need, organisation: Organisation, person: Person | None) -> Candidate | None:
    """The candidate of this team (or person in it) for a need, if the officer has looked at it."""
    return Candidate.objects.filter(need=need, organisation=organisation, person=person).first()


def check_team(organisation: Organisation, person: Person | None, actor: Any) -> None:
    """Refuse a team that the officer may not see, and a person who does not work in it."""
    require(actor, "view", organisation)
    if organisation.kind == "company":
        raise RuleViolation(_("A need is referred to a laboratory, not to a company."), field="organisation")
    if person is not None:
        require(actor, "view", person)
        if not Affiliation.objects.on().filter(person=person, organisation=organisation).exists():
            raise RuleViolation(
                _("%(person)s does not work in %(team)s today.") % {"person": person, "team": organisation},
                field="person",
            )


def set_candidate(
    op: audit.Recorder,
    *,
    need: Need,
    organisation: Organisation,
    person: Person | None,
    status: str,
    when: datetime,
    standing: Standing | None = None,
    reason: str = "",
) -> Candidate:
    """Write the candidate's row inside an operation: once per team, with the evidence of the latest act."""
    values: dict[str, Any] = {"status": status, "reason": reason, "changed_by_id": op.actor.pk, "changed_at": when}
    if standing is not None:
        values |= {
            "rank": standing.rank,
            "score": standing.score,
            "evidence": standing.evidence,
            "is_from_secret": standing.is_from_secret,
        }
    candidate = find_candidate(need, organisation, person)
    if candidate is not None:
        op.update(candidate, **values)
        return candidate
    origin = CandidateOrigin.HAND if standing is None or standing.rank is None else CandidateOrigin.RANKING
    return op.create(Candidate(need=need, organisation=organisation, person=person, origin=origin, **values))


def shortlist(
    *,
    need: Need,
    organisation: Organisation,
    actor: Any,
    person: Person | None = None,
    standing: Standing | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Candidate:
    """Keep a team for a need, from the ranking or by hand; one set aside comes back."""
    require(actor, "handle", need)
    _require_open(need)
    check_team(organisation, person, actor)
    when = moment(at)
    held = find_candidate(need, organisation, person)
    if held is not None and held.status == CandidateStatus.REFERRED:
        raise RuleViolation(_("This need was referred to this team already."), field="organisation")
    if held is not None and held.status == CandidateStatus.SHORTLISTED and held.reason == reason.strip():
        return held  # pressed twice
    back = held is not None and held.status == CandidateStatus.EXCLUDED
    with audit.operation(actor, "candidate.shortlist", subject=need, at=at) as op:
        candidate = set_candidate(
            op,
            need=need,
            organisation=organisation,
            person=person,
            status=CandidateStatus.SHORTLISTED,
            when=when,
            standing=standing,
            reason=reason.strip(),
        )
        kind = EventKind.CANDIDATE_RESTORED if back else EventKind.CANDIDATE_ADDED
        tell(op, need, kind, at=when, team=str(candidate))
    return candidate


def exclude(
    *,
    need: Need,
    organisation: Organisation,
    actor: Any,
    reason: str,
    person: Person | None = None,
    standing: Standing | None = None,
    at: datetime | None = None,
) -> Candidate:
    """Set a team aside for a need, with the reason; `restore` undoes it."""
    require(actor, "handle", need)
    _require_open(need)
    check_team(organisation, person, actor)
    when = moment(at)
    if not reason.strip():
        raise RuleViolation(_("Say why this team is set aside."), field="reason")
    held = find_candidate(need, organisation, person)
    if held is not None and held.status == CandidateStatus.REFERRED:
        raise RuleViolation(_("This need was referred to this team: call the referral back first."))
    if held is not None and held.status == CandidateStatus.EXCLUDED and held.reason == reason.strip():
        return held  # pressed twice
    with audit.operation(actor, "candidate.exclude", subject=need, reason=reason, at=at) as op:
        candidate = set_candidate(
            op,
            need=need,
            organisation=organisation,
            person=person,
            status=CandidateStatus.EXCLUDED,
            when=when,
            standing=standing,
            reason=reason.strip(),
        )
        tell(op, need, EventKind.CANDIDATE_EXCLUDED, at=when, team=str(candidate), reason=reason.strip())
    return candidate


def restore(*, candidate: Candidate, actor: Any, at: datetime | None = None) -> Candidate:
    """Bring back a team that was set aside."""
    require(actor, "handle", candidate.need)
    _require_open(candidate.need)
    when = moment(at)
    if candidate.status != CandidateStatus.EXCLUDED:
        raise InvalidTransition(_("This team is not set aside."))
    with audit.operation(actor, "candidate.restore", subject=candidate.need, at=at) as op:
        op.update(
            candidate,
            status=CandidateStatus.SHORTLISTED,
            reason="",
            changed_by_id=actor.pk,
            changed_at=when,
        )
        tell(op, candidate.need, EventKind.CANDIDATE_RESTORED, at=when, team=str(candidate))
    return candidate


def _require_open(need: Need) -> None:
    if not need.is_open:
        raise InvalidTransition(_("This need has ended: reopen it first."))
