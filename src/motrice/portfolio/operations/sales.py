"""A part to be sold to a third party: told to every other owner with its price, who may buy it first."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.directory.models import Organisation
from motrice.portfolio.enums import AssetKind, NoticeSubject
from motrice.portfolio.models import Asset, CoOwnerNotice
from motrice.portfolio.operations.abandonment import require_opened
from motrice.portfolio.operations.holding import hold_assets
from motrice.portfolio.queries.coownership import owners_on
from motrice.portfolio.tables import coownership as law


def offer_share(
    *,
    asset: Asset,
    seller: Organisation,
    buyer: Organisation,
    share: Fraction,
    price: Decimal,
    actor: Any,
    text: str,
    currency: str = "EUR",
    at: datetime | None = None,
) -> list[CoOwnerNotice]:
    """Tell every other owner of a projected sale and its price: the right to buy first runs from each receipt."""
    require(actor, "decide", asset)
    if asset.kind != AssetKind.PATENT_FAMILY:
        raise RuleViolation(_("The right of pre-emption is that of the co-owners of a patent."), field="share")
    if price < 0:
        raise RuleViolation(_("Say at which price."), field="price")
    today = timezone.localdate(at)
    rule = law.rules().on("preemption", today)
    with audit.operation(actor, "notice.sale", subject=asset, at=at) as op:
        hold_assets([asset.pk])
        asset.refresh_from_db(fields=["level"])
        require_opened(asset)
        others = _others(asset, seller=seller, buyer=buyer, share=share, today=today)
        return [
            op.create(
                CoOwnerNotice(
                    asset=asset,
                    owner=owner,
                    subject=NoticeSubject.SALE,
                    decided_on=today,
                    text=text.strip(),
                    article=rule.article if rule else "",
                    sent_on=today,
                    seller=seller,
                    buyer=buyer,
                    numerator=share.numerator,
                    denominator=share.denominator,
                    price=price,
                    currency=currency,
                )
            )
            for owner in others
        ]


def _others(
    asset: Asset, *, seller: Organisation, buyer: Organisation, share: Fraction, today: date
) -> list[Organisation]:
    """The owners who may buy the part before its buyer; refused when the seller does not hold it."""
    held = {row.organisation_id: row.share for row in asset.ownerships.on(today)}
    if held.get(seller.pk, Fraction(0)) < share or share <= 0:
        raise RuleViolation(_("The seller does not hold this part today."), field="share")
    if buyer.pk in held:
        raise RuleViolation(_("The buyer owns a part already: no co-owner is asked first."), field="buyer")
    others = [owner for owner in owners_on(asset, today) if owner.pk != seller.pk]
    if not others:
        raise RuleViolation(_("Nobody else owns a part: there is nobody to tell."), field="seller")
    return others
