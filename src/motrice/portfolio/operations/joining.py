"""What becomes of shares and parts when two records of one body or person are merged: added up, never lost."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from motrice.core.audit import Recorder
from motrice.core.pointers import Pointer, register_combiner, register_hold
from motrice.directory.models import Organisation, Person
from motrice.engines.coownership import joined
from motrice.portfolio.models import Asset, Contributor, Ownership
from motrice.portfolio.operations.holding import hold_assets
from motrice.portfolio.operations.ownership import apply_shares, holdings


def join_shares(op: Recorder, row: models.Model, pointer: Pointer, kept: Any) -> bool:
    """Give the kept body what the two held of an asset; False when it held none, and the row simply moves."""
    if not isinstance(row, Ownership) or pointer.field != "organisation":
        return False
    hold_assets([row.asset_id])
    if not Ownership.objects.filter(pk=row.pk).exists():
        return True  # joined with an earlier row of the same asset
    absorbed = row.organisation_id
    rows = list(Ownership.objects.filter(asset=row.asset_id, organisation_id__in=(absorbed, kept.pk)))
    if all(held.organisation_id == absorbed for held in rows):
        return False
    supposed = [held.supposed_on for held in rows if held.supposed_on is not None]
    after = joined(holdings(rows), absorbed=absorbed, kept=kept.pk)
    apply_shares(op, row.asset, rows, after)
    if supposed:
        for held in Ownership.objects.filter(asset=row.asset_id, organisation=kept):
            op.update(held, supposed_on=min(supposed))
    return True


def join_parts(op: Recorder, row: models.Model, pointer: Pointer, kept: Any) -> bool:
    """Add the part of a maker named twice on an asset to the line that stays; the other then goes as any twin."""
    if isinstance(row, Contributor) and pointer.field == "person":
        twins = Contributor.objects.filter(asset=row.asset_id, role=row.role, person=kept)
        twin = twins.exclude(pk=row.pk).first()
        if twin is not None:
            share = twin.share + row.share
            op.update(twin, numerator=share.numerator, denominator=share.denominator)
    return False


def hold_assets_of(record: models.Model) -> None:
    """Hold the assets that lead to a body or a person before it is merged away, as an act on an asset does first."""
    if isinstance(record, Organisation):
        named = Q(unit=record) | Q(office=record) | Q(firm=record)
        assets = set(Asset.objects.filter(named).values_list("pk", flat=True))
        assets |= set(Ownership.objects.filter(organisation=record).values_list("asset_id", flat=True))
        hold_assets(assets)
    elif isinstance(record, Person):
        hold_assets(Contributor.objects.filter(person=record).values_list("asset_id", flat=True).distinct())


register_combiner(Ownership, join_shares)
register_combiner(Contributor, join_parts)
register_hold(hold_assets_of)
