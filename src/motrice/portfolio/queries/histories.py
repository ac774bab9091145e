"""The history of an asset as the docketing engine reads it, from its records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from motrice.engines.docketing import Application as Filed
from motrice.engines.docketing import Event, Family
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Application, Asset, DocketEvent, FeePayment, Priority

RIGHTS = {AssetKind.PATENT_FAMILY: "patent", AssetKind.DESIGN: "design", AssetKind.MARK: "trademark"}


def histories(assets: Iterable[Asset]) -> dict[int, Family]:
    """The family of each asset by its key, in four queries for all of them."""
    kinds = {asset.pk: asset.kind for asset in assets}
    rows = Application.objects.filter(asset_id__in=kinds).order_by("pk")
    claimed: dict[int, date] = {}
    priorities = Priority.objects.filter(application__asset_id__in=kinds, is_active=True)
    for pk, filed_on in priorities.order_by("-filed_on").values_list("application_id", "filed_on"):
        claimed[pk] = filed_on
    events = _events(kinds)
    filed: dict[int, list[Filed]] = {pk: [] for pk in kinds}
    for row in rows:
        filed[row.asset_id].append(
            Filed(
                key=str(row.pk),
                office=row.office,
                filed_on=row.filed_on,
                right=RIGHTS.get(AssetKind(kinds[row.asset_id]), ""),
                parent=str(row.parent_id or ""),
                descent=row.descent,
                priority_on=claimed.get(row.pk),
                category=row.fee_category,
                events=tuple(events.get(row.pk, ())),
            )
        )
    return {pk: Family(str(pk), applications) for pk, applications in filed.items()}


def _events(assets: Iterable[int]) -> dict[int, list[Event]]:
    payments = {
        payment.event_id: payment for payment in FeePayment.objects.filter(event__application__asset_id__in=assets)
    }
    found: dict[int, list[Event]] = {}
    for event in DocketEvent.objects.filter(application__asset_id__in=assets).order_by("occurred_on", "pk"):
        payment = payments.get(event.pk)
        found.setdefault(event.application_id, []).append(
            Event(
                key=event.reference,
                kind=event.kind,
                on=event.occurred_on,
                year=event.year,
                rule=event.rule,
                trigger=event.trigger,
                amount=payment.amount if payment else None,
                currency=payment.currency if payment else "",
            )
        )
    return found
