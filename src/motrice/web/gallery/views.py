"""The gallery: each part with invented content."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from motrice.web import formats, htmx, parts
from motrice.web.charts import Chart, Series
from motrice.web.drawings import Lineage, LineageEdge, LineageNode, MapPoint, PositionMap
from motrice.web.forms import FileField
from motrice.web.guards import signed_in
from motrice.web.lists import BulkAction, BulkResult, Column, Empty, Facet, ListPage, Option, OptionFacet

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 22)


class GalleryForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=_("What is the problem?"), help_text=_("In one sentence, in your own words."), max_length=120
    )
    details = forms.CharField(label=_("What was tried?"), widget=forms.Textarea, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", "—"), ("glass", _("Glass")), ("food", _("Food"))])
    level = forms.ChoiceField(
        label=_("Who may see it"),
        widget=forms.RadioSelect,
        choices=[("network", _("Network")), ("circle", _("Named circle"))],
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("a", _("Coatings")), ("b", _("Sensors"))],
    )
    due_on = forms.DateField(label=_("Wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = FileField(
        label=_("Attachment"), required=False, accept=".pdf,.docx", help_text=_("PDF or Word, 20 MB at most.")
    )
    agreed = forms.BooleanField(label=_("I may share this problem with laboratories"))


def _run_note(actor: object, rows: list[Permission]) -> BulkResult:
    return BulkResult(ngettext("%(n)s row was counted.", "%(n)s rows were counted.", len(rows)) % {"n": len(rows)})


PERMISSIONS = ListPage(
    name="web.gallery",
    counted=lambda n: ngettext("%(n)s right", "%(n)s rights", n) % {"n": formats.number_text(n)},
    columns=[
        Column("name", _("Name"), kind="main", sort="name"),
        Column("model", _("Model"), value="content_type.model", sort="content_type__model"),
        Column("codename", _("Code"), sort="codename"),
        Column("id", _("Number"), kind="number", sort="pk", default=False),
    ],
    search=("name", "codename"),
    facets=[
        Facet("app", _("Application"), field="content_type__app_label"),
        OptionFacet(
            "verb",
            _("Verb"),
            [
                Option("add", _("add"), lambda actor: Q(codename__startswith="add")),
                Option("view", _("view"), lambda actor: Q(codename__startswith="view")),
            ],
        ),
    ],
    bulk=[BulkAction("count", _("Count them"), _run_note, explanation=_("Counts the rows and changes nothing."))],
    empty=Empty(_("No right yet"), _("The rights of each model would be listed here.")),
    row_url=lambda row: f"{reverse('web:gallery')}#right-{row.pk}",
    row_key="codename",
    order=["content_type__app_label", "codename"],
)


@signed_in
def gallery_list(request: HttpRequest) -> HttpResponse:
    """The list pattern over the rights that Django itself keeps."""
    rows = Permission.objects.select_related("content_type")
    return PERMISSIONS.respond(
        request, rows, context={"title": _("Rights of Django"), "intro": _("A list that every site has.")}
    )


@signed_in
def gallery_form(request: HttpRequest) -> HttpResponse:
    """The form pattern."""
    form = GalleryForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        messages.success(request, _("Nothing was recorded: this is the gallery."))
        form = GalleryForm()
    context = {
        "title": _("Describe a problem"),
        "form": form,
        "submit": _("Send to the desk"),
        "readers": _("The officers of the desk will read it; laboratories see it once an officer refers it."),
    }
    return render(request, "web/form.html", context, status=htmx.form_status(form))


@signed_in
def gallery(request: HttpRequest) -> HttpResponse:
    """Every other part."""
    return render(request, "web/gallery.html", {**_content(), **_drawings()})


def _content() -> dict:
    head = parts.RecordHead(
        title="Un vitrage qui garde la chaleur sans perdre la lumière",
        reference="N-7KQ4ZR2M",
        kind=_("Need"),
        state=parts.Badge(_("Referred"), "accent"),
        level=parts.Badge(_("Named circle"), "warn", icon="lock", url="#why"),
        holder="Odile Brume",
        held_since=date(2026, 11, 12),
        next_step=parts.Step(_("Record the answer"), "#answer"),
        other_steps=[parts.Step(_("Add a laboratory"), "#add")],
    )
    return {
        "crumbs": [(_("Needs"), "#"), ("N-7KQ4ZR2M", "")],
        "head": head,
        "facts": [
            parts.Fact(_("Sector"), _("Glass")),
            parts.Fact(_("Maturity"), "TRL 4"),
            parts.Fact(_("Budget"), formats.amount_text(45000)),
        ],
        "dates": [
            parts.DateAhead(date(2026, 11, 18), _("Promised answer")),
            parts.DateAhead(date(2027, 1, 15), _("Decision of the company")),
        ],
        "people": [
            parts.Link("Odile Brume", "#odile", _("desk officer")),
            parts.Link("Verrerie des Essarts", "#company", _("company")),
        ],
        "timeline": _story(),
        "waiting": [
            parts.Waiting(_("Answer the need N-7KQ4ZR2M"), "#n", _("you hold it"), date(2026, 11, 18), _("Answer")),
            parts.Waiting(
                _("Accept the referral to the glass laboratory"), "#r", _("you direct it"), date(2027, 2, 1), _("Open")
            ),
        ],
        "evidence": _evidence(),
        "work": parts.Work(_("Import of structures"), 3120, 4506, failed=23, note="RNSR 2026-11"),
        "comparison": parts.Comparison(
            heads=[
                parts.Link("Laboratoire des verres", "#a", "Rennes"),
                parts.Link("Institut des surfaces", "#b", "Lyon"),
            ],
            lines=[
                parts.CompareLine(_("Kind"), ["UMR", "UMR"]),
                parts.CompareLine(_("Evidence"), [12, 7]),
                parts.CompareLine(_("Platform"), [_("yes"), _("no")]),
            ],
            title=_("Two laboratories side by side"),
        ),
        "badges": [
            parts.Badge(_("Open"), "accent"),
            parts.Badge(_("Answered"), "good"),
            parts.Badge(_("Waiting"), "warn"),
            parts.Badge(_("Refused"), "bad"),
            parts.Badge(_("Draft")),
        ],
    }


def _story() -> list[parts.TimelineItem]:
    start = datetime(2026, 11, 12, 9, 30, tzinfo=PARIS)
    return [
        parts.TimelineItem(
            _("referred it to the glass laboratory"),
            start + timedelta(days=1),
            "Odile Brume",
            is_key=True,
            why=_("They coated a similar pane for a greenhouse last year."),
            files=[parts.FileLink("cahier-des-charges.pdf", "#file", 482_113)],
        ),
        parts.TimelineItem(_("took the need"), start + timedelta(hours=2), "Odile Brume"),
        parts.TimelineItem(_("sent the need"), start, "Aymar Fontvieille"),
    ]


def _evidence() -> list[parts.Evidence]:
    text = (
        "Dépôt de couches minces d’oxyde par pulvérisation pour des vitrages à basse émissivité, avec mesure en ligne."
    )
    return [
        parts.Evidence(
            "Couches minces pour vitrages", text, ("vitrages", "couches minces"), 0.62, "#e1", "ANR", date(2024, 3, 1)
        ),
        parts.Evidence(
            "Low-emissivity coatings",
            "Coatings that keep heat and let light through.",
            ("light", "heat"),
            0.38,
            source="CORDIS",
        ),
    ]


def _drawings() -> dict:
    months = ["01/26", "02/26", "03/26", "04/26", "05/26", "06/26"]
    links = [f"#month-{month[:2]}" for month in months]
    note = _("Needs of the network, January to June 2026; counted on 22 November 2026.")
    sent, answered = [12, 18, 9, 22, 31, 27], [10, 15, 9, 17, 24, 11]
    both = [Series(_("Sent"), sent, links), Series(_("Answered"), answered, links)]
    month = _("Month")
    steps = [_("Sent"), _("Referred"), _("Accepted"), _("Introduced"), _("Contract")]
    return {
        "charts": [
            Chart("bar", _("Needs by month"), months, both[:1], _("needs"), note, month, "needs-bar"),
            Chart("line", _("Sent and answered"), months, both, _("needs"), note, month, "needs-line"),
            Chart("stacked", _("Answers by month"), months, both, _("needs"), note, month, "needs-stacked"),
            Chart(
                "funnel",
                _("From need to contract"),
                steps,
                [Series(_("Needs"), [119, 96, 61, 40, 9])],
                "",
                note,
                _("Step"),
                "needs-funnel",
            ),
        ],
        "lineage": Lineage(
            _("Line of successors"),
            [
                LineageNode("a", "Laboratoire des verres anciens", 1992, 2007, "#a"),
                LineageNode("b", "Centre des céramiques", 1998, 2007, "#b"),
                LineageNode("c", "Institut des matériaux clairs", 2008, None, "#c", is_here=True),
                LineageNode("d", "Équipe surfaces", 2019, None, "#d"),
            ],
            [
                LineageEdge("a", "c", _("merger"), 2008),
                LineageEdge("b", "c", _("merger"), 2008),
                LineageEdge("c", "d", _("split"), 2019),
            ],
        ),
        "map": PositionMap(
            _("Where the units are"),
            [
                MapPoint(2.35, 48.85, "Paris", "#paris"),
                MapPoint(-1.68, 48.11, "Rennes", "#rennes"),
                MapPoint(5.72, 45.19, "Grenoble", "#grenoble"),
                MapPoint(9.15, 42.3, "Corte", "#corte"),
                MapPoint(-1.15, 46.16, "La Rochelle", "#lr"),
                MapPoint(5.37, 43.3, "Marseille", "#m"),
                MapPoint(7.75, 48.58, "Strasbourg", "#s"),
                MapPoint(55.45, -20.9, "Saint-Denis", "#reunion"),
            ],
        ),
    }
