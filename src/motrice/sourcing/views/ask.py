"""Stating a need: one question after another, saved as typed; and the officer's own form for a company."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.core import policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.reading import Clash, stale
from motrice.core.uploads import ACCEPTED
from motrice.directory.models import Organisation
from motrice.sourcing import forms, words
from motrice.sourcing.enums import Channel
from motrice.sourcing.models import Need, NeedDraft
from motrice.sourcing.operations.drafts import Kept, discard_draft, keep_typing, save_draft, send_draft
from motrice.sourcing.operations.needs import Contact, Statement, submit_need
from motrice.sourcing.policies import is_desk, require_contact
from motrice.web import htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import FileField, remember, run_form, tell_clashes
from motrice.web.guards import object_view, signed_in

STEPS: list[tuple[str, Any, tuple[str, ...]]] = [
    ("problem", gettext_lazy("What is the problem?"), ("title", "problem")),
    ("tried", gettext_lazy("What was tried?"), ("tried", "constraints")),
    ("frame", gettext_lazy("For when, and how mature?"), ("deadline_on", "trl", "segment", "region", "language")),
    ("secret", gettext_lazy("What must stay confidential?"), ("secret", "hides_company", "level")),
]
PAGE, SEEN = "page", "seen-"
NAMES = [name for name, _title, _fields in STEPS]


class SendForm(django_forms.Form):
    """The last look before sending: a file, and whether it is confidential."""

    file = FileField(label=gettext_lazy("Add a file"), accept=",".join(ACCEPTED), required=False)
    is_confidential = django_forms.BooleanField(
        label=gettext_lazy("This file is confidential"), required=False, initial=True
    )


def _form_for(step: str, draft: NeedDraft, data: Any = None) -> forms.AskForm:
    wanted = {name: fields for name, _title, fields in STEPS}[step]
    initial = {"language": (get_language() or "fr")[:2], "level": "organisation", **draft.answers}
    initial["hides_company"] = draft.answers.get("hides_company") == "True"
    form = forms.AskForm(data, initial=initial)
    for name in list(form.fields):
        if name not in wanted:
            del form.fields[name]
    return form


@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """Start a need, or take up the one that was being typed."""
    require_contact(request.user)
    if request.method == "POST":
        return redirect("sourcing:ask_step", save_draft(author=request.user, answers={}).reference, NAMES[0])
    context = {
        "drafts": list(NeedDraft.objects.permitted(request.user)),
        "readers": words.readers_words(),
        "crumbs": [(_("My needs"), reverse("sourcing:my_needs")), (_("State a need"), "")],
    }
    return render(request, "sourcing/ask.html", context)


@object_view(NeedDraft, "edit")
def ask_step(request: HttpRequest, draft: NeedDraft, step: str) -> HttpResponse:
    """One question; what is typed is kept whether it is right or not, and refused at its field."""
    if step not in NAMES:
        return redirect("sourcing:ask_step", draft.reference, NAMES[0])
    place = NAMES.index(step)
    form = _form_for(step, draft, request.POST if request.method == "POST" else None)
    remember(form, _shown_marks(form))
    if request.method == "POST":
        form.reading |= {name: request.POST[SEEN + name][:64] for name in form.fields if SEEN + name in request.POST}
        is_whole = form.is_valid()
        kept = _keep(request, draft, step, form)
        if kept.clashes:
            form.data = form.data.copy()
            form.data.update(kept.moved)
            form.reading |= {name: kept.read[name] for name in kept.moved}
            tell_clashes(form, stale([_in_words(form, clash) for clash in kept.clashes]))
        elif is_whole:
            if place + 1 < len(NAMES):
                return redirect("sourcing:ask_step", draft.reference, NAMES[place + 1])
            return redirect("sourcing:ask_send", draft.reference)
    context = {
        "title": STEPS[place][1],
        "intro": _("Question %(n)d of %(total)d") % {"n": place + 1, "total": len(STEPS) + 1},
        "form": form,
        "submit": _("Continue"),
        "autosave_url": reverse("sourcing:ask_save", args=[draft.reference, step]),
        "cancel_url": reverse("sourcing:ask_step", args=[draft.reference, NAMES[place - 1]])
        if place
        else reverse("sourcing:ask"),
        "cancel": _("Back"),
        "crumbs": [(_("State a need"), reverse("sourcing:ask")), (STEPS[place][1], "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


def _shown_marks(form: forms.AskForm) -> dict[str, Any]:
    """The answers that the page shows, and its own name: what it wrote itself it may write again."""
    shown = {name: form.initial.get(name, "") for name in form.fields}
    if "hides_company" in shown:
        shown["hides_company"] = "True" if shown["hides_company"] else ""
    return shown | {PAGE: secrets.token_urlsafe(9)}


def _in_words(form: forms.AskForm, clash: Clash) -> Clash:
    """A clash with what is said as the field offers it."""
    choices = {str(value): str(label) for value, label in getattr(form.fields[clash.name], "choices", [])}
    return replace(clash, theirs=choices.get(clash.theirs, clash.theirs))


def _keep(request: HttpRequest, draft: NeedDraft, step: str, form: forms.AskForm) -> Kept:
    fields = {name: fields for name, _title, fields in STEPS}[step]
    answers = {name: request.POST.get(name, "") for name in fields}
    if "hides_company" in answers:
        answers["hides_company"] = "True" if answers["hides_company"] else ""
    read = dict(form.reading)
    page = read.pop(PAGE, "")
    return keep_typing(draft=draft, answers=answers, author=request.user, read=read, page=page)


@require_POST
@object_view(NeedDraft, "edit")
def ask_save(request: HttpRequest, draft: NeedDraft, step: str) -> HttpResponse:
    """Keep what is being typed, and tell what another window wrote meanwhile."""
    if step not in NAMES:
        return HttpResponse(status=204)
    form = _form_for(step, draft, request.POST)
    remember(form, _shown_marks(form))
    kept = _keep(request, draft, step, form)
    boxes = {
        clash.name: format_html(
            '<div data-clash="{}"><input type="hidden" name="{}" value="{}">{}<p>{}</p></div>',
            clash.name,
            SEEN + clash.name,
            clash.mark,
            render_to_string("web/forms/clash.html", {"clash": _in_words(form, clash)}),
            _("“Continue” keeps what you typed here; to keep the other version, copy it into the field."),
        )
        for clash in kept.clashes
    }
    ticked = {"hides_company"}  # a box has no text to put in its place: it is told when the page is sent
    told = [{name: text for name, text in part.items() if name not in ticked} for part in (kept.read, kept.moved)]
    return JsonResponse({"read": told[0], "moved": told[1], "clashes": boxes})


@require_POST
@object_view(NeedDraft, "edit")
@confirmed(
    gettext_lazy("Throw the draft away"),
    gettext_lazy("What you typed is removed for good; nobody else has read it."),
)
def ask_discard(request: HttpRequest, draft: NeedDraft) -> HttpResponseRedirect:
    """Throw a draft away."""
    discard_draft(draft=draft, author=request.user)
    messages.success(request, _("The draft was thrown away."))
    return redirect("sourcing:ask")


@signed_in
def ask_send(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole statement once more, who will see it, and the button; pressed twice, it leads to the need it sent."""
    sent = Need.objects.permitted(request.user, "write").filter(reference=reference, contact=request.user).first()
    if sent is not None:
        return redirect("sourcing:need", sent.reference)
    return _check_and_send(request, policies.get_permitted(NeedDraft, request.user, "edit", reference=reference))


def _check_and_send(request: HttpRequest, draft: NeedDraft) -> HttpResponse:
    whole = forms.AskForm(forms.answers_of(draft))
    form = SendForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = SendForm(request.POST, request.FILES)
        if not whole.is_valid():
            step = next(name for name, _title, fields in STEPS if set(fields) & set(whole.errors))
            messages.error(request, _("Something is missing here: correct it, then send."))
            return redirect("sourcing:ask_step", draft.reference, step)
        needs: list[Need] = []
        if run_form(form, lambda data: needs.append(_send(request.user, draft, whole.cleaned_data, **data))):
            messages.success(request, _("Your need was sent: %(who)s is in charge.") % {"who": needs[0].owner})
            return redirect("sourcing:need", needs[0].reference)
    context = {
        "title": _("Check and send"),
        "form": form,
        "submit": _("Send to the desk"),
        "readers": words.readers_words(),
        "answers": [
            (title, reverse("sourcing:ask_step", args=[draft.reference, name]), _shown(whole, fields))
            for name, title, fields in STEPS
        ],
        "cancel_url": reverse("sourcing:ask_step", args=[draft.reference, NAMES[-1]]),
        "cancel": _("Back"),
        "crumbs": [(_("State a need"), reverse("sourcing:ask")), (_("Check and send"), "")],
    }
    return htmx.render_part(request, "sourcing/ask_send.html", context, status=htmx.form_status(form))


def _shown(whole: forms.AskForm, fields: tuple[str, ...]) -> list[parts.Fact]:
    facts = []
    for name in fields:
        value = whole[name].value()
        choices = dict(getattr(whole.fields[name], "choices", []))
        facts.append(parts.Fact(whole.fields[name].label, choices.get(value, value)))
    return [fact for fact in facts if fact.value]


def _send(actor: Any, draft: NeedDraft, answers: dict[str, Any], file: Any, is_confidential: bool) -> Need:
    sent = (file.name, file.read()) if file is not None else None
    return send_draft(
        draft=draft, statement=Statement(**answers), actor=actor, file=sent, is_confidential=is_confidential
    )


@signed_in
def officer_need(request: HttpRequest) -> HttpResponse:
    """A need that a company told an officer."""
    if not is_desk(request.user):
        raise NotPermitted(_("Only an officer of a need desk enters a need for a company."))
    form = forms.OfficerNeedForm(
        request.POST or None, initial={"language": (get_language() or "fr")[:2], "level": "organisation"}
    )
    sent: list[Need] = []
    if request.method == "POST" and run_form(form, lambda data: sent.append(_enter(request.user, **data))):
        messages.success(request, _("The need was entered: %(who)s is in charge.") % {"who": sent[0].owner})
        if Need.objects.permitted(request.user).filter(pk=sent[0].pk).exists():
            return redirect("sourcing:need", sent[0].reference)
        return redirect("sourcing:queue")
    context = {
        "title": _("Enter a need for a company"),
        "form": form,
        "submit": _("Enter the need"),
        "readers": words.readers_words(),
        "cancel_url": reverse("sourcing:queue"),
        "crumbs": [(_("Needs"), reverse("sourcing:queue")), (_("Enter a need"), "")],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


def _enter(
    actor: Any,
    company_name: str,
    company_reference: str,
    contact_name: str,
    contact_email: str,
    **fields: Any,
) -> Need:
    company = None
    if company_reference:
        seen = Organisation.objects.permitted(actor).filter(kind="company")
        company = seen.filter(reference=company_reference.strip().upper()).first()
        if company is None:
            raise RuleViolation(_("No company has this reference."), field="company_reference")
    contact = Contact(company=company, company_name=company_name, name=contact_name, email=contact_email)
    return submit_need(actor=actor, statement=Statement(**fields), contact=contact, channel=Channel.OFFICER)
