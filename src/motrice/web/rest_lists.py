"""A declared list through the API: the search, filters, order, counts and files of its page, from one declaration.

`@listed(QUEUE)` stands in the place of `@paginated`; `@filed(QUEUE)` gives the list as a file. A filter on a linked
record takes its reference where the page's address holds its key, and what cannot be understood is refused, not left
out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Literal

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from ninja.pagination import paginate
from ninja.utils import contribute_operation_args
from pydantic import ConfigDict, create_model

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.web.lists import DateFacet, Facet, ListPage, OptionFacet
from motrice.web.lists.declare import NONE, FacetValue, _field_at
from motrice.web.lists.export import FORMATS
from motrice.web.lists.state import MAX_TEXT, AnyFacet, ListState
from motrice.web.rest import ListPagination, require_known

MAX_VALUES = 50
FILE = {
    "responses": {
        200: {
            "description": "The rows as a file.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            },
        }
    }
}


class FacetOut(Schema):
    """One value that a filter takes, in words, and how many of the caller's rows have it under the other filters."""

    value: str
    label: str
    count: int


class ListQuery(Schema):
    """What every declared list is asked."""

    model_config = ConfigDict(extra="ignore")


def _filter_fields(page: ListPage) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if page.has_search:
        fields["q"] = (str, Field("", max_length=MAX_TEXT, description="Words to look for."))
    for facet in page.facets:
        if isinstance(facet, DateFacet):
            for name in facet.parameters():
                fields[name] = (date | None, Field(None))
        else:
            fields[facet.key] = (list[_values(facet)], Field([], max_length=MAX_VALUES))  # type: ignore[misc]
    keys = [column.key for column in page.columns if column.sort]
    orders = tuple(sign + key for key in keys for sign in ("", "-"))
    if orders:
        fields["sort"] = (Literal[orders] | None, Field(None, description="A column; “-” for the other way."))  # type: ignore[valid-type]
    return fields


def _values(facet: AnyFacet) -> Any:
    if isinstance(facet, OptionFacet):
        return Literal[tuple(option.value for option in facet.options)]
    known = tuple(str(value) for value, _label in getattr(facet, "choices", ()))
    return Literal[known] if known else str


def _linked(facet: AnyFacet, model: type[models.Model]) -> type[models.Model] | None:
    """The model whose reference a filter takes; None for a filter on a plain value."""
    if not isinstance(facet, Facet):
        return None
    field, _many = _field_at(model, facet.path)
    related = field.related_model if field.is_relation else None
    return related if related is not None and hasattr(related, "reference") else None  # type: ignore[return-value]


def _keys(facet: Facet, related: type[models.Model], values: list[str], actor: Any) -> list[str]:
    seen = policies.scope(related._default_manager.all(), actor, "view")
    wanted = [value for value in values if value != NONE]
    found = dict(seen.filter(reference__in=wanted).values_list("reference", "pk"))
    for value in wanted:
        if value not in found:
            raise RuleViolation(
                _("“%(value)s” is no reference that you may use here.") % {"value": value}, field=facet.key
            )
    return [str(pk) for pk in found.values()] + [NONE] * (NONE in values)


def state_of(page: ListPage, asked: Any, queryset: models.QuerySet, actor: Any) -> ListState:
    """What a call asks of a list; refuses a value that a filter does not have."""
    state = ListState(text=getattr(asked, "q", "").strip(), order=getattr(asked, "sort", None) or "")
    for facet in page.facets:
        if isinstance(facet, DateFacet):
            start, end = (getattr(asked, name) for name in facet.parameters())
            state.periods[facet.key] = (start, end)
            continue
        values = [value for value in dict.fromkeys(getattr(asked, facet.key)) if value]
        related = _linked(facet, queryset.model)
        if related is not None:
            values = _keys(facet, related, values, actor)  # type: ignore[arg-type]
        state.chosen[facet.key], bad = facet.clean(queryset, values)
        if bad:
            raise RuleViolation(
                _("“%(value)s” is not a value of “%(facet)s”.") % {"value": bad[0], "facet": facet.label},
                field=facet.key,
            )
    return state


class ListedPagination(ListPagination):
    """Pages of a declared list, narrowed and ordered as asked, with the counts of its filters when asked."""

    class Output(ListPagination.Output):
        facets: dict[str, list[FacetOut]] | None = None

    def __init__(self, page: ListPage, **params: Any) -> None:
        super().__init__(**params)
        self.page = page
        name = "".join(part.capitalize() for part in page.name.replace(".", "_").split("_"))
        self.Input = create_model(  # type: ignore[misc]
            f"{name}Query",
            __base__=ListPagination.Input,
            facets=(bool, Field(False, description="Give the counts of each filter's values too.")),
            **_filter_fields(page),
        )

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> dict[str, Any]:
        """One page of what is asked."""
        actor = request.auth  # type: ignore[attr-defined]
        state = state_of(self.page, pagination, queryset, actor)
        rows = self.page.ordered(self.page.filtered(queryset, state, actor), state)
        found = super().paginate_queryset(rows, pagination, request, **params)
        return {**found, "facets": self._counts(queryset, state, actor) if pagination.facets else None}

    def _counts(self, queryset: models.QuerySet, state: ListState, actor: Any) -> dict[str, list[dict[str, Any]]]:
        return {
            shown.facet.key: _counted(shown.facet, shown.values, queryset.model)
            for shown in self.page.counts(queryset, state, actor)[1]
            if not shown.is_period
        }


def _counted(facet: AnyFacet, values: list[FacetValue], model: type[models.Model]) -> list[dict[str, Any]]:
    names = {value.value: value.value for value in values}
    related = _linked(facet, model)
    if related is not None:
        keys = [value.value for value in values if value.value != NONE]
        found = related._base_manager.filter(pk__in=keys).values_list("pk", "reference")
        names |= {str(pk): reference for pk, reference in found}
    return [{"value": names[value.value], "label": value.label, "count": value.count} for value in values]


def listed(page: ListPage) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer as a declared list does; the function gives the permitted rows."""
    return paginate(ListedPagination, page=page)


def filed(page: ListPage) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """Answer with the rows of a declared list as a file: a right of its own, and a trace in the log."""
    keys = tuple(column.key for column in page.columns)
    asked_of = create_model(
        f"{page.name.replace('.', '_').title().replace('_', '')}FileQuery",
        __base__=ListQuery,
        format=(Literal[FORMATS], Field("csv")),  # type: ignore[valid-type]
        columns=(list[Literal[keys]], Field([], max_length=MAX_VALUES)),  # type: ignore[valid-type]
        **_filter_fields(page),
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @wraps(function)
        def answered(request: HttpRequest, **parameters: Any) -> HttpResponse:
            asked = parameters.pop("asked")
            require_known(request, {*asked_of.model_fields, *parameters})
            queryset = function(request, **parameters)
            state = state_of(page, asked, queryset, request.auth)  # type: ignore[attr-defined]
            state.columns = tuple(asked.columns)
            return page.export_file(request, queryset, state, asked.format)

        contribute_operation_args(answered, "asked", asked_of, Query(...))
        return answered

    return decorate
