"""The acts on a disclosure: who may do each, in which states, what it asks, and the operation that does it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motrice.core import policies
from motrice.inventions import forms
from motrice.inventions.enums import UNDECIDED, WITH_OFFICE, DisclosureStatus
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations.attachments import attach_file
from motrice.inventions.operations.decisions import (
    propose_decision,
    reopen_disclosure,
    restore_disclosure,
    withdraw_disclosure,
)
from motrice.inventions.operations.drafting import add_divulgation
from motrice.inventions.operations.evaluation import (
    begin_evaluation,
    change_level,
    return_disclosure,
    write_message,
)
from motrice.inventions.operations.opinions import invite_evaluator
from motrice.inventions.operations.outside_opinions import invite_outside
from motrice.inventions.operations.routing import reassign_disclosure
from motrice.inventions.operations.signing import (
    contest_share,
    recall_disclosure,
    receive_unsigned,
    sign_disclosure,
)
from motrice.inventions.transitions import DISCLOSURE
from motrice.web import htmx
from motrice.web.forms import run_form
from motrice.web.guards import object_view
from motrice.web.messages import undoable

S = DisclosureStatus


@dataclass(frozen=True)
class Act:
    """One act: its words, its right, the states it is possible in, its form and its operation."""

    title: Any
    action: str
    states: tuple[str, ...]
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    intro: Any = ""
    move: str = ""
    asks_disclosure: bool = False

    def is_open(self, disclosure: Disclosure, actor: Any) -> bool:
        """Whether this reader can do it now."""
        return disclosure.status in self.states and policies.allows(actor, self.action, disclosure)


def own_inventor(disclosure: Disclosure, actor: Any) -> Inventor | None:
    """The reader's own place among the inventors."""
    rows = Inventor.objects.permitted(actor).filter(disclosure=disclosure, person__user_id=actor.pk)
    return rows.select_related("person", "disclosure").first()


def _own(disclosure: Disclosure, actor: Any) -> Inventor:
    found = own_inventor(disclosure, actor)
    if found is None:
        raise Http404
    return found


def _sign(disclosure: Disclosure, actor: Any, **fields: Any) -> None:
    sign_disclosure(inventor=_own(disclosure, actor), actor=actor, **fields)


def _contest(disclosure: Disclosure, actor: Any, reason: str) -> None:
    contest_share(inventor=_own(disclosure, actor), reason=reason, actor=actor)


def _attach(disclosure: Disclosure, actor: Any, file: Any) -> None:
    attach_file(disclosure=disclosure, name=file.name, content=file.read(), actor=actor)


def _invite(disclosure: Disclosure, actor: Any, email: str, question: str) -> None:
    invite_evaluator(disclosure=disclosure, user=forms.account_of(email), question=question, actor=actor)


SENT = tuple(UNDECIDED)
ACTS = {
    "sign": Act(
        _("Sign"), "sign", (S.SUBMITTED,), forms.SignForm, _sign, _("You have signed."),
        intro=_("Read the disclosure first: you sign its text as it stands, with your share."),
    ),
    "contest": Act(
        _("Contest my share"), "sign", (S.SUBMITTED,), forms.ReasonForm, _contest,
        _("Who prepared the disclosure was told."),
    ),
    "recall": Act(
        _("Take back to correct"), "edit", (S.SUBMITTED,), django_forms.Form, recall_disclosure,
        _("The disclosure is a draft again."), move="recall",
        intro=_("Signatures already given lose their effect: everybody signs the corrected text."),
    ),
    "receive": Act(
        _("Receive without a signature"), "handle", (S.SUBMITTED,), forms.ReasonForm, receive_unsigned,
        _("The disclosure was received and sealed."), move="receive_unsigned",
    ),
    "evaluate": Act(
        _("Begin the evaluation"), "handle", (S.RECEIVED,), forms.BeginForm, begin_evaluation,
        _("The evaluation has begun; the inventors were told."), move="evaluate",
    ),
    "return": Act(
        _("Return for correction"), "handle", tuple(WITH_OFFICE), forms.ReasonForm, return_disclosure,
        _("The inventors were asked to correct it."), move="return",
    ),
    "evaluator": Act(
        _("Ask for an opinion"), "handle", tuple(WITH_OFFICE), forms.EvaluatorForm, _invite,
        _("The evaluator was asked."),
    ),
    "outside": Act(
        _("Ask somebody of elsewhere"), "handle", tuple(WITH_OFFICE), forms.OutsideForm, invite_outside,
        _("The evaluator was asked: the mail holds an address of their own."), asks_disclosure=True,
        intro=_("Somebody without an account answers by a secret address. They promise secrecy before reading, and "
                "read what you choose here, never more."),
    ),
    "decide": Act(
        _("Decide"), "decide", (S.EVALUATION,), forms.DecisionForm, propose_decision,
        _("The decision was recorded."), move="decide",
    ),
    "reopen": Act(
        _("Take up again"), "handle", (S.DECIDED,), forms.ReasonForm, reopen_disclosure,
        _("The disclosure is under evaluation again."), move="reopen",
    ),
    "level": Act(
        _("Change who may read it"), "handle", (S.DECIDED,), forms.LevelForm, change_level,
        _("Who may read it was changed."),
    ),
    "reassign": Act(
        _("Give to another officer"), "reassign", (*SENT, S.DECIDED), forms.ReassignForm, reassign_disclosure,
        _("The disclosure has another officer."), asks_disclosure=True,
    ),
    "write": Act(
        _("Write a message"), "write", (*SENT, S.DECIDED), forms.MessageForm, write_message,
        _("Your message was sent."), intro=_("Read by the inventors, the laboratory's head and the office."),
    ),
    "attach": Act(
        _("Add a file"), "attach", (*WITH_OFFICE, S.DECIDED), forms.FileForm, _attach, _("The file was added."),
    ),
    "publication": Act(
        _("State a publication"), "edit", (*SENT, S.DECIDED), forms.DivulgationForm, add_divulgation,
        _("The publication was stated; the officer is told if it comes before the decision."),
    ),
    "withdraw": Act(
        _("Withdraw"), "withdraw", (S.SUBMITTED, S.RETURNED, *WITH_OFFICE), forms.ReasonForm, withdraw_disclosure,
        _("The disclosure was withdrawn."), move="withdraw",
    ),
    "restore": Act(
        _("Take up as a draft"), "edit", (S.WITHDRAWN,), django_forms.Form, restore_disclosure,
        _("The disclosure is a draft again."), move="restore",
    ),
}  # fmt: skip
PLACED = ("write", "attach", "publication")  # offered where their subject stands on the page


RIGHTS = sorted({act.action for act in ACTS.values()})


def open_acts(disclosure: Disclosure, actor: Any, may: Collection[str] | None = None) -> list[str]:
    """The acts that this reader can do now, in the order of the table; `may`: their rights, where they are known."""
    if may is None:
        may = policies.allowed(actor, RIGHTS, disclosure)
    names = [name for name, act in ACTS.items() if disclosure.status in act.states and act.action in may]
    if {"sign", "contest"} & set(names):
        own = own_inventor(disclosure, actor)
        if own is None or own.signatures.filter(void_at=None).exists():
            names = [name for name in names if name not in ("sign", "contest")]
    return names


def act_url(disclosure: Disclosure, name: str) -> str:
    """Where an act is asked for."""
    return reverse("inventions:act", args=[disclosure.reference, name])


@object_view(Disclosure, "view")
def disclosure_act(request: HttpRequest, disclosure: Disclosure, act: str) -> HttpResponse:
    """Ask what an act needs, do it, and come back to the disclosure."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    policies.require(request.user, chosen.action, disclosure)
    if chosen.move:
        DISCLOSURE.require(chosen.move, disclosure, request.user)
    extra: dict[str, Any] = {"disclosure": disclosure} if chosen.asks_disclosure else {}
    form = chosen.form(**extra)
    if request.method == "POST":
        form = chosen.form(request.POST, request.FILES, **extra)
        if run_form(form, lambda data: chosen.run(disclosure=disclosure, actor=request.user, **data)):
            _say(request, disclosure, act, str(chosen.done))
            return redirect("inventions:disclosure", disclosure.reference)
    page = reverse("inventions:disclosure", args=[disclosure.reference])
    context = {
        "title": chosen.title,
        "intro": chosen.intro or f"{disclosure.reference} · {disclosure.title_words}",
        "form": form,
        "submit": chosen.title,
        "cancel_url": page,
        "crumbs": [(disclosure.reference, page), (chosen.title, "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


def _say(request: HttpRequest, disclosure: Disclosure, act: str, words: str) -> None:
    if act == "withdraw" and policies.allows(request.user, "edit", disclosure):
        undoable(request, words, act_url(disclosure, "restore"))
    else:
        messages.success(request, words)
