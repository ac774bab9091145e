"""The parts of those who invented or wrote an asset, written anew or confirmed as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.portfolio import rules
from motrice.portfolio.models import Asset


def correct_makers(
    *, asset: Asset, parts: Mapping[int, Fraction], actor: Any, reason: str, at: datetime | None = None
) -> Asset:
    """Write the part of each, named by its place in the list, anew; parts that an import supposed are confirmed."""
    require(actor, "edit", asset)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    rows = dict(enumerate(asset.contributors.all(), start=1))
    part = ("numerator", "denominator")
    if set(parts) != set(rows):
        raise RuleViolation(_("Give the part of each of them."), field="parts")
    rules.require_whole(list(parts.values()), field="parts")
    with audit.operation(actor, "contributors.correct", subject=asset, reason=reason.strip(), at=at) as op:
        for position, share in parts.items():
            values = {"numerator": share.numerator, "denominator": share.denominator, "supposed_on": None}
            op.update(rows[position], guard=part, **values)
    return asset
