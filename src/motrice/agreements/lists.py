"""The list of agreements, declared once for the page and for the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext

from motrice.agreements.enums import AgreementKind, AgreementStatus, Exclusivity, PartyRole
from motrice.agreements.links import agreement_url
from motrice.agreements.models import Agreement, LicenceTerritory, LicensedAsset, Party, live_on
from motrice.agreements.policies import keeps_agreements
from motrice.agreements.words import place_words, status_badge, territory_name
from motrice.core.confidentiality import Level
from motrice.portfolio.models import Domain, DomainAsset
from motrice.web import formats
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet
from motrice.web.lists.declare import FacetValue


def _agreements(n: int) -> str:
    return ngettext("%(n)s agreement", "%(n)s agreements", n) % {"n": formats.number_text(n)}


def agreement_rows(actor: Any) -> QuerySet[Agreement]:
    """The agreements that the actor may see, with what the list shows of each: the parties under their own rule."""
    parties = Party.objects.permitted(actor).select_related("organisation")
    return (
        Agreement.objects.permitted(actor)
        .select_related("office", "officer", "licence")
        .prefetch_related(
            Prefetch("parties", parties.order_by("position", "pk"), to_attr="parties_seen"),
            Prefetch("licence__territories", LicenceTerritory.objects.order_by("code")),
        )
    )


def _named(role: str) -> Any:
    def names(agreement: Any) -> str:
        return ", ".join(str(party) for party in agreement.parties_seen if party.role == role)

    return names


def _place(agreement: Agreement) -> str:
    licence = getattr(agreement, "licence", None)
    if licence is None:
        return ""
    return place_words((row.code for row in licence.territories.all()), is_worldwide=licence.is_worldwide)


class DomainFacet(Facet):
    """The strategic domains of what is licensed, among those that the reader may see."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep the licences over an asset of one of the domains."""
        links = DomainAsset.objects.on().permitted(actor).filter(domain__in=[v for v in values if v.isdecimal()])
        rows = LicensedAsset.objects.filter(asset__in=links.order_by().values("asset_id"))
        return queryset.filter(pk__in=rows.order_by().values("licence__agreement_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """The licences shown, with their assets; then the domains of these."""
        rows = LicensedAsset.objects.filter(licence__agreement__in=queryset.order_by().values("pk")).order_by()
        name = "name_en" if (get_language() or "fr").startswith("en") else "name_fr"
        links = DomainAsset.objects.on().permitted(actor).filter(
            asset__in=rows.values("asset_id"), domain__in=Domain.objects.permitted(actor).order_by().values("pk")
        )  # fmt: skip
        of_asset: dict[int, set[int]] = {}
        for licence, asset in rows.values_list("licence__agreement_id", "asset_id"):
            of_asset.setdefault(asset, set()).add(licence)
        found: dict[tuple[int, str], set[int]] = {}
        for domain, label, asset in links.order_by().values_list("domain_id", f"domain__{name}", "asset_id"):
            found.setdefault((domain, label), set()).update(of_asset.get(asset, ()))
        ordered = sorted(found.items(), key=lambda item: (str(item[0][0]) not in selected, -len(item[1]), item[0][1]))
        return self.shown([(*key, len(licences)) for key, licences in ordered[: self.limit]], selected)


class PartyFacet(Facet):
    """Who is a party, among the parties that the reader may see."""

    def apply(self, queryset: QuerySet, values: Sequence[str], actor: Any) -> QuerySet:
        """Keep the agreements of one of the organisations."""
        rows = Party.objects.permitted(actor).filter(organisation__in=[v for v in values if v.isdecimal()])
        return queryset.filter(pk__in=rows.order_by().values("agreement_id"))

    def counted(self, queryset: QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One question over the parties of the agreements shown."""
        rows = (
            Party.objects.permitted(actor)
            .filter(agreement__in=queryset.order_by().values("pk"), organisation__isnull=False)
            .order_by()
            .values("organisation_id", "organisation__name")
            .annotate(found=Count("agreement_id", distinct=True))
            .order_by("-found", "organisation__name")
            .values_list("organisation_id", "organisation__name", "found")[: self.limit]
        )
        return self.shown(list(rows), selected)


class TerritoryFacet(Facet):
    """Where a licence holds, by the names of countries and groups of countries."""

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """Codes in words; a licence without any is worldwide."""
        named = [(code, territory_name(code) if code else code, found) for code, found in rows]
        return super().shown(named, selected)


PROGRESS = [
    Option("live", gettext_lazy("in force today"), lambda actor: live_on(timezone.localdate())),
    Option("mine", gettext_lazy("in my charge"), lambda actor: Q(officer_id=actor.pk)),
    Option(
        "overrun",
        gettext_lazy("term passed, not closed yet"),
        lambda actor: Q(status=AgreementStatus.IN_FORCE, ends_on__lt=timezone.localdate()),
    ),
]

AGREEMENTS = ListPage(
    name="agreements.agreements",
    counted=_agreements,
    columns=[
        Column("title", gettext_lazy("Title"), kind="main", sort="title"),
        Column("number", gettext_lazy("Our reference"), sort="number"),
        Column("reference", gettext_lazy("Reference"), default=False),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind", default=False),
        Column(
            "status",
            gettext_lazy("State"),
            render=lambda row: status_badge(row, timezone.localdate()).label,
            value="get_status_display",
            sort="status",
        ),
        Column("licensees", gettext_lazy("Licensees"), value=_named(PartyRole.LICENSEE)),
        Column("licensors", gettext_lazy("Licensors"), value=_named(PartyRole.LICENSOR), default=False),
        Column(
            "exclusivity",
            gettext_lazy("Exclusivity"),
            value="licence.get_exclusivity_display",
            sort="licence__exclusivity",
        ),
        Column("field_of_use", gettext_lazy("Field of use"), value="licence.field_of_use", default=False),
        Column("territories", gettext_lazy("Territory"), value=_place),
        Column("signed_on", gettext_lazy("Signed"), kind="day", sort="signed_on", default=False),
        Column("starts_on", gettext_lazy("Takes effect"), kind="day", sort="starts_on", default=False),
        Column("ends_on", gettext_lazy("Term"), kind="day", sort="ends_on"),
        Column("closed_on", gettext_lazy("Closed"), kind="day", sort="closed_on", default=False),
        Column("office", gettext_lazy("Office"), value="office.name", sort="office__name", default=False),
        Column(
            "officer",
            gettext_lazy("Officer"),
            value="officer.display_name",
            sort="officer__display_name",
            default=False,
        ),
        Column("level", gettext_lazy("Confidentiality"), value="get_level_display", sort="level", default=False),
    ],
    search=("title", "summary", "number", "reference", "licence__field_of_use"),
    facets=[
        OptionFacet("held", gettext_lazy("Progress"), PROGRESS),
        Facet("kind", gettext_lazy("Kind"), choices=AgreementKind.choices),
        Facet("status", gettext_lazy("State"), choices=AgreementStatus.choices),
        Facet("exclusivity", gettext_lazy("Exclusivity"), field="licence__exclusivity", choices=Exclusivity.choices),
        DomainFacet("domain", gettext_lazy("Domain"), field="licence__bundle__asset__domain_links__domain", limit=40),
        PartyFacet("party", gettext_lazy("Party"), field="parties__organisation"),
        TerritoryFacet(
            "territory",
            gettext_lazy("Territory"),
            field="licence__territories__code",
            none_label=gettext_lazy("worldwide"),
        ),
        Facet("office", gettext_lazy("Office"), label_field="office__name"),
        Facet(
            "asset_office",
            gettext_lazy("Office of the assets"),
            field="licence__bundle__asset__office",
            label_field="licence__bundle__asset__office__name",
        ),
        Facet("officer", gettext_lazy("Officer"), label_field="officer__display_name"),
        Facet("level", gettext_lazy("Confidentiality"), choices=Level.choices),
        Facet(
            "asset", gettext_lazy("Asset"), field="licence__bundle__asset", label_field="licence__bundle__asset__title"
        ),
        DateFacet("signed", gettext_lazy("Signed"), field="signed_on"),
        DateFacet("ends", gettext_lazy("Term"), field="ends_on"),
    ],
    empty=Empty(
        gettext_lazy("No agreement yet"),
        gettext_lazy("Licences are listed here: what is licensed, to whom, for which use, where and until when."),
        gettext_lazy("Write a licence"),
        "agreements:licence_new",
        allowed=keeps_agreements,
    ),
    row_url=agreement_url,
    order=["-signed_on"],
)
