"""Where the records of the portfolio are shown."""

from __future__ import annotations

from django.urls import reverse

from motrice.portfolio.models import Asset, Deadline


def asset_url(asset: Asset) -> str:
    """The page of an asset."""
    return reverse("portfolio:asset", args=[asset.reference])


def deadline_url(deadline: Deadline) -> str:
    """The page of a deadline."""
    return reverse("portfolio:deadline", args=[deadline.reference])
