"""The gallery: each part with invented content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from motrice.web import formats, htmx
from motrice.web.forms import FileField
from motrice.web.gallery import content
from motrice.web.guards import signed_in
from motrice.web.lists import BulkAction, BulkResult, Column, Empty, Facet, ListPage, Option, OptionFacet


class GalleryForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label="What is the problem?", help_text="In one sentence, in your own words.", max_length=120
    )
    details = forms.CharField(label="What was tried?", widget=forms.Textarea, required=False)
    sector = forms.ChoiceField(label="Sector", choices=[("", "—"), ("glass", "Glass"), ("food", "Food")])
    level = forms.ChoiceField(
        label="Who may see it", widget=forms.RadioSelect, choices=[("network", "Network"), ("circle", "Named circle")]
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("coatings", "Coatings"), ("sensors", "Sensors")],
    )
    due_on = forms.DateField(label="Wanted by", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = FileField(label="Attachment", required=False, accept=".pdf,.docx", help_text="PDF or Word, 20 MB at most.")
    agreed = forms.BooleanField(label="I may share this problem with laboratories")


class SectorForm(forms.Form):
    """The section that is edited in place."""

    sector = forms.CharField(label="Sector", max_length=20)


def count_rows(actor: Any, rows: list[Permission]) -> BulkResult:
    """The harmless act of the gallery's list."""
    return BulkResult(f"{len(rows)} counted.")


PERMISSIONS = ListPage(
    name="web.gallery",
    counted=lambda n: f"{formats.number_text(n)} rights",
    columns=[
        Column("name", "Name", kind="main", sort="name"),
        Column("model", "Model", value="content_type.model", sort="content_type__model"),
        Column("codename", "Code", sort="codename"),
        Column("id", "Number", kind="number", sort="pk", default=False),
    ],
    search=("name", "codename"),
    facets=[
        Facet("app", "Application", field="content_type__app_label"),
        OptionFacet(
            "verb",
            "Verb",
            [
                Option("add", "add", lambda actor: Q(codename__startswith="add")),
                Option("view", "view", lambda actor: Q(codename__startswith="view")),
            ],
        ),
    ],
    bulk=[BulkAction("count", "Count them", count_rows, explanation="Counts the rows and changes nothing.")],
    empty=Empty("No right yet", "The rights of each model would be listed here."),
    row_url=lambda row: f"{reverse('web:gallery')}#right-{row.pk}",
    row_key="codename",
    order=["content_type__app_label", "codename"],
)


@signed_in
def gallery_list(request: HttpRequest) -> HttpResponse:
    """The list pattern over the rights that Django itself keeps."""
    rows = Permission.objects.select_related("content_type")
    return PERMISSIONS.respond(request, rows, context={"title": "Rights of Django", "intro": "Every site has them."})


@signed_in
def gallery_form(request: HttpRequest) -> HttpResponse:
    """The form pattern; a draft sent as one types is answered and forgotten."""
    if request.method == "POST" and htmx.wants_fragment(request):
        return HttpResponse(status=204)
    form = GalleryForm(request.POST, request.FILES) if request.method == "POST" else GalleryForm()
    if form.is_valid():
        messages.success(request, "Nothing was recorded: this is the gallery.")
        return redirect("web:gallery_form")
    context = {
        "title": "Describe a problem",
        "form": form,
        "submit": "Send to the desk",
        "autosave_url": reverse("web:gallery_form"),
        "readers": "The officers of the desk will read it; laboratories see it once an officer refers it.",
    }
    return render(request, "web/form.html", context, status=htmx.form_status(form))


@signed_in
def gallery_section(request: HttpRequest) -> HttpResponse:
    """The section edited in place: itself, its form with `?edit`, or whole pages without htmx."""
    form = SectorForm(request.POST) if request.method == "POST" else SectorForm(initial={"sector": "Glass"})
    url = reverse("web:gallery_section")
    context = {"section_id": "facts", "title": "What is asked", "edit_url": f"{url}?edit"}
    if "edit" in request.GET and not form.is_valid():
        asked = {"title": context["title"], "form": form, "submit": "Save", "cancel_url": url}
        return htmx.render_section_form(request, asked, section_id="facts")
    context["facts"] = content.facts(form.cleaned_data["sector"]) if form.is_valid() else content.facts()
    return htmx.render_part(request, "web/gallery.html", {**_context(), **context})


@signed_in
def gallery_suggest(request: HttpRequest) -> HttpResponse:
    """What the search box shows as one types."""
    text = request.GET.get("q", "")
    found = [one for one in content.SUGGESTIONS if text.lower() in one.label.lower()]
    return render(request, "web/_suggestions.html", {"suggestions": found, "search_text": text})


@signed_in
def gallery_public(request: HttpRequest) -> HttpResponse:
    """The public site's frame."""
    return render(request, "web/gallery_public.html", {"crumbs": [("Offers", "#"), ("Coatings", "")]})


@signed_in
def gallery(request: HttpRequest) -> HttpResponse:
    """Every other part."""
    return render(request, "web/gallery.html", _context())


def _context() -> dict[str, Any]:
    return {
        "crumbs": [("Needs", "#"), ("7KQ4ZR2M", "")],
        "head": content.HEAD,
        "section_id": "facts",
        "title": "What is asked",
        "edit_url": f"{reverse('web:gallery_section')}?edit",
        "facts": content.facts(),
        "dates": content.DATES,
        "people": content.PEOPLE,
        "timeline": content.STORY,
        "waiting": content.WAITING,
        "evidence": content.EVIDENCE,
        "work": content.WORK,
        "comparison": content.COMPARISON,
        "badges": content.BADGES,
        "charts": content.charts(),
        "lineage": content.LINEAGE,
        "map": content.MAP,
        "shell_search": {"search_url": reverse("web:gallery_list"), "suggest_url": reverse("web:gallery_suggest")},
    }
