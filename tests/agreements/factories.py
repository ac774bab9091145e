"""Builders of licences: the office of the portfolio's tests licenses to the rival company; all through operations."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.agreements.enums import Exclusivity, PartyRole
from motrice.agreements.models import Agreement
from motrice.agreements.operations.agreements import bring_into_force
from motrice.agreements.operations.licences import Bundled, LicenceContent, PartyNamed, register_licence
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.details import add_part
from tests.portfolio.factories import World, asset_of

SIGNED_ON = date(2024, 3, 15)


def opened(place: World, **changes: Any) -> Asset:
    """An asset of the office, seen in its organisation."""
    asset = asset_of(place, **changes)
    return set_level(asset=asset, level=Level.ORGANISATION, actor=system_user(), reason="ouverte")


def bundle_of(place: World) -> list[Bundled]:
    """One patent family, one software and one know-how: a half, a third, a sixth."""
    kinds = (
        (AssetKind.PATENT_FAMILY, "Alliage inventé", Fraction(1, 2)),
        (AssetKind.SOFTWARE, "Logiciel inventé", Fraction(1, 3)),
        (AssetKind.KNOW_HOW, "Tour de main inventé", Fraction(1, 6)),
    )
    return [Bundled(opened(place, kind=kind, title=title), share) for kind, title, share in kinds]


def content(place: World, *assets: Asset, **changes: Any) -> LicenceContent:
    """A worldwide licence of these assets in equal parts, to the rival company."""
    fields: dict[str, Any] = {
        "title": "Licence inventée",
        "exclusivity": Exclusivity.NON_EXCLUSIVE,
        "field_of_use": "stents",
        "is_worldwide": True,
        "parties": [PartyNamed(PartyRole.LICENSOR, place.office), PartyNamed(PartyRole.LICENSEE, place.rival)],
        "bundle": [Bundled(asset, Fraction(1, len(assets))) for asset in assets],
    } | changes
    return LicenceContent(**fields)


def licence_of(
    place: World, *assets: Asset, level: str = Level.ORGANISATION, live: bool = True, **changes: Any
) -> Agreement:
    """A licence of the office, in force unless told otherwise."""
    agreement = register_licence(
        office=place.office, content=content(place, *assets, **changes), level=level, actor=place.officer
    )
    if live:
        ends_on = timezone.localdate() + timedelta(days=3650)
        bring_into_force(
            agreement=agreement, signed_on=SIGNED_ON, starts_on=SIGNED_ON, ends_on=ends_on, actor=place.officer
        )
    return agreement


def with_copyleft(place: World) -> Asset:
    """A software that links a part under a strong copyleft."""
    software = opened(place, kind=AssetKind.SOFTWARE, title="Logiciel inventé")
    add_part(asset=software, name="signalkit", licence="GPL-3.0-only", use="linked", actor=system_user())
    return software
