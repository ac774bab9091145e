"""The co-owners' own pages: their titles and shares, the notices they receive; and the agents of the units."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import policies
from motrice.core.policies import scopes
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.enums import NoticeSubject
from motrice.portfolio.forms.owners import DesignateForm, EndDesignationForm
from motrice.portfolio.lists.assets import AGENTS, MY_TITLES
from motrice.portfolio.lists.docket import OWN_DEADLINES, own_deadline_rows
from motrice.portfolio.models import AgentDesignation, CoOwnerNotice, Mandate, Ownership
from motrice.portfolio.operations.abandonment import open_notice
from motrice.portfolio.operations.agents import designate_agent, end_designation
from motrice.portfolio.policies.assets import OWNER_STAFF
from motrice.portfolio.queries.coownership import last_day_of
from motrice.portfolio.rules import share_words
from motrice.portfolio.words.coownership import answer_words
from motrice.web import htmx, parts
from motrice.web.formats import amount_text, day_text
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, signed_in


def own_shares(actor: Any) -> QuerySet[Ownership]:
    """What the actor's own organisations own today, of what the actor may see."""
    ids = scopes(actor, ORGANISATION, *OWNER_STAFF)
    rows = Ownership.objects.permitted(actor).filter(organisation_id__in=ids).on(timezone.localdate())
    return rows.select_related("asset", "organisation")


@signed_in
def my_titles(request: HttpRequest) -> HttpResponse:
    """The titles of the reader's own organisations, with their own shares and nobody else's."""
    waiting = list(
        CoOwnerNotice.objects.permitted(request.user, "answer").filter(answer="").select_related("asset", "owner")
    )
    steps = [parts.Step(_("Deadlines"), reverse("portfolio:my_deadlines"))]
    context = {"title": _("My titles"), "waiting": waiting, "steps": steps, "crumbs": [(_("My titles"), "")]}
    return MY_TITLES.respond(request, own_shares(request.user), context=context, template="portfolio/my_titles.html")


@signed_in
def my_deadlines(request: HttpRequest) -> HttpResponse:
    """The deadlines of these titles: day, state and the reader's own part of the fee."""
    crumbs = [(_("My titles"), reverse("portfolio:my_titles")), (_("Deadlines"), "")]
    context = {"title": _("Deadlines of my titles"), "crumbs": crumbs}
    return OWN_DEADLINES.respond(request, own_deadline_rows(request.user), context=context)


@object_view(CoOwnerNotice, "view")
def notice_page(request: HttpRequest, notice: CoOwnerNotice) -> HttpResponse:
    """What a co-owner was told: reading it for that co-owner is receiving it."""
    answers = policies.allows(request.user, "answer", notice)
    if answers and notice.received_on is None and not getattr(request.user, "ceiling", None):
        open_notice(notice=notice, actor=request.user)
    last = last_day_of(notice)
    own = Ownership.objects.permitted(request.user).filter(asset=notice.asset, organisation=notice.owner)
    share = own.on(timezone.localdate()).first()
    mandate = Mandate.objects.permitted(request.user).filter(asset=notice.asset, ends_on=None).first()
    step = None
    if answers and not notice.answer:
        step = parts.Step(_("Answer"), reverse("portfolio:notice_act", args=[notice.reference, "answer"]))
    elif policies.allows(request.user, "edit", notice) and notice.received_on is None:
        step = parts.Step(_("Record the receipt"), reverse("portfolio:notice_act", args=[notice.reference, "receipt"]))
    context = {
        "notice": notice,
        "head": parts.RecordHead(
            title=notice.asset.title,
            reference=notice.reference,
            kind=notice.get_subject_display(),
            next_step=step,
        ),
        "facts": [
            parts.Fact(_("Sent to"), notice.owner.name),
            parts.Fact(_("Share today"), share_words(share.share) if share else ""),
            parts.Fact(_("Decided on"), notice.decided_on),
            parts.Fact(_("Sent on"), notice.sent_on),
            parts.Fact(_("Received on"), notice.received_on),
            parts.Fact(_("By which article"), notice.article),
            parts.Fact(_("Single agent"), mandate.agent.name if mandate else ""),
            *_sale_facts(notice),
            parts.Fact(_("Answer"), answer_words(notice)),
            parts.Fact(_("Words of the answer"), notice.answer_text),
        ],
        "last_day": day_text(last) if last and not notice.answer else "",
        "is_sale": notice.subject == NoticeSubject.SALE,
        "crumbs": [(_("My titles"), reverse("portfolio:my_titles")), (notice.reference, "")],
    }
    return render(request, "portfolio/notice.html", context)


def _sale_facts(notice: CoOwnerNotice) -> list[parts.Fact]:
    if notice.subject != NoticeSubject.SALE or notice.price is None:
        return []
    return [
        parts.Fact(_("Sold by"), str(notice.seller)),
        parts.Fact(_("Sold to"), str(notice.buyer)),
        parts.Fact(_("Part sold"), share_words(Fraction(notice.numerator or 0, notice.denominator or 1))),
        parts.Fact(_("Price"), amount_text(notice.price, notice.currency)),
    ]


@signed_in
def agent_list(request: HttpRequest) -> HttpResponse:
    """The single agents of the units."""
    rows = AgentDesignation.objects.permitted(request.user).select_related("unit", "agent")
    steps = []
    if scopes(request.user, ORGANISATION, "officer", "legal"):
        steps.append(parts.Step(_("Name an agent"), reverse("portfolio:agent_new")))
    return AGENTS.respond(
        request, rows, context={"title": _("Single agents"), "steps": steps}, template="portfolio/assets.html"
    )


@signed_in
def agent_new(request: HttpRequest) -> HttpResponse:
    """Name the agent of a unit that one's organisation supervises."""
    form = DesignateForm(request.POST if request.method == "POST" else None, actor=request.user)
    if request.method == "POST" and run_form(form, lambda data: designate_agent(actor=request.user, **data)):
        messages.success(request, _("The agent was named."))
        return redirect("portfolio:agents")
    return _agent_form(request, form, _("Name an agent"))


@require_safe
@object_view(AgentDesignation, "view")
def agent(request: HttpRequest, designation: AgentDesignation) -> HttpResponse:
    """Who acts for a unit, since when, by what act; and until when, for who may end it."""
    step = None
    if designation.ends_on is None and policies.allows(request.user, "edit", designation):
        step = parts.Step(_("End the designation"), reverse("portfolio:agent_end", args=[designation.reference]))
    title = _("%(agent)s for %(unit)s") % {"agent": designation.agent, "unit": designation.unit}
    context = {
        "designation": designation,
        "head": parts.RecordHead(title=title, reference=designation.reference, kind=_("Single agent"), next_step=step),
        "facts": [
            parts.Fact(_("Unit"), designation.unit.name),
            parts.Fact(_("Single agent"), designation.agent.name),
            parts.Fact(_("Field"), designation.field or _("all results")),
            parts.Fact(_("From"), designation.starts_on),
            parts.Fact(_("To"), designation.ends_on),
            parts.Fact(_("By what act"), designation.ground),
        ],
        "crumbs": [(_("Single agents"), reverse("portfolio:agents")), (designation.reference, "")],
    }
    return render(request, "portfolio/agent.html", context)


@object_view(AgentDesignation, "edit")
def agent_end(request: HttpRequest, designation: AgentDesignation) -> HttpResponse:
    """Say on which day an agent stops being one."""
    form = EndDesignationForm(request.POST if request.method == "POST" else None)
    read = remember(form, {"ends_on": designation.ends_on})
    if request.method == "POST" and run_form(
        form, lambda data: end_designation(designation=designation, actor=request.user, read=read, **data)
    ):
        messages.success(request, _("The designation has its last day."))
        return redirect("portfolio:agent", designation.reference)
    return _agent_form(request, form, _("End the designation"), designation)


def _agent_form(
    request: HttpRequest, form: Any, title: str, designation: AgentDesignation | None = None
) -> HttpResponse:
    back = reverse("portfolio:agent", args=[designation.reference]) if designation else reverse("portfolio:agents")
    context = {
        "title": title,
        "form": form,
        "submit": title,
        "cancel_url": back,
        "intro": str(designation) if designation else "",
        "crumbs": [(_("Single agents"), reverse("portfolio:agents")), (title, "")],
    }
    return render(request, "web/form.html", context, status=htmx.form_status(form))
