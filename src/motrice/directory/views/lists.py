"""The lists of the directory: laboratories, organisations, companies and people."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.core.confidentiality import Level
from motrice.core.policies import holds
from motrice.directory.enums import UNIT_KINDS, OrganisationKind, SizeClass
from motrice.directory.links import record_url
from motrice.directory.models import Identifier, Organisation, OrganisationName, Person
from motrice.directory.views.facets import LinkFacet, SizeFacet, latest_profile
from motrice.web import formats
from motrice.web.guards import signed_in
from motrice.web.lists import Column, Empty, Facet, ListPage, Option, OptionFacet


def may_create(actor: Any) -> bool:
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
        may_create,
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
        may_create,
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


def _visible(actor: Any) -> QuerySet:
    return Organisation.objects.live().permitted(actor)


def _page(title: str, intro: str, *, url_name: str) -> dict[str, Any]:
    tabs = [
        ("directory:units", _("Laboratories")),
        ("directory:companies", _("Companies")),
        ("directory:organisations", _("All organisations")),
        ("directory:people", _("People")),
    ]
    shown = [(reverse(name), label, name == url_name) for name, label in tabs]
    return {"title": title, "intro": intro, "tabs": shown, "crumbs": [(_("Directory"), ""), (title, "")]}


@signed_in
def units(request: HttpRequest) -> HttpResponse:
    """Research units and teams."""
    rows = _visible(request.user).filter(kind__in=UNIT_KINDS)
    context = _page(
        _("Laboratories"), _("Research units and teams, with who supervises them."), url_name="directory:units"
    )
    return UNITS.respond(request, rows, context=context)


@signed_in
def organisations(request: HttpRequest) -> HttpResponse:
    """Every body of the directory."""
    context = _page(
        _("Organisations"), _("Institutions, institutes, schools, companies and laboratories."),
        url_name="directory:organisations",
    )  # fmt: skip
    return ORGANISATIONS.respond(request, _visible(request.user), context=context)


@signed_in
def companies(request: HttpRequest) -> HttpResponse:
    """Companies, with the size and sector of the newest year known."""
    rows = _visible(request.user).filter(kind=OrganisationKind.COMPANY)
    rows = rows.annotate(size=latest_profile("size_class"), naf=latest_profile("naf_code"))
    context = _page(_("Companies"), _("Partners, with the size and sector of a year."), url_name="directory:companies")
    return COMPANIES.respond(request, rows, context=context)


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """People of the directory."""
    rows = Person.objects.live().permitted(request.user)
    context = _page(_("People"), _("Researchers, engineers and officers."), url_name="directory:people")
    return PEOPLE.respond(request, rows, context=context)
