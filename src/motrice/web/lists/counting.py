"""The counts of a list: those that look at the same rows share one reading of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Count

from motrice.web.lists.declare import Facet, FacetValue, OptionFacet

TOTAL = "total"
LARGE = 2000  # rows; of more, the combinations of fields without a short list of values are nearly as many


def share_counts(
    rows: models.QuerySet, facets: Sequence[Any], actor: Any, *, most: int | None = None
) -> tuple[int, dict[str, list[FacetValue]]]:
    """How many rows there are, and the values of each facet that no choice of its own narrows, in two questions.

    Facets of other kinds, and fields that can double a row, are left to their own questions. Of many rows, each field
    without a list of its values is asked alone, unless there are more than `most`: rows that are costly to find.
    """
    options = [facet for facet in facets if isinstance(facet, OptionFacet)]
    fields = [facet for facet in facets if isinstance(facet, Facet) and not facet.is_many(rows.model)]
    total, found = _aggregated(rows, options, actor)
    if total > LARGE and (most is None or total <= most):
        alone = [facet for facet in fields if not facet.choices]
        found |= {facet.key: facet.most(rows) for facet in alone}
        fields = [facet for facet in fields if facet.choices]
    return total, found | _grouped(rows, fields)


def _aggregated(
    rows: models.QuerySet, facets: Sequence[OptionFacet], actor: Any
) -> tuple[int, dict[str, list[FacetValue]]]:
    wanted = {facet.key: facet.counts(actor) for facet in facets}
    counts = rows.order_by().aggregate(
        **{TOTAL: Count("pk")},
        **{f"{key}_{name}": count for key, each in wanted.items() for name, count in each.items()},
    )
    found = {
        facet.key: facet.shown([counts[f"{facet.key}_{name}"] for name in wanted[facet.key]], ()) for facet in facets
    }
    return counts[TOTAL], found


def _grouped(rows: models.QuerySet, facets: Sequence[Facet]) -> dict[str, list[FacetValue]]:
    """One row for each combination of values that occurs; each facet then adds up its own."""
    if not facets:
        return {}
    names = list(dict.fromkeys(name for facet in facets for name in facet.names))
    groups = list(rows.order_by().values_list(*names).annotate(found=Count("pk")))
    return {
        facet.key: facet.shown(_added(groups, [names.index(name) for name in facet.names], facet.limit), ())
        for facet in facets
    }


def _added(groups: Sequence[tuple], places: Sequence[int], limit: int) -> list[tuple]:
    """The most frequent values of one facet, as its own question would give them."""
    totals: dict[Any, int] = {}
    values_of = itemgetter(*places)
    for group in groups:
        values = values_of(group)
        totals[values] = totals.get(values, 0) + group[-1]
    rows = [(*(values if len(places) > 1 else (values,)), found) for values, found in totals.items()]
    return sorted(rows, key=lambda row: (-row[-1], [(value is None, value) for value in row[:-1]]))[:limit]
