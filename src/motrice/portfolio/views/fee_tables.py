"""Fee tables in the browser: as they stand, and the next one entered, previewed and saved from its day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.engines.docketing import FeeTable
from motrice.portfolio.forms import fee_tables as forms
from motrice.portfolio.importers.fee_lines import FeeLine, LineFault, lines_of, rows_of
from motrice.portfolio.jobs import apply_fees
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations.fee_tables import add_fee_table
from motrice.portfolio.queries.fee_changes import (
    MOST_LINES,
    FeeChanges,
    NewFees,
    changes_of,
    code_of,
    fee_entry,
    next_data,
    percent_done,
    table_of,
)
from motrice.portfolio.tables.docket import rulebook
from motrice.portfolio.views.ranking import file_text
from motrice.portfolio.words.docket import in_language
from motrice.portfolio.words.offices import office_name
from motrice.web import htmx, parts
from motrice.web.formats import amount_text
from motrice.web.forms import refuse
from motrice.web.guards import signed_in

PER_PAGE = 50


def _crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Docket"), reverse("portfolio:docket")), (_("Fee tables"), reverse("portfolio:fee_tables")), *more]


def name_of(entry: CatalogueEntry) -> str:
    """The name of a table in the reader's language."""
    return in_language({"en": entry.data["name"], "fr": entry.data["name_fr"]})


def _office(code: str) -> str:
    names = {"EP": _("European Patent Office"), "UP": _("unitary patent")}
    return names.get(code) or office_name(code)


@require_safe
@signed_in
def fee_tables(request: HttpRequest) -> HttpResponse:
    """Every fee table that holds, the newest of each office and act first."""
    found = sorted(
        rulebook().fee_tables.values(), key=lambda table: (table.office, table.act, -table.valid_from.toordinal())
    )
    offices = sorted({table.office for table in found})
    chosen = request.GET.get("office", "")
    page = Paginator([one for one in found if chosen in ("", one.office)], PER_PAGE).get_page(request.GET.get("page"))
    entries = CatalogueEntry.objects.permitted(request.user).filter(kind="portfolio.fees")
    names = {(row.code, row.version): name_of(row) for row in entries.filter(code__in=[one.code for one in page])}
    context = {
        "title": _("Fee tables"),
        "page": page,
        "lines": [(one, names.get((one.code, one.version), one.code), _office(one.office)) for one in page],
        "offices": [(code, _office(code)) for code in offices],
        "office": chosen,
        "crumbs": [*_crumbs()[:1], (_("Fee tables"), "")],
    }
    return render(request, "portfolio/fee_tables.html", context)


def _entry(code: str) -> CatalogueEntry:
    entry = fee_entry(code)
    if entry is None:
        raise Http404
    return entry


@require_safe
@signed_in
def fee_table(request: HttpRequest, code: str) -> HttpResponse:
    """One table: its amounts, its source, and how far the dockets follow it."""
    entry = _entry(code)
    table, work = table_of(entry), _work(request, entry)
    if htmx.wants_fragment(request):
        return htmx.render_part(request, "web/parts/work.html", {"work": work})
    dated = [one for one in rulebook().fee_tables.values() if (one.office, one.act) == (table.office, table.act)]
    context = {
        "title": name_of(entry),
        "table": table,
        "entry": entry,
        "facts": [
            parts.Fact(_("Office"), _office(table.office)),
            parts.Fact(_("In force from"), table.valid_from),
            parts.Fact(_("Known to hold until"), table.known_until),
            parts.Fact(_("Source"), table.source),
            parts.Fact(_("Read on"), table.read_on),
        ],
        "rows": [(row.term, row.category, amount_text(row.amount, table.currency)) for row in table.rows],
        "dated": sorted(dated, key=lambda one: one.valid_from, reverse=True),
        "may_edit": policies.allows(request.user, "edit", entry),
        "work": work,
        "crumbs": _crumbs((name_of(entry), "")),
    }
    return render(request, "portfolio/fee_table.html", context)


def _work(request: HttpRequest, entry: CatalogueEntry) -> parts.Work:
    seen, table = Deadline.objects.permitted(request.user, "sum"), table_of(entry)
    percent = percent_done(table, seen)
    return parts.Work(
        _("Dockets worked out by the tables of today, in percent"),
        percent,
        100,
        is_running=percent < 100,
        url=reverse("portfolio:fee_table", args=[entry.code]),
        element_id="dockets",
    )


@dataclass
class _Page:
    """The form of a new table on its way: what was written, what is wrong, what it would change."""

    form: forms.FeesForm
    pasted: forms.LinesForm
    rows: list[FeeLine]
    faults: list[LineFault] = field(default_factory=list)
    changes: FeeChanges | None = None
    mark: str = ""
    note: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.faults or self.form.errors or self.pasted.errors)


@signed_in
def fee_table_next(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the amounts of the table that follows, see what they change, and save them."""
    entry = _entry(code)
    policies.require(request.user, "edit", entry)
    table = table_of(entry)
    page = _Page(forms.FeesForm.of(table), forms.LinesForm(), rows_of(table))
    if request.method == "POST":
        page, fees = _read(request, entry, table)
        if fees is not None and request.POST.get("act") == "save":
            if request.POST.get("mark") == page.mark:
                saved = add_fee_table(base=entry, fees=fees, actor=request.user)
                apply_fees(saved)
                messages.success(request, _("The table is saved: it holds from its day."))
                return redirect("portfolio:fee_table", saved.code)
            page.note = _("The table differs from the one you looked at: look at what it changes, then save it.")
    context = {
        "title": _("New fees after %(name)s") % {"name": name_of(entry)},
        "entry": entry,
        "page": page,
        "amounts": _amounts(page.changes, table.currency, page.form) if page.changes else [],
        "totals": [(one, amount_text(old, one), amount_text(new, one)) for one, old, new in page.changes.totals()]
        if page.changes
        else [],
        "crumbs": _crumbs((name_of(entry), reverse("portfolio:fee_table", args=[code])), (_("New fees"), "")),
    }
    return render(request, "portfolio/fee_table_next.html", context, status=422 if page.is_refused else 200)


def _read(request: HttpRequest, entry: CatalogueEntry, table: FeeTable) -> tuple[_Page, NewFees | None]:
    form, pasted = forms.FeesForm(request.POST), forms.LinesForm(request.POST, request.FILES)
    page = _Page(form, pasted, _posted_rows(request.POST))
    if not pasted.is_valid():
        form.is_valid()
        return page, None
    try:
        sent = file_text(pasted.cleaned_data["file"]) if pasted.cleaned_data["file"] else ""
    except RuleViolation as error:
        refuse(pasted, error)
        return page, None
    page.rows, rows, page.faults = lines_of(page.rows, pasted.cleaned_data["pasted"], sent, table)
    if not page.faults:
        page.pasted = forms.LinesForm()  # what was pasted stands in the rows now
    if not form.is_valid() or page.faults:
        return page, None
    fees, today = form.fees(rows), timezone.localdate()
    try:
        data = next_data(entry, fees, today=today)
    except RuleViolation as error:
        refuse(form, error)
        return page, None
    new = table_of(CatalogueEntry(code=code_of(table, fees.valid_from), version=1, data=data))
    page.changes = changes_of(table, new, Deadline.objects.permitted(request.user, "sum"), today=today)
    page.mark = _mark_of(fees)
    return page, fees


def _amounts(changes: FeeChanges, old: str, form: forms.FeesForm) -> list[tuple[str, str, str, str, bool]]:
    def shown(amount: Any, currency: str) -> str:
        return "–" if amount is None else amount_text(amount, currency)

    new = form.cleaned_data["currency"]
    return [
        (one.term, one.category, shown(one.before, old), shown(one.after, new), one.differs or old != new)
        for one in changes.amounts
    ]


def _posted_rows(data: QueryDict) -> list[FeeLine]:
    """The rows as the form sent them."""
    columns = [data.getlist(name)[: MOST_LINES + 1] for name in ("term", "category", "amount")]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_LINES:
        raise RuleViolation(_("The rows of the table arrived incomplete: load the page again."), field="rows")
    cut = [[cell[:60] for cell in column] for column in columns]
    return [FeeLine(at, *cells) for at, cells in enumerate(zip(*cut, strict=True), start=1)]


def _mark_of(fees: NewFees) -> str:
    """A mark of what is previewed: what is saved must be what was looked at."""
    text = json.dumps([str(getattr(fees, name)) for name in NewFees.__dataclass_fields__])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
