"""The links of an organisation of any date, a new name, and its end: what is stated, corrected, ended, removed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.directory.forms import LinkForm
from motrice.directory.keeping_forms import CloseForm, LinkEditForm, RenameForm
from motrice.directory.links import record_url
from motrice.directory.models import Organisation, Relation
from motrice.directory.operations.link import (
    CORRECTED,
    changeable,
    edit_link,
    end_link,
    link_organisations,
    record_succession,
    remove_link,
)
from motrice.directory.operations.organisation import close_organisation, rename_organisation
from motrice.directory.views import kept, record
from motrice.web import parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


def _links(body: Organisation) -> kept.Part:
    return kept.Part(
        body,
        _("Links"),
        reverse("directory:links", args=[body.reference]),
        columns=[_("Organisation"), _("Link"), _("Linked with"), _("Dates"), _("Source")],
        intro=_("Of all dates. A link that ended is kept: end it rather than remove it."),
        empty=_("No link yet"),
        steps=[parts.Link(_("Add a link"), reverse("directory:link_add", args=[body.reference]))],
    )


def _link_row(row: Relation, *, body: Organisation, may: set[int]) -> kept.Row:
    def to(name: str, label: str) -> parts.Link:
        return parts.Link(label, reverse(f"directory:{name}", args=[body.reference, row.pk]))

    acts = []
    if row.pk in may:
        ending = [] if row.ends_on else [to("link_end", _("End it"))]
        acts = [to("link_edit", _("Correct")), *ending, to("link_remove", _("Remove"))]
    kind = " · ".join(filter(None, (row.get_kind_display(), row.get_succession_display(), row.label_number)))
    return kept.Row([row.source, kind, row.target, record.span(row), row.provenance], str(row), acts)


@require_safe
@object_view(Organisation, "edit")
def links(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Every link of any date, with what the reader may do with it."""
    page = kept.page_of(request, record.link_rows(body, request.user))
    may = changeable(page.object_list, request.user)
    return kept.list_rows(request, _links(body), page, partial(_link_row, body=body, may=may))


@object_view(Organisation, "edit")
def link_add(request: HttpRequest, body: Organisation) -> HttpResponse:
    """State a link to another body."""
    form = LinkForm(request.POST or None, actor=request.user)

    def write(data: dict[str, Any]) -> None:
        fields = dict(data)
        other, direction = fields.pop("other"), fields.pop("direction")
        source, target = (other, body) if direction == "in" else (body, other)
        link_organisations(source=source, target=target, actor=request.user, **fields)

    if run_form(form, write):
        return kept.done(request, _links(body), _("The link was added."))
    return kept.fill(request, _links(body), form, title=_("Add a link to %(name)s") % {"name": body.name})


def _link(request: HttpRequest, body: Organisation, pk: int) -> Relation:
    return kept.held(record.link_rows(body, request.user), request.user, pk)


@object_view(Organisation, "edit")
def link_edit(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Correct the dates, rank or label number of a link."""
    link = _link(request, body, pk)
    form = LinkEditForm(request.POST or None, link=link)
    read = remember(form)
    if run_form(form, lambda data: edit_link(link=link, actor=request.user, read=read, **data)):
        return kept.done(request, _links(body), _("The link was corrected."))
    return kept.fill(request, _links(body), form, title=_("Correct a link"), intro=str(link))


@object_view(Organisation, "edit")
def link_end(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Say on which day a link ended; it stays in the past."""
    link = _link(request, body, pk)
    return kept.end(
        request, _links(body), link, partial(end_link, link=link),
        title=_("End a link"), words=_("The last day was saved."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def link_remove(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """Remove a link that was never true."""
    link = _link(request, body, pk)
    return kept.remove(
        request, _links(body), link, partial(remove_link, link=link),
        read_of=CORRECTED,
        title=_("Remove the link"),
        follows=_("“%(what)s” will be told for no date any more. If it was true once, end it instead.")
        % {"what": link},
        told=_("The link was removed."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def organisation_rename(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Give a new name from a day; the old one becomes a former name."""
    start = {"name": body.name, "short_name": body.short_name}
    form = RenameForm(request.POST or None, initial=start)
    read = remember(form)
    part = kept.Part(body, _("Names"), reverse("directory:names", args=[body.reference]))
    if run_form(form, lambda data: rename_organisation(organisation=body, actor=request.user, read=read, **data)):
        return kept.done(request, part, _("The new name was saved."))
    return kept.fill(
        request, part, form,
        title=_("Give a new name to %(name)s") % {"name": body.short_name or body.name},
        intro=_("The name that it bore stays as a former name until the day before, and still finds the record. "
                "To put a slip right, edit the record instead."),
    )  # fmt: skip


@object_view(Organisation, "edit")
def organisation_close(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Say on which day it ended, and what it became, if anything."""
    form = CloseForm(request.POST or None, body=body, actor=request.user)
    read = remember(form, {"ends_on": body.ends_on})

    def write(data: dict[str, Any]) -> None:
        if data["succession"]:
            record_succession(actor=request.user, read=read, **form.ended())
        else:
            close_organisation(organisation=body, actor=request.user, on=data["on"], reason=data["reason"], read=read)

    part = kept.Part(body, body.name, record_url(body))
    if run_form(form, write):
        return kept.done(request, part, _("The last day was saved."))
    return kept.fill(
        request, part, form,
        title=_("Close %(name)s") % {"name": body.short_name or body.name},
        intro=_("The links and the places of people that still run end with it, on the same day."),
    )  # fmt: skip
