"""Merging two records: chosen, compared side by side, confirmed, undone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.core import pointers
from motrice.core.errors import RuleViolation
from motrice.core.models import AuditEntry
from motrice.directory.forms import MergeChoiceForm, MergeForm
from motrice.directory.links import record_url
from motrice.directory.models import Organisation, Person
from motrice.directory.operations.merge import VERBS, FieldChoice, Record, compare, merge, undo_merge
from motrice.directory.queries.search import find_records
from motrice.web import htmx, parts
from motrice.web.guards import object_view, role_view
from motrice.web.messages import undoable


@object_view(Organisation, "merge")
def organisation_merge(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Choose the record that is the same as this one, then compare and confirm."""
    return _merge_page(request, body)


@object_view(Person, "merge")
def person_merge(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose the record of the same person, then compare and confirm."""
    return _merge_page(request, person)


def _merge_page(request: HttpRequest, kept: Record) -> HttpResponse:
    chosen = MergeChoiceForm(request.GET or None, record=kept, actor=request.user)
    absorbed = chosen.chosen() if "other" in request.GET else None
    context: dict[str, Any] = {
        "record": kept,
        "title": _("Merge into %(name)s") % {"name": kept},
        "crumbs": [(str(kept), record_url(kept)), (_("Merge"), "")],
        "choice": chosen,
        "alike": [] if absorbed else _alike(kept, request),
    }
    if absorbed is None:
        return htmx.render_part(request, "directory/merge.html", context, status=htmx.form_status(chosen))
    form = MergeForm(request.POST if request.method == "POST" else None, choices=compare(kept=kept, absorbed=absorbed))
    if request.method == "POST" and form.is_valid():
        try:
            return _merged(request, kept, absorbed, form)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context |= {
        "absorbed": absorbed,
        "form": form,
        "comparison": _comparison(kept, absorbed),
        "moved": _moved(absorbed),
    }
    return htmx.render_part(request, "directory/merge.html", context, status=htmx.form_status(form))


def _merged(request: HttpRequest, kept: Record, absorbed: Record, form: forms.Form) -> HttpResponse:
    merge(
        kept=kept,
        absorbed=absorbed,
        actor=request.user,
        take=form.cleaned_data["take"],
        reason=form.cleaned_data["reason"],
    )
    model = Organisation if isinstance(kept, Organisation) else Person
    entry = AuditEntry.objects.filter(verb=VERBS[model], subject_pk=kept.pk).order_by("-sequence").first()
    undo = reverse("directory:merge_undo", args=[entry.sequence])  # type: ignore[union-attr]
    undoable(request, _("%(other)s was merged: its old address leads here.") % {"other": absorbed}, undo)
    return redirect(record_url(kept))


def _alike(kept: Record, request: HttpRequest) -> list[parts.Link]:
    """Records that bear nearly the same name, to choose from."""
    found = find_records(kept.name if isinstance(kept, Organisation) else str(kept), actor=request.user, limit=8)
    own = reverse(
        "directory:organisation_merge" if isinstance(kept, Organisation) else "directory:person_merge",
        args=[kept.reference],
    )
    return [
        parts.Link(item.record, f"{own}?other={item.record.reference}", item.hint)
        for item in found
        if item.record != kept and isinstance(item.record, Person) == isinstance(kept, Person)
    ]


def _comparison(kept: Record, absorbed: Record) -> parts.Comparison:
    lines = [parts.CompareLine(row.label, [_shown(row, "kept"), _shown(row, "absorbed"), _shown(row, "result")])
             for row in compare(kept=kept, absorbed=absorbed)]  # fmt: skip
    for label, name in ((_("Identifiers"), "identifiers"), (_("Other names"), "names")):
        if hasattr(kept, name):
            both = [", ".join(map(str, getattr(record, name).all()[:12])) for record in (kept, absorbed)]
            lines.append(parts.CompareLine(label, [*both, ", ".join(filter(None, both))]))
    heads = [
        parts.Link(_("Kept"), record_url(kept), kept.reference),
        parts.Link(_("Merged away"), record_url(absorbed), absorbed.reference),
        parts.Link(_("The record after"), ""),
    ]
    return parts.Comparison(heads, lines, _("Field by field"))


def _shown(row: FieldChoice, side: str) -> str:
    value = getattr(row, side)
    column = Organisation._meta.get_field(row.name) if row.name in _names(Organisation) else None
    return str(dict(column.flatchoices).get(value, value or "")) if column is not None else str(value or "")


def _names(model: Any) -> set[str]:
    return {column.name for column in model._meta.concrete_fields}


def _moved(absorbed: Record) -> list[parts.Fact]:
    """How many rows will be moved, by sort."""
    return [parts.Fact(words, number) for words, number in sorted(pointers.counts(absorbed).items())]


@require_POST
@role_view("coordinator", "officer")
def merge_undo(request: HttpRequest, sequence: int) -> HttpResponse:
    """Put two merged records back as they were."""
    entry = AuditEntry.objects.filter(sequence=sequence, verb__in=VERBS.values()).first()
    if entry is None:
        raise Http404
    undo_merge(entry=entry, actor=request.user, reason=_("Undone from the page."))
    model = Organisation if entry.verb.startswith("organisation") else Person
    absorbed = model.objects.permitted(request.user).filter(pk=entry.details["absorbed"]).first()
    messages.success(request, _("The two records are apart again."))
    return redirect(record_url(absorbed) or "/")
