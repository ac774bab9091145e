"""Reads of the inventions used by pages, operations and the apps above."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from motrice.inventions.enums import DecisionKind, DecisionStatus, DisclosureStatus
from motrice.inventions.models import Decision, Disclosure


def decided(actor: Any, *kinds: str) -> QuerySet[Disclosure]:
    """The decided disclosures of some kinds of decision (any when none is named) that the actor may see."""
    rows = Disclosure.objects.permitted(actor).filter(status=DisclosureStatus.DECIDED)
    if kinds:
        rows = rows.filter(decision__in=kinds)
    return rows.select_related("unit", "owner", "office").order_by("decided_at", "pk")


def decided_for_patent(actor: Any) -> QuerySet[Disclosure]:
    """The disclosures to be protected by patent: from each a family can be made, with `Inventor.share` as it is."""
    return decided(actor, DecisionKind.PATENT)


def current_decision(disclosure: Disclosure, *, actor: Any) -> Decision | None:
    """The decision that holds or is proposed, as far as the actor may read it."""
    rows = Decision.objects.permitted(actor).filter(disclosure=disclosure)
    return rows.filter(status__in=[DecisionStatus.PROPOSED, DecisionStatus.TAKEN]).first()
