"""What the desk asks of each reader, for the home page: what, until when, why them, one click to act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from motrice.accounts.models import Follow
from motrice.core.mailing import REASONS
from motrice.core.policies import allows, holds, roles
from motrice.directory.models import Organisation
from motrice.sourcing import words
from motrice.sourcing.enums import EventKind, NeedStatus, OfferStatus, ReferralStatus
from motrice.sourcing.models import JointAnswer, Need, NeedEvent, Offer, Referral, ReportMail, VisitorSubmission, Wait
from motrice.sourcing.policies import is_desk, reads_report
from motrice.sourcing.queries import unreached, untold_report
from motrice.sourcing.report import missed_url, missed_words
from motrice.web import panels
from motrice.web.addresses import path_to
from motrice.web.panels import RecordPanel, Source
from motrice.web.parts import Link, Step, TimelineItem, Waiting

OFFERS_SHOWN = 6


def sources_for(actor: Any) -> list[Source]:
    """Everything of the desk that can wait for the reader, each kind apart."""
    kinds = {role.kind for role in roles(actor)}
    found: list[tuple[Callable[[Any], QuerySet], Callable[[Any], Waiting]]] = []
    if is_desk(actor):
        found += [(_of_officer, _unanswered), (_accepted, _answered), (_analysed, _unasked), (_questions, _question)]
    if holds(actor, "coordinator"):
        found += [(_escalated, _late), (unreached, _untold)]
    if actor.pk and reads_report(actor):
        found.append((untold_report, _report))
    if actor.pk and kinds - {"company_contact"}:
        found += [(_put_to_team, _referral), (_joints, _joint)]
    if "company_contact" in kinds:
        found.append((_waited, _for_company))
    if actor.pk and kinds:
        found.append((_to_review, _offer))
    if holds(actor, "coordinator"):
        found.append((_hidden, partial(_overdue_offers, actor)))
    return [Source(partial(rows, actor), told) for rows, told in found]


def changes_for(actor: Any) -> list[TimelineItem]:
    """The latest lines of the timelines that the reader follows, their own acts left out."""
    if not actor.is_authenticated:
        return []
    audience = words.DESK if is_desk(actor) else words.TEAM
    if any(role.kind == "company_contact" for role in roles(actor)):
        audience = words.COMPANY
    since = timezone.now() - timedelta(days=30)
    events = NeedEvent.objects.permitted(actor).filter(at__gte=since).exclude(actor=actor)
    if audience == words.DESK:
        followed = Follow.objects.permitted(actor).filter(label=Need._meta.label_lower).values("object_pk")
        events = events.filter(Q(need__owner=actor) | Q(need__in=followed))
    items = []
    for event in events.select_related("need", "actor").order_by("-at", "-pk")[:12]:
        told = words.event_item(event, audience, event.need)
        if told.what and event.kind != EventKind.ASSIGNED:
            url = reverse("sourcing:need", args=[event.need.reference])
            items.append(replace(told, url=url, about=event.need.title, is_key=False))
    return items


def _own(actor: Any) -> QuerySet[Need]:
    return Need.objects.permitted(actor, "handle").filter(owner=actor).select_related("company")


def _of_officer(actor: Any) -> QuerySet:
    return _own(actor).unanswered().order_by("due_at")


def _accepted(actor: Any) -> QuerySet:
    return _own(actor).filter(status=NeedStatus.ANSWERED).order_by("received_at")


def _analysed(actor: Any) -> QuerySet:
    return _own(actor).filter(status=NeedStatus.ANALYSIS).order_by("received_at")


def _questions(actor: Any) -> QuerySet:
    asked = Referral.objects.permitted(actor, "handle").filter(need__owner=actor, status=ReferralStatus.QUESTIONED)
    return asked.select_related("organisation", "need").order_by("due_at")


def _escalated(actor: Any) -> QuerySet:
    late = Need.objects.permitted(actor).unanswered().exclude(escalated_at=None).exclude(owner=actor)
    return late.select_related("owner").order_by("due_at")


def _put_to_team(actor: Any) -> QuerySet:
    pending = Referral.objects.permitted(actor, "answer").filter(status=ReferralStatus.SENT)
    return pending.select_related("need", "organisation").order_by("due_at")


def _joints(actor: Any) -> QuerySet:
    joints = JointAnswer.objects.permitted(actor, "confirm").filter(status="proposed").exclude(partner=None)
    return joints.select_related("partner__need", "lead__organisation").order_by("proposed_at")


def _waited(actor: Any) -> QuerySet:
    own = Need.objects.permitted(actor, "write").open()
    return own.filter(pk__in=Wait.objects.filter(ended_at=None).values("need_id")).order_by("received_at")


def _to_review(actor: Any) -> QuerySet:
    soon = timezone.localdate() + timedelta(days=30)
    offers = Offer.objects.filter(owner__user=actor, status=OfferStatus.PUBLISHED, review_on__lte=soon)
    return offers.order_by("review_on")


def _hidden(actor: Any) -> QuerySet:
    """The offers hidden from the portal are one thing that waits: the first stands for all."""
    hidden = Offer.objects.permitted(actor).overdue().order_by("pk")
    return hidden.filter(pk__in=hidden.values("pk")[:1])


def _day(at: Any) -> date:
    return timezone.localtime(at).date()


def _need_url(need: Need) -> str:
    return path_to("sourcing:need", need.reference)


def _referral_url(referral: Referral) -> str:
    return reverse("sourcing:referral", args=[referral.reference])


def _unanswered(need: Need) -> Waiting:
    what = _("Answer %(company)s: %(title)s") % {"company": need.company_words, "title": need.title}
    why = _("you are in charge, and nobody has answered yet")
    return Waiting(what, _need_url(need), why=why, until=_day(need.due_at), act=_("Answer"))


def _answered(need: Need) -> Waiting:
    what = _("Introduce a laboratory: %(title)s") % {"title": need.title}
    return Waiting(
        what, _need_url(need), why=_("a team has accepted"), until=need.deadline_on, act=pgettext("act", "Open")
    )


def _unasked(need: Need) -> Waiting:
    what = _("Find who can answer: %(title)s") % {"title": need.title}
    url = reverse("sourcing:ranking", args=[need.reference])
    return Waiting(what, url, why=_("no team is asked at present"), until=need.deadline_on, act=_("See"))


def _question(referral: Referral) -> Waiting:
    what = _("Answer the question of %(team)s") % {"team": referral.organisation.name}
    until = _day(referral.due_at)
    return Waiting(what, _referral_url(referral), why=referral.need.title, until=until, act=_("Answer"))


def _late(need: Need) -> Waiting:
    why = _("the promised time is over and %(officer)s has not answered") % {"officer": need.owner}
    what = _("Late: %(title)s") % {"title": need.title}
    return Waiting(what, _need_url(need), why=why, until=_day(need.due_at), act=pgettext("act", "Open"))


def _untold(submission: VisitorSubmission) -> Waiting:
    what = _("Reach a visitor by another way: %(company)s") % {"company": submission.answers.get("company_name", "")}
    why = _("the mail that confirms their need did not arrive: %(why)s") % {"why": REASONS.get(submission.missed, "")}
    return Waiting(what, reverse("sourcing:overview"), why=why, act=pgettext("act", "Open"))


def _report(mail: ReportMail) -> Waiting:
    why = missed_words(mail)
    return Waiting(_("Read the report of the desk on its page"), missed_url(mail), why=why, act=_("Read"))


def _referral(referral: Referral) -> Waiting:
    what = _("Can your team help? %(title)s") % {"title": referral.need.title}
    why = _("put to %(team)s") % {"team": referral.organisation.name}
    return Waiting(what, _referral_url(referral), why=why, until=_day(referral.due_at), act=_("Answer"))


def _joint(joint: JointAnswer) -> Waiting:
    what = _("Confirm the joint answer with %(team)s") % {"team": joint.lead.organisation.name}
    partner = joint.partner
    until = _day(partner.due_at) if partner else None
    return Waiting(
        what, _referral_url(partner or joint.lead), why=joint.text[:80], until=until, act=pgettext("act", "Open")
    )


def _for_company(need: Need) -> Waiting:
    what = _("Answer the desk: %(title)s") % {"title": need.title}
    return Waiting(what, _need_url(need), why=_("the desk needs your answer to go on"), act=_("Answer"))


def _offer(offer: Offer) -> Waiting:
    what = _("Review your offer: %(title)s") % {"title": offer.title}
    url = reverse("sourcing:offer_review", args=[offer.reference])
    return Waiting(what, url, why=_("it leaves the portal after this day"), until=offer.review_on, act=_("Review"))


def _overdue_offers(actor: Any, _first: Offer) -> Waiting:
    count = Offer.objects.permitted(actor).overdue().count()
    what = ngettext("%(n)d offer is hidden from the portal", "%(n)d offers are hidden from the portal", count)
    url = reverse("sourcing:overdue_offers")
    return Waiting(what % {"n": count}, url, why=_("their review is late"), act=pgettext("act", "Open"))


def offers_of(body: Organisation, actor: Any) -> RecordPanel | None:
    """The offers of a body that the reader may see, and the way to describe one for who keeps them."""
    rows = Offer.objects.permitted(actor).filter(organisation=body).exclude(status=OfferStatus.RETIRED)
    seen = list(rows.order_by("status", "-review_on", "pk")[: OFFERS_SHOWN + 1])
    steps = []
    if actor.is_authenticated and allows(actor, "offer", body):
        steps = [Step(_("Describe an offer"), reverse("sourcing:offer_new", args=[body.reference]), icon="plus")]
    if not seen and not steps:
        return None
    links = [
        Link(offer.title, path_to("sourcing:offer", offer.reference), _offer_note(offer))
        for offer in seen[:OFFERS_SHOWN]
    ]
    more = f"{reverse('sourcing:offers')}?{urlencode({'q': body.name})}" if len(seen) > OFFERS_SHOWN else ""
    return RecordPanel(_("Offers and platforms"), links, steps, _("All of them"), more)


def _offer_note(offer: Offer) -> str:
    state = "" if offer.status == OfferStatus.PUBLISHED else offer.get_status_display()
    return " · ".join(word for word in (offer.get_kind_display(), state) if word)


def _is_company(actor: Any) -> bool:
    return any(role.kind == "company_contact" for role in roles(actor))


panels.register(
    panels.Panel(
        "sourcing",
        sources=sources_for,
        changes=changes_for,
        order=10,
        tells=(Need._meta.label_lower,),
        ties=lambda item: str(item.what),
    )
)
panels.register_record(Organisation, offers_of)
panels.register_start(
    panels.Start(
        gettext_lazy("State a need"),
        gettext_lazy("A problem, in your own words: a person answers you."),
        "sourcing:ask",
        icon="bulb",
        visible=_is_company,
        order=10,
    )
)
panels.register_start(
    panels.Start(
        gettext_lazy("Describe a problem"),
        gettext_lazy("Say it once; the right laboratories are asked for you."),
        "sourcing:visitor_need",
        icon="bulb",
        visible=lambda actor: not actor.is_authenticated,
        order=10,
    )
)
panels.register_start(
    panels.Start(
        gettext_lazy("Find a laboratory"),
        gettext_lazy("Offers and platforms, searched in your own words."),
        "sourcing:find",
        icon="search",
        visible=lambda actor: not actor.is_authenticated or _is_company(actor),
        order=20,
    )
)
panels.register_start(
    panels.Start(
        gettext_lazy("Enter a need for a company"),
        gettext_lazy("What a company told you by telephone or at a fair."),
        "sourcing:officer_need",
        icon="pencil",
        visible=is_desk,
        order=30,
    )
)
panels.register_start(
    panels.Start(
        gettext_lazy("Read the report of the desk"),
        gettext_lazy("How soon companies are answered, and what becomes of their needs."),
        "sourcing:report",
        icon="chart-bar",
        visible=lambda actor: reads_report(actor) and not is_desk(actor),
        order=40,
    )
)
