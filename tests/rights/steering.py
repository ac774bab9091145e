"""Steering in the world of the table of rights: a domain with each family, a statement, a ranking, two landscapes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from motrice.portfolio.enums import Reach
from motrice.portfolio.models import (
    Asset,
    Domain,
    DomainAsset,
    DomainClass,
    DomainDismissal,
    DomainUnit,
    Headline,
    Landscape,
    PublishedRanking,
    PublishedRankingLine,
)
from tests.sourcing.factories import log

SINCE = date(2020, 1, 1)


def add(world: Any) -> None:
    """One strategy of the institute, over the families that are there already."""
    institute = world.holdings["the institute"]
    domain = _row(
        world, Domain(organisation=institute, code="alloys", name_fr="Alliages", name_en="Alloys", starts_on=SINCE),
        "domain of the institute",
    )  # fmt: skip
    of = "of the institute's domain"
    _row(world, DomainClass(domain=domain, prefix="C22F", starts_on=SINCE), of)
    _row(world, DomainUnit(domain=domain, unit=world.holdings["the team asked"], starts_on=SINCE), of)
    for asset in Asset.objects.families().order_by("pk"):
        words = f"{asset.title} in the domain"
        _row(world, DomainAsset(domain=domain, asset=asset, starts_on=SINCE), words)
        _row(world, DomainDismissal(domain=domain, asset=asset, dismissed_on=SINCE), words)
    _row(world, Headline(organisation=institute, text="1 domaine", domain_count=1, stated_on=SINCE), "statement")
    ranking = _row(
        world, PublishedRanking(organisation=institute, title="Palmarès", year=2024, basis="published",
                                source="pibd.inpi.fr", loaded_on=SINCE), "ranking loaded by the institute",
    )  # fmt: skip
    _row(world, PublishedRankingLine(ranking=ranking, name="Institut inventé", value=3), "line of the ranking")
    for reach in Reach.values:
        landscape = Landscape(organisation=institute, reach=reach, computed_at=timezone.now())
        _row(world, landscape, f"landscape for the {reach}")


def _row(world: Any, row: Any, words: str) -> Any:
    log(row)
    return world.name(row, words)
