"""Rankings: a year by both rules with its titles, what is expected next, and published tables compared."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.directory.models import Organisation
from motrice.engines.titles import FRACTIONAL, WHOLE, Reason, Title, counted_in, pairs
from motrice.portfolio.forms.steering import RankingForm
from motrice.portfolio.links import asset_url
from motrice.portfolio.marts import titles as marts
from motrice.portfolio.models import Application, PublishedRanking
from motrice.portfolio.operations import rankings as operations
from motrice.portfolio.tables import technology
from motrice.portfolio.views.steering import chosen_organisation
from motrice.web.charts import Chart, Series
from motrice.web.confirm import confirmed
from motrice.web.forms import refuse
from motrice.web.guards import object_view, signed_in

YEARS_SHOWN = 8
SHOWN = 400


def reason_words(reason: Reason) -> str:
    """Why a title makes a difference, in the reader's language."""
    return {
        Reason.NOT_HELD: _("not held: no such title in the portfolio"),
        Reason.OTHER_YEAR: _("held, but of another year by this count"),
        Reason.OTHER_APPLICANT: _("held, for other applicants"),
        Reason.NOT_LISTED: _("held here, absent from the published list"),
        Reason.UNRECOGNISED: _("held under a spelling that is not recognised as this applicant"),
    }[reason]


@require_safe
@signed_in
def ranking(request: HttpRequest) -> HttpResponse:
    """The titles of one organisation in a year, as the edition of that year counts them."""
    organisation, others = chosen_organisation(request, PublishedRanking.objects.permitted(request.user), "steer")
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today.year - 1)
    rule = FRACTIONAL if request.GET.get("rule") == FRACTIONAL else WHOLE
    context: dict[str, Any] = {
        "title": _("Ranking of applicants"),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Ranking of applicants"), "")],
        "organisation": organisation,
        "organisations": others,
        "year": year,
        "rule": rule,
        "years": range(today.year, today.year - 12, -1),
        "loaded": PublishedRanking.objects.permitted(request.user).filter(organisation=organisation),
        "may_steer": organisation is not None and policies.allows(request.user, "steer", organisation),
    }
    if organisation is not None:
        context |= _figures(request, organisation, year, rule)
    return render(request, "portfolio/ranking.html", context)


def _year(text: str, default: int) -> int:
    first = technology.methods()[0].first
    year = int(text) if text.isdecimal() and len(text) == 4 else default
    return min(max(year, first), default + 2)


def _figures(request: HttpRequest, organisation: Organisation, year: int, rule: str) -> dict[str, Any]:
    method = technology.method_for(year)
    applications = Application.objects.permitted(request.user)
    held = marts.titles_of(applications, method)
    chosen = marts.year_of(held, organisation, method.basis, year)
    own = chosen.count.titles if chosen.count else ()
    today = timezone.localdate()
    expected = marts.expected_of(held, organisation, today.year + 1, today)
    regions: dict[str, int] = {}
    for title in own:
        regions[title.region or _("not stated")] = regions.get(title.region or _("not stated"), 0) + 1
    return {
        "method": method,
        "breaks": [one for one in technology.methods() if one.code != method.code],
        "whole": chosen.whole,
        "fractional": _mixed(chosen.fractional),
        "titles": [_line(held, title) for title in own[:SHOWN]],
        "expected_year": today.year + 1,
        "expected": expected,
        "awaited": [(day, *_line(held, title)) for day, title in expected.awaited[:SHOWN]],
        "pairs": _pairs(held, own, organisation),
        "regions": sorted(regions.items(), key=lambda item: (-item[1], item[0])),
        "chart": _chart(held, organisation, year, method, request.GET.get("rule") == FRACTIONAL),
    }


def _mixed(value: Fraction) -> str:
    """An exact number as people write it: 109 1/6, not 655/6."""
    whole, rest = divmod(value, 1)
    return f"{whole} {rest}" if whole and rest else str(value)


def _line(held: marts.Held, title: Title) -> tuple[Application, Title, str, str]:
    row = held.rows[str(title.key)]
    return row, title, ", ".join(held.names[str(key)] for key in title.owners), asset_url(row.asset)


def _pairs(held: marts.Held, own: Any, organisation: Organisation) -> list[tuple[str, int]]:
    key = f"o{organisation.pk}"
    found = [(pair, titles) for pair, titles in pairs(own) if key in pair]
    return [(held.names[str(next(one for one in pair if one != key))], len(titles)) for pair, titles in found[:20]]


def _chart(held: marts.Held, organisation: Organisation, year: int, method: Any, is_fractional: bool) -> Chart:
    """Years that the method counts alike, and those next to them counted so for comparison."""
    span = list(range(year - YEARS_SHOWN + 1, year + 1))
    rows = [marts.year_of(held, organisation, method.basis, one) for one in span]
    address = reverse("portfolio:ranking")
    chosen = {"organisation": organisation.reference, "rule": FRACTIONAL if is_fractional else WHOLE}
    links = [f"{address}?{urlencode({**chosen, 'year': one})}" for one in span]
    series = [
        Series(_("whole"), [row.whole for row in rows], links),
        Series(_("in parts"), [round(float(row.fractional), 2) for row in rows], links),
    ]
    return Chart(
        "bar", _("Titles by year"), [str(one) for one in span], series, category_label=_("Year"),
        note=_("All years counted by the same method: %(method)s.") % {"method": method}, element_id="titles-by-year",
    )  # fmt: skip


@object_view(Organisation, "steer")
def ranking_load(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Load a published ranking from a file."""
    form = RankingForm(request.POST, request.FILES) if request.method == "POST" else RankingForm()
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            text = file_text(data.pop("file"))
            loaded = operations.load_ranking(organisation=organisation, text=text, actor=request.user, **data)
            return redirect("portfolio:published_ranking", loaded.reference)
        except RuleViolation as error:
            refuse(form, error)
    title = _("Load a published ranking")
    crumbs = [(_("Ranking of applicants"), reverse("portfolio:ranking")), (title, "")]
    context = {"title": title, "intro": str(organisation), "form": form, "submit": title, "crumbs": crumbs}
    return render(request, "web/form.html", context, status=422 if form.is_bound else 200)


def file_text(file: Any) -> str:
    """The text of a file sent, in UTF-8 or as spreadsheets of Western Europe write it."""
    content = file.read()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleViolation(_("The file is not a text: save it as CSV in UTF-8."), field="file")


@object_view(PublishedRanking, "view")
def published_ranking(request: HttpRequest, loaded: PublishedRanking) -> HttpResponse:
    """A published ranking against what is held, value by value and title by title."""
    method = next((one for one in technology.methods() if one.basis == loaded.basis), technology.methods()[0])
    held = marts.titles_of(Application.objects.permitted(request.user), method)
    lines = list(loaded.lines.select_related("organisation"))
    gaps = marts.gaps_of(held, loaded, lines)
    rows = [
        (
            line,
            gap,
            [
                (held.rows[number].number if number in held.rows else number, reason_words(reason),
                 asset_url(held.rows[number].asset) if number in held.rows else "")
                for number, reason, _title in gap.titles
            ],
        )
        for line, gap in zip(lines, gaps, strict=True)
    ]  # fmt: skip
    own = [row for row in rows if row[0].organisation_id == loaded.organisation_id]
    context = {
        "title": loaded.title,
        "crumbs": [(_("Ranking of applicants"), reverse("portfolio:ranking")), (loaded.title, "")],
        "ranking": loaded,
        "method": method,
        "own": own,
        "others": [row for row in rows if row[0].organisation_id != loaded.organisation_id][:200],
        "unrecognised": sum(1 for line in lines if line.organisation_id is None and not line.is_settled),
        "counted": len(counted_in(held.titles, loaded.basis, loaded.year)),
        "may_edit": policies.allows(request.user, "edit", loaded),
    }
    return render(request, "portfolio/published_ranking.html", context)


@require_POST
@object_view(PublishedRanking, "edit")
@confirmed(
    gettext_lazy("Take the ranking back"),
    gettext_lazy("“%(what)s” and its lines are removed; load the file again to have them back."),
)
def ranking_remove(request: HttpRequest, loaded: PublishedRanking) -> HttpResponse:
    """Take back a ranking loaded by mistake."""
    operations.remove_ranking(ranking=loaded, actor=request.user)
    messages.success(request, _("The ranking was taken back."))
    return redirect("portfolio:ranking")
