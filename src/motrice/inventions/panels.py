"""What disclosures ask of each reader, for the home page: what, until when, why them, one click to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from motrice.accounts.models import Follow
from motrice.core.policies import allows, roles
from motrice.directory.models import Organisation, Person
from motrice.inventions import words
from motrice.inventions.enums import DecisionStatus, DisclosureStatus
from motrice.inventions.models import (
    Decision,
    Disclosure,
    DisclosureEvent,
    Divulgation,
    Evaluator,
    Inventor,
    Signature,
)
from motrice.inventions.policies import DISCLOSING
from motrice.web import calendars, panels
from motrice.web.calendars import Entry
from motrice.web.panels import Source
from motrice.web.parts import Link, Step, TimelineItem, Waiting

SHOWN = 5


def sources_for(actor: Any) -> list[Source]:
    """Everything of the disclosures that can wait for the reader, each kind apart."""
    if not actor.pk:
        return []
    kinds: list[tuple[Callable[[Any], QuerySet], Callable[[Any], Waiting]]] = [
        (_unsigned, _to_sign),
        (_sent_back, _returned),
        (_opinions, _opinion),
        (_received, _to_take),
        (_evaluated, _to_decide),
        (_proposed, _to_approve),
        (_divulgations, _planned),
    ]
    return [Source(partial(rows, actor), told) for rows, told in kinds]


def _unsigned(actor: Any) -> QuerySet:
    signed = Signature.objects.filter(void_at=None).values("inventor_id")
    to_sign = Inventor.objects.filter(person__user_id=actor.pk, disclosure__status=DisclosureStatus.SUBMITTED).exclude(
        pk__in=signed
    )
    return to_sign.select_related("disclosure").order_by("disclosure__sign_due_at", "pk")


def _sent_back(actor: Any) -> QuerySet:
    own = Disclosure.objects.filter(Q(author_id=actor.pk) | Q(pk__in=_invented(actor)))
    return own.filter(status=DisclosureStatus.RETURNED).order_by("state_since", "pk")


def _opinions(actor: Any) -> QuerySet:
    opinions = Evaluator.objects.permitted(actor, "answer").filter(
        opinion=None, disclosure__status__in=[DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION]
    )
    return opinions.select_related("disclosure").order_by("due_at", "pk")


def _in_charge(actor: Any) -> QuerySet:
    return Disclosure.objects.permitted(actor, "handle").filter(owner_id=actor.pk)


def _received(actor: Any) -> QuerySet:
    return _in_charge(actor).filter(status=DisclosureStatus.RECEIVED).order_by("take_due_at", "pk")


def _evaluated(actor: Any) -> QuerySet:
    return _in_charge(actor).filter(status=DisclosureStatus.EVALUATION).order_by("due_at", "pk")


def _proposed(actor: Any) -> QuerySet:
    decisions = Decision.objects.permitted(actor, "approve").filter(status=DecisionStatus.PROPOSED)
    return decisions.exclude(proposed_by_id=actor.pk).select_related("disclosure").order_by("proposed_at", "pk")


def _divulgations(actor: Any) -> QuerySet:
    today = timezone.localdate()
    planned = Divulgation.objects.permitted(actor).filter(
        Q(disclosure__owner_id=actor.pk) | Q(disclosure__in=_invented(actor)),
        Q(disclosure__due_at__isnull=True) | Q(disclosure__due_at__date__gte=today) | Q(dated_on__gte=today),
        dated_on__gte=today,
        dated_on__lte=today + timedelta(days=120),
        is_under_secrecy=False,
        disclosure__status__in=[
            DisclosureStatus.SUBMITTED,
            DisclosureStatus.RECEIVED,
            DisclosureStatus.RETURNED,
            DisclosureStatus.EVALUATION,
        ],
    )
    return planned.select_related("disclosure").order_by("dated_on", "pk")


def _invented(actor: Any) -> QuerySet:
    return Inventor.objects.filter(person__user_id=actor.pk).values("disclosure_id")


def _url(disclosure: Disclosure) -> str:
    return reverse("inventions:disclosure", args=[disclosure.reference])


def _day(at: Any) -> Any:
    return timezone.localdate(at) if at is not None else None


def _to_sign(row: Inventor) -> Waiting:
    what = _("Sign the disclosure: %(title)s") % {"title": row.disclosure.title_words}
    return Waiting(
        what,
        _url(row.disclosure),
        why=_("you are among its inventors"),
        until=_day(row.disclosure.sign_due_at),
        act=_("Sign"),
    )


def _returned(row: Disclosure) -> Waiting:
    what = _("Correct the disclosure: %(title)s") % {"title": row.title_words}
    return Waiting(what, _url(row), why=_("the office asks for a correction"), act=pgettext("act", "Open"))


def _opinion(row: Evaluator) -> Waiting:
    what = _("Give your opinion: %(title)s") % {"title": row.disclosure.title_words}
    url = reverse("inventions:opinion", args=[row.reference])
    return Waiting(what, url, why=_("the office asked you"), until=_day(row.due_at), act=pgettext("act", "Open"))


def _to_take(row: Disclosure) -> Waiting:
    what = _("Begin the evaluation: %(title)s") % {"title": row.title_words}
    why = _("you are in charge, and everybody has signed")
    return Waiting(what, _url(row), why=why, until=_day(row.take_due_at), act=pgettext("act", "Open"))


def _to_decide(row: Disclosure) -> Waiting:
    what = _("Decide: %(title)s") % {"title": row.title_words}
    url = reverse("inventions:evaluation", args=[row.reference])
    return Waiting(what, url, why=_("you are in charge"), until=_day(row.due_at), act=pgettext("act", "Open"))


def _to_approve(row: Decision) -> Waiting:
    what = _("Approve or refuse: %(what)s") % {"what": row.get_kind_display()}
    why = _("a colleague proposed it, and may not approve it")
    return Waiting(what, _url(row.disclosure), why=why, until=_day(row.disclosure.due_at), act=pgettext("act", "Open"))


def _planned(row: Divulgation) -> Waiting:
    what = _("A publication is planned before the decision: %(title)s") % {"title": row.disclosure.title_words}
    why = _("a publication that comes first can forbid a patent")
    return Waiting(what, _url(row.disclosure), why=why, until=row.dated_on, act=pgettext("act", "Open"))


def changes_for(actor: Any) -> list[TimelineItem]:
    """The latest lines of the reader's own disclosures, their own acts left out."""
    if not actor.is_authenticated:
        return []
    since = timezone.now() - timedelta(days=30)
    followed = Follow.objects.permitted(actor).filter(label=Disclosure._meta.label_lower).values("object_pk")
    events = DisclosureEvent.objects.permitted(actor).filter(at__gte=since).exclude(actor_id=actor.pk)
    events = events.filter(
        Q(disclosure__owner_id=actor.pk)
        | Q(disclosure__author_id=actor.pk)
        | Q(disclosure__in=_invented(actor))
        | Q(disclosure__in=followed)
    )
    return [
        TimelineItem(
            what=words.event_words(event),
            who=words.who_words(event),
            at=event.at,
            url=_url(event.disclosure),
            about=event.disclosure.title_words,
        )
        for event in events.select_related("disclosure", "actor").order_by("-at", "-pk")[:12]
    ]


def _discloses(actor: Any) -> bool:
    return any(role.kind in DISCLOSING for role in roles(actor))


panels.register(
    panels.Panel(
        "inventions",
        sources=sources_for,
        changes=changes_for,
        order=20,
        tells=(Disclosure._meta.label_lower,),
    )
)
panels.register_start(
    panels.Start(
        gettext_lazy("Disclose a result"),
        gettext_lazy("An invention, software, know-how or material: twenty minutes, kept to a named circle."),
        "inventions:start",
        icon="file-description",
        visible=_discloses,
        order=15,
    )
)


def beside_unit(body: Organisation, actor: Any) -> panels.RecordPanel | None:
    """The disclosures of a laboratory that the reader may see, and the way to begin one; nothing for anybody else."""
    if not actor.pk or not body.is_unit:
        return None
    rows = Disclosure.objects.permitted(actor).filter(unit=body)
    steps = []
    if allows(actor, "disclose", body):
        steps.append(Step(_("Disclose a result"), reverse("inventions:start")))
    return _beside(rows, steps, f"{reverse('inventions:disclosures')}?unit={body.pk}")


def beside_person(person: Person, actor: Any) -> panels.RecordPanel | None:
    """The disclosures of which somebody is an inventor, among those that the reader may see."""
    if not actor.pk:
        return None
    named = Inventor.objects.filter(person=person).values("disclosure_id")
    return _beside(Disclosure.objects.permitted(actor).filter(pk__in=named), [], "")


def _beside(rows: QuerySet[Disclosure], steps: list[Step], more_url: str) -> panels.RecordPanel | None:
    found = list(rows.order_by("-state_since", "pk")[: SHOWN + 1])
    if not found and not steps:
        return None
    links = [Link(row.title_words, _url(row), row.get_status_display()) for row in found[:SHOWN]]
    more = more_url if len(found) > SHOWN else ""
    return panels.RecordPanel(_("Disclosures"), links, steps, _("All of them"), more)


panels.register_record(Organisation, beside_unit)
panels.register_record(Person, beside_person)


def calendar_of(actor: Any) -> Iterator[Entry]:
    """The dates of disclosures that are the reader's own to keep, by reference alone."""
    signed = Signature.objects.filter(void_at=None).values("inventor_id")
    own = Inventor.objects.filter(person__user_id=actor.pk, disclosure__status=DisclosureStatus.SUBMITTED)
    for row in own.exclude(pk__in=signed).select_related("disclosure"):
        yield _entry("sign", row.disclosure, _("Sign the disclosure %(reference)s"), row.disclosure.sign_due_at)
    charge = _in_charge(actor)
    for disclosure in charge.filter(status=DisclosureStatus.RECEIVED):
        yield _entry("take", disclosure, _("Begin the evaluation of disclosure %(reference)s"), disclosure.take_due_at)
    for disclosure in charge.filter(status=DisclosureStatus.EVALUATION):
        yield _entry("decide", disclosure, _("Decision promised on disclosure %(reference)s"), disclosure.due_at)
    asked = Evaluator.objects.permitted(actor, "answer").filter(
        opinion=None, disclosure__status__in=[DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION]
    )
    for evaluator in asked.select_related("disclosure"):
        words = _("Opinion awaited on disclosure %(reference)s")
        yield _entry("opinion", evaluator.disclosure, words, evaluator.due_at)


def _entry(kind: str, disclosure: Disclosure, words: str, at: Any) -> Entry:
    key = f"disclosure-{kind}-{disclosure.reference}"
    return Entry(key, words % {"reference": disclosure.reference}, at, _url(disclosure))


calendars.register(calendar_of)
