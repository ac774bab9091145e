"""The desk's queue and a company's own needs."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.sourcing import rules
from motrice.sourcing.enums import OPEN_STATUSES, Channel, NeedStatus
from motrice.sourcing.models import Need
from motrice.sourcing.policies import is_desk
from motrice.sourcing.views.reports import REPORT_OPTIONS
from motrice.web import formats
from motrice.web.guards import signed_in
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet


class SegmentFacet(Facet):
    """Market segments by their names in the reader's language."""

    def counted(self, queryset: QuerySet, selected: object, actor: object) -> list:  # type: ignore[override]
        """The counts, with the catalogue's words."""
        words = dict(rules.choices(rules.SEGMENT))
        rows = super().counted(queryset, selected, actor)  # type: ignore[arg-type]
        return [type(row)(row.value, words.get(row.value, row.label), row.count, row.is_selected) for row in rows]


def _counted(n: int) -> str:
    return ngettext("%(n)s need", "%(n)s needs", n) % {"n": formats.number_text(n)}


OWNED = [
    Option("mine", gettext_lazy("in my charge"), lambda actor: Q(owner_id=actor.pk)),
    Option("others", gettext_lazy("in others' charge"), lambda actor: ~Q(owner_id=actor.pk)),
]
WHEN = [
    Option("open", gettext_lazy("open"), lambda actor: Q(status__in=OPEN_STATUSES)),
    Option(
        "unanswered",
        gettext_lazy("not answered yet"),
        lambda actor: Q(status__in=OPEN_STATUSES, first_answer_at=None),
    ),
    Option(
        "late",
        gettext_lazy("late"),
        lambda actor: Q(status__in=OPEN_STATUSES, first_answer_at=None, due_at__lt=timezone.now()),
    ),
    Option("escalated", gettext_lazy("escalated"), lambda actor: Q(escalated_at__isnull=False)),
]

QUEUE = ListPage(
    name="sourcing.queue",
    counted=_counted,
    columns=[
        Column("title", gettext_lazy("Need"), kind="main", sort="title"),
        Column("reference", gettext_lazy("Reference"), default=False),
        Column("company", gettext_lazy("Company"), value="company_words", sort="company__name"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("owner", gettext_lazy("Officer"), value="owner.display_name", sort="owner__display_name"),
        Column("received_at", gettext_lazy("Received"), kind="day", sort="received_at"),
        Column("due_at", gettext_lazy("Promised"), kind="moment", sort="due_at"),
        Column("first_answer_at", gettext_lazy("Answered"), kind="moment", sort="first_answer_at", default=False),
        Column("region", gettext_lazy("Region"), sort="region", default=False),
        Column("office", gettext_lazy("Office"), value="office.name", sort="office__name", default=False),
    ],
    search=("title", "problem", "reference", "company__name", "company_name"),
    facets=[
        OptionFacet("owned", gettext_lazy("Officer"), OWNED),
        OptionFacet("when", gettext_lazy("Progress"), WHEN),
        OptionFacet("report", gettext_lazy("In the report"), REPORT_OPTIONS),
        Facet("status", gettext_lazy("State"), choices=NeedStatus.choices),
        SegmentFacet("segment", gettext_lazy("Market segment")),
        Facet("region", gettext_lazy("Region")),
        Facet("office", gettext_lazy("Office"), label_field="office__name", none_label=gettext_lazy("network's desk")),
        Facet("channel", gettext_lazy("How it came"), choices=Channel.choices),
        DateFacet("received", gettext_lazy("Received"), field="received_at"),
    ],
    empty=Empty(
        gettext_lazy("No need yet"),
        gettext_lazy("Needs of companies given to your office are listed here."),
        gettext_lazy("Enter a need for a company"),
        "sourcing:officer_need",
        allowed=is_desk,
    ),
    row_url=lambda need: reverse("sourcing:need", args=[need.reference]),
    order=["-received_at"],
)

MINE = ListPage(
    name="sourcing.my_needs",
    counted=_counted,
    columns=[
        Column("title", gettext_lazy("Need"), kind="main", sort="title"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("owner", gettext_lazy("Your contact"), value="owner.display_name"),
        Column("received_at", gettext_lazy("Sent"), kind="day", sort="received_at"),
        Column("due_at", gettext_lazy("First answer promised"), kind="moment", sort="due_at"),
    ],
    search=("title", "problem", "reference"),
    facets=[Facet("status", gettext_lazy("State"), choices=NeedStatus.choices)],
    empty=Empty(
        gettext_lazy("You have stated no need yet"),
        gettext_lazy("State a problem once: a person answers you, and the right laboratories are asked."),
        gettext_lazy("State a need"),
        "sourcing:ask",
    ),
    row_url=lambda need: reverse("sourcing:need", args=[need.reference]),
    order=["-received_at"],
    export_action="",
)


@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """Every need that the reader may see as the desk does."""
    rows = Need.objects.permitted(request.user).select_related("owner", "company", "office")
    return QUEUE.respond(request, rows, context={"title": _("Needs")})


@signed_in
def my_needs(request: HttpRequest) -> HttpResponse:
    """The needs of the reader's own company."""
    rows = Need.objects.permitted(request.user, "write").select_related("owner")
    return MINE.respond(request, rows, context={"title": _("My needs")}, template="sourcing/my_needs.html")
