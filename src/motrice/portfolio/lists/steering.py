"""What steering adds to the list of the portfolio: facets by domain, field, owner, country and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import get_language, gettext_lazy

from motrice.portfolio.enums import AssetKind
from motrice.portfolio.marts.protection import protecting
from motrice.portfolio.models import Application, Asset, Classification, Domain, DomainAsset, Ownership
from motrice.portfolio.tables import technology
from motrice.web.lists import Facet
from motrice.web.lists.declare import FacetValue


class DomainFacet(Facet):
    """The domains that an asset is in today, among those that the reader may see."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what is in one of the domains."""
        links = DomainAsset.objects.on().permitted(actor).filter(domain__in=[v for v in values if v.isdecimal()])
        return queryset.filter(pk__in=links.order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question over the links of the assets shown."""
        name = "name_en" if (get_language() or "fr").startswith("en") else "name_fr"
        links = DomainAsset.objects.on().filter(
            asset__in=queryset.order_by().values("pk"),
            domain__in=Domain.objects.permitted(actor).order_by().values("pk"),
        )
        rows = (
            links.order_by()
            .values("domain_id", f"domain__{name}")
            .annotate(found=Count("asset_id", distinct=True))
            .order_by("-found", f"domain__{name}")
            .values_list("domain_id", f"domain__{name}", "found")
        )
        return self.shown(list(rows), selected)


class OwnerFacet(Facet):
    """Who owns a part today; counted over the assets that the reader works on, since owners are not public."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what one of the organisations owns a part of."""
        held = Ownership.objects.on().permitted(actor).filter(organisation__in=[v for v in values if v.isdecimal()])
        return queryset.filter(pk__in=held.order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question over the shares of today."""
        inside = Asset.objects.permitted(actor, "inside").order_by().values("pk")
        held = Ownership.objects.on().filter(asset__in=queryset.order_by().values("pk")).filter(asset__in=inside)
        rows = (
            held.order_by()
            .values("organisation_id", "organisation__name")
            .annotate(found=Count("asset_id", distinct=True))
            .order_by("-found", "organisation__name")
            .values_list("organisation_id", "organisation__name", "found")[: self.limit]
        )
        return self.shown(list(rows), selected)


class CountryFacet(Facet):
    """Where an asset is protected, or protection is asked for, today."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what is protected in one of the countries."""
        rows = Application.objects.filter(protecting(), office__in=list(values))
        return queryset.filter(pk__in=rows.order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question over the applications of the assets shown."""
        rows = (
            Application.objects.filter(protecting(), asset__in=queryset.order_by().values("pk"))
            .order_by()
            .values("office")
            .annotate(found=Count("asset_id", distinct=True))
            .order_by("-found", "office")
            .values_list("office", "found")[: self.limit]
        )
        return self.shown(list(rows), selected)


class FieldFacet(Facet):
    """The fields of technology of an asset's classes, by the longest prefix of the concordance."""

    def clean(self, queryset: QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The numbers of fields, and what is none."""
        known = {f"{number:02d}" for number in technology.fields()}
        return [v for v in values if v in known], [v for v in values if v not in known]

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what has a class of one of the fields."""
        wanted = {int(value) for value in values}
        table = technology.concordance()
        symbols = Classification.objects.order_by().values_list("symbol", flat=True).distinct()
        fitting = [symbol for symbol in symbols if table.field_of(symbol) in wanted]
        rows = Classification.objects.filter(symbol__in=fitting)
        return queryset.filter(pk__in=rows.order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One reading of the classes of the assets shown, each asset once a field."""
        table, words = technology.read()
        rows = Classification.objects.filter(asset__in=queryset.order_by().values("pk")).order_by()
        counts: dict[int, set[int]] = {}
        for asset, symbol in rows.values_list("asset_id", "symbol").iterator():
            field = table.field_of(symbol)
            if field is not None:
                counts.setdefault(field, set()).add(asset)
        ordered = sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))[: self.limit]
        shown = [(f"{number:02d}", str(words[number]), len(found)) for number, found in ordered if number in words]
        return self.shown(shown, selected)


FACETS = [
    DomainFacet("domain", gettext_lazy("Domain"), field="domain_links__domain", limit=40),
    FieldFacet("field", gettext_lazy("Field of technology"), field="classifications__symbol"),
    CountryFacet("country", gettext_lazy("Protected in"), field="applications__office"),
    OwnerFacet("owner", gettext_lazy("Owner"), field="ownerships__organisation"),
]
FAMILIES = {"kind": AssetKind.PATENT_FAMILY.value}
