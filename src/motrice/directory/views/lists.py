"""The lists of the directory: laboratories, organisations, companies and people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.directory.enums import UNIT_KINDS
from motrice.directory.lists import COMPANIES, ORGANISATIONS, PEOPLE, UNITS, adds_bodies, company_rows
from motrice.directory.models import Organisation, Person
from motrice.directory.operations.guards import may_create
from motrice.web import parts
from motrice.web.guards import signed_in


def _visible(actor: Any) -> QuerySet:
    return Organisation.objects.live().permitted(actor)


def _page(title: str, intro: str, *, url_name: str, actor: Any) -> dict[str, Any]:
    tabs = [
        ("directory:units", _("Laboratories")),
        ("directory:companies", _("Companies")),
        ("directory:organisations", _("All organisations")),
        ("directory:people", _("People")),
    ]
    shown = [(reverse(name), label, name == url_name) for name, label in tabs]
    return {
        "title": title,
        "intro": intro,
        "tabs": shown,
        "crumbs": [(_("Directory"), ""), (title, "")],
        "steps": _steps(actor, url_name),
    }


def _steps(actor: Any, url_name: str) -> list[parts.Step]:
    """The button that adds a record of the kind listed, for who may."""
    if url_name == "directory:people":
        new = reverse("directory:person_new")
        return [parts.Step(_("Add a person"), new, icon="plus")] if may_create(actor, Person) else []
    kind, words = {
        "directory:units": ("unit", _("Add a laboratory")),
        "directory:companies": ("company", _("Add a company")),
    }.get(url_name, ("", _("Add an organisation")))
    new = reverse("directory:organisation_new")
    address = f"{new}?kind={kind}" if kind else new
    return [parts.Step(words, address, icon="plus")] if adds_bodies(actor) else []


@signed_in
def units(request: HttpRequest) -> HttpResponse:
    """Research units and teams."""
    rows = _visible(request.user).filter(kind__in=UNIT_KINDS)
    context = _page(
        _("Laboratories"),
        _("Research units and teams, with who supervises them."),
        url_name="directory:units",
        actor=request.user,
    )
    return UNITS.respond(request, rows, context=context)


@signed_in
def organisations(request: HttpRequest) -> HttpResponse:
    """Every body of the directory."""
    context = _page(
        _("Organisations"), _("Institutions, institutes, schools, companies and laboratories."),
        url_name="directory:organisations", actor=request.user,
    )  # fmt: skip
    return ORGANISATIONS.respond(request, _visible(request.user), context=context)


@signed_in
def companies(request: HttpRequest) -> HttpResponse:
    """Companies, with the size and sector of the newest year known."""
    context = _page(
        _("Companies"),
        _("Partners, with the size and sector of a year."),
        url_name="directory:companies",
        actor=request.user,
    )
    return COMPANIES.respond(request, company_rows(request.user), context=context)


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """People of the directory."""
    rows = Person.objects.live().permitted(request.user)
    context = _page(
        _("People"), _("Researchers, engineers and officers."), url_name="directory:people", actor=request.user
    )
    return PEOPLE.respond(request, rows, context=context)
