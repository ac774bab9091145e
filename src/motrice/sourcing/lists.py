"""The lists of the desk, declared once for the pages and for the API: what is searched, filtered, sorted, exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from motrice.sourcing import marts, rules
from motrice.sourcing.enums import (
    OPEN_STATUSES,
    PENDING_REFERRALS,
    Channel,
    NeedStatus,
    OfferKind,
    OfferStatus,
    ReferralStatus,
)
from motrice.sourcing.policies import is_desk
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet
from motrice.web.lists.declare import FacetValue

LABELS = {
    "in-time": gettext_lazy("answered within the promise"),
    "after-promise": gettext_lazy("answered after the promise"),
    "never-answered": gettext_lazy("not answered"),
    "answered": gettext_lazy("answered by a person"),
    "day-0": gettext_lazy("within a working day"),
    "day-1": gettext_lazy("in 1 to 2 working days"),
    "day-2": gettext_lazy("in 2 to 3 working days"),
    "day-3": gettext_lazy("after 3 working days"),
    "referred": gettext_lazy("referred to a team"),
    "accepted": gettext_lazy("accepted by a team"),
    "introduced": gettext_lazy("introduced"),
    "contracted": gettext_lazy("with a contract"),
    "fruitless": gettext_lazy("without outcome"),
    "now-company": gettext_lazy("waiting for the company now"),
    "now-laboratories": gettext_lazy("waiting for a laboratory now"),
    "now-desk": gettext_lazy("waiting for the desk now"),
}


REPORT_OPTIONS = [Option(key, label, lambda actor, key=key: marts.CONDITIONS[key]()) for key, label in LABELS.items()]


class CatalogueFacet(Facet):
    """Market segments and reasons by their names in the reader's language."""

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """The counts, with the catalogue's words."""
        words = dict(rules.choices(rules.REFUSAL if self.key == "refusal" else rules.SEGMENT))
        return [replace(value, label=words.get(value.value, value.label)) for value in super().shown(rows, selected)]


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
        CatalogueFacet("segment", gettext_lazy("Market segment")),
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
    row_url=lambda need: path_to("sourcing:need", need.reference),
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
    row_url=lambda need: path_to("sourcing:need", need.reference),
    order=["-received_at"],
    export_action="",
)


REFERRALS = ListPage(
    name="sourcing.referrals",
    counted=lambda n: ngettext("%(n)s referral", "%(n)s referrals", n) % {"n": formats.number_text(n)},
    columns=[
        Column("title", gettext_lazy("Need"), value="need.title", kind="main", sort="need__title"),
        Column("team", gettext_lazy("Team"), value="organisation.name", sort="organisation__name"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("due_at", gettext_lazy("Answer awaited by"), kind="moment", sort="due_at"),
        Column("sent_at", gettext_lazy("Sent at"), kind="moment", sort="sent_at", default=False),
        Column("answered_at", gettext_lazy("Answered at"), kind="moment", sort="answered_at"),
        Column("refusal", gettext_lazy("Reason of the refusal"), default=False),
    ],
    search=("need__title", "need__problem", "organisation__name"),
    facets=[
        Facet("status", gettext_lazy("State"), choices=ReferralStatus.choices),
        Facet("organisation", gettext_lazy("Team"), field="organisation", label_field="organisation__name"),
        CatalogueFacet("segment", gettext_lazy("Market segment"), field="need__segment"),
        CatalogueFacet("refusal", gettext_lazy("Reason of the refusal")),
        DateFacet("need_received", gettext_lazy("Need received"), field="need__received_at"),
        OptionFacet(
            "when",
            gettext_lazy("When"),
            [
                Option("answers", gettext_lazy("accepted, joint ones once"), lambda actor: marts.answers_once()),
                Option("waiting", gettext_lazy("waits for an answer"), lambda actor: Q(status__in=PENDING_REFERRALS)),
                Option(
                    "late",
                    gettext_lazy("late"),
                    lambda actor: Q(status__in=PENDING_REFERRALS, due_at__lt=timezone.now()),
                ),
            ],
        ),
    ],
    empty=Empty(
        gettext_lazy("No need was put to your team"),
        gettext_lazy("When an officer thinks your team can help a company, its need is listed here."),
    ),
    row_url=lambda referral: path_to("sourcing:referral", referral.reference),
    order=["-sent_at"],
)


OFFERS = ListPage(
    name="sourcing.offers",
    counted=lambda n: ngettext("%(n)s offer", "%(n)s offers", n) % {"n": formats.number_text(n)},
    columns=[
        Column("title", gettext_lazy("Offer"), kind="main", sort="title_fr"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind"),
        Column("organisation", gettext_lazy("Laboratory"), value="organisation.name", sort="organisation__name"),
        Column("owner", gettext_lazy("In charge"), sort="owner__family_name"),
        Column("status", gettext_lazy("State"), value="get_status_display", sort="status"),
        Column("review_on", gettext_lazy("Next review"), kind="day", sort="review_on"),
    ],
    search=("title_fr", "title_en", "text_fr", "text_en", "organisation__name"),
    facets=[
        Facet("status", gettext_lazy("State"), choices=OfferStatus.choices),
        Facet("kind", gettext_lazy("Kind"), choices=OfferKind.choices),
        CatalogueFacet("segment", gettext_lazy("Market segment"), field="segments__segment"),
        OptionFacet(
            "review",
            gettext_lazy("Review"),
            [
                Option(
                    "overdue",
                    gettext_lazy("late: hidden from the portal"),
                    lambda actor: Q(status=OfferStatus.PUBLISHED, review_on__lt=timezone.localdate()),
                )
            ],
        ),
    ],
    empty=Empty(
        gettext_lazy("No offer yet"),
        gettext_lazy(
            "Offers, capabilities and platforms are described on the page of their laboratory, by those who keep its "
            "record: open the laboratory, then “Describe an offer”."
        ),
        gettext_lazy("Find the laboratory"),
        "directory:units",
    ),
    row_url=lambda offer: path_to("sourcing:offer", offer.reference),
    order=["review_on"],
)
