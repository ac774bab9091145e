"""Agreements in the world of the table of rights: a licence at each level over a public family, and two that hide."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from motrice.accounts.operations.users import system_user
from motrice.agreements.enums import Exclusivity, PartyRole
from motrice.agreements.models import LicenceTerritory, LicensedAsset, Party
from motrice.agreements.operations.agreements import bring_into_force
from motrice.agreements.operations.licences import Bundled, LicenceContent, PartyNamed, register_licence
from motrice.core.confidentiality import Level
from motrice.portfolio.models import Asset

SINCE = date(2024, 3, 15)


def add(world: Any) -> None:
    """Licences of the institute to the company, all of the public family but one, which bundles the circle's too."""
    public, circle = (Asset.objects.families().get(level=level) for level in (Level.PUBLIC, Level.CIRCLE))
    for level in Level.values:
        _licence(world, [public], level, f"{level} licence of the institute")
    _licence(world, [public], Level.ORGANISATION, "licence in preparation", is_signed=False)
    _licence(world, [public, circle], Level.PUBLIC, "public licence with the circle family")


def _licence(world: Any, assets: list[Asset], level: str, words: str, *, is_signed: bool = True) -> None:
    institute, company = world.holdings["the institute"], world.holdings["the company"]
    agreement = register_licence(
        office=institute,
        content=LicenceContent(
            title=words,
            exclusivity=Exclusivity.NON_EXCLUSIVE,
            territories=("FR",),
            parties=[PartyNamed(PartyRole.LICENSOR, institute), PartyNamed(PartyRole.LICENSEE, company)],
            bundle=[Bundled(asset, Fraction(1, len(assets))) for asset in assets],
        ),
        level=level,
        actor=system_user(),
        officer=world.desk.officer,
    )
    if is_signed:
        bring_into_force(agreement=agreement, signed_on=SINCE, starts_on=SINCE, actor=system_user())
    world.name(agreement, words)
    world.name(agreement.licence, f"of the {words}")
    for party in Party.objects.filter(agreement=agreement):
        world.name(party, f"{party.role} of the {words}")
    world.name_all(LicenceTerritory.objects.filter(licence=agreement.licence), f"of the {words}")
    world.name_all(LicensedAsset.objects.filter(licence=agreement.licence), f"of the {words}")
