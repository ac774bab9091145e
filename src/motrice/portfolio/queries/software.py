"""What the licences of third parties' parts stand in the way of."""

from __future__ import annotations

from collections.abc import Iterable

from motrice.engines.software import Concern, Part, UnknownLicence, concerns
from motrice.portfolio.models import ThirdPartyPart
from motrice.portfolio.tables import coownership as law


def concerns_of(rows: Iterable[ThirdPartyPart], *, is_exclusive: bool) -> list[Concern]:
    """What to warn of, conflicts first; a licence that can no longer be read is left out."""
    table = law.licences()
    found: list[Concern] = []
    for row in rows:
        try:
            found += concerns([Part(row.name, row.licence, row.use)], table, is_exclusive=is_exclusive)
        except UnknownLicence:
            continue
    return sorted(found, key=lambda one: (not one.is_conflict, one.part.name, one.family))
