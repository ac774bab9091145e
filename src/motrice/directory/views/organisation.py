"""The record page of an organisation, and the pages that change it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core.errors import RuleViolation
from motrice.core.policies import allowed
from motrice.directory import queries
from motrice.directory.forms import (
    AddressForm,
    AffiliationForm,
    NewOrganisationForm,
    OrganisationForm,
)
from motrice.directory.links import record_url
from motrice.directory.models import Organisation
from motrice.directory.operations.organisation import create_organisation, edit_organisation, set_address
from motrice.directory.operations.person import affiliate
from motrice.directory.views import record
from motrice.directory.views.history import why_url
from motrice.directory.views.kept import crumbs, shelf
from motrice.web import htmx, panels
from motrice.web.forms import refuse, remember, run_form
from motrice.web.guards import object_view, role_view


def asked_day(request: HttpRequest) -> date:
    """The day that the page is drawn for: `?on=2019-06-01`, today when none or a wrong one is given."""
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        messages.warning(request, _("“%(text)s” is not a date: today is shown.") % {"text": request.GET["on"]})
        return timezone.localdate()


@require_safe
@object_view(Organisation, "view", is_public=True)
def organisation(request: HttpRequest, body: Organisation) -> HttpResponse:
    """One organisation or laboratory on a day; a record that was merged away leads to the one that stands for it."""
    if body.merged_into_id is not None:
        return redirect(record_url(queries.resolve(body)), permanent=False)
    actor, day = request.user, asked_day(request)
    may = allowed(actor, ("edit", "merge", "manage_roles"), body)
    may_edit = "edit" in may
    places = record.addresses(body)
    outside = record.outside(body, day)
    supervising = list(queries.supervisors_on(body, day, actor=actor)) if body.is_unit and not outside else []
    is_inside = body.is_unit and actor.is_authenticated and not outside
    pieces, counts = record.evidence(body, actor)
    context = {
        "organisation": body,
        "head": record.head(body, why_url(body, actor), may_edit=may_edit),
        "crumbs": [*crumbs(body)[:1], (body.short_name or body.name, "")],
        "day": day,
        "is_today": day == timezone.localdate(),
        "outside": outside,
        "about_title": _("About"),
        "facts": record.facts(body, places),
        "edit_url": _url("organisation_edit", body) if may_edit else "",
        "supervisors": record.supervisors(supervising),
        "owners": record.owners(body, day, supervising) if is_inside else [],
        "offices": record.offices(body, day, actor, supervising) if is_inside else [],
        "people": record.people(body, day, actor),
        "groups": record.links(body, day, actor),
        "participations": record.participations(body, day, actor),
        "lineage": record.lineage(body, actor),
        "map": record.position(body, places),
        "pieces": pieces,
        "evidence_counts": counts,
        "identifiers": record.identifiers(body),
        "names": record.names(body),
        "record_panels": panels.beside(body, actor),
        "keeping": shelf(body, may),
    }
    return htmx.render_part(request, "directory/organisation.html", context)


def _url(name: str, body: Organisation) -> str:
    return reverse(f"directory:{name}", args=[body.reference])


def _form_page(request: HttpRequest, body: Organisation | None, form: Any, **words: str) -> HttpResponse:
    context = {
        "form": form,
        "submit": words.get("submit", _("Save")),
        "title": words["title"],
        "intro": words.get("intro", ""),
        "crumbs": [*(crumbs(body) if body else [(_("Organisations"), reverse("directory:organisations"))]),
                   (words["title"], "")],
        "cancel_url": record_url(body) if body else reverse("directory:organisations"),
    }  # fmt: skip
    return htmx.render_section_form(request, context, section_id=words.get("section_id", "main"))


def _done(request: HttpRequest, body: Organisation, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(record_url(body))


@role_view("coordinator", "officer")
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Add an organisation, once it was looked for."""
    form = NewOrganisationForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            body = create_organisation(actor=request.user, identifiers=fields.pop("identifier"), **fields)
            return _done(request, body, _("The record was added."))
        except RuleViolation as error:
            refuse(form, error)
    return _form_page(
        request, None, form, title=_("Add an organisation"), submit=_("Add"),
        intro=_("Search for it first: an identifier finds it under any of its names."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def organisation_edit(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Correct the plain fields of a record."""
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=body.pk))
    read = remember(form)

    def write(data: dict[str, Any]) -> None:
        edit_organisation(organisation=body, actor=request.user, reason=data["reason"], read=read, **form.values())

    if run_form(form, write):
        return _done(request, body, _("The changes were saved."))
    return _form_page(request, body, form, section_id="about", title=_("Edit %(name)s") % {"name": body.name})


@object_view(Organisation, "edit")
def address_edit(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Write where it is."""
    held = body.addresses.on().first()
    names = ("street", "postcode", "city", "region", "country", "latitude", "longitude")
    start = {name: getattr(held, name) for name in names} if held else {}
    form = AddressForm(request.POST or None, initial=start)
    read = remember(form)
    if run_form(form, lambda data: set_address(organisation=body, actor=request.user, read=read, **data)):
        return _done(request, body, _("The address was saved."))
    return _form_page(request, body, form, title=_("Address of %(name)s") % {"name": body.name})


@object_view(Organisation, "edit")
def affiliation_add(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Place somebody in the organisation."""
    form = AffiliationForm(request.POST or None, actor=request.user)
    if form.is_valid():
        try:
            affiliate(organisation=body, actor=request.user, **form.cleaned_data)
            return _done(request, body, _("The person was added."))
        except RuleViolation as error:
            refuse(form, error)
    return _form_page(request, body, form, title=_("Add somebody to %(name)s") % {"name": body.name})
