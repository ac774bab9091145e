"""The parts of those who invented or wrote an asset, written anew or confirmed as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, last_change, require_read
from motrice.portfolio import rules
from motrice.portfolio.models import Asset, Contributor


def parts_read(rows: Iterable[Contributor]) -> list[list[Any]]:
    """The makers and their parts as a page or a program reads them, in their order."""
    return [[row.name, row.numerator, row.denominator] for row in rows]


def correct_makers(
    *,
    asset: Asset,
    parts: Mapping[int, Fraction],
    actor: Any,
    reason: str,
    read: Read = None,
    at: datetime | None = None,
) -> Asset:
    """Write the part of each, named by its place in the list, anew; parts that an import supposed are confirmed.

    `StaleState` when the parts are not as they were `read`.
    """
    require(actor, "edit", asset)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    rows = dict(enumerate(asset.contributors.all(), start=1))
    part = ("numerator", "denominator")
    require_read(
        "parts",
        parts_read(rows.values()),
        read=read,
        label=_("Parts"),
        theirs="; ".join(f"{row.name} {row.share}" for row in rows.values()),
        changed=lambda: last_change(Contributor, Q(object_pk__in=[row.pk for row in rows.values()])),
        actor=actor,
    )
    if set(parts) != set(rows):
        raise RuleViolation(_("Give the part of each of them."), field="parts")
    rules.require_whole(list(parts.values()), field="parts")
    with audit.operation(actor, "contributors.correct", subject=asset, reason=reason.strip(), at=at) as op:
        for position, share in parts.items():
            values = {"numerator": share.numerator, "denominator": share.denominator, "supposed_on": None}
            op.update(rows[position], guard=part, **values)
    return asset
