"""Writing a disclosure: one section after another, saved as typed, sent once everything is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.core.errors import InvalidTransition, RuleViolation, StaleState
from motrice.inventions import forms, rules, words
from motrice.inventions.models import Disclosure, Divulgation, Inventor, Tie
from motrice.inventions.operations.attachments import attach_file
from motrice.inventions.operations.drafting import (
    add_divulgation,
    add_inventor,
    add_tie,
    answer_disclosure,
    change_inventor,
    discard_disclosure,
    remove_divulgation,
    remove_inventor,
    remove_tie,
    start_disclosure,
)
from motrice.inventions.operations.signing import submit_disclosure
from motrice.inventions.operations.timeline import inventors_of
from motrice.inventions.operations.typing import waiting_names
from motrice.inventions.queries import missing_answers
from motrice.inventions.views.disclosures import facts, inventor_rows, owner_links
from motrice.inventions.views.typing import clash_html, hidden_of, keep, opened, page_of, read_of, show_clashes
from motrice.web import htmx
from motrice.web.confirm import confirmed
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, signed_in


@dataclass(frozen=True)
class Step:
    """One section of the form: answers of the disclosure itself, or rows added one by one."""

    name: str
    title: Any
    intro: Any
    form: type[django_forms.Form]
    add: Callable[..., Any] | None = None
    none_field: str = ""
    none_words: Any = ""


def _attach(disclosure: Disclosure, actor: Any, file: Any) -> None:
    attach_file(disclosure=disclosure, name=file.name, content=file.read(), actor=actor)


STEPS = [
    Step("result", gettext_lazy("What is it?"), gettext_lazy("In your own words."), forms.ResultForm),
    Step(
        "new", gettext_lazy("What is new?"), gettext_lazy("What you know is enough: the office searches."),
        forms.NewForm,
    ),
    Step("when", gettext_lazy("When, and how mature?"), "", forms.WhenForm),
    Step(
        "inventors", gettext_lazy("Who made it?"),
        gettext_lazy("Each inventor with an exact share; those of elsewhere sign by mail, without an account."),
        forms.InventorForm, add_inventor,
    ),
    Step(
        "ties", gettext_lazy("What binds it?"),
        gettext_lazy("Funding, partners, materials of others: the contracts that may give somebody rights."),
        forms.TieForm, add_tie, "has_no_tie", gettext_lazy("Nothing binds it"),
    ),
    Step(
        "publications", gettext_lazy("Was it told, or will it be?"),
        gettext_lazy("Every article, talk or sale, past or planned: one that comes first can forbid a patent."),
        forms.DivulgationForm, add_divulgation, "has_no_divulgation", gettext_lazy("None, past or planned"),
    ),
    Step(
        "files", gettext_lazy("Drawings, data, drafts"),
        gettext_lazy("Whatever helps to understand it; nothing is needed."), forms.FileForm, _attach,
    ),
]  # fmt: skip
NAMES = [step.name for step in STEPS]


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Begin a disclosure for one of one's laboratories."""
    initial = {"language": (get_language() or "fr")[:2]}
    form = forms.StartForm(actor=request.user, initial=initial)
    if request.method == "POST":
        form = forms.StartForm(request.POST, actor=request.user, initial=initial)
        made: list[Disclosure] = []
        if run_form(form, lambda data: made.append(start_disclosure(actor=request.user, **data))):
            return redirect("inventions:step", made[0].reference, NAMES[0])
    context = {
        "title": _("Disclose a result"),
        "intro": _("Seven short sections, saved as you type; about twenty minutes. You can stop and come back."),
        "form": form,
        "submit": _("Start"),
        "readers": words.readers_words(),
        "cancel_url": reverse("inventions:disclosures"),
        "crumbs": [(_("Disclosures"), reverse("inventions:disclosures")), (_("Disclose a result"), "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@object_view(Disclosure, "edit")
def step(request: HttpRequest, disclosure: Disclosure, step: str) -> HttpResponse:
    """One section; what is typed is kept whether it is right or not, and refused at its field."""
    if step not in NAMES:
        return redirect("inventions:step", disclosure.reference, NAMES[0])
    if not disclosure.is_writable:
        return redirect("inventions:disclosure", disclosure.reference)
    place = NAMES.index(step)
    chosen = STEPS[place]
    return (
        _rows_step(request, disclosure, place) if chosen.add is not None else _answers_step(request, disclosure, place)
    )


def _following(disclosure: Disclosure, place: int) -> str:
    if place + 1 < len(NAMES):
        return reverse("inventions:step", args=[disclosure.reference, NAMES[place + 1]])
    return reverse("inventions:send", args=[disclosure.reference])


def _before(disclosure: Disclosure, place: int) -> str:
    if place:
        return reverse("inventions:step", args=[disclosure.reference, NAMES[place - 1]])
    return reverse("inventions:disclosure", args=[disclosure.reference])


def _frame(disclosure: Disclosure, place: int) -> dict[str, Any]:
    chosen = STEPS[place]
    return {
        "disclosure": disclosure,
        "title": chosen.title,
        "intro": " ".join(
            filter(
                None,
                (_("Section %(n)d of %(total)d.") % {"n": place + 1, "total": len(STEPS) + 1}, str(chosen.intro)),
            )
        ),
        "steps": [
            (each.title, reverse("inventions:step", args=[disclosure.reference, each.name]), each.name == chosen.name)
            for each in STEPS
        ],
        "send_url": reverse("inventions:send", args=[disclosure.reference]),
        "cancel_url": _before(disclosure, place),
        "cancel": _("Back"),
        "crumbs": [
            (_("Disclosures"), reverse("inventions:disclosures")),
            (disclosure.reference, reverse("inventions:disclosure", args=[disclosure.reference])),
            (chosen.title, ""),
        ],
    }


def _answers_step(request: HttpRequest, disclosure: Disclosure, place: int) -> HttpResponse:
    chosen, page, actor = STEPS[place], page_of(request), request.user
    if request.method == "POST":
        kept = keep(request, disclosure, chosen.form)
        if "keep" in request.POST or "take" in request.POST:
            return redirect("inventions:step", disclosure.reference, chosen.name)
        data = request.POST.copy()
        data.update(kept.moved)
        form = chosen.form(data)

        def answer(answers: dict[str, Any]) -> None:
            own = {name: value for name, value in answers.items() if name not in kept.moved}
            read = read_of(request, own)
            answer_disclosure(disclosure=disclosure, answers=own, actor=actor, read=read, page=page)

        try:
            if not kept.clashes and run_form(form, answer):
                return redirect(_following(disclosure, place))
        except StaleState:  # between the two: the words of both are kept
            kept = keep(request, disclosure, chosen.form)
        for clash in kept.clashes:
            form.add_error(clash.name, _("There are two versions: choose one."))
        show_clashes(form, kept.clashes, actor=actor)
        read = kept.read
    else:
        form, read = opened(disclosure, chosen.form, actor=actor)
    context = _frame(disclosure, place) | {
        "form": form,
        "hidden": hidden_of(page, read),
        "submit": _("Continue"),
        "autosave_url": reverse("inventions:step_save", args=[disclosure.reference, chosen.name]),
    }
    return htmx.render_part(request, "inventions/step.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Disclosure, "edit")
def step_save(request: HttpRequest, disclosure: Disclosure, step: str) -> HttpResponse:
    """Keep what is being typed; the page is told what others wrote meanwhile."""
    chosen = next((each for each in STEPS if each.name == step and each.add is None), None)
    if chosen is None:
        return HttpResponse(status=204)
    kept, form = keep(request, disclosure, chosen.form), chosen.form()
    clashes = {clash.name: clash_html(form, clash, actor=request.user) for clash in kept.clashes}
    return JsonResponse({"read": kept.read, "moved": kept.moved, "clashes": clashes})


def _rows_form(chosen: Step, disclosure: Disclosure, actor: Any, data: Any = None, files: Any = None) -> Any:
    if chosen.form is forms.InventorForm:
        return forms.InventorForm(data, actor=actor)
    return chosen.form(data, files)


def _rows_step(request: HttpRequest, disclosure: Disclosure, place: int) -> HttpResponse:
    chosen, here = STEPS[place], reverse("inventions:step", args=[disclosure.reference, STEPS[place].name])
    form = _rows_form(chosen, disclosure, request.user)
    add = chosen.add
    if request.method == "POST" and chosen.none_field and "none" in request.POST:
        answers = {chosen.none_field: request.POST["none"] == "yes"}
        answer_disclosure(disclosure=disclosure, answers=answers, actor=request.user)
        return redirect(_following(disclosure, place))
    if request.method == "POST" and add is not None:
        form = _rows_form(chosen, disclosure, request.user, request.POST, request.FILES)
        if run_form(form, lambda data: add(disclosure=disclosure, actor=request.user, **data)):
            return redirect(here)
    context = _frame(disclosure, place) | _rows(disclosure, chosen, request.user)
    context |= {"form": form, "next_url": _following(disclosure, place), "back_url": _before(disclosure, place)}
    return htmx.render_part(request, "inventions/step_rows.html", context, status=htmx.form_status(form))


def _rows(disclosure: Disclosure, chosen: Step, actor: Any) -> dict[str, Any]:
    shares = [row.share for row in inventors_of(disclosure)]
    return {
        "step": chosen,
        "is_none": bool(chosen.none_field) and getattr(disclosure, chosen.none_field),
        "inventors": inventor_rows(disclosure, actor) if chosen.name == "inventors" else [],
        "share_fault": rules.sum_fault(shares) if chosen.name == "inventors" else "",
        "owners": owner_links(disclosure, actor) if chosen.name == "inventors" else [],
        "ties": list(disclosure.ties.permitted(actor)) if chosen.name == "ties" else [],
        "divulgations": list(disclosure.divulgations.permitted(actor)) if chosen.name == "publications" else [],
        "attachments": list(disclosure.attachments.permitted(actor)) if chosen.name == "files" else [],
    }


@object_view(Disclosure, "edit")
def send(request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
    """The whole disclosure once more, what is missing, who will read it, and the button."""
    if not disclosure.is_writable:
        return redirect("inventions:disclosure", disclosure.reference)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and run_form(
        form, lambda data: submit_disclosure(disclosure=disclosure, actor=request.user)
    ):
        messages.success(request, _("It was sent for signature: %(who)s is in charge.") % {"who": disclosure.owner})
        return redirect("inventions:disclosure", disclosure.reference)
    missing = [
        (fault.words, reverse("inventions:step", args=[disclosure.reference, fault.step]))
        for fault in missing_answers(disclosure, inventors_of(disclosure))
    ]
    context = _frame(disclosure, len(STEPS) - 1) | {
        "title": _("Check and send"),
        "intro": _("Every inventor receives a mail, confirms their share and signs this text."),
        "form": form,
        "missing": missing,
        "waiting": _waiting(disclosure, request.user),
        "submit": _("Send for signature"),
        "readers": words.readers_words(),
        "facts": facts(disclosure),
        "inventors": inventor_rows(disclosure, request.user),
        "may_discard": disclosure.submitted_at is None,
    }
    return htmx.render_part(request, "inventions/send.html", context, status=htmx.form_status(form))


def _waiting(disclosure: Disclosure, actor: Any) -> list[tuple[str, str]]:
    """The answers of which the reader wrote a version that still waits beside another's, each with its section."""
    found = []
    for name in waiting_names(disclosure, actor=actor):
        place = next(step for step in STEPS if name in step.form.base_fields)
        url = reverse("inventions:step", args=[disclosure.reference, place.name])
        found.append((str(place.form.base_fields[name].label), url))
    return found


@require_POST
@object_view(Disclosure, "edit")
@confirmed(
    gettext_lazy("Throw the draft away"),
    gettext_lazy("What you wrote is removed for good; it was never sent."),
)
def discard(request: HttpRequest, disclosure: Disclosure) -> HttpResponseRedirect:
    """Throw a draft away that was never sent."""
    try:
        discard_disclosure(disclosure=disclosure, actor=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect("inventions:send", disclosure.reference)
    messages.success(request, _("The draft was thrown away."))
    return redirect("inventions:disclosures")


@object_view(Inventor, "edit")
def inventor_edit(request: HttpRequest, inventor: Inventor) -> HttpResponse:
    """Correct an inventor of a disclosure that is being written."""
    disclosure = inventor.disclosure
    if not disclosure.is_writable:
        raise InvalidTransition(_("This disclosure was sent: take it back first, to correct it."))
    names = ("name", "email", "employer", "unit", "role", "share", "contribution")
    initial = {name: getattr(inventor, name) for name in names}
    form = forms.InventorForm(initial=initial, actor=request.user, is_held=True)
    back = reverse("inventions:step", args=[disclosure.reference, "inventors"])
    if request.method == "POST":
        form = forms.InventorForm(request.POST, actor=request.user, is_held=True)
    read = remember(form, initial)
    if form.is_bound and run_form(
        form, lambda data: change_inventor(inventor=inventor, actor=request.user, read=read, **data)
    ):
        return redirect(back)
    context = {
        "title": inventor.name,
        "form": form,
        "submit": _("Save"),
        "cancel_url": back,
        "crumbs": [(_("Who made it?"), back), (inventor.name, "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Inventor, "edit")
@confirmed(
    gettext_lazy("Take the inventor off"),
    gettext_lazy("“%(what)s” is no longer among the inventors; the history keeps the name."),
)
def inventor_remove(request: HttpRequest, inventor: Inventor) -> HttpResponseRedirect:
    """Take an inventor off."""
    remove_inventor(inventor=inventor, actor=request.user)
    return redirect("inventions:step", inventor.disclosure.reference, "inventors")


@require_POST
@object_view(Tie, "edit")
@confirmed(
    gettext_lazy("Take the agreement back"),
    gettext_lazy("“%(what)s” no longer binds the result; the history keeps it."),
)
def tie_remove(request: HttpRequest, tie: Tie) -> HttpResponseRedirect:
    """Take an agreement back."""
    remove_tie(tie=tie, actor=request.user)
    return redirect("inventions:step", tie.disclosure.reference, "ties")


@require_POST
@object_view(Divulgation, "edit")
@confirmed(
    gettext_lazy("Take the publication back"),
    gettext_lazy("“%(what)s” is no longer stated; the history keeps it."),
)
def divulgation_remove(request: HttpRequest, row: Divulgation) -> HttpResponseRedirect:
    """Take a publication back."""
    remove_divulgation(divulgation=row, actor=request.user)
    if row.disclosure.is_writable:
        return redirect("inventions:step", row.disclosure.reference, "publications")
    return redirect("inventions:disclosure", row.disclosure.reference)
