"""Agreements in the leak test: a licence at each level, and one open to all that bundles a know-how kept secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from motrice.accounts.operations.users import system_user
from motrice.agreements.enums import Exclusivity, PartyRole
from motrice.agreements.models import Agreement
from motrice.agreements.operations.agreements import bring_into_force
from motrice.agreements.operations.licences import Bundled, LicenceContent, PartyNamed, register_licence
from motrice.agreements.views.acts import ACTS
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Asset

SIGNED_ON = date(2024, 3, 15)


def add(world: Any, *, probe: str, reads_log: Callable[[Any], bool]) -> None:
    """Licences of the public family to the company of the desk, and of that family with a secret to the same."""
    family = Asset.objects.families().get(level=Level.PUBLIC)
    for level in Level.values:
        _licence(world, f"{level} licence", level, [family], probe, reads_log)
    secrets = Asset.objects.filter(kind__in=(AssetKind.KNOW_HOW, AssetKind.SOFTWARE), level=Level.CIRCLE)
    _licence(world, "public licence with secrets", Level.PUBLIC, [family, *secrets.order_by("pk")], probe, reads_log)


def _licence(
    world: Any, what: str, level: str, assets: list[Asset], probe: str, reads_log: Callable[[Any], bool]
) -> None:
    slot: dict[str, Any] = {}

    def planted(where: str, key: str = "agreement") -> str:
        return world.plant(f"{where} of a {what}", also=reads_log, by=lambda: slot[key])

    place = world.place
    agreement = register_licence(
        office=place.institute,
        content=LicenceContent(
            title=f"{probe} {planted('title')}",
            summary=f"{probe} {planted('summary')}",
            number=planted("our reference"),
            exclusivity=Exclusivity.EXCLUSIVE,
            field_of_use=f"{probe} {planted('field of use')}",
            territories=("FR", "SM"),
            parties=[
                PartyNamed(PartyRole.LICENSOR, place.institute),
                PartyNamed(PartyRole.LICENSEE, place.company),
                PartyNamed(PartyRole.LICENSEE, name=f"{probe} {planted('licensee', 'party')}"),
            ],
            bundle=[Bundled(asset, Fraction(1, len(assets))) for asset in assets],
        ),
        level=level,
        actor=system_user(),
        officer=place.patent_engineer,
    )
    bring_into_force(agreement=agreement, signed_on=SIGNED_ON, starts_on=SIGNED_ON, actor=system_user())
    slot["agreement"], slot["party"] = agreement, agreement.parties.get(organisation=None)
    world.keep(agreement, is_public=what == "public licence")


def page_parameters(acts: Callable[..., Any]) -> dict[str, Any]:
    """How the addresses of the pages are visited; `acts` makes the parameters of a model and its acts."""
    return {"agreements:agreement_act": acts(Agreement, *ACTS)}


API_MODELS: dict[str, Any] = {
    "/api/v1/agreements/agreements/{reference}": Agreement,
    "/api/v1/agreements/licences/{reference}": Agreement,
}
