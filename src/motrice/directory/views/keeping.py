"""The names and the numbers of a record: every row of any date, added, ended, removed."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core.identifiers import shown
from motrice.directory.forms import IdentifierForm
from motrice.directory.keeping_forms import NameForm
from motrice.directory.models import Identifier, Organisation, OrganisationName, Person
from motrice.directory.operations.identifier import add_identifier, end_identifier, remove_identifier
from motrice.directory.operations.organisation import add_name, end_name, remove_name
from motrice.directory.views import kept, record
from motrice.web import parts
from motrice.web.forms import run_form
from motrice.web.guards import object_view


def _names(body: Organisation) -> kept.Part:
    return kept.Part(
        body,
        _("Names"),
        reverse("directory:names", args=[body.reference]),
        columns=[_("Name"), _("What it is"), _("Language"), _("Dates")],
        intro=_("Beside today’s name: each finds the record. A name that was borne once is ended, not removed."),
        empty=_("No other name yet"),
        steps=[
            parts.Link(_("Add a name"), reverse("directory:name_add", args=[body.reference])),
            parts.Link(_("Give it a new name"), reverse("directory:organisation_rename", args=[body.reference])),
        ],
    )  # fmt: skip


def _name_row(row: OrganisationName, *, body: Organisation) -> kept.Row:
    where = [body.reference, row.pk]
    acts = [
        parts.Link(kept.last_day_words(row), reverse("directory:name_end", args=where)),
        parts.Link(_("Remove"), reverse("directory:name_remove", args=where)),
    ]
    return kept.Row([row.value, row.get_kind_display(), row.language, record.span(row)], row.value, acts)


@require_safe
@object_view(Organisation, "edit")
def names(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Every other name that it bears or bore."""
    rows = body.names.permitted(request.user).order_by("kind", "value", "pk")
    return kept.list_rows(request, _names(body), kept.page_of(request, rows), partial(_name_row, body=body))


@object_view(Organisation, "edit")
def name_add(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Add an acronym, a translation, another or a former name."""
    form = NameForm(request.POST or None)
    if run_form(form, lambda data: add_name(organisation=body, actor=request.user, **data)):
        return kept.done(request, _names(body), _("The name was added."))
    title = _("Add a name to %(name)s") % {"name": body.name}
    return kept.fill(request, _names(body), form, title=title, submit=_("Add"))


@object_view(Organisation, "edit")
def name_end(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Say until which day a name was borne."""
    row = kept.held(body.names, request.user, pk)
    return kept.end(
        request, _names(body), row, partial(end_name, name=row),
        title=_("Until when was this name borne?"), words=_("The last day was saved."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def name_remove(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Remove a name that was never right."""
    row = kept.held(body.names, request.user, pk)
    return kept.remove(
        request, _names(body), row, partial(remove_name, name=row),
        read_of=("kind", "value", "language", "starts_on", "ends_on"),
        title=_("Remove the name"),
        follows=_("“%(what)s” will no longer find %(name)s. If it was borne once, end it instead.")
        % {"what": row, "name": body.name},
        told=_("The name was removed."),
    )  # fmt: skip


def _holder_words(holder: Organisation | Person) -> tuple[str, str]:
    """What a holder's pages of numbers are called in the addresses, and the holder's own name."""
    return ("person_identifier", str(holder)) if isinstance(holder, Person) else ("identifier", holder.name)


def _numbers(holder: Organisation | Person) -> kept.Part:
    prefix, _name = _holder_words(holder)
    return kept.Part(
        holder,
        _("Identifiers"),
        reverse(f"directory:{prefix}s", args=[holder.reference]),
        columns=[_("Identifier"), _("Register"), _("Dates"), _("Source")],
        intro=_("Each of them finds the record. A number that was in force once is ended, not removed."),
        empty=_("No identifier yet"),
        steps=[parts.Link(_("Add an identifier"), reverse(f"directory:{prefix}_add", args=[holder.reference]))],
    )


def _number_row(row: Identifier, *, holder: Organisation | Person) -> kept.Row:
    prefix, _name = _holder_words(holder)
    number, where = shown(row.scheme, row.value), [holder.reference, row.pk]
    acts = [
        parts.Link(kept.last_day_words(row), reverse(f"directory:{prefix}_end", args=where)),
        parts.Link(_("Remove"), reverse(f"directory:{prefix}_remove", args=where)),
    ]
    return kept.Row([number, row.get_scheme_display(), record.span(row), row.source], number, acts)


def _list_numbers(request: HttpRequest, holder: Organisation | Person) -> HttpResponse:
    rows = holder.identifiers.permitted(request.user).order_by("scheme", "value", "pk")
    return kept.list_rows(request, _numbers(holder), kept.page_of(request, rows), partial(_number_row, holder=holder))


def _add_number(request: HttpRequest, holder: Organisation | Person) -> HttpResponse:
    form = IdentifierForm(request.POST or None)
    if run_form(form, lambda data: add_identifier(holder=holder, actor=request.user, **data)):
        return kept.done(request, _numbers(holder), _("The identifier was added."))
    title = _("Add an identifier to %(name)s") % {"name": _holder_words(holder)[1]}
    return kept.fill(request, _numbers(holder), form, title=title, submit=_("Add"))


def _end_number(request: HttpRequest, holder: Organisation | Person, pk: int) -> HttpResponse:
    row = kept.held(holder.identifiers, request.user, pk)
    return kept.end(
        request, _numbers(holder), row, partial(end_identifier, identifier=row),
        title=_("Until when was this number in force?"), words=_("The last day was saved."),
    )  # fmt: skip


def _remove_number(request: HttpRequest, holder: Organisation | Person, pk: int) -> HttpResponse:
    row = kept.held(holder.identifiers, request.user, pk)
    return kept.remove(
        request, _numbers(holder), row, partial(remove_identifier, identifier=row),
        read_of=("scheme", "value", "source", "starts_on", "ends_on"),
        title=_("Remove the identifier"),
        follows=_("%(what)s will no longer find %(name)s. If it was in force once, end it instead.")
        % {"what": row, "name": _holder_words(holder)[1]},
        told=_("The identifier was removed."),
    )  # fmt: skip


@require_safe
@object_view(Organisation, "edit")
def identifiers(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Every number of an organisation."""
    return _list_numbers(request, body)


@object_view(Organisation, "edit")
def identifier_add(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Give an organisation a number of a register."""
    return _add_number(request, body)


@object_view(Organisation, "edit")
def identifier_end(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Say until which day a number of an organisation was in force."""
    return _end_number(request, body, pk)


@object_view(Organisation, "edit")
def identifier_remove(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Take away a number that was never an organisation's."""
    return _remove_number(request, body, pk)


@require_safe
@object_view(Person, "edit")
def person_identifiers(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Every number of a person."""
    return _list_numbers(request, somebody)


@object_view(Person, "edit")
def person_identifier_add(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Give a person a number, such as an ORCID."""
    return _add_number(request, somebody)


@object_view(Person, "edit")
def person_identifier_end(request: HttpRequest, somebody: Person, pk: int) -> HttpResponse:
    """Say until which day a number of a person was in force."""
    return _end_number(request, somebody, pk)


@object_view(Person, "edit")
def person_identifier_remove(request: HttpRequest, somebody: Person, pk: int) -> HttpResponse:
    """Take away a number that was never a person's."""
    return _remove_number(request, somebody, pk)
