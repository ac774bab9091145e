"""Fields that name what can be licensed."""

from __future__ import annotations

from typing import Any

from motrice.agreements.queries import asset_meant
from motrice.web.forms import RecordField


def asset_field(**kwargs: Any) -> RecordField:
    """A field that names an asset which the actor may put into a licence."""
    return RecordField(find=asset_meant, pick="agreements:pick_asset", of="asset", **kwargs)
