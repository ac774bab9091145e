"""The door of an evaluator without an account: secrecy is promised first, then what the officer chose is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from motrice.inventions import forms, rules, words
from motrice.inventions.downloads import attachment_response
from motrice.inventions.enums import ShownPart
from motrice.inventions.links import evaluator_of
from motrice.inventions.models import Evaluator, Opinion
from motrice.inventions.operations.opinions import as_given, typed_so_far
from motrice.inventions.operations.outside_opinions import (
    decline_outside,
    files_shown,
    give_outside_opinion,
    note_opening,
    promise_secrecy,
    save_outside_draft,
)
from motrice.inventions.views.opinions import answers_of, criterion_names, opinion_shown, typed_answers
from motrice.web import formats, htmx, parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import public
from motrice.web.limits import limited_link

TEXTS = (ShownPart.PROBLEM, ShownPart.NOVELTY, ShownPart.PRIOR_ART, ShownPart.USES)


def _asked(token: str) -> Evaluator:
    evaluator = evaluator_of(token)
    if evaluator is None:
        raise Http404
    return evaluator


def _is_open(evaluator: Evaluator) -> bool:
    return evaluator.is_open(timezone.localdate())


def _secret(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"  # with none at all a browser sends no origin, and the form is refused
    response["X-Robots-Tag"] = "noindex"
    return response


def _closed(request: HttpRequest) -> HttpResponse:
    return _secret(
        render(request, "inventions/outside_closed.html", {"title": _("This address is closed")}, status=410)
    )


@public
@limited_link
@never_cache
def outside_opinion(request: HttpRequest, token: str) -> HttpResponse:
    """One invitation: the promise of secrecy, then the result as far as it was chosen, and the opinion."""
    evaluator = _asked(token)
    if not _is_open(evaluator):
        return _closed(request)
    if evaluator.opened_at is None and request.method == "GET":
        note_opening(evaluator=evaluator)
    shown = (
        _promise(request, token, evaluator) if evaluator.undertaken_at is None else _opine(request, token, evaluator)
    )
    return _secret(shown)


def _frame(token: str, evaluator: Evaluator) -> dict[str, Any]:
    disclosure = evaluator.disclosure
    office = disclosure.office.name if disclosure.office is not None else ""
    return {
        "evaluator": evaluator,
        "officer": disclosure.owner,
        "office": office,
        "due": formats.day_text(timezone.localdate(evaluator.due_at)),
        "open_until": formats.day_text(evaluator.open_until),
        "decline_url": reverse("inventions:outside_decline", args=[token]),
    }


def _promise(request: HttpRequest, token: str, evaluator: Evaluator) -> HttpResponse:
    undertaking = rules.current_undertaking()
    form = forms.UndertakingForm(
        request.POST if request.method == "POST" else None, initial={"version": undertaking.version}
    )
    if request.method == "POST" and run_form(form, lambda data: promise_secrecy(evaluator=evaluator, **data)):
        messages.success(request, _("Thank you. You now read what the office chose to show you."))
        return redirect("inventions:outside_opinion", token)
    context = _frame(token, evaluator) | {
        "title": _("Your opinion is asked"),
        "undertaking": rules.in_words(undertaking.data["text"]),
        "undertaking_name": rules.in_words(undertaking.data["name"]),
        "form": form,
        "submit": _("Promise and read"),
    }
    return htmx.render_part(request, "inventions/outside_promise.html", context, status=htmx.form_status(form))


def _opine(request: HttpRequest, token: str, evaluator: Evaluator) -> HttpResponse:
    held = Opinion.objects.filter(evaluator=evaluator).first()
    form = forms.OpinionForm(initial={**answers_of(held), **typed_so_far(evaluator)})
    if request.method == "POST" and "save" in request.POST:
        save_outside_draft(evaluator=evaluator, answers=typed_answers(request))
        messages.success(request, _("Saved: nothing was sent yet. You find it here again."))
        return redirect("inventions:outside_opinion", token)
    if request.method == "POST":
        form = forms.OpinionForm(request.POST)
    read = remember(form, {"opinion": as_given(held)})
    if form.is_bound and run_form(
        form, lambda data: give_outside_opinion(evaluator=evaluator, read=read, **form.answers())
    ):
        messages.success(request, _("Thank you: your opinion was recorded. You can correct it by this address."))
        return redirect("inventions:outside_opinion", token)
    disclosure = evaluator.disclosure
    context = _frame(token, evaluator) | {
        "title": disclosure.title_words,
        "disclosure": disclosure,
        "texts": [(ShownPart(name).label, getattr(disclosure, name)) for name in TEXTS if name in evaluator.shown],
        "facts": _facts(evaluator),
        "inventors": list(disclosure.inventors.all()) if ShownPart.INVENTORS in evaluator.shown else [],
        "files": [
            (file, reverse("inventions:outside_file", args=[token, file.reference])) for file in files_shown(evaluator)
        ],
        "opinion": opinion_shown(held, criterion_names()) if held is not None else None,
        "form": form,
        "submit": _("Correct my opinion") if held is not None else _("Give my opinion"),
        "autosave_url": reverse("inventions:outside_save", args=[token]),
    }
    return htmx.render_part(request, "inventions/outside_opinion.html", context, status=htmx.form_status(form))


def _facts(evaluator: Evaluator) -> list[parts.Fact]:
    disclosure = evaluator.disclosure
    if ShownPart.MATURITY not in evaluator.shown:
        return []
    return [
        parts.Fact(_("Maturity"), f"TRL {disclosure.trl}" if disclosure.trl else ""),
        parts.Fact(_("Field of technology"), words.domain_words(disclosure.domain)),
        parts.Fact(_("Keywords"), disclosure.keywords),
    ]


@public
@require_POST
@limited_link
@never_cache
def outside_save(request: HttpRequest, token: str) -> HttpResponse:
    """Keep an opinion that is being written from outside."""
    save_outside_draft(evaluator=_asked(token), answers=typed_answers(request))
    return HttpResponse(status=204)


@public
@limited_link
@never_cache
def outside_decline(request: HttpRequest, token: str) -> HttpResponse:
    """Decline, or declare a conflict of interest: the address closes."""
    evaluator = _asked(token)
    if not _is_open(evaluator):
        return _closed(request)
    form = forms.DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and run_form(form, lambda data: decline_outside(evaluator=evaluator, **data)):
        thanks = {"title": _("Thank you"), "text": _("The office was told: nothing is asked of you any more.")}
        return _secret(render(request, "inventions/outside_closed.html", thanks))
    context = {
        "frame": "web/public_base.html",
        "title": _("Decline"),
        "intro": _("This address then closes. Only the transfer office reads why."),
        "form": form,
        "submit": _("Decline"),
        "cancel_url": reverse("inventions:outside_opinion", args=[token]),
    }
    return _secret(htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form)))


@public
@limited_link
@never_cache
def outside_file(request: HttpRequest, token: str, reference: str) -> HttpResponse:
    """One file that the officer chose, once secrecy is promised; always as a download."""
    evaluator = _asked(token)
    if not _is_open(evaluator) or evaluator.undertaken_at is None:
        return _closed(request)
    file = next((each for each in files_shown(evaluator) if each.reference == reference), None)
    if file is None:
        raise Http404
    return _secret(attachment_response(file))
