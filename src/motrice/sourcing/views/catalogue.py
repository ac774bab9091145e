"""Segments with their NAF codes, seen by everyone signed in; what the coordinator watches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import catalogue, policies
from motrice.core.mailing import REASONS
from motrice.core.models import CatalogueEntry
from motrice.directory.models import Organisation
from motrice.engines.search.text import fold
from motrice.sourcing import forms, rules
from motrice.sourcing.lists import OFFERS
from motrice.sourcing.models import Need, Offer
from motrice.sourcing.operations.catalogue import change_entry
from motrice.sourcing.operations.routing import read_desk
from motrice.sourcing.queries import unreached
from motrice.web import htmx
from motrice.web.forms import remember, run_form
from motrice.web.guards import role_view, signed_in


def may_edit(actor: Any) -> bool:
    return policies.holds(actor, "coordinator", "administrator")


def find_entry(kind: str, code: str) -> CatalogueEntry:
    found = catalogue.current(kind, code)
    if not found:
        raise Http404
    return found[0]


@require_safe
@signed_in
def segments(request: HttpRequest) -> HttpResponse:
    """The market segments, what each covers, and which NAF code leads to which."""
    typed = request.GET.get("naf", "").strip()[:10]
    rows = sorted(catalogue.current(rules.SEGMENT), key=lambda row: fold(rules.in_words(row.data["name"])).casefold())
    offers = dict(
        Offer.objects.permitted(request.user)
        .current()
        .order_by()
        .values_list("segments__segment")
        .annotate(Count("pk", distinct=True))
    )
    found = rules.segment_of(typed) if typed else ""
    context = {
        "rows": [
            (
                row.code,
                rules.in_words(row.data["name"]),
                rules.in_words(row.data["description"]),
                row.data["naf"],
                offers.get(row.code, 0),
            )
            for row in rows
        ],
        "typed": typed,
        "found": dict(rules.choices(rules.SEGMENT)).get(found, "") if found else "",
        "may_edit": may_edit(request.user),
        "title": _("Market segments"),
    }
    return render(request, "sourcing/segments.html", context)


@role_view("coordinator", "administrator")
def segment_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a segment: a new version; what was stated under the old one keeps it."""
    entry = find_entry(rules.SEGMENT, code)
    data = entry.data
    initial = {
        "name_fr": data["name"]["fr"],
        "name_en": data["name"]["en"],
        "description_fr": data["description"]["fr"],
        "description_en": data["description"]["en"],
        "naf": ", ".join(data["naf"]),
    }
    form = forms.SegmentForm(request.POST or None, initial=initial)
    read = remember(form, {"data": data})

    def change(fields: dict[str, Any]) -> None:
        naf = [rules.check_naf(code) for code in fields["naf"].replace("\n", ",").split(",") if code.strip()]
        texts = {
            name: {"fr": fields[f"{name}_fr"].strip(), "en": fields[f"{name}_en"].strip()}
            for name in ("name", "description")
        }
        change_entry(entry=entry, data={**texts, "naf": naf}, actor=request.user, reason=fields["reason"], read=read)

    if request.method == "POST" and run_form(form, change):
        messages.success(request, _("The segment has a new version."))
        return redirect("sourcing:segments")
    context = {
        "title": rules.in_words(data["name"]),
        "intro": _("Version %(n)d of this segment; saving makes the next one.") % {"n": entry.version},
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("sourcing:segments"),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_safe
@role_view("coordinator")
def overview(request: HttpRequest) -> HttpResponse:
    """What the coordinator watches: escalations, load of each officer, offers whose review is late."""
    seen = Need.objects.permitted(request.user)
    loads = (
        seen.open()
        .order_by()
        .values("owner__display_name", "office__name")
        .annotate(count=Count("pk"), unanswered=Count("pk", filter=Q(first_answer_at=None)))
        .order_by("-count", "owner__display_name")
    )
    desk = read_desk(timezone.localdate())
    context = {
        "title": _("The desk of the network"),
        "escalated": list(
            seen.unanswered().exclude(escalated_at=None).select_related("owner").order_by("due_at")[:50]
        ),
        "untold": [(row, REASONS.get(row.missed, "")) for row in unreached(request.user)[:50]],
        "loads": list(loads[:100]),
        "absent": len(desk.absent),
        "without_officer": list(
            Organisation.objects.permitted(request.user)
            .filter(kind="institute")
            .exclude(pk__in=[pk for pk in desk.officers if pk is not None])[:50]
        ),
    }
    return render(request, "sourcing/overview.html", context)


@role_view("coordinator", "auditor")
def overdue_offers(request: HttpRequest) -> HttpResponse:
    """Offers whose review is late: hidden from the portal until somebody reviews them."""
    rows = Offer.objects.permitted(request.user).overdue().select_related("organisation", "owner")
    return OFFERS.respond(request, rows, context={"title": _("Offers whose review is late")})
