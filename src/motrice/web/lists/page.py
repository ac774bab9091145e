"""A list as a page: the declaration, its reading of the address, and the answers it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.db import models
from django.db.models import OrderBy, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core import audit, policies
from motrice.core.errors import NotPermitted
from motrice.web import formats, htmx
from motrice.web.forms import SaveViewForm
from motrice.web.lists import export
from motrice.web.lists.bulk import MAX_ROWS, BulkAction
from motrice.web.lists.counting import share_counts
from motrice.web.lists.declare import (
    KINDS,
    Column,
    DateFacet,
    Empty,
    Facet,
    FacetValue,
    OptionFacet,
    _field_at,
    narrow,
)
from motrice.web.lists.state import PAGE_SIZES, AnyFacet, ListState, read_state
from motrice.web.messages import undoable
from motrice.web.models import SavedView
from motrice.web.operations.saved_view import save_view

SETTLED = 5000  # rows found by a text that are kept by their keys
FACETS_FIRST, FACETS_MOST = 6, 8
SEARCH_LABEL = gettext_lazy("Search this list")
Search = Sequence[str] | Callable[[models.QuerySet, str], models.QuerySet]


@dataclass(frozen=True)
class Cell:
    """One cell as shown."""

    column: Column
    html: str


@dataclass(frozen=True)
class Row:
    """One row as shown."""

    key: str
    url: str
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class ShownFacet:
    """A facet with its values (or its period) and the chips of what is chosen."""

    facet: AnyFacet
    values: list[FacetValue]
    start: Any = None
    end: Any = None

    @property
    def is_period(self) -> bool:
        """Whether it asks for two days rather than for values."""
        return isinstance(self.facet, DateFacet)

    @property
    def is_chosen(self) -> bool:
        """Whether it narrows the list now."""
        return bool(self.start or self.end or any(value.is_selected for value in self.values))


@dataclass(frozen=True)
class FoldedFacets:
    """Facets in two parts where there are many: the first ones, and those that a press unfolds."""

    first: list[ShownFacet]
    more: list[ShownFacet]

    @property
    def is_open(self) -> bool:
        """Whether one of those folded away is in use."""
        return any(one.is_chosen for one in self.more)


def folded(facets: Sequence[ShownFacet]) -> FoldedFacets:
    """Facets without anything to choose left out, the others in their order."""
    shown = [one for one in facets if one.values or one.is_period]
    first = FACETS_FIRST if len(shown) > FACETS_MOST else len(shown)
    return FoldedFacets(shown[:first], shown[first:])


@dataclass(frozen=True)
class ListPage:
    """A list, declared once at module level; a view passes it the permitted queryset.

    `counted(n)` says what is listed and how many ("1,204 units"). `row_url` gives a row's page; `row_key` is the field
    that names a row in forms (never the primary key). `search` is the fields to look in, or a function of the queryset
    and the text. `order` is the ordering when the reader chose none. `export_action` is the policy action that an
    export asks of each row ("" for a list that is never exported).
    """

    name: str
    counted: Callable[[int], str]
    columns: Sequence[Column]
    search: Search = ()
    search_label: Any = SEARCH_LABEL
    facets: Sequence[AnyFacet] = ()
    bulk: Sequence[BulkAction] = ()
    empty: Empty = field(default_factory=lambda: Empty(gettext_lazy("Nothing here yet")))
    row_url: Callable[[Any], str] | None = None
    row_key: str = "reference"
    order: Sequence[str | OrderBy] = ()
    export_action: str = "export"

    def __post_init__(self) -> None:
        for column in self.columns:
            if column.kind not in KINDS:
                raise ValueError(
                    f"{self.name}: the column {column.key!r} is of no kind {column.kind!r}: a column is "
                    f"{', '.join(KINDS[:-1])} or {KINDS[-1]}."
                )

    @property
    def has_search(self) -> bool:
        """Whether the list can be searched: a template would call `search` itself when it is a function."""
        return bool(self.search)

    def respond(
        self,
        request: HttpRequest,
        queryset: models.QuerySet,
        *,
        template: str = "web/list.html",
        context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer a request for this list: page, part, file, saved view or bulk act."""
        if request.method == "POST":
            return self._post(request, queryset, context or {})
        if request.GET.get("view"):
            return self._open_view(request)
        state = read_state(request.GET, self.columns, self.facets, queryset)
        wanted = request.GET.get("format", "")
        if wanted:
            return self.export_file(request, queryset, state, wanted)
        return self._page(request, queryset, state, template, context or {})

    # What is listed

    def filtered(
        self, queryset: models.QuerySet, state: ListState, actor: Any, *, without: AnyFacet | None = None
    ) -> models.QuerySet:
        """The rows that the address asks for, one facet left aside if told."""
        if state.text:
            queryset = self._searched(queryset, state.text)
        for facet in self.facets:
            if facet is without:
                continue
            if isinstance(facet, DateFacet):
                queryset = facet.between(queryset, *state.periods[facet.key])
            elif state.chosen[facet.key]:
                queryset = facet.apply(queryset, state.chosen[facet.key], actor)
        return queryset

    def _searched(self, queryset: models.QuerySet, text: str) -> models.QuerySet:
        if callable(self.search):
            return self.search(queryset, text)
        if not self.search:
            return queryset
        many = any(_field_at(queryset.model, path)[1] for path in self.search)
        for word in text.split():
            found = reduce(or_, (Q(**{f"{path}__icontains": word}) for path in self.search))
            queryset = narrow(queryset, found, is_many=many)
        return queryset

    def ordered(self, queryset: models.QuerySet, state: ListState) -> models.QuerySet:
        """In the reader's order, the declared one, or the search's own; ties always in the same order."""
        if state.order:
            column = next(column for column in self.columns if column.key == state.order.removeprefix("-"))
            return queryset.order_by(*(_turned(name, state.order.startswith("-")) for name in column.ordering), "pk")
        if state.text and callable(self.search) and queryset.query.order_by:
            return queryset
        return queryset.order_by(*self.order, "pk")

    def shown_columns(self, state: ListState) -> list[Column]:
        """The chosen columns, or those shown by default."""
        if state.columns:
            return [column for column in self.columns if column.key in state.columns]
        return [column for column in self.columns if column.default]

    def _rows(self, queryset: models.QuerySet, state: ListState, offset: int) -> list[Row]:
        """One page, in two queries: keys first, so that a deep page does not drag whole rows along."""
        keys = list(self.ordered(queryset, state).values_list("pk", flat=True)[offset : offset + state.size])
        found = {row.pk: row for row in queryset.order_by().filter(pk__in=keys)}
        columns = self.shown_columns(state)
        return [self.row(found[key], columns) for key in keys if key in found]

    def row(self, obj: Any, columns: Sequence[Column]) -> Row:
        """One row as shown."""
        cells = [Cell(column, column.shown(obj)) for column in columns]
        url = self.row_url(obj) if self.row_url else ""
        return Row(str(getattr(obj, self.row_key)), url, str(obj), cells)

    def listed(self, queryset: models.QuerySet, state: ListState, actor: Any) -> models.QuerySet:
        """The rows to count and to show: what the address asks for, a text being looked for once."""
        rows = self.filtered(queryset, state, actor)
        return _settled(queryset, rows) if state.text else rows

    def counts(
        self, queryset: models.QuerySet, state: ListState, actor: Any, *, listed: models.QuerySet | None = None
    ) -> tuple[int, list[ShownFacet]]:
        """How many rows are listed, and each facet counted under all other filters.

        A facet without a choice of its own looks at the listed rows themselves: all such facets share their reading.
        """
        rows = _bare(self.listed(queryset, state, actor) if listed is None else listed)
        open_to = [facet for facet in self.facets if not _chosen(facet, state)]
        total, shared = share_counts(rows, open_to, actor, most=SETTLED if state.text else None)
        shown = []
        for facet in self.facets:
            if isinstance(facet, DateFacet):
                shown.append(ShownFacet(facet, [], *state.periods[facet.key]))
                continue
            values = shared.get(facet.key)
            if values is None:
                chosen = state.chosen[facet.key]
                under = _bare(self.filtered(queryset, state, actor, without=facet)) if chosen else rows
                values = facet.counted(under, chosen, actor)
            shown.append(ShownFacet(facet, values))
        return total, shown

    # Answers

    def _page(
        self, request: HttpRequest, queryset: models.QuerySet, state: ListState, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        actor = request.user
        rows = self.listed(queryset, state, actor)
        total, facets = self.counts(queryset, state, actor, listed=rows)
        pages = max(1, -(-total // state.size))
        state.page = min(state.page, pages)
        views = list(SavedView.objects.permitted(actor, "view").filter(list_name=self.name)) if actor.pk else []
        facets = facets if total or state.is_filtered else []
        shown = {
            "list": self,
            "state": state,
            "rows": self._rows(rows, state, (state.page - 1) * state.size) if total else [],
            "total": total,
            "counted": self.counted(total),
            "facets": facets,
            "folded": folded(facets),
            "chips": self.chips(state, facets),
            "heads": self._heads(state),
            "labels": [conditional_escape(str(column.label)) for column in self.shown_columns(state)],
            "column_choices": [(column, column in self.shown_columns(state)) for column in self.columns],
            "page_count": pages,
            "page_links": _page_links(state, pages),
            "page_sizes": PAGE_SIZES,
            "query": state.query(page=state.page),
            "views": [(view, view.query == state.query()) for view in views],
            "may_export": bool(self.export_action) and total > 0 and self._may_export(queryset.model, actor),
            "actions": [action for action in self.bulk if action.visible(actor)],
            "may_make_first": bool(self.empty.url_name) and self.empty.allowed(actor),
            "save_view_form": SaveViewForm(),
            **context,
        }
        name = "web/_list.html" if htmx.wants_fragment(request) else template
        response = htmx.render_part(request, name, shown)
        if name != template:
            response.headers["HX-Push-Url"] = f"{request.path}?{state.query(page=state.page)}".rstrip("?")
        return response

    def _may_export(self, model: type[models.Model], actor: Any) -> bool:
        return policies.q_for(actor, model, self.export_action) != policies.NOBODY

    def export_file(
        self, request: HttpRequest, queryset: models.QuerySet, state: ListState, wanted: str
    ) -> HttpResponse:
        """The rows as a file, for who may export them; leaves a trace."""
        if wanted not in export.FORMATS:
            raise NotPermitted(_("A list is exported as csv or xlsx, not as “%(what)s”.") % {"what": wanted})
        if not self.export_action or not self._may_export(queryset.model, request.user):
            raise NotPermitted(_("Exporting this list is a right that you do not hold."))
        rows = self.filtered(queryset, state, request.user)
        rows = self.ordered(policies.scope(rows, request.user, self.export_action), state)
        audit.trace(
            request.user, "list.export", list=self.name, format=wanted, query=state.query(), row_count=rows.count()
        )
        columns = self.shown_columns(state)
        make = export.csv_response if wanted == "csv" else export.xlsx_response
        return make(rows.iterator(chunk_size=export.CHUNK), columns, self.name.replace(".", "-"))

    def _open_view(self, request: HttpRequest) -> HttpResponse:
        views = (
            SavedView.objects.permitted(request.user, "view") if request.user.is_authenticated else SavedView.objects
        )
        view = policies.get_permitted(views, request.user, "view", list_name=self.name, reference=request.GET["view"])
        return HttpResponseRedirect(f"{request.path}?{view.query}")

    # Acts

    def _post(self, request: HttpRequest, queryset: models.QuerySet, context: dict[str, Any]) -> HttpResponse:
        if request.POST.get("act") == "save_view":
            return self._save_view(request, queryset)
        action = next((each for each in self.bulk if each.key == request.POST.get("act")), None)
        if action is None or not action.visible(request.user):
            raise NotPermitted(_("This list does not offer that act."))
        rows = self._selected(request, queryset)
        if not rows:
            messages.warning(request, _("Select at least one row first."))
            return HttpResponseRedirect(request.get_full_path())
        is_confirmed = request.POST.get("step") == "apply"
        form = action.form(request.POST if is_confirmed else None) if action.form else None
        if is_confirmed and (form is None or form.is_valid()):
            return self._run(request, action, rows, form.cleaned_data if form else {})
        return self._preview(request, action, rows, form, context)

    def _selected(self, request: HttpRequest, queryset: models.QuerySet) -> list[Any]:
        """The selected rows, read again through the actor's rights; at most a thousand."""
        state = read_state(request.GET, self.columns, self.facets, queryset)
        if request.POST.get("everything"):
            return list(self.ordered(self.filtered(queryset, state, request.user), state)[:MAX_ROWS])
        keys = request.POST.getlist("select")[:MAX_ROWS]
        return list(self.ordered(queryset.filter(**{f"{self.row_key}__in": keys}), ListState()))

    def _preview(
        self, request: HttpRequest, action: BulkAction, rows: list[Any], form: Any, context: dict[str, Any]
    ) -> HttpResponse:
        columns = self.shown_columns(ListState())[:4]
        shown = [(self.row(row, columns), str(action.check(request.user, row) or "")) for row in rows]
        values = {
            "list": self,
            "action": action,
            "columns": columns,
            "rows": shown,
            "able_count": sum(1 for _row, refusal in shown if not refusal),
            "form": form,
            "back_url": request.get_full_path(),
            **context,
        }
        status = htmx.form_status(form) if form is not None else 200
        return htmx.render_part(request, "web/lists/bulk.html", values, status=status)

    def _run(self, request: HttpRequest, action: BulkAction, rows: list[Any], fields: dict[str, Any]) -> HttpResponse:
        able = [row for row in rows if not action.check(request.user, row)]
        if able:
            result = action.run(request.user, able, **fields)
            if result.undo_url:
                undoable(request, result.message, result.undo_url)
            else:
                messages.success(request, result.message)
            for refusal in result.refused:
                messages.warning(request, refusal)
        if len(able) < len(rows):
            left = len(rows) - len(able)
            messages.warning(request, _("%(n)s left as they were: see why before choosing them.") % {"n": left})
        return HttpResponseRedirect(request.get_full_path())

    def _save_view(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
        state = read_state(request.GET, self.columns, self.facets, queryset)
        form = SaveViewForm(request.POST)
        if form.is_valid():
            view = save_view(actor=request.user, list_name=self.name, query=state.query(), **form.cleaned_data)
            messages.success(request, _("This list is saved as “%(name)s”.") % {"name": view.name})
        else:
            messages.error(request, _("Give the view a name of at most 60 characters."))
        return HttpResponseRedirect(request.get_full_path())

    # Display

    def _heads(self, state: ListState) -> list[tuple[Column, str, str]]:
        """Each column with the address that sorts by it and the present direction (for `aria-sort`)."""
        heads = []
        for column in self.shown_columns(state):
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(state.order, "")
            target = f"-{column.key}" if direction == "ascending" else column.key
            heads.append((column, state.query(order=target) if column.sort else "", direction))
        return heads

    def chips(self, state: ListState, facets: list[ShownFacet]) -> list[tuple[str, str]]:
        """What narrows the list, each with the address without it."""
        chips = [(f"“{state.text}”", state.query(text=""))] if state.text else []
        for shown in facets:
            facet = shown.facet
            if isinstance(facet, Facet | OptionFacet):
                chosen = state.chosen[facet.key]
                for value in chosen:
                    rest = [other for other in chosen if other != value]
                    words = facet.words_for(value, shown.values)
                    chips.append((formats.labelled(facet.label, words), state.query(**{facet.key: rest})))
            elif shown.start or shown.end:
                ends = [formats.day_text(day) if day else "…" for day in (shown.start, shown.end)]
                chips.append((formats.labelled(facet.label, " – ".join(ends)), state.query(**{facet.key: None})))
        return chips


def _chosen(facet: AnyFacet, state: ListState) -> bool:
    return not isinstance(facet, DateFacet) and bool(state.chosen[facet.key])


def _turned(name: str, is_descending: bool) -> str:
    if not is_descending:
        return name
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _bare(queryset: models.QuerySet) -> models.QuerySet:
    """The same rows without the annotations that would disturb grouping."""
    if queryset.query.annotations or queryset.query.distinct:
        return queryset.model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
    return queryset


def _settled(queryset: models.QuerySet, found: models.QuerySet) -> models.QuerySet:
    """What a search found, by its keys when they are few: the text is looked for once, not once for each count.

    A search that puts what it finds in an order of its own is left as it is.
    """
    if found.query.order_by:
        return found
    keys = list(found.order_by().values_list("pk", flat=True)[: SETTLED + 1])
    return found if len(keys) > SETTLED else queryset.filter(pk__in=keys)


def _page_links(state: ListState, pages: int) -> list[tuple[int | None, str]]:
    """First, last and those around the present page; None stands for a gap."""
    near = sorted({1, pages, *(page for page in range(state.page - 2, state.page + 3) if 1 <= page <= pages)})
    links: list[tuple[int | None, str]] = []
    for place, page in enumerate(near):
        if place and page - near[place - 1] > 1:
            links.append((None, ""))
        links.append((page, state.query(page=page)))
    return links
