"""Facets that follow links: they count only links, bodies and years that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery

from motrice.directory.enums import RelationKind, SizeClass
from motrice.directory.models import Organisation, Relation, YearProfile
from motrice.web.lists.declare import FacetValue


@dataclass(frozen=True)
class LinkFacet:
    """The bodies at the other end of a kind of link that holds today, named by their reference."""

    key: str
    label: Any
    kinds: tuple[str, ...] = (RelationKind.SUPERVISES,)
    limit: int = 10

    def parameters(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (self.key,)

    def clean(self, queryset: models.QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The references that exist, and the values that do not."""
        known = set(Organisation.objects.filter(reference__in=values).values_list("reference", flat=True))
        return [value for value in values if value in known], [value for value in values if value not in known]

    def links(self, actor: Any) -> QuerySet[Relation]:
        """The links that hold today and that the reader may see."""
        return Relation.objects.filter(kind__in=self.kinds).on().permitted(actor)

    def apply(self, queryset: models.QuerySet, values: Sequence[str], actor: Any) -> models.QuerySet:
        """Keep the rows at the near end of such a link."""
        links = self.links(actor).filter(source__reference__in=values)
        return queryset.filter(pk__in=links.values("target_id"))

    def counted(self, queryset: models.QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """The bodies with the most rows first; those chosen are always shown."""
        links = self.links(actor).filter(target__in=queryset.order_by().values("pk"))
        rows = (
            links.order_by()
            .values("source__reference", "source__short_name", "source__name")
            .annotate(found=Count("target", distinct=True))
            .order_by("-found", "source__name")
        )
        shown = list(rows[: self.limit])
        if selected:
            held = {row["source__reference"] for row in shown}
            shown += [
                row for row in rows.filter(source__reference__in=selected) if row["source__reference"] not in held
            ]
        return [
            FacetValue(
                row["source__reference"],
                row["source__short_name"] or row["source__name"],
                row["found"],
                row["source__reference"] in selected,
            )
            for row in shown
        ]

    def words_for(self, value: str, shown: Sequence[FacetValue]) -> str:
        """The body's name, for the chip of a chosen value."""
        return next((one.label for one in shown if one.value == value), value)


def latest_profile(field: str) -> Subquery:
    """A field of the newest year known of an organisation."""
    rows = YearProfile.objects.filter(organisation=OuterRef("pk")).order_by("-year")
    return Subquery(rows.values(field)[:1])


@dataclass(frozen=True)
class SizeFacet:
    """The size of the newest year known."""

    key: str
    label: Any

    def parameters(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (self.key,)

    def clean(self, queryset: models.QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The sizes that exist, and the values that do not."""
        return [v for v in values if v in SizeClass.values], [v for v in values if v not in SizeClass.values]

    def apply(self, queryset: models.QuerySet, values: Sequence[str], actor: Any) -> models.QuerySet:
        """Keep the rows whose newest size is one of these."""
        return queryset.alias(_size=latest_profile("size_class")).filter(_size__in=values)

    def counted(self, queryset: models.QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One query, from the smallest size to the largest."""
        rows = queryset.order_by().annotate(_size=latest_profile("size_class")).values_list("_size")
        found = dict(rows.annotate(found=Count("pk")))
        return [
            FacetValue(size.value, str(size.label), found[size.value], size.value in selected)
            for size in SizeClass
            if size.value in found
        ]

    def words_for(self, value: str, shown: Sequence[FacetValue]) -> str:
        """The size in words, for the chip of a chosen value."""
        return str(SizeClass(value).label)
