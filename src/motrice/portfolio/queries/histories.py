"""The history of an asset as the docketing engine reads it, from its records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Min, Q

from motrice.engines.docketing import Application as Filed
from motrice.engines.docketing import Event, Family
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Application, Asset, DocketEvent

RIGHTS = {AssetKind.PATENT_FAMILY: "patent", AssetKind.DESIGN: "design", AssetKind.MARK: "trademark"}


@dataclass(frozen=True)
class Histories:
    """The family of each asset by its key, and the key of each event by its reference."""

    families: dict[int, Family]
    events: dict[str, int]


def histories(assets: Iterable[Asset]) -> Histories:
    """The histories of some assets, in two queries for all of them."""
    kinds = {asset.pk: asset.kind for asset in assets}
    events, references = _events(kinds)
    names = ("pk", "asset_id", "office", "filed_on", "parent_id", "descent", "fee_category")
    rows = Application.objects.filter(asset_id__in=kinds).order_by("pk").values_list(*names)
    filed: dict[int, list[Filed]] = {pk: [] for pk in kinds}
    claimed = Min("priorities__filed_on", filter=Q(priorities__is_active=True))
    for pk, asset, office, filed_on, parent, descent, category, claimed_on in rows.annotate(claimed_on=claimed):
        filed[asset].append(
            Filed(
                key=str(pk),
                office=office,
                filed_on=filed_on,
                right=RIGHTS.get(AssetKind(kinds[asset]), ""),
                parent=str(parent or ""),
                descent=descent,
                priority_on=claimed_on,
                category=category,
                events=tuple(events.get(pk, ())),
            )
        )
    return Histories({pk: Family(str(pk), applications) for pk, applications in filed.items()}, references)


def _events(assets: Iterable[int]) -> tuple[dict[int, list[Event]], dict[str, int]]:
    found: dict[int, list[Event]] = {}
    references: dict[str, int] = {}
    names = ("pk", "application_id", "reference", "kind", "occurred_on", "year", "rule", "trigger")
    rows = DocketEvent.objects.filter(application__asset_id__in=assets).order_by("occurred_on", "pk")
    for pk, application, reference, kind, on, year, rule, trigger, amount, currency in rows.values_list(
        *names, "payment__amount", "payment__currency"
    ):
        references[reference] = pk
        found.setdefault(application, []).append(
            Event(
                key=reference,
                kind=kind,
                on=on,
                year=year,
                rule=rule,
                trigger=trigger,
                amount=amount,
                currency=currency or "",
            )
        )
    return found, references
