"""The lists of the directory, declared once for the pages and for the API; facets count only what the reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from motrice.core.confidentiality import Level
from motrice.core.imports import importers
from motrice.core.models import ImportProposal, ImportRun
from motrice.core.policies import holds
from motrice.directory.enums import EvidenceKind, OrganisationKind, RelationKind, SizeClass
from motrice.directory.links import record_url
from motrice.directory.models import Identifier, Organisation, OrganisationName, Relation, YearProfile
from motrice.directory.rules import TYPE, choices
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, Empty, Facet, ListPage, Option, OptionFacet
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


class TypeFacet(Facet):
    """The type, in the words of the catalogue; each type is counted by itself."""

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """The values with the catalogue's labels in place of codes."""
        labels = type_labels()
        return [replace(value, label=labels.get(value.value, value.label)) for value in super().shown(rows, selected)]


def type_labels() -> dict[str, str]:
    """The types in the reader's language, by code."""
    return {code: choice.label for code, choice in choices(TYPE).items()}


def kind_label(run: ImportRun) -> str:
    """The sort of file, in words."""
    found = importers().get(run.kind)
    return str(found.label) if found else run.kind


def adds_bodies(actor: Any) -> bool:
    """Who adds records to the directory."""
    return holds(actor, "coordinator", "officer")


def search_organisations(queryset: QuerySet, text: str) -> QuerySet:
    """By name, acronym, any name borne, or identifier."""
    names = OrganisationName.objects.filter(organisation=OuterRef("pk"), value__icontains=text)
    numbers = Identifier.objects.filter(organisation=OuterRef("pk"), value__iexact="".join(text.split()))
    return queryset.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Exists(names) | Exists(numbers))


def search_people(queryset: QuerySet, text: str) -> QuerySet:
    """Every word is in the given name, the family name or the address."""
    for word in text.split()[:6]:
        queryset = queryset.filter(
            Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
        )
    return queryset


def state_facet() -> OptionFacet:
    """Whether the body exists today."""
    today = timezone.localdate
    return OptionFacet(
        "state",
        gettext_lazy("State"),
        [
            Option("active", gettext_lazy("active"), lambda actor: Q(ends_on__isnull=True) | Q(ends_on__gte=today())),
            Option("closed", gettext_lazy("closed"), lambda actor: Q(ends_on__lt=today())),
        ],
    )


NAME = Column("name", gettext_lazy("Name"), kind="main", sort="name")


ACRONYM = Column("short_name", gettext_lazy("Acronym"), sort="short_name")


PLACE = [
    Column("city", gettext_lazy("City"), sort="city"),
    Column("region", gettext_lazy("Region"), sort=("region", "city")),
    Column("country", gettext_lazy("Country"), sort="country", default=False),
]


DATES = [
    Column("starts_on", gettext_lazy("Exists since"), kind="day", sort="starts_on", default=False),
    Column("ends_on", gettext_lazy("Closed on"), kind="day", sort="ends_on", default=False),
]


LEVEL = Column(
    "level", gettext_lazy("Confidentiality"), value="get_level_display", sort="level", export="level", default=False
)


SOURCE = Column("source", gettext_lazy("Source"), sort="source", default=False)


KIND = Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind")


LEVELS = Facet("level", gettext_lazy("Confidentiality"), choices=Level.choices)


REGIONS = Facet("region", gettext_lazy("Region"))


UNITS = ListPage(
    name="directory.units",
    counted=lambda n: ngettext("%(n)s laboratory", "%(n)s laboratories", n) % {"n": formats.number_text(n)},
    columns=[NAME, ACRONYM, *PLACE, *DATES, LEVEL, SOURCE],
    search=search_organisations,
    facets=[LinkFacet("supervisor", gettext_lazy("Supervised by")), REGIONS, state_facet(), LEVELS],
    empty=Empty(
        gettext_lazy("No laboratory yet"),
        gettext_lazy("Research units and teams are listed here once they are imported or written."),
        gettext_lazy("Add a laboratory"),
        "directory:organisation_new",
        adds_bodies,
    ),
    row_url=record_url,
    order=["name", "pk"],
)


ORGANISATIONS = ListPage(
    name="directory.organisations",
    counted=lambda n: ngettext("%(n)s organisation", "%(n)s organisations", n) % {"n": formats.number_text(n)},
    columns=[NAME, ACRONYM, KIND, *PLACE, *DATES, LEVEL, SOURCE],
    search=search_organisations,
    facets=[
        Facet("kind", gettext_lazy("Kind"), choices=OrganisationKind.choices),
        REGIONS,
        Facet("country", gettext_lazy("Country")),
        state_facet(),
        LEVELS,
    ],
    empty=Empty(
        gettext_lazy("No organisation yet"),
        gettext_lazy("Institutions, institutes, schools and companies are listed here."),
        gettext_lazy("Add an organisation"),
        "directory:organisation_new",
        adds_bodies,
    ),
    row_url=record_url,
    order=["name", "pk"],
)


COMPANIES = ListPage(
    name="directory.companies",
    counted=lambda n: ngettext("%(n)s company", "%(n)s companies", n) % {"n": formats.number_text(n)},
    columns=[
        NAME,
        Column(
            "size",
            gettext_lazy("Size"),
            value=lambda row: SizeClass(row.size).label if row.size else "",
            export="size",
            sort="size",
        ),
        Column("naf", gettext_lazy("NAF code"), sort="naf"),
        *PLACE,
        *DATES,
        LEVEL,
        SOURCE,
    ],
    search=search_organisations,
    facets=[SizeFacet("size", gettext_lazy("Size")), REGIONS, state_facet(), LEVELS],
    empty=Empty(
        gettext_lazy("No company yet"), gettext_lazy("Partner companies are listed here with their size and sector.")
    ),
    row_url=record_url,
    order=["name", "pk"],
)


PEOPLE = ListPage(
    name="directory.people",
    counted=lambda n: ngettext("%(n)s person", "%(n)s people", n) % {"n": formats.number_text(n)},
    columns=[
        Column(
            "name", gettext_lazy("Name"), kind="main", value=str, sort=("family_name", "given_name"),
            export=str,
        ),
        Column("email", gettext_lazy("E-mail"), sort="email"),
        Column("level", gettext_lazy("Confidentiality"), value="get_level_display", sort="level", export="level"),
        SOURCE,
    ],
    search=search_people,
    facets=[LEVELS],
    empty=Empty(gettext_lazy("Nobody yet"), gettext_lazy("People of the laboratories and offices are listed here.")),
    row_url=record_url,
    order=["family_name", "given_name", "pk"],
)  # fmt: skip


EVIDENCE = ListPage(
    name="directory.evidence",
    counted=lambda n: ngettext("%(n)s text", "%(n)s texts", n) % {"n": formats.number_text(n)},
    columns=[
        Column("title", gettext_lazy("Title"), kind="main", sort="title"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind", export="kind"),
        Column("dated_on", gettext_lazy("Date"), kind="day", sort="dated_on"),
        LEVEL,
        SOURCE,
    ],
    search=("title", "text"),
    facets=[Facet("kind", gettext_lazy("Kind"), choices=EvidenceKind.choices), LEVELS],
    empty=Empty(
        gettext_lazy("No evidence yet"),
        gettext_lazy("Publications, projects, awards and equipment: the search ranks by them."),
    ),
    row_url=lambda row: path_to("directory:evidence_edit", row.reference),
    order=["-dated_on", "pk"],
    export_action="edit",
)


MECHANISMS = ListPage(
    name="directory.mechanisms",
    counted=lambda n: ngettext("%(n)s mechanism", "%(n)s mechanisms", n) % {"n": formats.number_text(n)},
    columns=[
        Column("name", gettext_lazy("Name"), kind="main", sort="name"),
        Column("type", gettext_lazy("Type"), value="shown_type", sort="shown_type"),
        Column("regions", gettext_lazy("Territory"), value=lambda row: ", ".join(row.mechanism.regions)),
        Column("region", gettext_lazy("Seat"), value="region", sort="region", default=False),
        Column("amount", gettext_lazy("Money"), kind="number", value="mechanism.amount", sort="mechanism__amount"),
        Column("currency", gettext_lazy("Currency"), value="mechanism.currency"),
        Column("starts_on", gettext_lazy("Exists since"), kind="day", sort="starts_on"),
        Column("ends_on", gettext_lazy("Closed on"), kind="day", sort="ends_on"),
    ],
    search=search_organisations,
    facets=[
        TypeFacet("mechanism", gettext_lazy("Type"), field="mechanism__mechanism_type"),
        Facet("region", gettext_lazy("Seat")),
        state_facet(),
    ],
    empty=Empty(
        gettext_lazy("No mechanism yet"),
        gettext_lazy("Transfer companies, institutes, incubators and funds are listed here once they are imported."),
    ),
    row_url=record_url,
    order=["name", "pk"],
)


def _undecided(actor: Any) -> QuerySet[ImportProposal]:
    """The proposals of an import on which somebody has yet to decide, as far as the reader sees them."""
    return ImportProposal.objects.permitted(actor).filter(run=OuterRef("pk"), state=ImportProposal.State.OPEN)


def run_rows(actor: Any) -> QuerySet[ImportRun]:
    """Imports, with how many of their proposals wait for a decision."""
    counted = _undecided(actor).order_by().values("run").annotate(n=Count("pk")).values("n")
    return ImportRun.objects.permitted(actor).select_related("launched_by").annotate(undecided=Subquery(counted))


RUNS = ListPage(
    name="directory.imports",
    counted=lambda n: ngettext("%(n)s import", "%(n)s imports", n) % {"n": formats.number_text(n)},
    columns=[
        Column("kind", gettext_lazy("Sort of file"), kind="main", value=kind_label, sort="kind"),
        Column("file", gettext_lazy("File"), value=lambda run: run.files[0]["name"] if run.files else ""),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("undecided", gettext_lazy("To decide"), kind="number", value=lambda run: run.undecided or ""),
        Column("by", gettext_lazy("Launched by"), value=lambda run: str(run.launched_by), sort="launched_by"),
        Column("created_at", gettext_lazy("Started"), kind="day", sort="created_at"),
    ],
    facets=[
        Facet("status", gettext_lazy("State"), choices=ImportRun.Status.choices),
        OptionFacet(
            "wait",
            gettext_lazy("Decisions"),
            [Option("open", gettext_lazy("something is to decide"), lambda actor: Exists(_undecided(actor)))],
        ),
    ],
    empty=Empty(
        gettext_lazy("No import yet"),
        gettext_lazy("A register's file becomes proposals: nothing changes before you accept."),
        gettext_lazy("Import a file"),
        "directory:import_new",
    ),
    row_url=lambda run: path_to("directory:import", run.reference),
    order=["-created_at"],
    export_action="",
)


def company_rows(actor: Any) -> QuerySet[Organisation]:
    """Companies, with the size and sector of the newest year known."""
    rows = Organisation.objects.live().permitted(actor).filter(kind=OrganisationKind.COMPANY)
    return rows.annotate(size=latest_profile("size_class"), naf=latest_profile("naf_code"))


def mechanism_rows(actor: Any) -> QuerySet[Organisation]:
    """Mechanisms, with their type in words."""
    rows = Organisation.objects.live().permitted(actor).filter(mechanism__isnull=False)
    whens = [When(mechanism__mechanism_type=code, then=Value(label)) for code, label in type_labels().items()]
    shown_type = Case(*whens, default=F("mechanism__mechanism_type"), output_field=CharField())
    return rows.select_related("mechanism").annotate(shown_type=shown_type)
