"""Lists of disclosures: what they search, filter and sort, for pages, files and the API alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from motrice.inventions import rules
from motrice.inventions.enums import UNDECIDED, WRITABLE, DecisionKind, DisclosureKind, DisclosureStatus
from motrice.inventions.models import Disclosure, Divulgation, Evaluator, Inventor
from motrice.inventions.words import status_badge
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet
from motrice.web.lists.declare import FacetValue


class DomainFacet(Facet):
    """Fields of technology by their names in the reader's language."""

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """The counts, with the catalogue's words."""
        words = dict(rules.choices(rules.DOMAIN))
        return [replace(value, label=words.get(value.value, value.label)) for value in super().shown(rows, selected)]


def _state(row: Disclosure) -> str:
    """The state, with the decision once there is one."""
    return str(status_badge(row).label)


OWNED = [
    Option(
        "inventor",
        _("of which I am an inventor"),
        lambda actor: Q(pk__in=Inventor.objects.filter(person__user_id=actor.pk).values("disclosure_id")),
    ),
    Option("prepared", _("that I prepared"), lambda actor: Q(author_id=actor.pk)),
    Option("mine", _("in my charge"), lambda actor: Q(owner_id=actor.pk)),
    Option(
        "asked",
        _("on which my opinion is asked"),
        lambda actor: Q(
            pk__in=Evaluator.objects.filter(user_id=actor.pk, ended_at=None, opinion=None).values("disclosure_id")
        ),
    ),
]
PROGRESS = [
    Option("writing", _("being written"), lambda actor: Q(status__in=WRITABLE)),
    Option("undecided", _("waiting for a decision"), lambda actor: Q(status__in=UNDECIDED)),
    Option(
        "late",
        _("after the promised day"),
        lambda actor: Q(status__in=UNDECIDED, due_at__lt=timezone.now()),
    ),
    Option(
        "threatened",
        _("with a publication to come"),
        lambda actor: Q(
            status__in=[*UNDECIDED, DisclosureStatus.DRAFT],
            pk__in=Divulgation.objects.filter(dated_on__gte=timezone.localdate(), is_under_secrecy=False).values(
                "disclosure_id"
            ),
        ),
    ),
]


def search_text(rows: QuerySet[Disclosure], text: str) -> QuerySet[Disclosure]:
    """Disclosures whose title, summary, keywords, reference, laboratory or inventors hold every word."""
    for word in text.split()[:8]:
        named = Inventor.objects.filter(name__icontains=word).values("disclosure_id")
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(keywords__icontains=word)
            | Q(reference__iexact=word)
            | Q(unit__name__icontains=word)
            | Q(pk__in=named)
        )
    return rows


DISCLOSURES = ListPage(
    name="inventions.disclosures",
    counted=lambda n: ngettext("%(n)s disclosure", "%(n)s disclosures", n) % {"n": formats.number_text(n)},
    columns=[
        Column("title", _("Disclosure"), value="title_words", kind="main", sort="title"),
        Column("reference", _("Reference"), default=False),
        Column("kind", _("Kind"), value="get_kind_display", sort="kind", default=False),
        Column("status", _("State"), render=_state, export="get_status_display", sort="status"),
        Column("unit", _("Laboratory"), value="unit.name", sort="unit__name"),
        Column("owner", _("Officer"), value="owner.display_name", sort="owner__display_name"),
        Column("state_since", _("Since"), kind="day", sort="state_since"),
        Column("due_at", _("Decision promised"), kind="day", sort="due_at"),
        Column("received_at", _("Received"), kind="day", sort="received_at", default=False),
        Column("decision", _("Decision"), value="get_decision_display", sort="decision", default=False),
        Column("decided_at", _("Decided on"), kind="day", sort="decided_at", default=False),
        Column("office", _("Office"), value="office.name", sort="office__name", default=False),
        Column("trl", "TRL", sort="trl", default=False),
    ],
    search=search_text,
    facets=[
        OptionFacet("owned", _("Mine"), OWNED),
        OptionFacet("progress", _("Progress"), PROGRESS),
        Facet("status", _("State"), choices=DisclosureStatus.choices),
        Facet("kind", _("Kind"), choices=DisclosureKind.choices),
        Facet("decision", _("Decision"), choices=DecisionKind.choices),
        Facet("unit", _("Laboratory"), field="unit", label_field="unit__name"),
        Facet("owner", _("Officer"), field="owner", label_field="owner__display_name"),
        DomainFacet("domain", _("Field of technology")),
        DateFacet("received", _("Received"), field="received_at"),
        DateFacet("decided", _("Decided on"), field="decided_at"),
    ],
    empty=Empty(
        _("No disclosure yet"),
        _("Results that you disclose, sign or evaluate are listed here; nobody else sees them."),
        _("Disclose a result"),
        "inventions:start",
    ),
    row_url=lambda row: path_to("inventions:disclosure", row.reference),
    order=["-state_since"],
)
