"""The audit log and the catalogue, to be read; and the next version of a catalogue entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.accounts import history
from motrice.accounts.forms import CatalogueForm
from motrice.accounts.lists import AUDIT
from motrice.accounts.records import record_of, words_for
from motrice.core import audit, catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import AuditEntry, CatalogueEntry
from motrice.core.policies import allows, holds
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, role_view, signed_in
from motrice.web.htmx import form_status


@signed_in
def audit_list(request: HttpRequest) -> HttpResponse:
    """The acts that the reader may see: all of them on an audit mission, else one's own."""
    rows = AuditEntry.objects.permitted(request.user).select_related("actor")
    context = {"title": _("Audit log"), "may_verify": holds(request.user, "auditor")}
    return AUDIT.respond(request, rows, template="accounts/audit.html", context=context)


@object_view(AuditEntry, "view", by="sequence")
def audit_entry(request: HttpRequest, entry: AuditEntry) -> HttpResponse:
    """One act with each row that it wrote, before and after (on a mission), and its place in the chain."""
    changes = entry.changes.permitted(request.user).order_by("position")  # type: ignore[attr-defined]
    record = record_of(entry.subject_label, entry.subject_pk)
    shown = record is not None and allows(request.user, "view", record)
    context = {
        "entry": entry,
        "words": history.verb_words(entry.verb),
        "changes": [history.row_change(row) for row in changes[:500]],
        "change_count": changes.count(),
        "subject": words_for(record) if shown else "",
        "is_whole": audit.digest(entry, entry.changes.order_by("position")) == entry.hash,  # type: ignore[attr-defined]
    }
    return render(request, "accounts/audit_entry.html", context)


@role_view("auditor")
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain, when asked to."""
    verdict = audit.verify(expected_head=request.POST.get("head", "").strip()) if request.method == "POST" else None
    return render(request, "accounts/audit_verify.html", {"verdict": verdict})


@require_safe
@signed_in
def catalogue_kinds(request: HttpRequest) -> HttpResponse:
    """What the institution chooses as data, by kind."""
    rows = CatalogueEntry.objects.permitted(request.user).order_by("kind").values("kind")
    kinds = rows.annotate(codes=Count("code", distinct=True), loaded_at=Max("loaded_at"))
    return render(request, "accounts/catalogue_kinds.html", {"kinds": kinds})


@require_safe
@signed_in
def catalogue_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest version of each entry of a kind."""
    rows = CatalogueEntry.objects.permitted(request.user).filter(kind=kind).order_by("code", "-version")
    newest: dict[str, CatalogueEntry] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    if not newest:
        raise Http404
    return render(request, "accounts/catalogue_kind.html", {"kind": kind, "entries": list(newest.values())})


def _versions(request: HttpRequest, kind: str, code: str) -> list[CatalogueEntry]:
    rows = CatalogueEntry.objects.permitted(request.user).filter(kind=kind, code=code).order_by("-version")
    if not rows:
        raise Http404
    return list(rows)


@require_safe
@signed_in
def catalogue_entry(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Every version of one entry; each record keeps the version it was made under."""
    versions = _versions(request, kind, code)
    may_edit = allows(request.user, "edit", versions[0])
    return render(request, "accounts/catalogue_entry.html", {"versions": versions, "may_edit": may_edit})


@signed_in
def catalogue_edit(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Add the next version, checked by the kind's own rules; those before it stay."""
    last = _versions(request, kind, code)[0]
    if not allows(request.user, "edit", last):
        raise Http404
    form = CatalogueForm(request.POST or None, initial={"data": last.data, "is_retired": last.is_retired})
    read = remember(form)

    def write(data: dict[str, Any]) -> None:
        made = catalogue.edit(kind=kind, code=code, actor=request.user, read=read, **_catalogue_values(data))
        messages.success(request, _("Version %(n)s is in force.") % {"n": made.version})

    if run_form(form, write):
        return redirect("accounts:catalogue_entry", kind, code)
    context = {
        "title": _("Next version of %(code)s") % {"code": code},
        "intro": _("What was made under an earlier version keeps it."),
        "form": form,
        "submit": _("Put the version in force"),
        "cancel_url": reverse("accounts:catalogue_entry", args=[kind, code]),
    }
    return render(request, "web/form.html", context, status=form_status(form))


def _catalogue_values(data: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(data["data"], dict):
        raise RuleViolation(_("The content is a JSON object."), field="data")
    return {name: data[name] for name in ("data", "is_retired", "reason")}
