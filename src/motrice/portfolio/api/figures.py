"""The figures of the portfolio through the API: those of the page, under the filters of the list."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.lists.assets import assets_under
from motrice.portfolio.marts.protection import protection

router = Router()


class AgeOut(Schema):
    """Families of one age, with the filters that list them."""

    years: int = Field(description="Whole years since the first filing or the priority claimed.")
    filed_from: date
    filed_to: date
    family_count: int


class LeftOut(Schema):
    """Families by the years left until the end of the term of the longest right, up to and including `to_years`."""

    to_years: int
    family_count: int


class FiguresOut(Schema):
    """Families under the filters: where they are protected, their age, the years left, their filings."""

    family_count: int
    countries: dict[str, int]
    by_unitary_patent: dict[str, int] = Field(description="Of these, families by a unitary patent only.")
    ages: list[AgeOut]
    without_filing: int
    years_left: list[LeftOut]
    without_term: int
    first_filings: dict[int, int]


@router.get("/figures", response=FiguresOut)
def figures(request: HttpRequest) -> FiguresOut:
    """Figures over the families that the caller may see, under the filters of the portfolio's list."""
    held = protection(assets_under(actor_of(request), request.GET), timezone.localdate())
    return FiguresOut(
        family_count=held.family_count,
        countries={one.code: one.count for one in held.countries},
        by_unitary_patent={one.code: one.by_unitary for one in held.countries if one.by_unitary},
        ages=[
            AgeOut(years=age.years, filed_from=age.first, filed_to=age.last, family_count=age.count)
            for age in held.ages
        ],
        without_filing=held.without_filing,
        years_left=[LeftOut(to_years=upper, family_count=count) for upper, count in held.years_left],
        without_term=held.without_term,
        first_filings=dict(held.by_year),
    )
