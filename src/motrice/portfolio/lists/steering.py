"""What steering adds to the list of the portfolio: facets by domain, field, owner, country and year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.marts.protection import countries_of, protected_in
from motrice.portfolio.models import Classification, Domain, DomainAsset, Ownership
from motrice.portfolio.tables import technology
from motrice.web.lists import Facet
from motrice.web.lists.declare import NONE, FacetValue


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
    """Who owns a part today; counted over the shares that the reader may see, since owners are not public."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what one of the organisations owns a part of."""
        held = Ownership.objects.on().permitted(actor).filter(organisation__in=[v for v in values if v.isdecimal()])
        return queryset.filter(pk__in=held.order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question over the shares of today."""
        held = Ownership.objects.on().permitted(actor).filter(asset__in=queryset.order_by().values("pk"))
        rows = (
            held.order_by()
            .values("organisation_id", "organisation__name")
            .annotate(found=Count("asset_id", distinct=True))
            .order_by("-found", "organisation__name")
            .values_list("organisation_id", "organisation__name", "found")[: self.limit]
        )
        return self.shown(list(rows), selected)


ANY_COMPANY, ANY_OTHER = "company", "other"


class CoOwnerFacet(Facet):
    """Who owns a part today beside the body that answers for the asset: companies told apart from other bodies."""

    def clean(self, queryset: QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The two sorts of co-owners, and references of organisations."""
        known = set(Organisation.objects.filter(reference__in=list(values)).values_list("reference", flat=True))
        known |= {ANY_COMPANY, ANY_OTHER}
        return [v for v in values if v in known], [v for v in values if v not in known]

    def shares(self, actor: Any) -> QuerySet:
        """The shares of today that the reader may see, those of the body in charge aside."""
        return Ownership.objects.on().permitted(actor).exclude(organisation_id=F("asset__office_id"))

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what one of the organisations, or one of their sort, owns a part of."""
        condition = Q(organisation__reference__in=list(values))
        if ANY_COMPANY in values:
            condition |= Q(organisation__kind=OrganisationKind.COMPANY)
        if ANY_OTHER in values:
            condition |= ~Q(organisation__kind=OrganisationKind.COMPANY)
        return queryset.filter(pk__in=self.shares(actor).filter(condition).order_by().values("asset_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One reading of the shares: an asset of two companies counts once under “a company”."""
        held = self.shares(actor).filter(asset__in=queryset.order_by().values("pk")).order_by()
        rows = held.values_list("asset_id", "organisation__reference", "organisation__name", "organisation__kind")
        sorts: dict[str, set[int]] = {}
        names: dict[tuple[str, str, str], set[int]] = {}
        for asset, reference, name, kind in rows.iterator():
            sort = ANY_COMPANY if kind == OrganisationKind.COMPANY else ANY_OTHER
            sorts.setdefault(sort, set()).add(asset)
            names.setdefault((reference, name, sort), set()).add(asset)
        ordered = sorted(names.items(), key=lambda item: (item[0][0] not in selected, -len(item[1]), item[0][1]))
        words = {ANY_COMPANY: gettext("any company"), ANY_OTHER: gettext("any other body")}
        shown = [(sort, words[sort], len(sorts[sort])) for sort in words if sort in sorts]
        for (reference, name, sort), assets in ordered[: self.limit]:
            label = gettext("%(name)s (company)") % {"name": name} if sort == ANY_COMPANY else name
            shown.append((reference, label, len(assets)))
        return self.shown(shown, selected)


class YearFacet(Facet):
    """The year of the first filing, the latest first; “not stated” for what was never filed."""

    def is_many(self, model: Any) -> bool:
        """It asks a question of its own: days among the values that facets share would leave little to share."""
        return True

    def clean(self, queryset: QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """Years of four digits, and what is none."""
        good = [v for v in values if v == NONE or (v.isascii() and v.isdecimal() and len(v) == 4 and v > "1000")]
        return good, [v for v in values if v not in good]

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what was first filed in one of the years."""
        condition = Q(**{f"{self.path}__isnull": True}) if NONE in values else Q(pk__in=[])
        for year in (int(value) for value in values if value != NONE):
            condition |= Q(**{f"{self.path}__range": (date(year, 1, 1), date(year, 12, 31))})
        return queryset.filter(condition)

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """Days added up by year."""
        counts: dict[int, int] = {}
        for day, found in rows:
            year = day.year if day else 0
            counts[year] = counts.get(year, 0) + found
        ordered = sorted(counts.items(), key=lambda item: (str(item[0]) not in selected, -item[0]))[: self.limit]
        return [
            FacetValue(str(year or NONE), str(year or self.none_label), found, str(year or NONE) in selected)
            for year, found in ordered
        ]

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question: a day a row, added up here, since a database without years would be slower."""
        rows = queryset.order_by().values_list(self.path).annotate(found=Count("pk"))
        return self.shown(list(rows), selected)


class CountryFacet(Facet):
    """Where an asset is protected, or protection is asked for, today."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep what is protected in one of the countries."""
        return queryset.filter(protected_in(values, timezone.localdate()))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """The applications of the assets shown, unitary patents in each state that they cover."""
        found = countries_of(queryset, timezone.localdate())[: self.limit]
        return self.shown([(one.code, one.count) for one in found], selected)


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
    CoOwnerFacet("co_owner", gettext_lazy("Co-owner"), field="ownerships__organisation__reference"),
    YearFacet("year", gettext_lazy("Year of first filing"), field="family__first_filed_on", limit=30),
]
FAMILIES = {"kind": AssetKind.PATENT_FAMILY.value}
