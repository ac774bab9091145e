"""What becomes of shares when two records of one body are merged: added up on each day, never lost, never twice."""

from __future__ import annotations

from typing import Any

from django.db import models

from motrice.core.audit import Recorder
from motrice.core.pointers import Pointer, register_combiner
from motrice.engines.coownership import joined
from motrice.portfolio.models import Ownership
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


register_combiner(Ownership, join_shares)
