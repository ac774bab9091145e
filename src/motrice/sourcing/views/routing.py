"""Routing rules: read by the desk, written by the coordinator on a form, tried on the needs of the last weeks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.reading import Read
from motrice.sourcing import forms, rules, words
from motrice.sourcing import routing_forms as fields
from motrice.sourcing.operations.catalogue import add_routing_rule, change_entry, retire_entry
from motrice.sourcing.operations.routing import TRIED_DAYS, Preview, try_rule
from motrice.sourcing.policies import is_desk
from motrice.sourcing.views.catalogue import find_entry, may_edit
from motrice.web import htmx
from motrice.web.forms import remember, run_form
from motrice.web.guards import role_view, signed_in


@require_safe
@signed_in
def routing(request: HttpRequest) -> HttpResponse:
    """The routing rules in their order, in words."""
    if not (is_desk(request.user) or policies.holds(request.user, "auditor", "administrator")):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    today = timezone.localdate()
    context = {
        "title": _("Routing rules"),
        "rows": [
            (
                row,
                rules.in_words(row.data["name"]),
                words.condition_words(row.data),
                words.target_words(row.data),
                words.validity_words(row.data),
                rules.rule_holds(row.data, today),
            )
            for row in rules.routing_rules()
        ],
        "promise": rules.current_promise(),
        "may_edit": may_edit(request.user),
    }
    return render(request, "sourcing/routing.html", context)


@role_view("coordinator", "administrator")
def routing_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a routing rule: a new version for the needs that arrive from now on."""
    entry = find_entry(rules.ROUTING, code)
    return _edit(request, entry)


@role_view("coordinator", "administrator")
def routing_new(request: HttpRequest) -> HttpResponse:
    """Add a routing rule."""
    return _edit(request, None)


def _edit(request: HttpRequest, entry: CatalogueEntry | None) -> HttpResponse:
    """The form, its rows added and removed by plain buttons, tried before it is saved."""
    data = (
        entry.data
        if entry is not None
        else {"name": {"fr": "", "en": ""}, "order": 50, "target": {"kinds": ["institute"]}}
    )
    form, rows = _bound(request, data)
    read = remember(form, {"data": data} if entry else {})
    tried: list[Preview] | None = None
    if request.method == "POST":
        if _changes_rows(request):
            form, rows = _with_other_rows(request, form, rows)
            form.reading = read  # of the page that was first opened
        elif form.is_valid() and rows.is_valid():
            stated = form.data_with([row.get("seat", "") for row in rows.cleaned_data])
            if "try" in request.POST:
                tried = _try(form, stated, entry.code if entry else "", request.user)
            elif run_form(form, lambda data: _save(request.user, entry, stated, data["reason"], read)):
                messages.success(request, _("The rule has a new version.") if entry else _("The rule was added."))
                return redirect("sourcing:routing")
    context = {
        "title": rules.in_words(data["name"]) or _("Add a routing rule"),
        "intro": _("Version %(n)d of this rule; saving makes the next one.") % {"n": entry.version} if entry else "",
        "form": form,
        "rows": rows,
        "tried": [(line, *_rule_words(line)) for line in tried or []],
        "was_tried": tried is not None,
        "days": TRIED_DAYS,
        "entry": entry,
        "crumbs": [(_("Routing rules"), reverse("sourcing:routing"))],
    }
    return htmx.render_part(request, "sourcing/routing_rule.html", context, status=htmx.form_status(form))


def _bound(request: HttpRequest, data: dict[str, Any]) -> tuple[fields.RuleForm, Any]:
    kwargs = {"form_kwargs": {"choices": fields.seat_choices()}, "prefix": "seats"}
    if request.method == "POST":
        return fields.RuleForm(request.POST), fields.SeatRows(request.POST, **kwargs)
    seats = fields.seats_of(data) or [""]
    return fields.RuleForm(initial=fields.initial_of(data)), fields.SeatRows(
        initial=[{"seat": seat} for seat in seats], **kwargs
    )


def _changes_rows(request: HttpRequest) -> bool:
    return "add_row" in request.POST or "remove_row" in request.POST


def _with_other_rows(request: HttpRequest, form: fields.RuleForm, rows: Any) -> tuple[fields.RuleForm, Any]:
    """The same form as it was typed, unjudged, with one row more or one less."""
    typed = {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}
    seats = [row["seat"].value() or "" for row in rows.forms] if rows.is_bound else []
    gone = request.POST.get("remove_row", "")
    if "add_row" in request.POST:
        seats.append("")
    elif gone.isdigit() and int(gone) < len(seats):
        del seats[int(gone)]
    kwargs = {"form_kwargs": {"choices": fields.seat_choices()}, "prefix": "seats"}
    initial = [{"seat": seat} for seat in (seats or [""])]
    return fields.RuleForm(initial=typed), fields.SeatRows(initial=initial, **kwargs)


def _rule_words(line: Preview) -> tuple[bool, str]:
    """Whether the rule being tried places this need, and the name of the rule that does."""
    if line.rule is None:
        return False, ""
    return line.rule.pk is None, rules.in_words(line.rule.data["name"])


def _try(form: fields.RuleForm, data: dict[str, Any], code: str, actor: Any) -> list[Preview] | None:
    """What the rule would do, or nothing with its fault on the form."""
    try:
        return try_rule(data=data, code=code, actor=actor)
    except RuleViolation as error:
        form.add_error(None, str(error))
        return None


def _save(actor: Any, entry: CatalogueEntry | None, data: dict[str, Any], reason: str, read: Read) -> None:
    if entry is None:
        add_routing_rule(data=data, actor=actor, reason=reason)
    else:
        change_entry(entry=entry, data=data, actor=actor, reason=reason, read=read)


@role_view("coordinator", "administrator")
def routing_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Remove a routing rule, with the reason: the needs it placed keep naming it."""
    entry = find_entry(rules.ROUTING, code)
    form = forms.ReasonForm(request.POST or None)
    read = remember(form, {"data": entry.data})
    if request.method == "POST" and run_form(
        form, lambda data: retire_entry(entry=entry, actor=request.user, read=read, **data)
    ):
        messages.success(request, _("The rule was removed."))
        return redirect("sourcing:routing")
    context = {
        "title": _("Remove “%(rule)s”") % {"rule": rules.in_words(entry.data["name"])},
        "intro": _("Needs that it placed keep naming it; needs to come no longer meet it."),
        "form": form,
        "submit": _("Remove"),
        "cancel_url": reverse("sourcing:routing"),
        "crumbs": [(_("Routing rules"), reverse("sourcing:routing"))],
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))
