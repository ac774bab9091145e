"""Keeping the evidence of a unit or a person: the texts that show what they can do, and that searches find."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.directory.forms import EvidenceForm, WhyForm
from motrice.directory.links import record_url
from motrice.directory.lists import EVIDENCE
from motrice.directory.models import Evidence, Organisation, Person
from motrice.directory.operations.evidence import edit_evidence, register_evidence, withdraw_evidence
from motrice.web import htmx, parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view

Holder = Organisation | Person


def _list_url(holder: Holder) -> str:
    name = "organisation_evidence" if isinstance(holder, Organisation) else "person_evidence"
    return reverse(f"directory:{name}", args=[holder.reference])


def _short(holder: Holder) -> str:
    return (holder.short_name or holder.name) if isinstance(holder, Organisation) else str(holder)


def _form(
    request: HttpRequest, form: Any, *, title: str, submit: str, holder: Holder, intro: str = "",
    other: tuple[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "other": other,
        "form": form,
        "title": title,
        "intro": intro,
        "submit": submit,
        "crumbs": [(_short(holder), record_url(holder)), (_("Evidence"), _list_url(holder)), (submit, "")],
        "cancel_url": _list_url(holder),
    }
    return htmx.render_part(request, "directory/evidence_form.html", context, status=htmx.form_status(form))


@object_view(Organisation, "edit")
def of_organisation(request: HttpRequest, body: Organisation) -> HttpResponse:
    """The texts of an organisation that its keeper may see."""
    return _list(request, body, Evidence.objects.filter(owners__organisation=body))


@object_view(Person, "edit")
def of_person(request: HttpRequest, somebody: Person) -> HttpResponse:
    """The texts of a person that its keeper may see."""
    return _list(request, somebody, Evidence.objects.filter(owners__person=somebody))


def _list(request: HttpRequest, holder: Holder, rows: QuerySet[Evidence]) -> HttpResponse:
    title = _("Evidence of %(name)s") % {"name": _short(holder)}
    context = {
        "title": title,
        "intro": _("What shows what is mastered here: needs are answered by it."),
        "steps": [parts.Step(_("Add a text"), f"{_list_url(holder)}add/", icon="plus")],
        "crumbs": [(_short(holder), record_url(holder)), (_("Evidence"), "")],
    }
    seen = rows.permitted(request.user)
    return EVIDENCE.respond(request, seen, context=context)


@object_view(Organisation, "edit")
def add_to_organisation(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Add a text to an organisation."""
    return _add(request, body)


@object_view(Person, "edit")
def add_to_person(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Add a text to a person."""
    return _add(request, somebody)


def _add(request: HttpRequest, holder: Holder) -> HttpResponse:
    form = EvidenceForm(request.POST or None)
    if run_form(
        form,
        lambda data: register_evidence(actor=request.user, owners=[holder], reason=data["reason"], **form.values()),
    ):
        messages.success(request, _("The text was added: the search answers with it in a moment."))
        return redirect(_list_url(holder))
    return _form(
        request, form, title=_("Add evidence to %(name)s") % {"name": _short(holder)}, submit=_("Add"), holder=holder,
        intro=_("A publication, a project, an award, an equipment: what shows a company that this is mastered here."),
    )  # fmt: skip


def _holder(evidence: Evidence) -> Holder:
    """Whose text it is, for the way back: the first of its holders."""
    owner = evidence.owners.select_related("organisation", "person").order_by("pk").first()
    return owner.organisation or owner.person


@object_view(Evidence, "edit")
def edit(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """Correct a text, its date or its level."""
    form = EvidenceForm(request.POST or None, instance=Evidence.objects.get(pk=evidence.pk))
    read, holder = remember(form), _holder(evidence)

    def write(data: dict[str, Any]) -> None:
        edit_evidence(evidence=evidence, actor=request.user, reason=data["reason"], read=read, **form.values())

    if run_form(form, write):
        messages.success(request, _("The changes were saved."))
        return redirect(_list_url(holder))
    return _form(
        request, form, title=_("Correct a text"), submit=_("Save"), holder=holder,
        other=(reverse("directory:evidence_withdraw", args=[evidence.reference]), _("Take it out of the directory")),
    )  # fmt: skip


@object_view(Evidence, "edit")
def withdraw(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """Take a text out of the directory and of the search."""
    form, holder = WhyForm(request.POST or None), _holder(evidence)
    if run_form(form, lambda data: withdraw_evidence(evidence=evidence, actor=request.user, **data)):
        messages.success(request, _("The text was taken out: the search no longer answers with it."))
        return redirect(_list_url(holder))
    return _form(
        request, form, title=_("Take a text out"), submit=_("Take it out"), holder=holder, intro=evidence.title
    )
