"""Reads of licences used more than once: their warnings, what income gives to each asset, what can be licensed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from motrice.agreements.enums import SHUTS_OTHERS_OUT
from motrice.agreements.models import LicensedAsset
from motrice.engines.sharing import split
from motrice.engines.software import Concern
from motrice.portfolio.models import Asset, ThirdPartyPart
from motrice.portfolio.queries.software import concerns_of

OFFERED = 10


@dataclass(frozen=True)
class Warned:
    """Why a software of the licence stands in the way of its exclusivity."""

    asset: Asset
    concern: Concern


def copyleft_of(assets: Iterable[Asset], *, exclusivity: str, actor: Any) -> list[Warned]:
    """What third parties' licences say against an exclusive or sole licence, of software that the actor works on."""
    if exclusivity not in SHUTS_OTHERS_OUT:
        return []
    rows = ThirdPartyPart.objects.permitted(actor).filter(software__asset__in=[asset.pk for asset in assets])
    found: dict[Asset, list[ThirdPartyPart]] = {}
    for row in rows.select_related("software__asset"):
        found.setdefault(row.software.asset, []).append(row)
    return [Warned(asset, one) for asset, listed in found.items() for one in concerns_of(listed, is_exclusive=True)]


def income_by_asset(bundle: Sequence[LicensedAsset], amount: Decimal) -> list[tuple[LicensedAsset, Decimal]]:
    """What an income gives to each asset of a licence, exact to the cent."""
    places = split(amount, [(place, row.share) for place, row in enumerate(bundle)])
    return [(bundle[place], part) for place, part in places]


def licensable(text: str, *, actor: Any, limit: int = OFFERED) -> list[Asset]:
    """The assets that the actor may put into a licence, by a part of their title or their reference."""
    rows = Asset.objects.permitted(actor, "license").live().order_by("title", "pk")
    typed = " ".join(text.replace("\x00", "").split())
    if typed:
        rows = rows.filter(Q(title__icontains=typed) | Q(docket_number__icontains=typed) | Q(reference=typed.upper()))
    return list(rows[:limit])


def asset_meant(text: str, actor: Any) -> list[Asset]:
    """The asset that a field's text designates: by reference or our reference, by exact title, else by likeness."""
    typed = " ".join(text.replace("\x00", "").split())
    rows = Asset.objects.permitted(actor, "license")
    tail = typed.rsplit(" · ", 1)[-1].rstrip("/").rsplit("/", 1)[-1]
    exact = list(rows.filter(reference=tail.upper())) or list(
        rows.filter(Q(docket_number__iexact=typed) | Q(title__iexact=typed)).order_by("pk")[:6]
    )
    return exact or licensable(typed, actor=actor, limit=6)
