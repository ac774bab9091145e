"""The docket: its list, each deadline with the chain that made it, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core import policies
from motrice.portfolio.enums import Choice, Confidence, DeadlineState, FeeCategory
from motrice.portfolio.forms import docket as forms
from motrice.portfolio.links import asset_url, deadline_url
from motrice.portfolio.lists.docket import DOCKET, docket_rows
from motrice.portfolio.models import Deadline, FeePayment
from motrice.portfolio.operations.docket import choose, extend_deadline, mark_done, record_payment
from motrice.portfolio.tables import docket as tables
from motrice.portfolio.words.docket import basis_of, chain_steps, in_language, law_of, rule_name
from motrice.web import htmx, parts
from motrice.web.formats import amount_text, day_text
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, signed_in

TONES = {DeadlineState.DONE: "good", DeadlineState.LAPSED: "bad", DeadlineState.OPEN: "accent"}


@signed_in
def docket(request: HttpRequest) -> HttpResponse:
    """The deadlines of a year back and two years ahead that the reader may see."""
    steps = [
        parts.Step(_("Calendar"), reverse("portfolio:docket_calendar")),
        parts.Step(_("Cost forecast"), reverse("portfolio:forecast")),
        parts.Step(_("Keep or drop"), reverse("portfolio:review")),
        parts.Step(_("Fee tables"), reverse("portfolio:fee_tables")),
        parts.Step(_("My reminders and calendar"), reverse("portfolio:my_docket")),
        parts.Step(_("Mails"), reverse("portfolio:docket_mails")),
    ]
    context = {
        "title": _("Docket"),
        "steps": steps,
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Docket"), "")],
    }
    return DOCKET.respond(request, docket_rows(request.user), context=context, template="portfolio/assets.html")


@object_view(Deadline, "view")
def deadline_page(request: HttpRequest, deadline: Deadline) -> HttpResponse:
    """One deadline: the date, what it costs, and every event and rule that made it."""
    asset, rule = deadline.asset, tables.rulebook().rules.get(deadline.rule)
    chain = chain_steps(deadline)
    context = {
        "deadline": deadline,
        "head": _head(request, deadline),
        "crumbs": [
            (_("Docket"), reverse("portfolio:docket")),
            (asset.docket_number or asset.reference, asset_url(asset)),
            (rule_name(deadline), ""),
        ],
        "chain": chain,
        "has_law": any(step.law for step in chain),
        "facts": _facts(deadline),
        "law": law_of(rule),
        "source": rule.source if rule else "",
        "note": in_language(rule.names, "note") if rule else "",
        "is_unsure": deadline.confidence not in (Confidence.CONFIRMED, Confidence.TWO_SOURCES),
        "asset_link": [parts.Link(asset.title, asset_url(asset), deadline.application)],
    }
    return render(request, "portfolio/deadline.html", context)


def _head(request: HttpRequest, deadline: Deadline) -> parts.RecordHead:
    steps: list[parts.Step] = []
    is_live = deadline.state in (DeadlineState.OPEN, DeadlineState.LAPSED)
    if is_live and policies.allows(request.user, "docket", deadline):
        names = ["pay", "done"] if deadline.amount is not None or deadline.year else ["done"]
        rule = tables.rulebook().rules.get(deadline.rule)
        names += ["extend"] if rule and rule.extension else []
        names += ["keep", "drop"] if deadline.year else []
        steps = [parts.Step(ACTS[name].title, _act_url(deadline, name)) for name in names]
    return parts.RecordHead(
        title=rule_name(deadline),
        reference=deadline.asset.docket_number or deadline.asset.reference,
        kind=_("Deadline"),
        state=parts.Badge(deadline.get_state_display(), TONES.get(DeadlineState(deadline.state), "")),
        next_step=steps[0] if steps else None,
        other_steps=steps[1:],
    )


def _facts(deadline: Deadline) -> list[parts.Fact]:
    payment = FeePayment.objects.filter(event=deadline.done_by).first() if deadline.done_by_id else None
    amount = amount_text(deadline.amount, deadline.currency) if deadline.amount is not None else ""
    if amount and deadline.is_estimate:
        amount = _("%(amount)s, by the last table known: an estimate") % {"amount": amount}
    basis = basis_of(deadline)
    return [
        parts.Fact(_("Due"), deadline.due_on),
        parts.Fact(_("Kind"), deadline.get_nature_display()),
        parts.Fact(_("Before it moved"), deadline.original_on if deadline.original_on != deadline.due_on else ""),
        parts.Fact(_("Possible from"), deadline.opens_on),
        parts.Fact(_("Late until"), deadline.grace_until),
        parts.Fact(_("Amount"), amount),
        parts.Fact(_("Rate of fees"), _rate(deadline)),
        parts.Fact(
            _("Surcharge when late"),
            amount_text(deadline.surcharge, deadline.currency) if deadline.surcharge is not None else "",
        ),
        parts.Fact(_("Fee table"), f"{deadline.fee_table}, v. {deadline.fee_version}" if deadline.fee_table else ""),
        parts.Fact(_("In force from"), day_text(basis.valid_from) if basis else ""),
        parts.Fact(_("Known to hold until"), day_text(basis.known_until) if basis and basis.known_until else ""),
        parts.Fact(_("Source of the fees"), basis.source if basis else ""),
        parts.Fact(_("Done on"), deadline.done_on),
        parts.Fact(_("Receipt"), payment.receipt if payment else ""),
        parts.Fact(_("Decision"), deadline.get_choice_display()),
        parts.Fact(_("How sure"), deadline.get_confidence_display()),
        parts.Fact(_("Rule"), f"{deadline.rule}, v. {deadline.rule_version}"),
    ]


def _rate(deadline: Deadline) -> str:
    """By which rate an amount that is still to be paid is counted, when it is not the standard one."""
    if deadline.state == DeadlineState.DONE or deadline.amount is None:
        return ""
    category = FeeCategory(deadline.application.fee_category)
    return "" if category == FeeCategory.STANDARD else str(category.label)


@dataclass(frozen=True)
class DeadlineAct:
    """One act: what it asks, the operation that does it, and what is said then."""

    title: Any
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    initial: Callable[[Deadline], dict[str, Any]] = field(default=lambda deadline: {})
    shown: Callable[[Deadline], dict[str, Any]] | None = None


def _due(deadline: Deadline) -> dict[str, Any]:
    return {"amount": deadline.amount, "currency": deadline.currency or "EUR"}


def _decided(deadline: Deadline) -> dict[str, Any]:
    return {"choice": deadline.choice}


def _keep(**data: Any) -> Any:
    return choose(choice=Choice.KEEP, **data)


def _drop(**data: Any) -> Any:
    return choose(choice=Choice.DROP, **data)


ACTS = {
    "pay": DeadlineAct(
        gettext_lazy("Record a payment"),
        forms.PayForm,
        record_payment,
        gettext_lazy("The payment is recorded."),
        _due,
    ),
    "done": DeadlineAct(
        gettext_lazy("Mark as done"), forms.DoneForm, mark_done, gettext_lazy("This deadline is met.")
    ),
    "extend": DeadlineAct(
        gettext_lazy("Record an extension"),
        forms.ExtendForm,
        extend_deadline,
        gettext_lazy("The extension is recorded: see the new date."),
    ),
    "keep": DeadlineAct(
        gettext_lazy("Keep: pay it"),
        forms.ReasonForm,
        _keep,
        gettext_lazy("This fee is to be paid."),
        shown=_decided,
    ),
    "drop": DeadlineAct(
        gettext_lazy("Let it go"),
        forms.ReasonForm,
        _drop,
        gettext_lazy("This fee is not to be paid."),
        shown=_decided,
    ),
}


def _act_url(deadline: Deadline, act: str) -> str:
    return reverse("portfolio:deadline_act", args=[deadline.reference, act])


@object_view(Deadline, "view")
def deadline_act(request: HttpRequest, deadline: Deadline, act: str) -> HttpResponse:
    """An act on a deadline."""
    if act not in ACTS:
        raise Http404
    chosen, back = ACTS[act], deadline_url(deadline)
    policies.require(request.user, "docket", deadline)
    form = chosen.form(request.POST if request.method == "POST" else None, initial=chosen.initial(deadline))
    read = {"read": remember(form, chosen.shown(deadline))} if chosen.shown else {}
    if request.method == "POST" and run_form(
        form, lambda data: chosen.run(deadline=deadline, actor=request.user, **read, **data)
    ):
        messages.success(request, str(chosen.done))
        return redirect(back)
    context = {
        "title": chosen.title,
        "intro": rule_name(deadline),
        "form": form,
        "submit": chosen.title,
        "cancel_url": back,
        "crumbs": [(_("Docket"), reverse("portfolio:docket")), (rule_name(deadline), back), (chosen.title, "")],
    }
    return htmx.render_section_form(request, context, section_id="main")
