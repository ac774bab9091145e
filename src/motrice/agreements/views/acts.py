"""The acts on an agreement: each asks what it needs, does it, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.agreements import forms
from motrice.agreements.links import agreement_url
from motrice.agreements.models import Agreement
from motrice.agreements.operations import agreements as operations
from motrice.web import htmx
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


@dataclass(frozen=True)
class Act:
    """One act: what it asks, the operation that does it, and what is said then."""

    title: Any
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    initial: Callable[[Agreement], dict[str, Any]] = field(default=lambda agreement: {})
    needs: Callable[[Agreement], dict[str, Any]] = field(default=lambda agreement: {})
    intro: Any = ""
    shown: Callable[[Agreement], dict[str, Any]] | None = None


def _days(agreement: Agreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in ("signed_on", "starts_on", "ends_on")}


def _last_day(agreement: Agreement) -> dict[str, Any]:
    today = timezone.localdate()
    return {"closed_on": min(agreement.ends_on or today, today)}


ACTS = {
    "bring-into-force": Act(
        gettext_lazy("Bring into force"),
        forms.InForceForm,
        operations.bring_into_force,
        gettext_lazy("The agreement is in force."),
        initial=_days,
    ),
    "give-up": Act(
        gettext_lazy("Give the draft up"),
        forms.GiveUpForm,
        operations.give_up_agreement,
        gettext_lazy("The draft was given up."),
        intro=gettext_lazy("For an agreement that will not be signed: it stays on record, closed."),
    ),
    "end": Act(
        gettext_lazy("Record its end"),
        forms.EndForm,
        operations.end_agreement,
        gettext_lazy("The end of the agreement was recorded."),
        initial=_last_day,
        intro=gettext_lazy("For an agreement that has run its course."),
    ),
    "terminate": Act(
        gettext_lazy("Terminate early"),
        forms.TerminateForm,
        operations.terminate_agreement,
        gettext_lazy("The agreement was terminated."),
    ),
    "level": Act(
        gettext_lazy("Change who sees it"),
        forms.LevelForm,
        operations.set_agreement_level,
        gettext_lazy("Who sees the agreement was changed."),
        initial=lambda agreement: {"level": agreement.level},
        shown=lambda agreement: {"level": agreement.level},
    ),
    "hand-over": Act(
        gettext_lazy("Hand over"),
        forms.HandOverForm,
        operations.hand_over_agreement,
        gettext_lazy("The agreement was handed over."),
        initial=lambda agreement: {"officer": agreement.officer},
        shown=lambda agreement: {"officer": agreement.officer},
        needs=lambda agreement: {"agreement": agreement},
    ),
}


@object_view(Agreement, "edit")
def agreement_act(request: HttpRequest, agreement: Agreement, act: str) -> HttpResponse:
    """An act on an agreement."""
    if act not in ACTS:
        raise Http404
    chosen, back = ACTS[act], agreement_url(agreement)
    form = chosen.form(
        request.POST if request.method == "POST" else None,
        initial=chosen.initial(agreement),
        **chosen.needs(agreement),
    )
    read = {"read": remember(form, chosen.shown(agreement))} if chosen.shown else {}
    if request.method == "POST" and run_form(
        form, lambda data: chosen.run(agreement=agreement, actor=request.user, **read, **data)
    ):
        messages.success(request, str(chosen.done))
        return redirect(back)
    context = {
        "title": chosen.title,
        "intro": chosen.intro or agreement.title,
        "form": form,
        "submit": chosen.title,
        "cancel_url": back,
        "crumbs": [
            (_("Agreements"), reverse("agreements:agreements")),
            (agreement.number or agreement.reference, back),
            (chosen.title, ""),
        ],
    }
    return htmx.render_section_form(request, context, section_id="main")
