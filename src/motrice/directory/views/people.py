"""Keeping people: adding somebody, saying whose account is theirs, and the places they hold in an organisation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.accounts.models import User
from motrice.core.errors import NotPermitted
from motrice.core.policies import holds
from motrice.directory.forms import AccountForm, PersonForm, WhyForm
from motrice.directory.links import record_url
from motrice.directory.models import Affiliation, Organisation, Person
from motrice.directory.operations.guards import may_create
from motrice.directory.operations.person import (
    PLACE,
    create_person,
    end_affiliation,
    link_account,
    remove_affiliation,
    unlink_account,
)
from motrice.directory.views import kept, record
from motrice.web import htmx, parts
from motrice.web.forms import run_form
from motrice.web.guards import object_view, signed_in


def _form(request: HttpRequest, form: Any, *, title: str, trail: list[tuple[str, str]], **words: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "intro": words.get("intro", ""),
        "submit": words.get("submit", _("Save")),
        "crumbs": [*trail, (title, "")],
        "cancel_url": words["cancel_url"],
    }
    return htmx.render_section_form(request, context, section_id="main")


def _trail(somebody: Person) -> list[tuple[str, str]]:
    return [(_("People"), reverse("directory:people")), (str(somebody), record_url(somebody))]


@signed_in
def person_new(request: HttpRequest) -> HttpResponse:
    """Add somebody of the field, once they were looked for."""
    if not may_create(request.user, Person):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    form = PersonForm(request.POST or None)
    made: list[Person] = []
    if run_form(
        form, lambda data: made.append(create_person(actor=request.user, reason=data["reason"], **form.values()))
    ):
        messages.success(request, _("The record was added."))
        return redirect(record_url(made[0]))
    return _form(
        request, form, title=_("Add a person"), submit=_("Add"), trail=[(_("People"), reverse("directory:people"))],
        intro=_("Search for them first: a name, an address or an ORCID finds them."),
        cancel_url=reverse("directory:people"),
    )  # fmt: skip


@object_view(Person, "merge")
def account(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Say whose account is this person's."""
    form = AccountForm(request.POST or None, initial={"user": somebody.email})
    if run_form(form, lambda data: link_account(person=somebody, actor=request.user, **data)):
        messages.success(request, _("The account acts in this person's name from now on; its owner is told."))
        return redirect(record_url(somebody))
    return _form(
        request, form, title=_("Account of %(name)s") % {"name": somebody}, submit=_("Link the account"),
        trail=_trail(somebody), cancel_url=record_url(somebody),
        intro=_("What is asked of this person reaches the account: referrals, signatures, reviews of offers."),
    )  # fmt: skip


@object_view(Person, "merge")
def account_end(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Take the account away."""
    form = WhyForm(request.POST or None)
    if run_form(form, lambda data: unlink_account(person=somebody, actor=request.user, **data)):
        messages.success(request, _("The account no longer acts in this person's name."))
        return redirect(record_url(somebody))
    return _form(
        request, form, title=_("Take the account away"), submit=_("Take it away"), trail=_trail(somebody),
        cancel_url=record_url(somebody), intro=str(somebody.user or ""),
    )  # fmt: skip


def account_of(somebody: Person, actor: Any, *, may_merge: bool) -> dict[str, Any] | None:
    """What the page tells of the account to who keeps it: whose it is, or how to give one."""
    if not may_merge:
        return None
    link = reverse("directory:person_account", args=[somebody.reference])
    if somebody.user is not None:
        return {"user": somebody.user, "end_url": f"{link}end/"}
    known = bool(somebody.email) and User.objects.active().filter(email=somebody.email.strip().lower()).exists()
    return {"link_url": link, "is_known": known, "invite_url": "" if known else _invite_url(somebody, actor)}


def _invite_url(somebody: Person, actor: Any) -> str:
    """Where they are invited, to a role of the place where they work when the reader keeps its roles."""
    managed = Organisation.objects.permitted(actor, "manage_roles")
    places = somebody.affiliations.on().select_related("organisation")
    place = places.filter(organisation__in=managed.values("pk")).first()
    if place is None and not holds(actor, "administrator"):
        return ""
    asked = {"email": somebody.email, "display_name": str(somebody)}
    if place is not None:
        asked["record"] = place.organisation.reference
    return f"{reverse('accounts:invite')}?{urlencode(asked)}"


def _places(body: Organisation) -> kept.Part:
    return kept.Part(
        body,
        _("People"),
        reverse("directory:places", args=[body.reference]),
        columns=[_("Person"), _("Role"), _("Dates")],
        intro=_("Of all dates. Who left stays in the past: end a place rather than remove it."),
        empty=_("Nobody yet"),
        steps=[parts.Link(_("Add somebody"), reverse("directory:affiliation_add", args=[body.reference]))],
    )


def _place_row(row: Affiliation) -> kept.Row:
    address = [row.organisation.reference, row.pk]
    acts = [
        parts.Link(kept.last_day_words(row), reverse("directory:place_end", args=address)),
        parts.Link(_("Remove"), reverse("directory:place_remove", args=address)),
    ]
    link = format_html('<a href="{}">{}</a>', record_url(row.person), row.person)
    return kept.Row([link, row.get_role_display(), record.span(row)], str(row.person), acts)


@require_safe
@object_view(Organisation, "edit")
def places(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Everybody who works or worked there, of any date, with the way to end or remove a place."""
    rows = body.affiliations.permitted(request.user).select_related("person", "organisation")
    page = kept.page_of(request, rows.order_by("-starts_on", "pk"))
    return kept.list_rows(request, _places(body), page, _place_row)


def _place(request: HttpRequest, body: Organisation, pk: int) -> Affiliation:
    return kept.held(body.affiliations.select_related("person", "organisation"), request.user, pk)


@object_view(Organisation, "edit")
def place_end(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Say on which day somebody left; the past keeps them."""
    place = _place(request, body, pk)
    return kept.end(
        request, _places(body), place, partial(end_affiliation, affiliation=place),
        title=_("Until when were they there?"), words=_("The last day was saved."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def place_remove(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Remove a place that was never held."""
    place = _place(request, body, pk)
    return kept.remove(
        request, _places(body), place, partial(remove_affiliation, affiliation=place),
        read_of=PLACE,
        title=_("Remove a place never held"),
        follows=_("“%(what)s” will be told for no date any more. If it was true once, end it instead.")
        % {"what": place},
        told=_("The place was removed: it was never held."),
    )  # fmt: skip
