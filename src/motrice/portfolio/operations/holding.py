"""One transaction at a time on what an asset holds together: its docket, its owners, its procedures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from motrice.core.errors import StaleState
from motrice.portfolio.models import Asset


def hold_assets(assets: Iterable[int]) -> None:
    """Hold some assets, in the order of their keys, until the transaction ends; the first thing an operation does.

    A docket is derived from all events of its asset, shares sum to one over all its owners: of two who change them at
    once, the second must read what the first left. No single row tells it, so that no conditional update could.
    Whatever waits for an asset while it holds a row that another needs, the log among them, would wait for ever: hence
    first. SQLite has one writer in any case.
    """
    if connection.features.has_select_for_update:
        list(Asset.objects.select_for_update(no_key=True).filter(pk__in=list(assets)).order_by("pk").values_list("pk"))


def hold_life(asset: Asset) -> None:
    """Hold an asset, and read what others left of its state and of its days."""
    rows = Asset.objects.select_for_update(no_key=True) if connection.features.has_select_for_update else Asset.objects
    now = rows.filter(pk=asset.pk).values_list("status", "starts_on", "ends_on").first()
    if now is None:
        raise StaleState(_("This was removed meanwhile: reload the page."))
    asset.status, asset.starts_on, asset.ends_on = now
