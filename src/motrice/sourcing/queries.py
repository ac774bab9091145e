"""Reads of the desk used by pages, notices and operations alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from motrice.accounts.models import RoleAssignment, User
from motrice.core import search_index
from motrice.core.search_sources import access_tokens
from motrice.directory.models import Identifier, Organisation
from motrice.directory.policies import LABEL
from motrice.engines.search import Match
from motrice.sourcing.enums import OfferKind
from motrice.sourcing.models import Offer, Referral, ReportMail, VisitorSubmission
from motrice.sourcing.policies import TEAM_HEADS


def team_readers(referral: Referral) -> list[User]:
    """Who is told about a referral: the person asked, or the team's heads and correspondents."""
    if referral.person is not None and referral.person.user_id is not None:
        return list(User.objects.active().filter(pk=referral.person.user_id))
    heads = RoleAssignment.objects.current().filter(
        kind__in=TEAM_HEADS, scope_label=LABEL, scope_pk=referral.organisation_id
    )
    return list(User.objects.active().filter(pk__in=heads.values("user_id")).order_by("pk"))


def desk_officers() -> list[User]:
    """Everyone to whom a need can be given today."""
    roles = RoleAssignment.objects.current().filter(Q(kind="officer") | Q(kind="coordinator", scope_label="site"))
    return list(User.objects.active().filter(pk__in=roles.values("user_id")).order_by("display_name", "pk"))


def desk_offices() -> list[Organisation]:
    """Every organisation at which somebody is an officer today."""
    roles = RoleAssignment.objects.current().filter(kind="officer", scope_label=LABEL, user__is_active=True)
    return list(Organisation.objects.filter(pk__in=roles.values("scope_pk")).order_by("name", "pk"))


def find_company(text: str, actor: Any) -> Organisation | None:
    """The company of a reference or a SIREN number, among those that the actor may see."""
    text = text.strip()
    ids = Identifier.objects.filter(scheme="siren", value=text.replace(" ", "")).values("organisation_id")
    found = Organisation.objects.permitted(actor).filter(kind="company")
    return found.filter(reference=text.upper()).first() or found.filter(pk__in=ids).first()


@dataclass(frozen=True)
class FoundOffer:
    """An offer that answers a question, with the words that matched, across languages too."""

    offer: Offer
    score: float
    matches: tuple[Match, ...]


def find_offers(
    text: str, offers: QuerySet[Offer], *, actor: Any, limit: int = 5, segment: str = ""
) -> list[FoundOffer]:
    """The offers that answer a question best, among those permitted and in date that `offers` holds."""
    indexes = search_index.opened()
    if indexes is None or not text.strip():
        return []
    filters: dict[str, Any] = {"kind": [f"offer-{kind}" for kind in OfferKind.values]}
    if segment:
        filters["tags"] = [segment]
    wanted = limit * 2
    while True:
        hits = indexes.evidence.search(text, limit=wanted, filters=filters, access=access_tokens(actor))
        pks = [int(hit.id.rpartition(":")[2]) for hit in hits]
        rows = offers.filter(pk__in=pks).select_related("organisation", "owner")
        held = {offer.pk: offer for offer in rows.prefetch_related("segments", "references")}
        found = [FoundOffer(held[pk], hit.score, hit.matches) for pk, hit in zip(pks, hits, strict=True) if pk in held]
        if len(found) >= limit or len(hits) < wanted:
            return found[:limit]
        wanted *= 4


def matched_words(matches: Iterable[Match], *, most: int = 8) -> list[str]:
    """The words that matched, those that weigh most first: each as asked and, when it differs, as found."""
    pairs: dict[str, None] = {}
    for match in sorted(matches, key=lambda match: -match.share):
        asked, found = match.query_word, match.document_word
        pairs[asked if asked == found else f"{asked} → {found}"] = None
    return list(pairs)[:most]


def untold_report(actor: Any) -> QuerySet:
    """The reader's own wish of a report by mail when the last one did not arrive."""
    return ReportMail.objects.permitted(actor).exclude(missed="")


def unreached(actor: Any) -> QuerySet:
    """The visitors who never got the mail that confirms their need, the last first, as far as the actor is told."""
    return VisitorSubmission.objects.permitted(actor).exclude(missed="").order_by("-missed_at")
