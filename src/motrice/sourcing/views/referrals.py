"""A team's inbox and answer: the need as far as the team may read it, and its answer in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.core.reading import Read
from motrice.directory.models import Organisation
from motrice.sourcing import forms, rules, words
from motrice.sourcing.enums import MessageKind
from motrice.sourcing.lists import REFERRALS
from motrice.sourcing.models import Attachment, Candidate, JointAnswer, Message, NeedSecret, Referral
from motrice.sourcing.operations import joint as joint_operations
from motrice.sourcing.operations import referrals as operations
from motrice.sourcing.transitions import REFERRAL
from motrice.sourcing.views.needs import statement_facts
from motrice.web import htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, signed_in


def find_team(text: str, actor: Any, *, field: str = "organisation") -> Organisation:
    """The laboratory of a reference, an acronym or an exact name, among those the reader may see."""
    text = text.strip()
    seen = Organisation.objects.permitted(actor).exclude(kind="company").filter(merged_into=None)
    body = seen.filter(reference=text.upper()).first()
    found = [body] if body else list(seen.filter(Q(short_name__iexact=text) | Q(name__iexact=text))[:2])
    if len(found) != 1:
        message = _("Several laboratories bear this name: give the reference.") if found else ""
        raise RuleViolation(message or _("No laboratory has this reference, acronym or name."), field=field)
    return found[0]


def _propose(referral: Referral, actor: Any, partner: str, text: str, read: Read) -> None:
    team = find_team(partner, actor, field="partner")
    joint_operations.propose_joint(referral=referral, partner_team=team, text=text, actor=actor, read=read)


def _stated(referral: Referral) -> dict[str, Any]:
    """What a team answers to."""
    return {name: getattr(referral.need, name) for name in operations.STATED}


def _awaited(referral: Referral) -> dict[str, Any]:
    return {"due_at": timezone.localdate(referral.due_at)}


@dataclass(frozen=True)
class Act:
    """One act on a referral."""

    title: Any
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    shown: Callable[[Referral], dict[str, Any]] | None = None  # what it rests on: what others changed since is told


ACTS = {
    "accept": Act(
        gettext_lazy("Accept"),
        forms.AcceptForm,
        operations.accept_referral,
        gettext_lazy("Your answer was sent."),
        shown=_stated,
    ),
    "ask": Act(
        gettext_lazy("Ask a question"),
        forms.TextForm,
        operations.ask_question,
        gettext_lazy("Your question was sent to the officer."),
    ),
    "refuse": Act(
        gettext_lazy("Refuse"),
        forms.RefuseForm,
        operations.refuse_referral,
        gettext_lazy("Your answer was sent."),
        shown=_stated,
    ),
    "propose_joint": Act(
        gettext_lazy("Answer with another team"),
        forms.JointForm,
        _propose,
        gettext_lazy("The joint answer was proposed."),
        shown=_stated,
    ),
    "reply": Act(
        gettext_lazy("Answer the question"),
        forms.TextForm,
        operations.answer_question,
        gettext_lazy("Your answer was sent to the team."),
    ),
    "due": Act(
        gettext_lazy("Change the date awaited"),
        forms.DueForm,
        operations.set_due,
        gettext_lazy("The team has another date."),
        shown=_awaited,
    ),
    "call_back": Act(
        gettext_lazy("Call back"),
        forms.ReasonForm,
        operations.call_back,
        gettext_lazy("The referral was called back."),
    ),
}


@signed_in
def referral_list(request: HttpRequest) -> HttpResponse:
    """The referrals that the reader may see: a team's inbox, or the desk's."""
    rows = Referral.objects.permitted(request.user).select_related("need", "organisation")
    return REFERRALS.respond(request, rows, context={"title": _("Referrals")})


@require_safe
@object_view(Referral, "view")
def referral_page(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What is asked of a team, until when, and what it answered."""
    actor, need = request.user, referral.need
    audience = words.TEAM if policies.allows(actor, "answer", referral) else words.DESK
    moves = [move for move in REFERRAL.available(referral, actor) if move.name in ACTS]
    secret = NeedSecret.objects.permitted(actor).filter(need=need).first()
    shows_company = not need.hides_company or secret is not None or audience == words.DESK
    context = {
        "referral": referral,
        "need": need,
        "audience": audience,
        "head": _head(referral, moves),
        "facts": [parts.Fact(_("Company"), need.company_words if shows_company else ""), *statement_facts(need)],
        "secret": secret,
        "has_secret": NeedSecret.objects.filter(need=need).exists(),
        "attachments": list(Attachment.objects.permitted(actor).filter(need=need)),
        "messages_exchanged": _thread(referral, actor),
        "joints": _joints(referral, actor),
        "refusal": words.code_words(rules.REFUSAL).get(referral.refusal, ""),
        "timeline": [item for item in words.timeline_items(need, actor, audience) if item.what],
        "dates": [parts.DateAhead(timezone.localdate(referral.due_at), _("Answer awaited"))]
        if referral.is_pending
        else [],
        "acts": _acts(referral, moves, actor),
        "crumbs": [(_("Referrals"), reverse("sourcing:referrals")), (referral.reference, "")],
        "forward_kind": MessageKind.TEAM_TO_DESK,
        "may_handle": policies.allows(actor, "handle", referral),
        "candidate": Candidate.objects.permitted(actor).filter(pk=referral.candidate_id).first(),
    }
    return render(request, "sourcing/referral.html", context)


def _acts(referral: Referral, moves: list[Any], actor: Any) -> list[parts.Step]:
    """The acts that this reader can make now, the main one left to the head."""
    steps = [parts.Step(move.label, _act_url(referral, move.name)) for move in moves if move.name != "accept"]
    if referral.is_pending and policies.allows(actor, "handle", referral):
        steps.append(parts.Step(ACTS["due"].title, _act_url(referral, "due")))
    return steps


def _act_url(referral: Referral, name: str) -> str:
    return reverse("sourcing:referral_act", args=[referral.reference, name])


def _head(referral: Referral, moves: list[Any]) -> parts.RecordHead:
    accept = next((move for move in moves if move.name == "accept"), None)
    return parts.RecordHead(
        title=referral.need.title,
        reference=referral.reference,
        kind=_("Referral to %(team)s") % {"team": referral.candidate or referral.organisation},
        state=words.referral_badge(referral),
        level=words.level_badge(referral.need),
        holder=str(referral.need.owner),
        next_step=parts.Step(accept.label, _act_url(referral, "accept")) if accept else None,
    )


def _thread(referral: Referral, actor: Any) -> list[tuple[Message, bool]]:
    thread = Message.objects.permitted(actor).filter(referral=referral).select_related("author")
    forwarded = set(Message.objects.filter(forwards__referral=referral).values_list("forwards_id", flat=True))
    return [(message, message.pk in forwarded) for message in thread]


def _joints(referral: Referral, actor: Any) -> list[tuple[JointAnswer, bool, bool]]:
    rows = JointAnswer.objects.permitted(actor).filter(Q(lead=referral) | Q(partner=referral))
    return [
        (
            joint,
            joint.status == "proposed" and policies.allows(actor, "confirm", joint),
            joint.status == "proposed" and policies.allows(actor, "lead", joint),
        )
        for joint in rows.select_related("lead__organisation", "partner_team")
    ]


@object_view(Referral, "view")
def referral_act(request: HttpRequest, referral: Referral, act: str) -> HttpResponse:
    """Ask what an answer needs, record it, and come back."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    if act == "due":  # no move: the referral stays where it stands
        policies.require(request.user, "handle", referral)
    else:
        REFERRAL.require(act, referral, request.user)
    initial = chosen.shown(referral) if chosen.shown else {}
    form = chosen.form(request.POST if request.method == "POST" else None, initial=initial)
    more = {"read": remember(form, initial)} if chosen.shown else {}
    if form.is_bound and run_form(
        form, lambda data: chosen.run(referral=referral, actor=request.user, **more, **data)
    ):
        messages.success(request, str(chosen.done))
        return redirect("sourcing:referral", referral.reference)
    context = {
        "title": chosen.title,
        "intro": f"{referral.need.reference} · {referral.need.title}",
        "form": form,
        "submit": chosen.title,
        "readers": _("The officer in charge reads your answer; the company only what the officer passes on.")
        if act in ("accept", "refuse", "ask")
        else "",
        "cancel_url": reverse("sourcing:referral", args=[referral.reference]),
        "crumbs": [
            (_("Referrals"), reverse("sourcing:referrals")),
            (referral.reference, reverse("sourcing:referral", args=[referral.reference])),
            (chosen.title, ""),
        ],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_POST
@object_view(JointAnswer, "view")
@confirmed(
    gettext_lazy("End the joint answer"),
    gettext_lazy("The two teams no longer answer together. Another joint answer must be proposed and confirmed anew."),
    when=lambda _request, kwargs: kwargs["act"] in ("decline", "give-up"),
)
def joint_act(request: HttpRequest, joint: JointAnswer, act: str) -> HttpResponseRedirect:
    """Confirm, decline or give up a joint answer."""
    acts = {
        "confirm": joint_operations.confirm_joint,
        "decline": joint_operations.decline_joint,
        "give-up": joint_operations.give_up_joint,
    }
    if act not in acts:
        raise Http404
    acts[act](joint=joint, actor=request.user)
    messages.success(request, _("Your answer was recorded."))
    own = Referral.objects.permitted(request.user).filter(pk__in=[joint.lead_id, joint.partner_id]).first()
    return redirect("sourcing:referral", own.reference) if own else redirect("sourcing:referrals")


@object_view(Referral, "handle")
def forward(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Put the team's last question to the company, in words the officer may change."""
    question = Message.objects.filter(referral=referral, kind=MessageKind.TEAM_TO_DESK).last()
    if question is None:
        raise RuleViolation(_("This team has asked no question."))
    form = forms.TextForm(request.POST or None, initial={"text": question.text})
    read = remember(form)
    if request.method == "POST" and run_form(
        form,
        lambda data: operations.forward_question(question=question, text=data["text"], actor=request.user, read=read),
    ):
        messages.success(request, _("The question was put to the company."))
        return redirect("sourcing:referral", referral.reference)
    context = {
        "title": _("Forward the question to the company"),
        "form": form,
        "submit": _("Send to the company"),
        "readers": _("The company reads this text; it does not learn which team asks."),
        "cancel_url": reverse("sourcing:referral", args=[referral.reference]),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))
