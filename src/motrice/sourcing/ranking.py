"""Who can answer a need: laboratories and people ranked by their evidence, each with its proof in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motrice.core import search_index
from motrice.core.policies import allows
from motrice.core.search_sources import access_tokens
from motrice.directory.enums import EvidenceKind, RelationKind
from motrice.directory.links import record_url
from motrice.directory.models import Affiliation, Evidence, Organisation, Person, Relation, YearProfile
from motrice.engines.search import Match, OwnerHit
from motrice.sourcing.models import Candidate, Need, NeedSecret, Offer, Referral
from motrice.sourcing.operations.candidates import Standing
from motrice.sourcing.queries import matched_words

KINDS = dict(EvidenceKind.choices)
POOL = 200  # owners among whom rows are looked for
AT_ONCE = 60  # owners read at a time: most often the first part holds all that is shown


@dataclass(frozen=True)
class Filters:
    """What the officer narrows the ranking to."""

    region: str = ""
    institute: str = ""
    kind: str = ""
    trl: int | None = None
    size: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Filters()


@dataclass(frozen=True)
class Piece:
    """One proof: its text, what matched in it, its share, and the rank without it."""

    reference: str
    title: str
    text: str
    kind: str
    dated_on: Any
    url: str
    share: float
    rank_without: int | None
    matches: tuple[Match, ...]

    @property
    def words(self) -> str:
        """The words that matched, each as asked and, when it differs, as found."""
        return ", ".join(matched_words(self.matches))

    @property
    def found_words(self) -> list[str]:
        """The words to mark in the text."""
        return sorted({match.document_word for match in self.matches})


@dataclass
class Ranked:
    """A team or a person at its rank."""

    owner: str
    rank: int
    score: float
    organisation: Organisation | None
    person: Person | None
    pieces: list[Piece]
    candidate: Candidate | None = None
    institutes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The team, or the person and the team."""
        return (
            f"{self.person}, {self.organisation}"
            if self.person and self.organisation
            else str(self.person or self.organisation)
        )

    @property
    def url(self) -> str:
        """The record of the person or the team."""
        record = self.person or self.organisation
        return record_url(record) if record is not None else ""

    def standing(self, *, is_from_secret: bool) -> Standing:
        """What is kept when the officer acts: the rank and its proofs as they are now."""
        return Standing(
            rank=self.rank,
            score=self.score,
            evidence=[
                {
                    "reference": piece.reference,
                    "title": piece.title,
                    "share": round(piece.share, 4),
                    "rank_without": piece.rank_without,
                    "words": piece.words,
                }
                for piece in self.pieces
            ],
            is_from_secret=is_from_secret,
        )


def question_of(need: Need, actor: Any, *, with_secret: bool) -> str:
    """The text that is searched: the statement, and the confidential part for who may read it and asks for it."""
    parts = [need.title, need.problem, need.tried, need.constraints]
    if with_secret:
        secret = NeedSecret.objects.permitted(actor).filter(need=need).first()
        parts.append(secret.text if secret is not None else "")
    return "\n".join(part for part in parts if part)


def has_secret_for(need: Need, actor: Any) -> bool:
    """Whether the reader may have the confidential part searched too."""
    secret = NeedSecret.objects.filter(need=need).first()
    return secret is not None and allows(actor, "view", secret)


def rank_teams(
    need: Need,
    actor: Any,
    *,
    filters: Filters | None = None,
    with_secret: bool = False,
    limit: int = 20,
    only: Collection[str] | None = None,
) -> list[Ranked]:
    """The best teams and people for a need; filters leave rows out without changing anybody's rank or proof.

    `only` names the owners that are wanted: the proofs of the others are not worked out.
    """
    text = question_of(need, actor, with_secret=with_secret)
    indexes = search_index.opened()
    if indexes is None or not text.strip():
        return []
    kinds = {"kind": EvidenceKind.values}
    ranking = indexes.evidence.owner_ranking(text, limit=POOL, filters=kinds, access=access_tokens(actor))
    if ranking is None:
        return []
    standings, wanted = ranking.standings(POOL), limit if only is None else min(limit, len(only))
    rows: list[Ranked] = []
    for start in range(0, len(standings), AT_ONCE):
        if len(rows) >= wanted:
            break
        found = _rows(standings[start : start + AT_ONCE], actor, filters or Filters())
        rows += [row for row in found if only is None or row.owner in only]
    del rows[wanted:]
    _add_candidates(rows, need, actor)
    _add_pieces(rows, [ranking.explained(standings[row.rank - 1]) for row in rows], actor)
    _add_institutes(rows)
    return rows


def find_ranked(need: Need, actor: Any, owners: Sequence[str], *, with_secret: bool = False) -> list[Ranked]:
    """The rows of named owners in the ranking of a need, in its order."""
    return rank_teams(need, actor, with_secret=with_secret, limit=POOL, only=set(owners))


def _rows(standings: Sequence[OwnerHit], actor: Any, filters: Filters) -> list[Ranked]:
    """The rows that the reader may see and has not filtered out, with their standing alone."""
    teams, people, units = _owners(standings, actor)
    allowed = _allowed(teams, units, filters)
    rows: list[Ranked] = []
    for hit in standings:
        pk = int(hit.owner.rpartition(":")[2])
        person = people.get(pk) if hit.owner.startswith("person:") else None
        team = units.get(pk) if person is not None else teams.get(pk)
        if not _keeps(person, team, allowed, filters, hit.owner):
            continue
        owner = f"person-{person.reference}" if person is not None else f"team-{team.reference}"  # type: ignore[union-attr]
        rows.append(Ranked(owner, hit.rank, hit.score, team, person, []))  # type: ignore[arg-type]
    return rows


def _add_candidates(rows: Sequence[Ranked], need: Need, actor: Any) -> None:
    """Say of each row what the desk did with it already."""
    candidates = {
        (row.organisation_id, row.person_id): row
        for row in Candidate.objects.permitted(actor).filter(need=need).select_related("referral")
    }
    for row in rows:
        key = (row.organisation.pk if row.organisation else None, row.person.pk if row.person else None)
        row.candidate = candidates.get(key)  # type: ignore[arg-type]


def _owners(
    hits: Sequence[OwnerHit], actor: Any
) -> tuple[dict[int, Organisation], dict[int, Person], dict[int, Organisation]]:
    keys: dict[bool, list[int]] = {True: [], False: []}
    for hit in hits:
        keys[hit.owner.startswith("person:")].append(int(hit.owner.rpartition(":")[2]))
    seen = Organisation.objects.permitted(actor).filter(merged_into=None, ends_on=None).exclude(kind="company")
    teams = seen.in_bulk(keys[False])
    people = Person.objects.permitted(actor).filter(merged_into=None).in_bulk(keys[True])
    links = Affiliation.objects.on().filter(person__in=list(people)).exclude(organisation__kind="company")
    units: dict[int, Organisation] = {}
    for link in links.select_related("organisation").order_by("-pk"):
        units[link.person_id] = link.organisation
    return teams, people, units


def _allowed(teams: dict[int, Organisation], units: dict[int, Organisation], filters: Filters) -> set[int]:
    bodies = {row.pk for row in (*teams.values(), *units.values())}
    if filters.is_empty:
        return bodies
    allowed = set(_narrowed(Organisation.objects.filter(pk__in=bodies), filters).values_list("pk", flat=True))
    if filters.kind == "platform":
        platforms = Offer.objects.current().filter(kind="platform", organisation__in=allowed)
        allowed &= set(platforms.values_list("organisation_id", flat=True))
    return allowed


def _keeps(person: Person | None, team: Organisation | None, allowed: set[int], filters: Filters, owner: str) -> bool:
    if person is None and (team is None or owner.startswith("person:")):
        return False
    wanted = {"team": person is None, "platform": person is None, "person": person is not None}
    if not wanted.get(filters.kind, True):
        return False
    return team.pk in allowed if team is not None else filters.is_empty


def _narrowed(bodies: Any, filters: Filters) -> Any:
    if filters.region:
        bodies = bodies.filter(region=filters.region)
    if filters.institute:
        members = Relation.objects.on().filter(
            kind__in=[RelationKind.MEMBER_OF, RelationKind.PARTICIPATES], target__reference=filters.institute
        )
        bodies = bodies.filter(Q(pk__in=members.values("source_id")) | Q(reference=filters.institute))
    if filters.trl is not None:
        offers = Offer.objects.current().filter(trl_min__lte=filters.trl, trl_max__gte=filters.trl)
        bodies = bodies.filter(pk__in=offers.values("organisation_id"))
    if filters.size:
        profiles = YearProfile.objects.filter(size_class=filters.size)
        bodies = bodies.filter(pk__in=profiles.values("organisation_id"))
    return bodies


def _add_pieces(rows: Sequence[Ranked], hits: Sequence[OwnerHit], actor: Any) -> None:
    """Give each row its proofs: texts of the evidence, and what a laboratory says of itself."""
    texts: dict[str, Any] = {}
    for model in (Evidence, Organisation):
        label = model._meta.label_lower
        keys = {piece.id for hit in hits for piece in hit.evidence if piece.id.startswith(f"{label}:")}
        found = model.objects.permitted(actor).in_bulk([int(key.rpartition(":")[2]) for key in keys])
        texts |= {f"{label}:{pk}": record for pk, record in found.items()}
    for row, hit in zip(rows, hits, strict=True):
        row.pieces = [_piece(texts[piece.id], piece) for piece in hit.evidence if piece.id in texts]


def _piece(record: Evidence | Organisation, found: Any) -> Piece:
    return Piece(
        reference=record.reference,
        title=record.title if isinstance(record, Evidence) else _("How the laboratory presents itself"),
        text=record.text if isinstance(record, Evidence) else f"{record.name}. {record.description}",
        kind=str(KINDS.get(record.kind if isinstance(record, Evidence) else EvidenceKind.PROFILE, record.kind)),
        dated_on=record.dated_on if isinstance(record, Evidence) else None,
        url=record.url if isinstance(record, Evidence) else record_url(record),
        share=found.share,
        rank_without=found.rank_without,
        matches=found.matches,
    )


def _add_institutes(rows: Sequence[Ranked]) -> None:
    rows = [row for row in rows if row.organisation is not None]
    links = Relation.objects.on().filter(
        kind__in=[RelationKind.MEMBER_OF, RelationKind.PARTICIPATES],
        source__in={row.organisation.pk for row in rows if row.organisation is not None},
        target__kind="institute",
    )
    names: dict[int, list[str]] = {}
    for link in links.select_related("target"):
        names.setdefault(link.source_id, []).append(link.target.short_name or link.target.name)
    for row in rows:
        if row.organisation is not None:
            row.institutes = sorted(names.get(row.organisation.pk, []))


@dataclass
class Record:
    """What a team offers today and how it answered before, as far as the reader may see."""

    offers: list[str] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0


def records_of(rows: Sequence[Ranked], actor: Any) -> dict[int, Record]:
    """The record of each team of these rows, by its key."""
    bodies = {row.organisation.pk for row in rows if row.organisation is not None}
    records = {pk: Record() for pk in bodies}
    for offer in Offer.objects.permitted(actor).current().filter(organisation__in=bodies):
        records[offer.organisation_id].offers.append(offer.title)
    answers = Referral.objects.permitted(actor).filter(organisation__in=bodies, status__in=("accepted", "refused"))
    for team, status in answers.values_list("organisation_id", "status"):
        setattr(records[team], status, getattr(records[team], status) + 1)
    return records


def without_words(piece: Piece) -> str:
    """What would become of the rank without a piece."""
    if piece.rank_without is None:
        return _("Without this piece, nothing would speak for this team.")
    return _("Without this piece, the rank would be %(rank)d.") % {"rank": piece.rank_without}
