"""The page of a need, for the desk and for its company, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motrice.accounts.queries import follows
from motrice.accounts.records import manages
from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.core.reading import Read
from motrice.sourcing import forms, rules, words
from motrice.sourcing.downloads import attachment_response
from motrice.sourcing.enums import NeedStatus
from motrice.sourcing.models import Attachment, Message, Nda, Need, NeedSecret, Referral, Wait
from motrice.sourcing.operations.attachments import attach_file, remove_attachment
from motrice.sourcing.operations.desk import end_nda, record_nda, withdraw_nda
from motrice.sourcing.operations.needs import (
    Statement,
    change_secret,
    correct_need,
    end_wait,
    match_company,
    qualify_need,
    reply_to_desk,
    write_to_company,
)
from motrice.sourcing.operations.outcomes import (
    close_need,
    decline_need,
    record_outcome,
    reopen_need,
    withdraw_need,
)
from motrice.sourcing.operations.routing import reassign_need
from motrice.sourcing.policies import is_desk
from motrice.sourcing.queries import find_company
from motrice.sourcing.transitions import NEED
from motrice.web import htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view

Initial = Callable[[Need, Any], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """One act on a need: who may do it, what it asks, the operation that does it, and what is said then."""

    title: Any
    action: str
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    initial: Initial = field(default=lambda need, actor: {})
    asks_need: bool = False
    intro: Any = ""
    section: str = ""
    overwrites: bool = False  # its form shows what it writes over: what others wrote since is told


def _statement_of(need: Need, actor: Any) -> dict[str, Any]:
    return {name: getattr(need, name) for name in forms.StatementForm.base_fields}


def _secret_of(need: Need, actor: Any) -> dict[str, Any]:
    secret = NeedSecret.objects.permitted(actor).filter(need=need).first()
    return {"text": secret.text if secret else ""}


def _correct(need: Need, actor: Any, read: Read, **fields: Any) -> None:
    correct_need(need=need, statement=Statement(**fields), actor=actor, read=read)


def _attach(need: Need, actor: Any, file: Any, is_confidential: bool) -> None:
    attach_file(need=need, name=file.name, content=file.read(), is_confidential=is_confidential, actor=actor)


def _end_nda(need: Need, actor: Any, nda: Nda, ended_on: date) -> None:
    end_nda(nda=nda, ended_on=ended_on, actor=actor)


def _withdraw_nda(need: Need, actor: Any, nda: Nda, reason: str) -> None:
    withdraw_nda(nda=nda, reason=reason, actor=actor)


def _match(need: Need, actor: Any, company: str) -> None:
    body = find_company(company, actor)
    if body is None:
        raise RuleViolation(_("No company has this reference or SIREN number."), field="company")
    match_company(need=need, company=body, actor=actor)


ACTS = {
    "qualify": Act(
        gettext_lazy("Take the need in charge"),
        "handle",
        forms.MessageForm,
        qualify_need,
        gettext_lazy("The company was answered: the clock has stopped."),
    ),
    "write": Act(
        gettext_lazy("Write to the company"),
        "handle",
        forms.WriteForm,
        write_to_company,
        gettext_lazy("Your message was sent."),
    ),
    "reply": Act(
        gettext_lazy("Write to the desk"),
        "write",
        forms.TextForm,
        reply_to_desk,
        gettext_lazy("Your message was sent."),
    ),
    "end-wait": Act(
        gettext_lazy("The company has answered"),
        "handle",
        django_forms.Form,
        end_wait,
        gettext_lazy("The desk's own time runs again."),
    ),
    "correct": Act(
        gettext_lazy("Correct the statement"),
        "correct",
        forms.StatementForm,
        _correct,
        gettext_lazy("The statement was corrected."),
        initial=_statement_of,
        section="problem",
        overwrites=True,
    ),
    "secret": Act(
        gettext_lazy("Confidential part"),
        "correct",
        forms.SecretForm,
        change_secret,
        gettext_lazy("The confidential part was recorded."),
        initial=_secret_of,
        section="secret",
        overwrites=True,
    ),
    "attach": Act(
        gettext_lazy("Add a file"), "attach", forms.AttachForm, _attach, gettext_lazy("The file was added.")
    ),
    "decline": Act(
        gettext_lazy("Decline as out of scope"),
        "handle",
        forms.MessageForm,
        decline_need,
        gettext_lazy("The company was told."),
    ),
    "withdraw": Act(
        gettext_lazy("Withdraw the need"),
        "withdraw",
        forms.OptionalReasonForm,
        withdraw_need,
        gettext_lazy("The need was withdrawn."),
        intro=gettext_lazy("Teams still asked are told that nothing more is expected of them."),
    ),
    "outcome": Act(
        gettext_lazy("Record an outcome"),
        "handle",
        forms.OutcomeForm,
        record_outcome,
        gettext_lazy("The outcome was recorded."),
        asks_need=True,
    ),
    "close": Act(
        gettext_lazy("Close the need"), "handle", forms.CloseForm, close_need, gettext_lazy("The need was closed.")
    ),
    "reopen": Act(
        gettext_lazy("Take the need up again"),
        "handle",
        forms.ReasonForm,
        reopen_need,
        gettext_lazy("The need was taken up again."),
    ),
    "reassign": Act(
        gettext_lazy("Give to another officer"),
        "reassign",
        forms.ReassignForm,
        reassign_need,
        gettext_lazy("The need has another officer."),
        asks_need=True,
    ),
    "nda": Act(
        gettext_lazy("Record the NDA of a team"),
        "handle",
        forms.NdaForm,
        record_nda,
        gettext_lazy("The NDA was recorded: the team now reads the confidential part."),
        asks_need=True,
        intro=gettext_lazy("From the day of its signature the team reads the confidential part and files."),
    ),
    "nda-end": Act(
        gettext_lazy("Record the end of an NDA"),
        "handle",
        forms.NdaEndForm,
        _end_nda,
        gettext_lazy("The end of the NDA was recorded."),
        asks_need=True,
        intro=gettext_lazy("After this day the team no longer reads the confidential part and files."),
    ),
    "nda-withdraw": Act(
        gettext_lazy("Take back an NDA recorded by mistake"),
        "handle",
        forms.NdaWithdrawForm,
        _withdraw_nda,
        gettext_lazy("The NDA was taken back: what is confidential is closed to the team."),
        asks_need=True,
        intro=gettext_lazy(
            "The confidential part and files close to the team at once; the history keeps what was done."
        ),
    ),
    "match": Act(
        gettext_lazy("Link to the directory"),
        "handle",
        forms.MatchForm,
        _match,
        gettext_lazy("The company was linked."),
    ),
}
# Which acts are offered while the need is open; the operation decides in the end.
OPEN_ACTS = ("reassign", "match")
# Acts offered where their subject stands on the page.
PLACED_ACTS = ("write", "reply", "correct", "secret", "attach", "nda")
OPEN_ACTIONS = {"handle", "attach", "rank", *(ACTS[name].action for name in (*OPEN_ACTS, *PLACED_ACTS))}


@require_safe
@object_view(Need, "view")
def need_page(request: HttpRequest, need: Need) -> HttpResponse:
    """The need, as the desk, its company or a team may read it."""
    audience = words.audience_of(request.user, need)
    if audience == words.TEAM:
        asked = Referral.objects.permitted(request.user).filter(need=need).first()
        if asked is not None:
            return redirect("sourcing:referral", asked.reference)
    template = "sourcing/need_company.html" if audience == words.COMPANY else "sourcing/need.html"
    return render(request, template, need_context(need, request.user, audience))


def need_context(need: Need, actor: Any, audience: str) -> dict[str, Any]:
    """Everything a need's page shows, each part through its own policy."""
    secret = NeedSecret.objects.permitted(actor).filter(need=need).first()
    referrals = Referral.objects.permitted(actor).filter(need=need).select_related("organisation", "person")
    refusals = words.code_words(rules.REFUSAL)
    moves = {move.name for move in NEED.available(need, actor)}
    may = policies.allowed(actor, OPEN_ACTIONS, need) if need.is_open else frozenset()
    if "rank" not in may:  # teams are put to a need from its ranking
        moves -= {"refer", "refer_again"}
    ndas = list(Nda.objects.permitted(actor).filter(need=need).select_related("organisation"))
    return {
        "need": need,
        "audience": audience,
        "head": _head(need, moves, audience),
        "crumbs": list_crumb(actor),
        "facts": statement_facts(need),
        "secret": secret,
        "attachments": list(Attachment.objects.permitted(actor).filter(need=need)),
        "messages_exchanged": list(
            Message.objects.permitted(actor).filter(need=need, referral=None).select_related("author")
        ),
        "referrals": [(row, words.referral_badge(row), refusals.get(row.refusal, "")) for row in referrals],
        "outcomes": list(need.outcomes.permitted(actor).select_related("referral__organisation")),
        "ndas": ndas,
        "is_waiting": Wait.objects.permitted(actor).filter(need=need, ended_at=None).exists(),
        "why_owner": rules.routing_words(need.routing) if audience == words.DESK else "",
        "timeline": words.timeline_items(need, actor, audience),
        "dates": _dates(need),
        "acts": _offered(need, may, moves),
        "act_urls": {name.replace("-", "_"): _act_url(need, name) for name in _placed(need, actor, may, ndas)},
        "readers": words.readers_words(need),
        "may_remove": "attach" in may,
        "may_rank": "rank" in may,
        "may_refer": bool(moves & {"refer", "refer_again"}),
    }


def list_crumb(actor: Any) -> list[tuple[Any, str]]:
    """The list from which a reader comes to a need: the desk's, or the company's own."""
    if is_desk(actor) or policies.holds(actor, "auditor"):
        return [(_("Needs"), reverse("sourcing:queue"))]
    is_company = any(role.kind == "company_contact" for role in policies.roles(actor))
    return [(_("My needs"), reverse("sourcing:my_needs"))] if is_company else []


def _crumb(need: Need) -> tuple[str, str]:
    return need.reference, reverse("sourcing:need", args=[need.reference])


def statement_facts(need: Need) -> list[parts.Fact]:
    """What a need states, in small."""
    return [
        parts.Fact(_("Market segment"), words.code_words(rules.SEGMENT).get(need.segment, need.segment)),
        parts.Fact(_("NAF code"), need.naf_code),
        parts.Fact(_("Maturity wanted"), f"TRL {need.trl}" if need.trl else ""),
        parts.Fact(_("Region"), need.region),
        parts.Fact(_("Language of the text"), need.get_language_display()),
    ]


def _head(need: Need, moves: set[str], audience: str) -> parts.RecordHead:
    def step(name: str) -> parts.Step:
        return parts.Step(ACTS[name].title, _act_url(need, name))

    next_step = None
    if "qualify" in moves:
        next_step = step("qualify")
    elif moves & {"refer"} and need.status == NeedStatus.ANALYSIS:
        next_step = parts.Step(_("See who can answer"), reverse("sourcing:ranking", args=[need.reference]))
    elif "introduce" in moves:
        next_step = step("outcome")
    elif "reopen" in moves:
        next_step = step("reopen")
    elif audience == words.COMPANY and need.is_open:
        next_step = step("reply")
    return parts.RecordHead(
        title=need.title,
        reference=need.reference,
        kind=_("Need"),
        state=words.status_badge(need),
        level=words.level_badge(need),
        holder=str(need.owner),
        held_since=need.owned_since,
        next_step=next_step,
    )


def _dates(need: Need) -> list[parts.DateAhead]:
    dates = []
    if need.is_open and need.first_answer_at is None:
        dates.append(parts.DateAhead(timezone.localdate(need.due_at), _("First answer promised")))
    if need.is_open and need.deadline_on:
        dates.append(parts.DateAhead(need.deadline_on, _("Wanted by the company")))
    return dates


def _offered(need: Need, may: frozenset[str], moves: set[str]) -> list[parts.Step]:
    """The acts that this reader can make now, the main one left to the head."""
    names = [name for name in ("decline", "close", "withdraw") if name in moves]
    if need.is_open:
        names = [name for name in OPEN_ACTS if ACTS[name].action in may] + names
        if "handle" in may:
            names = ["end-wait", *names] if Wait.objects.filter(need=need, ended_at=None).exists() else names
            if need.status in (NeedStatus.ANSWERED, NeedStatus.INTRODUCED):
                names = ["outcome", *names]
    return [parts.Step(ACTS[name].title, _act_url(need, name)) for name in names]


def _act_url(need: Need, name: str) -> str:
    return reverse("sourcing:need_act", args=[need.reference, name])


def _placed(need: Need, actor: Any, may: frozenset[str], ndas: list[Nda]) -> list[str]:
    """The acts that stand beside what they change, for who may do them now."""
    names = [name for name in PLACED_ACTS if ACTS[name].action in may]
    if need.status == NeedStatus.RECEIVED and "nda" in names:
        names.remove("nda")
    # An NDA may end after its need did: until then the team reads on.
    if ndas and ("handle" in may or policies.allows(actor, "handle", need)):
        names += ["nda-end"] if any(nda.ends_on is None for nda in ndas) else []
        names += ["nda-withdraw"] if any(nda.is_in_force for nda in ndas) else []
    return names


@object_view(Need, "view")
def need_act(request: HttpRequest, need: Need, act: str) -> HttpResponse:
    """Ask what an act needs, do it, and come back to the need."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    policies.require(request.user, chosen.action, need)
    extra: dict[str, Any] = {"need": need} if chosen.asks_need else {}
    initial = chosen.initial(need, request.user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = chosen.form(*posted, initial=initial, **extra)
    more = {"read": remember(form)} if chosen.overwrites else {}
    if form.is_bound and run_form(form, lambda data: chosen.run(need=need, actor=request.user, **more, **data)):
        messages.success(request, str(chosen.done))
        if not Need.objects.permitted(request.user).filter(pk=need.pk).exists():
            return redirect("sourcing:queue")
        return redirect("sourcing:need", need.reference)
    context = {
        "title": chosen.title,
        "intro": chosen.intro or f"{need.reference} · {need.title}",
        "form": form,
        "submit": chosen.title,
        "cancel_url": reverse("sourcing:need", args=[need.reference]),
        "crumbs": [*list_crumb(request.user), _crumb(need), (chosen.title, "")],
    }
    return htmx.render_section_form(request, context, section_id=chosen.section or "main")


@require_safe
@object_view(Need, "view")
def need_why(request: HttpRequest, need: Need) -> HttpResponse:
    """Why the reader can see this need, and each part of it."""
    secret = NeedSecret.objects.filter(need=need).first()
    context = {
        "need": need,
        "reasons": policies.explain(request.user, "view", need),
        "has_secret": secret is not None and policies.allows(request.user, "view", secret),
        "secret_reasons": policies.explain(request.user, "view", secret) if secret else [],
        "readers": words.readers_words(need),
        "follows": follows(request.user, need),
        "keeps": manages(request.user, need),
        "crumbs": [*list_crumb(request.user), _crumb(need), (_("Why"), "")],
    }
    return render(request, "sourcing/why.html", context)


@require_safe
@object_view(Attachment, "view")
def attachment(request: HttpRequest, file: Attachment) -> HttpResponse:
    """A file of a need, always as a download and never guessed into something else."""
    return attachment_response(file)


@require_POST
@object_view(Attachment, "edit")
@confirmed(
    gettext_lazy("Remove the file"),
    gettext_lazy("“%(what)s” is removed for good, for everybody who could read it; the history keeps its name."),
)
def attachment_remove(request: HttpRequest, file: Attachment) -> HttpResponseRedirect:
    """Remove a file of a need."""
    remove_attachment(attachment=file, actor=request.user)
    messages.success(request, _("The file was removed."))
    return redirect("sourcing:need", file.need.reference)
