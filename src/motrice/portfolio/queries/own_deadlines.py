"""What a co-owner is told of the deadlines of its titles: its own part and nobody else's."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from motrice.core.policies import scopes
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.models import Deadline, Ownership
from motrice.portfolio.policies.assets import OWNER_STAFF
from motrice.portfolio.queries.fee_parts import Held, split_fee


def own_deadlines(actor: Any) -> QuerySet[Deadline]:
    """The deadlines on whose day an organisation that the actor answers for holds a part of the title."""
    own = Ownership.objects.filter(organisation_id__in=scopes(actor, ORGANISATION, *OWNER_STAFF))
    day = OuterRef("due_on")
    held = own.filter(Q(ends_on=None) | Q(ends_on__gte=day), asset=OuterRef("asset"), starts_on__lte=day)
    rows = Deadline.objects.permitted(actor, "owned").filter(Exists(held)).select_related("asset")
    return rows.prefetch_related(
        Prefetch("asset__ownerships", queryset=Ownership.objects.order_by("pk"), to_attr="every_part"),
        Prefetch("asset__ownerships", queryset=own, to_attr="own_parts"),
    )


def _held(deadline: Deadline) -> tuple[list[Ownership], set[int]]:
    asset: Any = deadline.asset
    day = deadline.due_on
    parts = [row for row in asset.every_part if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)]
    return parts, {row.organisation_id for row in asset.own_parts}


def own_share(deadline: Deadline) -> Fraction:
    """The part of the title that is the reader's own on the due date."""
    parts, own = _held(deadline)
    return sum((row.share for row in parts if row.organisation_id in own), Fraction(0))


def own_amount(deadline: Deadline) -> Decimal | None:
    """The reader's own part of the fee, to the cent: with the others' it sums to the fee."""
    if deadline.amount is None:
        return None
    parts, own = _held(deadline)
    split = split_fee(deadline.amount, [Held(row.organisation_id, row.numerator, row.denominator) for row in parts])
    return sum((amount for owner, amount in split if owner in own), Decimal(0))
