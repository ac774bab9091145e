"""What a list is made of: columns and facets, as declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from motrice.web import formats

MOST = 2**63 - 1  # the largest whole number that a column holds
NONE = "none"
NOT_STATED = gettext_lazy("not stated")
KINDS = ("text", "main", "code", "number", "amount", "day", "moment")
Accessor = str | Callable[[Any], Any]


def resolve(row: Any, accessor: Accessor) -> Any:
    """Follow "unit.name" or call a function; a missing link gives None."""
    if callable(accessor):
        return accessor(row)
    value = row
    for name in accessor.split("."):
        words = _choice_words(type(value), name)
        try:
            value = words(value) if words is not None else getattr(value, name)
        except ObjectDoesNotExist:  # the other end of a one-to-one link that this row does not have
            return None
        if callable(value):
            value = value()
        if value is None:
            return None
    return value


@cache
def _choice_words(model: type, name: str) -> Callable[[Any], Any] | None:
    """What `get_X_display` answers, with the words of a field's choices sorted out once and not for each row."""
    if not (name.startswith("get_") and name.endswith("_display") and issubclass(model, models.Model)):
        return None
    field = model._meta.get_field(name.removeprefix("get_").removesuffix("_display"))
    words = dict(field.flatchoices)
    return lambda row: words.get(getattr(row, field.attname), getattr(row, field.attname))


@dataclass(frozen=True)
class Column:
    """One column: what it shows, how it sorts, what it exports.

    `kind` is text, main (the cell that names and opens the row), code (never broken), number, amount, day or moment;
    `render` replaces it by a function of the row that returns (safe) text.
    """

    key: str
    label: Any
    value: Accessor = ""
    kind: str = "text"
    sort: str | Sequence[str] = ()
    render: Callable[[Any], Any] | None = None
    export: Accessor = ""
    default: bool = True

    @property
    def ordering(self) -> tuple[str, ...]:
        """The ascending order of this column."""
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def is_number(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in ("number", "amount")

    def shown(self, row: Any) -> SafeString | str:
        """The cell as HTML."""
        if self.render is not None:
            return conditional_escape(self.render(row))
        value = resolve(row, self.value or self.key)
        if value is None or value == "":
            return ""
        if self.kind == "number":
            return formats.number_text(value)
        if self.kind == "amount":
            return formats.amount_text(value)
        if self.kind == "day":
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day_text(value))
        if self.kind == "moment":
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment_text(value))
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        return conditional_escape(value)

    def exported(self, row: Any) -> Any:
        """The cell as a plain value for a file."""
        return resolve(row, self.export or self.value or self.key)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what would be here, and how to make the first one."""

    title: Any
    text: Any = ""
    label: Any = ""
    url_name: str = ""
    allowed: Callable[[Any], bool] = lambda actor: True


@dataclass(frozen=True)
class FacetValue:
    """One line of a facet as shown."""

    value: str
    label: str
    count: int
    is_selected: bool


def _field_at(model: type[models.Model], path: str) -> tuple[models.Field, bool]:
    """The last field of a lookup path, and whether a step of the path can double rows."""
    many, field = False, None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if field.is_relation:
            many = many or bool(field.one_to_many or field.many_to_many)
            model = field.related_model  # type: ignore[assignment]
    if field is None:
        raise FieldDoesNotExist(path)
    return field, many


def narrow(queryset: models.QuerySet, condition: Q, *, is_many: bool) -> models.QuerySet:
    """Filter without doubling rows: through a primary-key subquery when the condition joins many rows."""
    if not is_many:
        return queryset.filter(condition)
    return queryset.filter(pk__in=queryset.model._base_manager.filter(condition).values("pk"))


@dataclass(frozen=True)
class Facet:
    """Values of one field with their counts; several chosen values widen the choice.

    Counts are of the permitted rows under all other filters. `label_field` names the words of a foreign key's values.
    """

    key: str
    label: Any
    field: str = ""
    choices: Iterable[tuple[Any, Any]] = ()
    label_field: str = ""
    none_label: Any = NOT_STATED
    limit: int = 12

    @property
    def path(self) -> str:
        """The lookup that it filters on."""
        return self.field or self.key

    @property
    def names(self) -> list[str]:
        """What is read to count it: the value, and the words of a foreign key's value."""
        return [self.path, *([self.label_field] if self.label_field else [])]

    def is_many(self, model: type[models.Model]) -> bool:
        """Whether one row can have several of its values."""
        return _field_at(model, self.path)[1]

    def parameters(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (self.key,)

    def clean(self, queryset: models.QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The values that the field understands, and those it does not."""
        field, _many = _field_at(queryset.model, self.path)
        known = {str(value) for value, _label in self.choices}
        good, bad = [], []
        for value in values:
            try:
                read = None if value == NONE else getattr(field, "target_field", field).to_python(value)
                fits = value == NONE or not known or value in known
                fits = fits and not (isinstance(read, int) and abs(read) > MOST)
            except (ValidationError, ValueError):
                fits = False
            (good if fits else bad).append(value)
        return good, bad

    def apply(self, queryset: models.QuerySet, values: Sequence[str], actor: Any) -> models.QuerySet:
        """Keep the rows that have one of the values."""
        field, many = _field_at(queryset.model, self.path)
        stated = [getattr(field, "target_field", field).to_python(value) for value in values if value != NONE]
        condition = Q(**{f"{self.path}__in": stated}) if stated else Q(pk__in=[])
        if NONE in values:
            condition |= self.unstated(field)
        return narrow(queryset, condition, is_many=many)

    def unstated(self, field: models.Field) -> Q:
        """Nothing is written there: no value, or an empty text."""
        is_text = isinstance(field, models.CharField | models.TextField)
        return Q(**{f"{self.path}__isnull": True}) | (Q(**{self.path: ""}) if is_text else Q(pk__in=[]))

    def most(self, rows: models.QuerySet) -> list[FacetValue]:
        """The most frequent values of a field that doubles no row; the words of a key are read for these alone."""
        counts = rows.order_by().values_list(self.path).annotate(found=Count("pk"))
        counts = counts.order_by("-found", F(self.path).asc(nulls_last=True))
        other = _field_at(rows.model, self.path)[0].related_model
        if not self.label_field or other is None or not self.label_field.startswith(f"{self.path}__"):
            return self.counted(rows, (), None)
        top = list(counts[: self.limit])
        named = other._base_manager.filter(pk__in=[value for value, _found in top if value is not None])
        words = dict(named.values_list("pk", self.label_field.removeprefix(f"{self.path}__")))
        return self.shown([(value, words.get(value), found) for value, found in top], ())

    def counted(self, queryset: models.QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One query: the most frequent values, the chosen ones first in any case."""
        field, many = _field_at(queryset.model, self.path)
        names = self.names
        stated = [getattr(field, "target_field", field).to_python(value) for value in selected if value != NONE]
        wanted = Q(**{f"{self.path}__in": stated}) | (self.unstated(field) if NONE in selected else Q(pk__in=[]))
        chosen = Case(When(wanted, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = (
            queryset.order_by()
            .values(*names)
            .annotate(found=Count("pk", distinct=many))
            .annotate(**({"chosen": chosen} if selected else {}))
            .order_by(*(["chosen"] if selected else []), "-found", *names)
            .values_list(*names, "found")[: self.limit]
        )
        return self.shown(list(rows), selected)

    def shown(self, rows: Sequence[tuple], selected: Sequence[str]) -> list[FacetValue]:
        """Values with their counts, in the reader's words; no value and an empty text are one line."""
        words = {str(value): str(label) for value, label in self.choices}
        lines: dict[str, FacetValue] = {}
        for line in (self._value(row, words, selected) for row in rows):
            same = lines.get(line.value)
            lines[line.value] = line if same is None else replace(same, count=same.count + line.count)
        return list(lines.values())

    def _value(self, row: tuple, words: dict[str, str], selected: Sequence[str]) -> FacetValue:
        raw, found = row[0], row[-1]
        value = NONE if raw is None or raw == "" else str(raw)
        label = str(self.none_label) if value == NONE else words.get(value, str(row[1] if len(row) > 2 else raw))
        if isinstance(raw, bool) and value not in words:
            label = gettext("yes") if raw else gettext("no")
        return FacetValue(value, label, found, value in selected)

    def words_for(self, value: str, shown: Sequence[FacetValue]) -> str:
        """The label of a chosen value, for its chip."""
        return next((one.label for one in shown if one.value == value), value)


@dataclass(frozen=True)
class Option:
    """A named condition: "overdue", "mine"."""

    value: str
    label: Any
    condition: Callable[[Any], Q]


@dataclass(frozen=True)
class OptionFacet:
    """Named conditions with their counts, worked out in one query; the conditions must not join many rows."""

    key: str
    label: Any
    options: Sequence[Option]

    def parameters(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (self.key,)

    def clean(self, queryset: models.QuerySet, values: Sequence[str]) -> tuple[list[str], list[str]]:
        """The options that exist, and the values that do not."""
        known = {option.value for option in self.options}
        return [value for value in values if value in known], [value for value in values if value not in known]

    def apply(self, queryset: models.QuerySet, values: Sequence[str], actor: Any) -> models.QuerySet:
        """Keep the rows that meet one of the conditions."""
        condition = Q(pk__in=[])
        for option in self.options:
            if option.value in values:
                condition |= option.condition(actor)
        return queryset.filter(condition)

    def counts(self, actor: Any) -> dict[str, Count]:
        """What an aggregate asks for each option."""
        return {
            f"option_{place}": Count("pk", filter=option.condition(actor)) for place, option in enumerate(self.options)
        }

    def counted(self, queryset: models.QuerySet, selected: Sequence[str], actor: Any) -> list[FacetValue]:
        """One aggregate over all options."""
        return self.shown(list(queryset.order_by().aggregate(**self.counts(actor)).values()), selected)

    def shown(self, counts: Sequence[int], selected: Sequence[str]) -> list[FacetValue]:
        """Each option with its count, in their order."""
        return [
            FacetValue(option.value, str(option.label), count, option.value in selected)
            for option, count in zip(self.options, counts, strict=True)
        ]

    def words_for(self, value: str, shown: Sequence[FacetValue]) -> str:
        """The label of a chosen option, for its chip."""
        return next((one.label for one in shown if one.value == value), value)


@dataclass(frozen=True)
class DateFacet:
    """A period: from a day, to a day, either open."""

    key: str
    label: Any
    field: str = ""
    is_period: bool = True

    def parameters(self) -> tuple[str, ...]:
        """The names it uses in the address."""
        return (f"{self.key}_from", f"{self.key}_to")

    def bounds(self, raw_from: str, raw_to: str) -> tuple[date | None, date | None, list[str]]:
        """The two days, and what could not be read as one."""
        days: list[date | None] = []
        bad = []
        for raw in (raw_from, raw_to):
            try:
                days.append(date.fromisoformat(raw) if raw else None)
            except ValueError:
                days.append(None)
                bad.append(raw)
        return days[0], days[1], bad

    def between(self, queryset: models.QuerySet, start: date | None, end: date | None) -> models.QuerySet:
        """Keep the rows within the period, both days included.

        Times are compared with the midnights around it: asked for the day of each, no database uses an index.
        """
        path = self.field or self.key
        field, many = _field_at(queryset.model, path)
        has_time = isinstance(field, models.DateTimeField)
        condition = Q()
        if start and not (has_time and start < FIRST):
            condition &= Q(**{f"{path}__gte": _midnight(start) if has_time else start})
        if end and has_time and end < LAST:
            condition &= Q(**{f"{path}__lt": _midnight(end + timedelta(days=1))})
        elif end and not has_time:
            condition &= Q(**{f"{path}__lte": end})
        return narrow(queryset, condition, is_many=many) if condition else queryset


FIRST, LAST = date(1, 1, 3), date(9999, 12, 29)  # beyond these no time of another zone can be told


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def plain(value: Any) -> Any:
    """A value that a spreadsheet takes: no markup, dates without zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return value if hasattr(value, "as_tuple") else str(value)
