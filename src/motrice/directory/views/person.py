"""The record page of a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core.policies import allows
from motrice.directory import queries
from motrice.directory.forms import PersonForm
from motrice.directory.links import record_url
from motrice.directory.models import Evidence, Person
from motrice.directory.operations.person import edit_person
from motrice.directory.views import record
from motrice.directory.views.history import why_url
from motrice.directory.views.people import account_of
from motrice.web import htmx, panels, parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


@require_safe
@object_view(Person, "view", is_public=True)
def person(request: HttpRequest, somebody: Person) -> HttpResponse:
    """One person: where they work, what shows their work; a merged record leads to the one that stands for it."""
    if somebody.merged_into_id is not None:
        return redirect(record_url(queries.resolve(somebody)))
    actor = request.user
    may_edit = allows(actor, "edit", somebody)
    may_merge = allows(actor, "merge", somebody)
    edit_url = reverse("directory:person_edit", args=[somebody.reference])
    places = somebody.affiliations.permitted(actor).select_related("organisation").order_by("-starts_on", "pk")
    rows = Evidence.objects.filter(owners__person=somebody).permitted(actor).order_by("-dated_on", "pk")
    context = {
        "person": somebody,
        "head": parts.RecordHead(
            title=str(somebody), kind=_("Person"), level=record.level_badge(somebody, why_url(somebody, actor)),
        ),
        "crumbs": [(_("People"), reverse("directory:people")), (str(somebody), "")],
        "facts": [
            parts.Fact(_("What they do"), somebody.description),
            parts.Fact(_("E-mail"), somebody.email if actor.is_authenticated else ""),
            parts.Fact(_("Source"), somebody.source),
        ],
        "edit_url": edit_url if may_edit else "",
        "identifiers_url": reverse("directory:person_identifiers", args=[somebody.reference]) if may_edit else "",
        "history_url": reverse("directory:person_history", args=[somebody.reference]) if may_edit else "",
        "evidence_url": reverse("directory:person_evidence", args=[somebody.reference]) if may_edit else "",
        "account": account_of(somebody, actor, may_merge=may_merge),
        "merge_url": reverse("directory:person_merge", args=[somebody.reference]) if may_merge else "",
        "places": [
            parts.Link(
                row.organisation, record_url(row.organisation),
                " · ".join(filter(None, (row.get_role_display(), record.span(row)))),
            )
            for row in places[:50]
        ],
        "pieces": record.shown_pieces(rows[:10]),
        "identifiers": record.identifiers(somebody),
        "record_panels": panels.beside(somebody, actor),
    }  # fmt: skip
    return htmx.render_part(request, "directory/person.html", context)


@object_view(Person, "edit")
def person_edit(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Correct a person's record."""
    form = PersonForm(request.POST or None, instance=Person.objects.get(pk=somebody.pk))
    read = remember(form)

    def write(data: dict[str, Any]) -> None:
        edit_person(person=somebody, actor=request.user, reason=data["reason"], read=read, **form.values())

    if run_form(form, write):
        messages.success(request, _("The changes were saved."))
        return redirect(record_url(somebody))
    context = {
        "form": form,
        "title": _("Edit %(name)s") % {"name": somebody},
        "submit": _("Save"),
        "cancel_url": record_url(somebody),
        "crumbs": [(_("People"), reverse("directory:people")), (str(somebody), record_url(somebody)), (_("Edit"), "")],
    }
    return htmx.render_section_form(request, context, section_id="about")
