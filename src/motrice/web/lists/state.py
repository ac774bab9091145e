"""What the address asks of a list: text, facets, order, columns, page; and the address that asks it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from motrice.web.lists.declare import Column, DateFacet, Facet, OptionFacet

AnyFacet = Facet | OptionFacet | DateFacet
PAGE_SIZES = (25, 50, 100)
MAX_TEXT = 200


@dataclass
class ListState:
    """One reading of an address, with what could not be understood in words."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    periods: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    order: str = ""
    columns: tuple[str, ...] = ()
    page: int = 1
    size: int = PAGE_SIZES[0]
    problems: list[str] = field(default_factory=list)

    @property
    def is_filtered(self) -> bool:
        """Whether text or a facet narrows the list."""
        return bool(self.text or any(self.chosen.values()) or any(any(pair) for pair in self.periods.values()))

    def query(self, **changes: object) -> str:
        """The canonical query string, with attributes replaced: what is default is left out."""
        params = QueryDict(mutable=True)
        if text := changes.get("text", self.text):
            params["q"] = str(text)
        for key, values in {**self.chosen, **{key: changes[key] for key in self.chosen if key in changes}}.items():
            if values:
                params.setlist(key, list(values))  # type: ignore[call-overload]
        for key, period in self.periods.items():
            if key not in changes:
                self._put_period(params, key, period)
        if order := changes.get("order", self.order):
            params["sort"] = str(order)
        if self.columns:
            params.setlist("columns", list(self.columns))
        if self.size != PAGE_SIZES[0]:
            params["size"] = str(self.size)
        if (page := changes.get("page", 1)) != 1:
            params["page"] = str(page)
        return params.urlencode()

    @staticmethod
    def _put_period(params: QueryDict, key: str, period: tuple[date | None, date | None]) -> None:
        for suffix, value in zip(("from", "to"), period, strict=True):
            if value:
                params[f"{key}_{suffix}"] = value.isoformat()


def read_state(
    params: QueryDict, columns: Sequence[Column], facets: Sequence[AnyFacet], queryset: models.QuerySet
) -> ListState:
    """Read an address; what it says wrong is left out and named, never an error page."""
    state = ListState(text=params.get("q", "").strip()[:MAX_TEXT])
    for facet in facets:
        if isinstance(facet, DateFacet):
            raw = [params.get(name, "") for name in facet.parameters()]
            start, end, bad = facet.bounds(*raw)
            state.periods[facet.key] = (start, end)
        else:
            values = [value for value in dict.fromkeys(params.getlist(facet.key)) if value]
            state.chosen[facet.key], bad = facet.clean(queryset, values)
        state.problems += [
            _("“%(value)s” is not a value of “%(facet)s”: it was left out.") % {"value": value, "facet": facet.label}
            for value in bad
        ]
    _read_order(state, params.get("sort", ""), columns)
    _read_columns(state, params.getlist("columns"), columns)
    state.page = _positive(params.get("page", ""), 1)
    size = _positive(params.get("size", ""), PAGE_SIZES[0])
    state.size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    return state


def _read_order(state: ListState, raw: str, columns: Sequence[Column]) -> None:
    if not raw:
        return
    if any(column.key == raw.removeprefix("-") and column.sort for column in columns):
        state.order = raw
    else:
        state.problems.append(_("This list cannot be sorted by “%(value)s”.") % {"value": raw})


def _read_columns(state: ListState, raw: list[str], columns: Sequence[Column]) -> None:
    wanted = {key for part in raw for key in part.split(",")}
    known = tuple(column.key for column in columns if column.key in wanted)
    if known and known != tuple(column.key for column in columns if column.default):
        state.columns = known


def _positive(raw: str, default: int) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and 0 < int(raw) < 10**9 else default
