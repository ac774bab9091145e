"""Who can answer a need: laboratories and people ranked by their evidence, each with its proof in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motrice.core.policies import allows
from motrice.directory.enums import RelationKind
from motrice.directory.models import Affiliation, Evidence, Organisation, Person, Relation, YearProfile
from motrice.engines.search import Match, OwnerHit
from motrice.sourcing.evidence import access_tokens, evidence_index
from motrice.sourcing.models import Candidate, Need, NeedSecret, Offer
from motrice.sourcing.operations.candidates import Standing

POOL = 200


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
        pairs: dict[str, None] = {}
        for match in sorted(self.matches, key=lambda match: -match.share):
            asked, found = match.query_word, match.document_word
            pairs[asked if asked == found else f"{asked} → {found}"] = None
        return ", ".join(list(pairs)[:8])

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
    need: Need, actor: Any, *, filters: Filters | None = None, with_secret: bool = False, limit: int = 20
) -> list[Ranked]:
    """The best teams and people for a need; filters leave rows out without changing anybody's rank or proof."""
    text = question_of(need, actor, with_secret=with_secret)
    hits = evidence_index().rank_owners(text, limit=POOL, access=access_tokens(actor))
    return _ranked(need, actor, hits, filters or Filters(), limit)


def find_ranked(need: Need, actor: Any, owners: Sequence[str], *, with_secret: bool = False) -> list[Ranked]:
    """The rows of named owners in the ranking of a need, in its order."""
    wanted = set(owners)
    rows = rank_teams(need, actor, with_secret=with_secret, limit=POOL)
    return [row for row in rows if row.owner in wanted]


def _ranked(need: Need, actor: Any, hits: Sequence[OwnerHit], filters: Filters, limit: int) -> list[Ranked]:
    teams, people, units = _owners(hits, actor)
    kept = _kept(teams, people, units, filters)
    candidates = {
        (row.organisation_id, row.person_id): row
        for row in Candidate.objects.permitted(actor).filter(need=need).select_related("referral")
    }
    rows: list[Ranked] = []
    for hit in hits:
        if hit.owner not in kept or len(rows) == limit:
            continue
        kind, _colon, reference = hit.owner.partition(":")
        person = people.get(reference) if kind == "person" else None
        team = units.get(person.pk) if person is not None else teams.get(reference)
        key = (team.pk if team else None, person.pk if person else None)
        rows.append(Ranked(hit.owner, hit.rank, hit.score, team, person, [], candidates.get(key)))  # type: ignore[arg-type]
    _add_pieces(rows, {hit.owner: hit for hit in hits}, actor)
    _add_institutes(rows)
    return rows


def _owners(
    hits: Sequence[OwnerHit], actor: Any
) -> tuple[dict[str, Organisation], dict[str, Person], dict[int, Organisation]]:
    references: dict[str, list[str]] = {"organisation": [], "person": []}
    for hit in hits:
        kind, _colon, reference = hit.owner.partition(":")
        references.setdefault(kind, []).append(reference)
    seen = Organisation.objects.permitted(actor).filter(merged_into=None, ends_on=None).exclude(kind="company")
    teams = {row.reference: row for row in seen.filter(reference__in=references["organisation"])}
    found = Person.objects.permitted(actor).filter(reference__in=references["person"], merged_into=None)
    people = {row.reference: row for row in found}
    links = Affiliation.objects.on().filter(person__in=[row.pk for row in people.values()])
    units: dict[int, Organisation] = {}
    for link in links.select_related("organisation").order_by("-pk"):
        if link.organisation.kind != "company":
            units[link.person_id] = link.organisation
    return teams, people, units


def _kept(
    teams: dict[str, Organisation], people: dict[str, Person], units: dict[int, Organisation], filters: Filters
) -> set[str]:
    bodies = {row.pk: row for row in (*teams.values(), *units.values())}
    allowed = set(bodies)
    if not filters.is_empty:
        allowed = set(_narrowed(Organisation.objects.filter(pk__in=allowed), filters).values_list("pk", flat=True))
    kept = set()
    if filters.kind in ("", "team"):
        kept |= {f"organisation:{reference}" for reference, row in teams.items() if row.pk in allowed}
    if filters.kind in ("", "person"):
        kept |= {
            f"person:{reference}"
            for reference, row in people.items()
            if (row.pk in units and units[row.pk].pk in allowed) or (row.pk not in units and filters.is_empty)
        }
    if filters.kind == "platform":
        held = set(Offer.objects.current().filter(kind="platform").values_list("organisation_id", flat=True))
        kept = {f"organisation:{ref}" for ref, row in teams.items() if row.pk in allowed & held}
    return kept


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


def _add_pieces(rows: Iterable[Ranked], hits: dict[str, OwnerHit], actor: Any) -> None:
    rows = list(rows)
    references = {piece.id for row in rows for piece in hits[row.owner].evidence}
    texts = {row.reference: row for row in Evidence.objects.permitted(actor).filter(reference__in=references)}
    for row in rows:
        row.pieces = [
            Piece(
                reference=piece.id,
                title=texts[piece.id].title,
                text=texts[piece.id].text,
                kind=texts[piece.id].get_kind_display(),
                dated_on=texts[piece.id].dated_on,
                url=texts[piece.id].url,
                share=piece.share,
                rank_without=piece.rank_without,
                matches=piece.matches,
            )
            for piece in hits[row.owner].evidence
            if piece.id in texts
        ]


def _add_institutes(rows: Iterable[Ranked]) -> None:
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


def without_words(piece: Piece) -> str:
    """What would become of the rank without a piece."""
    if piece.rank_without is None:
        return _("Without this piece, nothing would speak for this team.")
    return _("Without this piece, the rank would be %(rank)d.") % {"rank": piece.rank_without}
