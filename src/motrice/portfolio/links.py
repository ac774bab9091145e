"""Where the records of the portfolio are shown."""

from __future__ import annotations

from motrice.portfolio.models import Asset, Deadline
from motrice.web.addresses import path_to


def asset_url(asset: Asset) -> str:
    """The page of an asset."""
    return path_to("portfolio:asset", asset.reference)


def deadline_url(deadline: Deadline) -> str:
    """The page of a deadline."""
    return path_to("portfolio:deadline", deadline.reference)
