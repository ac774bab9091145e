"""What one owner paid for the others."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.directory.models import Organisation
from motrice.portfolio.models import AdvancedCost, Asset


def advance_cost(
    *,
    asset: Asset,
    payer: Organisation,
    amount: Decimal,
    paid_on: date,
    what: str,
    actor: Any,
    currency: str = "EUR",
    invoice: str = "",
    at: datetime | None = None,
) -> AdvancedCost:
    """Record what was paid for an asset, to be repaid from its revenue."""
    require(actor, "edit", asset)
    if paid_on > timezone.localdate(at):
        raise RuleViolation(_("It cannot have been paid on a day to come."), field="paid_on")
    row = AdvancedCost(
        asset=asset,
        payer=payer,
        amount=amount,
        paid_on=paid_on,
        what=what.strip(),
        currency=currency.strip().upper(),
        invoice=invoice.strip(),
    )
    with audit.operation(actor, "cost.advance", subject=asset, at=at) as op:
        op.create(row)
    return row
