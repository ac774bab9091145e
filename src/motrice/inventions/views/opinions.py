"""Opinions: one's own, given, corrected or declined; and what the office does with who was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.core.policies import allows
from motrice.inventions import forms, rules
from motrice.inventions.enums import WITH_OFFICE
from motrice.inventions.models import Evaluator, Opinion
from motrice.inventions.operations.opinions import (
    as_given,
    decline_opinion,
    end_evaluator,
    give_opinion,
    remind_evaluator,
    save_opinion_draft,
    typed_so_far,
)
from motrice.inventions.operations.outside_opinions import change_outside
from motrice.web import formats, htmx
from motrice.web.confirm import confirmed
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


def opinion_shown(row: Opinion, criteria: Mapping[str, str]) -> dict[str, Any]:
    """An opinion as pages show it, with the names of the criteria."""
    mean = rules.mean_score(row.scores)
    return {
        "row": row,
        "who": str(row.evaluator),
        "advice": row.get_advice_display(),
        "mean": formats.share_text(mean) if mean is not None else "",
        "lines": [(criteria.get(score["criterion"], score["criterion"]), score) for score in row.scores],
    }


def criterion_names() -> dict[str, str]:
    """The names of the criteria by code: asked once for a page."""
    return dict(rules.choices(rules.CRITERION))


def answers_of(held: Opinion | None) -> dict[str, Any]:
    """An opinion that was given, as its form is filled."""
    if held is None:
        return {}
    found: dict[str, Any] = {"summary": held.summary, "advice": held.advice}
    for score in held.scores:
        found |= {f"score_{score['criterion']}": score["score"], f"reason_{score['criterion']}": score["reason"]}
    return found


def typed_answers(request: HttpRequest) -> dict[str, str]:
    """What was typed in the form of an opinion."""
    return {name: request.POST[name] for name in forms.OpinionForm().fields if name in request.POST}


@object_view(Evaluator, "view")
def opinion(request: HttpRequest, evaluator: Evaluator) -> HttpResponse:
    """One's own opinion: given, corrected while nothing is decided, and then still there to read."""
    disclosure, actor = evaluator.disclosure, request.user
    held = Opinion.objects.permitted(actor).filter(evaluator=evaluator).first()
    may_write = allows(actor, "answer", evaluator) and disclosure.status in WITH_OFFICE
    form = forms.OpinionForm(initial={**answers_of(held), **(typed_so_far(evaluator) if may_write else {})})
    if request.method == "POST" and may_write and "save" in request.POST:
        save_opinion_draft(evaluator=evaluator, answers=typed_answers(request), actor=actor)
        messages.success(request, _("Saved: nothing was sent yet. You find it here again."))
        return redirect("inventions:opinion", evaluator.reference)
    if request.method == "POST" and may_write:
        form = forms.OpinionForm(request.POST)
    read = remember(form, {"opinion": as_given(held)})
    if form.is_bound and run_form(
        form, lambda data: give_opinion(evaluator=evaluator, actor=actor, read=read, **form.answers())
    ):
        messages.success(request, _("Your opinion was recorded; you can correct it until a decision is taken."))
        return redirect("inventions:opinion", evaluator.reference)
    is_own = evaluator.user_id == actor.pk
    context = {
        "title": _("My opinion") if is_own else _("Opinion of %(who)s") % {"who": evaluator},
        "evaluator": evaluator,
        "disclosure": disclosure if allows(actor, "view", disclosure) else None,
        "opinion": opinion_shown(held, criterion_names()) if held is not None else None,
        "form": form if may_write else None,
        "submit": _("Correct my opinion") if held is not None else _("Give my opinion"),
        "autosave_url": reverse("inventions:opinion_save", args=[evaluator.reference]),
        "decline_url": reverse("inventions:opinion_decline", args=[evaluator.reference]),
        "crumbs": [(_("Disclosures"), reverse("inventions:disclosures")), (evaluator.reference, "")],
    }
    return htmx.render_part(request, "inventions/opinion.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Evaluator, "answer")
def opinion_save(request: HttpRequest, evaluator: Evaluator) -> HttpResponse:
    """Keep an opinion that is being written."""
    save_opinion_draft(evaluator=evaluator, answers=typed_answers(request), actor=request.user)
    return HttpResponse(status=204)


@object_view(Evaluator, "answer")
def opinion_decline(request: HttpRequest, evaluator: Evaluator) -> HttpResponse:
    """Say that one gives no opinion, or that a conflict of interest binds one."""
    form = forms.DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and run_form(
        form, lambda data: decline_opinion(evaluator=evaluator, actor=request.user, **data)
    ):
        messages.success(request, _("The office was told: nothing is asked of you any more."))
        return redirect("inventions:opinion", evaluator.reference)
    page = reverse("inventions:opinion", args=[evaluator.reference])
    context = {
        "title": _("Decline"),
        "intro": _("You then no longer read the disclosure. Only the transfer office reads why."),
        "form": form,
        "submit": _("Decline"),
        "cancel_url": page,
        "crumbs": [(_("My opinion"), page), (_("Decline"), "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Evaluator, "handle")
@confirmed(
    gettext_lazy("Call the evaluator off"),
    gettext_lazy("“%(what)s” no longer reads the disclosure; an opinion given stays."),
)
def evaluator_end(request: HttpRequest, evaluator: Evaluator) -> HttpResponseRedirect:
    """Call an evaluator off."""
    end_evaluator(evaluator=evaluator, actor=request.user)
    messages.success(request, _("%(who)s no longer reads the disclosure.") % {"who": evaluator})
    return redirect("inventions:evaluation", evaluator.disclosure.reference)


@require_POST
@object_view(Evaluator, "handle")
def evaluator_remind(request: HttpRequest, evaluator: Evaluator) -> HttpResponseRedirect:
    """Ask once more for an opinion that has not come."""
    remind_evaluator(evaluator=evaluator, actor=request.user)
    messages.success(request, _("%(who)s was reminded.") % {"who": evaluator})
    return redirect("inventions:evaluation", evaluator.disclosure.reference)


@object_view(Evaluator, "handle")
def evaluator_change(request: HttpRequest, evaluator: Evaluator) -> HttpResponse:
    """Change what an evaluator from outside reads or is asked, or until when."""
    disclosure = evaluator.disclosure
    form = forms.ChangeOutsideForm(disclosure=disclosure, initial=forms.outside_initial(evaluator))
    if request.method == "POST":
        form = forms.ChangeOutsideForm(request.POST, disclosure=disclosure)
    read = remember(form, forms.outside_initial(evaluator))
    if form.is_bound and run_form(
        form, lambda data: change_outside(evaluator=evaluator, actor=request.user, read=read, **data)
    ):
        messages.success(request, _("What %(who)s reads was changed; the address is the same.") % {"who": evaluator})
        return redirect("inventions:evaluation", disclosure.reference)
    page = reverse("inventions:evaluation", args=[disclosure.reference])
    context = {
        "title": str(evaluator),
        "intro": evaluator.email,
        "form": form,
        "submit": _("Save"),
        "cancel_url": page,
        "crumbs": [(_("Evaluation"), page), (str(evaluator), "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))
