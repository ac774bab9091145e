"""What the fees of the portfolio cost, through the API."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from ninja import Router, Schema

from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.lists.costs import fees_under

router = Router()


class FeeSumOut(Schema):
    """What is paid and to come in one year or at one office."""

    paid: Decimal
    to_come: Decimal


class CostsOut(Schema):
    """The fees in one currency."""

    currency: str
    paid: Decimal
    to_come: Decimal
    by_year: dict[int, FeeSumOut]
    by_office: dict[str, FeeSumOut]


@router.get("/cost-curve", response=list[CostsOut])
def cost_curve(request: HttpRequest) -> list[CostsOut]:
    """Fees paid and to come in each currency, under the filters of the portfolio's list; `part` asks for one owner."""
    found = fees_under(actor_of(request), request.GET)
    return [
        CostsOut(
            currency=one.currency,
            paid=one.paid,
            to_come=one.to_come,
            by_year={year: FeeSumOut(paid=paid, to_come=due) for year, paid, due in one.by_year()},
            by_office={office: FeeSumOut(paid=paid, to_come=due) for office, paid, due in one.by_office()},
        )
        for one in found
    ]
