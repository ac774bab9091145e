"""The lists of the docket, declared once for the pages and for the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from motrice.portfolio.enums import Choice, Confidence, DeadlineState, MailKind, MailState, Nature
from motrice.portfolio.links import asset_url, deadline_url
from motrice.portfolio.models import Deadline, DocketMail
from motrice.portfolio.queries.own_deadlines import own_amount, own_deadlines, own_share
from motrice.portfolio.rules import share_words
from motrice.portfolio.words.docket import basis_source, moved_words, rule_name
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet


def _deadlines(n: int) -> str:
    return ngettext("%(n)s deadline", "%(n)s deadlines", n) % {"n": formats.number_text(n)}


def _mails(n: int) -> str:
    return ngettext("%(n)s mail", "%(n)s mails", n) % {"n": formats.number_text(n)}


def _amount(deadline: Any) -> str:
    text = formats.amount_text(deadline.amount, deadline.currency) if deadline.amount is not None else ""
    return gettext("%(amount)s (estimate)") % {"amount": text} if text and deadline.is_estimate else text


def _what(deadline: Any) -> str:
    return f"{rule_name(deadline)} ({deadline.application.office})"


def _how_sure_and_why(deadline: Any) -> str:
    return "; ".join(filter(None, (str(deadline.get_confidence_display()), basis_source(deadline))))


def _within(days: int) -> Q:
    today = timezone.localdate()
    return Q(state=DeadlineState.OPEN, due_on__gte=today, due_on__lte=today + timedelta(days=days))


def _overdue() -> Q:
    return Q(state=DeadlineState.OPEN, nature=Nature.ACT, due_on__lt=timezone.localdate())


# What waits comes before what is done, lapsed or no longer needed.
WAITING_FIRST = Case(
    When(state=DeadlineState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
).asc()


def _mine(actor: Any) -> Q:
    return Q(asset__engineer_id=actor.pk) | Q(asset__engineer=None, asset__officer_id=actor.pk)


WHEN = [
    Option("overdue", gettext_lazy("overdue, grace running"), lambda actor: _overdue()),
    Option("week", gettext_lazy("within 7 days"), lambda actor: _within(7)),
    Option("month", gettext_lazy("within 30 days"), lambda actor: _within(30)),
    Option("quarter", gettext_lazy("within 90 days"), lambda actor: _within(90)),
    Option("mine", gettext_lazy("in my charge"), _mine),
]


def docket_span() -> tuple[date, date]:
    """The days that the docket lists: a year back, two years ahead."""
    today = timezone.localdate()
    return today - timedelta(days=366), today + timedelta(days=731)


def docket_rows(actor: Any) -> Any:
    """What the docket lists; annuities further ahead are on the page of the asset."""
    first, last = docket_span()
    rows = Deadline.objects.permitted(actor).filter(due_on__gte=first, due_on__lte=last)
    return rows.select_related("asset", "application", "asset__engineer", "asset__officer")


DOCKET = ListPage(
    name="portfolio.docket",
    counted=_deadlines,
    columns=[
        Column("rule", gettext_lazy("What"), render=_what, kind="main", export="rule"),
        Column("due_on", gettext_lazy("Due"), kind="day", sort="due_on"),
        Column("state", gettext_lazy("State"), value="get_state_display", kind="code", sort="state"),
        Column("asset", gettext_lazy("Asset"), value="asset.title", sort="asset__title"),
        Column(
            "office", gettext_lazy("Office"), value="application.office", sort="application__office", default=False
        ),
        Column("amount", gettext_lazy("Amount"), render=_amount, sort="amount", export="amount"),
        Column("currency", gettext_lazy("Currency"), default=False),
        Column("grace_until", gettext_lazy("Late until"), kind="day", sort="grace_until", default=False),
        Column("moved", gettext_lazy("Moved"), render=moved_words, export="original_on", default=False),
        Column(
            "confidence",
            gettext_lazy("How sure"),
            value="get_confidence_display",
            sort="confidence",
            export=_how_sure_and_why,
        ),
        Column("nature", gettext_lazy("Kind"), value="get_nature_display", sort="nature", default=False),
        Column("choice", gettext_lazy("Decision"), value="get_choice_display", sort="choice", default=False),
        Column("docket_number", gettext_lazy("Our reference"), value="asset.docket_number", default=False),
    ],
    search=("asset__title", "asset__docket_number", "application__number"),
    facets=[
        OptionFacet("when", gettext_lazy("When"), WHEN),
        Facet("state", gettext_lazy("State"), choices=DeadlineState.choices),
        Facet("nature", gettext_lazy("Kind"), choices=Nature.choices),
        Facet("office", gettext_lazy("Office"), field="application__office"),
        Facet("officer", gettext_lazy("Officer"), field="asset__officer", label_field="asset__officer__display_name"),
        Facet("confidence", gettext_lazy("How sure"), choices=Confidence.choices),
        Facet("choice", gettext_lazy("Decision"), choices=Choice.choices),
        DateFacet("due", gettext_lazy("Due"), field="due_on"),
    ],
    empty=Empty(
        gettext_lazy("No deadline"),
        gettext_lazy("Deadlines are worked out from filings and their events: enter an application first."),
    ),
    row_url=deadline_url,
    order=[WAITING_FIRST, "due_on"],
    export_action="export",
)


def _own_amount(deadline: Any) -> str:
    amount = own_amount(deadline)
    text = formats.amount_text(amount, deadline.currency) if amount is not None else ""
    return gettext("%(amount)s (estimate)") % {"amount": text} if text and deadline.is_estimate else text


OWN_DEADLINES = ListPage(
    name="portfolio.own_deadlines",
    counted=_deadlines,
    columns=[
        Column("title", gettext_lazy("Title"), value="asset.title", kind="main", sort="asset__title"),
        Column("share", gettext_lazy("Our share"), render=lambda row: share_words(own_share(row))),
        Column("due_on", gettext_lazy("Due"), kind="day", sort="due_on"),
        Column("state", gettext_lazy("State"), value="get_state_display", sort="state"),
        Column("amount", gettext_lazy("Our part of the fee"), render=_own_amount),
    ],
    search=("asset__title",),
    facets=[
        Facet("state", gettext_lazy("State"), choices=DeadlineState.choices),
        DateFacet("due", gettext_lazy("Due"), field="due_on"),
    ],
    empty=Empty(
        gettext_lazy("No deadline"),
        gettext_lazy("The deadlines of the titles of which your organisation owns a part are listed here."),
    ),
    row_url=lambda row: asset_url(row.asset),
    order=[WAITING_FIRST, "due_on"],
    export_action="",
)


def own_deadline_rows(actor: Any) -> Any:
    """What a co-owner is told, within the days of the docket."""
    first, last = docket_span()
    return own_deadlines(actor).filter(due_on__gte=first, due_on__lte=last)


MAILS = ListPage(
    name="portfolio.docket_mails",
    counted=_mails,
    columns=[
        Column("reader", gettext_lazy("To"), value="user.display_name", kind="main", sort="user__display_name"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind"),
        Column("state", gettext_lazy("State"), value="get_state_display", sort="state"),
        Column("made_at", gettext_lazy("Made"), kind="moment", sort="made_at"),
        Column("sent_at", gettext_lazy("Sent"), kind="moment", sort="sent_at"),
        Column("attempt_count", gettext_lazy("Attempts"), kind="number", sort="attempt_count"),
        Column("error", gettext_lazy("Why not")),
    ],
    search=("user__display_name", "error"),
    facets=[
        Facet("state", gettext_lazy("State"), choices=MailState.choices),
        Facet("kind", gettext_lazy("Kind"), choices=MailKind.choices),
    ],
    empty=Empty(gettext_lazy("No mail"), gettext_lazy("Mails of the docket are listed here, sent or not.")),
    row_url=lambda mail: path_to("portfolio:docket_mail", mail.reference),
    order=["-made_at"],
)


def mail_rows(actor: Any) -> Any:
    """The mails that somebody may see."""
    return DocketMail.objects.permitted(actor).select_related("user")
