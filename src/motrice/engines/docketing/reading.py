"""Rules, schemes, fees and calendars from the tables of the catalogue; a wrong table is refused with its field."""

from __future__ import annotations

from typing import Any

from motrice.engines.docketing.days import UNITS, Calendar, Holidays, check_place
from motrice.engines.docketing.errors import TableError
from motrice.engines.docketing.fields import Fields
from motrice.engines.docketing.tables import (
    BASES,
    CONFIDENCES,
    FORMS,
    NATURES,
    Extension,
    FeeRow,
    FeeTable,
    Grace,
    RenewalScheme,
    Rule,
    Shift,
    Step,
)

GRACE_BASES = ("due", "next_day", "base")
MOMENTS = ("filing", "grant", "publication")


def read_rule(code: str, version: int, data: dict[str, Any]) -> Rule:
    """A rule from its table; raises `TableError` naming the field that is wrong."""
    fields = Fields(data)
    form = fields.text("form", "period", among=FORMS)
    has_delay = form == "period"
    rule = Rule(
        code=code,
        version=version,
        form=form,
        nature=fields.text("nature", "act", among=NATURES),
        offices=fields.texts("offices"),
        not_offices=fields.texts("not_offices"),
        rights=fields.texts("rights"),
        descents=fields.texts("descents") if fields.has("descents") else None,
        is_first_filing_only=fields.flag("first_filing_only"),
        is_priority_claimed_only=fields.flag("priority_claimed_only"),
        trigger=fields.text("trigger", None if has_delay else ""),
        counted_from=fields.text("counted_from", "event", among=BASES),
        delay=fields.number("delay", None if has_delay else 0),
        unit=fields.text("unit", "months", among=UNITS),
        is_end_of_month=fields.flag("end_of_month"),
        is_first_day_counted=fields.flag("first_day_counted"),
        repeats=fields.number("repeats", least=-1),
        calendar=fields.text("calendar"),
        answered_by=fields.texts("answered_by"),
        answered_by_child=fields.texts("answered_by_child"),
        ended_by=fields.texts("ended_by"),
        extension=_extension(fields.table("extension")),
        grace=_grace(fields.table("grace")),
        fees=fields.texts("fees"),
        fee_office=fields.text("fee_office"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        legal_basis=fields.text("legal_basis"),
        source=fields.text("source", None),
        status=fields.text("status"),
        confidence=fields.text("confidence", None, among=CONFIDENCES),
        names=_names(fields),
    )
    fields.finish()
    if rule.fees and not rule.fee_office:
        raise TableError("fee_office: say of which office the fees are.", field="fee_office")
    if rule.repeats and not rule.delay:
        raise TableError("delay: what repeats needs a delay.", field="delay")
    return rule


def read_scheme(code: str, version: int, data: dict[str, Any]) -> RenewalScheme:
    """The renewal scheme of an office from its table; `code` is the office (WIPO ST.3)."""
    fields = Fields(data)
    _names(fields)
    years = fields.table("opens_months_by_year") or Fields({})
    by_year = {int(year): years.number(year) for year in sorted(years.data) if year.isdecimal()}
    years.finish()
    scheme = RenewalScheme(
        office=code,
        version=version,
        rule=fields.text("rule", None),
        first_year=fields.number("first_year", 3, least=1, most=50),
        last_year=fields.number("last_year", 20, least=1, most=50),
        counted_from=fields.text("counted_from", "filing", among=MOMENTS),
        payable_from=fields.text("payable_from", "filing", among=MOMENTS),
        is_end_of_month=fields.flag("end_of_month"),
        steps=tuple(_step(step) for step in fields.tables("steps")),
        calendar=fields.text("calendar"),
        opens_months=fields.number("opens_months"),
        opens_months_by_year=by_year,
        grace=_grace(fields.table("grace")),
        shift=_shift(fields.table("shift")),
        limit_rule=fields.text("limit_rule"),
        is_limited_by_grant=fields.flag("limited_by_grant"),
        late_window_months=fields.number("late_window_months"),
        late_window_basis=fields.text("late_window_basis"),
        part_window_months=fields.number("part_window_months"),
        part_window_basis=fields.text("part_window_basis"),
        legal_basis=fields.text("legal_basis"),
        source=fields.text("source", None),
        confidence=fields.text("confidence", None, among=CONFIDENCES),
    )
    fields.finish()
    if scheme.first_year > scheme.last_year:
        raise TableError("first_year: it cannot come after last_year.", field="first_year")
    return scheme


def read_fee_table(code: str, version: int, data: dict[str, Any]) -> FeeTable:
    """A fee table: `rows` of a term, a category and an amount; "" is an act without term."""
    fields = Fields(data)
    _names(fields)
    rows = tuple(_fee_row(row) for row in fields.tables("rows"))
    valid_from = fields.day("valid_from", is_required=True)
    assert valid_from is not None  # noqa: S101 - required above; for the type checker
    table = FeeTable(
        code=code,
        version=version,
        office=fields.text("office", None),
        act=fields.text("act", None),
        currency=fields.text("currency", None),
        valid_from=valid_from,
        valid_to=fields.day("valid_to"),
        known_until=fields.day("known_until"),
        rows=rows,
        source=fields.text("source", None),
        read_on=fields.day("read_on"),
        confidence=fields.text("confidence", None, among=CONFIDENCES),
    )
    fields.finish()
    if len(table.currency) != 3 or not table.currency.isupper():
        raise TableError("currency: three capitals of ISO 4217 are expected.", field="currency")
    if not rows or len({(row.term, row.category) for row in rows}) != len(rows):
        raise TableError("rows: each term and category once, and at least one.", field="rows")
    if table.valid_to and table.valid_to < table.valid_from:
        raise TableError("valid_to: it cannot precede valid_from.", field="valid_to")
    return table


def read_calendar(code: str, version: int, data: dict[str, Any]) -> Calendar:
    """The calendar of an office, with the rule that moves the end of a period."""
    fields = Fields(data)
    _names(fields)
    calendar = Calendar(
        code=code,
        version=version,
        weekend=_weekend(fields),
        closed=tuple(_place(place) for place in fields.tables("closed")),
        closed_days=_month_days(fields, "closed_days"),
        once=fields.days("once"),
        doubtful=tuple(_place(place) for place in fields.tables("doubtful")),
        doubtful_days=_month_days(fields, "doubtful_days"),
        legal_basis=fields.text("legal_basis", None),
        source=fields.text("source", None),
        confidence=fields.text("confidence", None, among=CONFIDENCES),
    )
    fields.finish()
    return calendar


def _names(fields: Fields) -> dict[str, str]:
    names = {"en": fields.text("name", None), "fr": fields.text("name_fr", None)}
    for key in ("note", "note_fr"):
        text = fields.text(key)
        if text:
            names[key] = text
    return names


def _extension(fields: Fields | None) -> Extension | None:
    if fields is None:
        return None
    extension = Extension(months=fields.number("months", None, least=1), times=fields.number("times", 1, least=1))
    fields.finish()
    return extension


def _grace(fields: Fields | None) -> Grace | None:
    if fields is None:
        return None
    grace = Grace(
        months=fields.number("months", None, least=1),
        counted_from=fields.text("counted_from", "due", among=GRACE_BASES),
        is_end_of_month=fields.flag("end_of_month"),
        surcharge_percent=fields.amount("surcharge_percent", is_required=False),
        surcharge_act=fields.text("surcharge_act"),
        rule=fields.text("rule"),
        legal_basis=fields.text("legal_basis"),
    )
    fields.finish()
    return grace


def _shift(fields: Fields | None) -> Shift | None:
    if fields is None:
        return None
    years = fields.data.pop("years", [])
    if not isinstance(years, list) or not all(type(year) is int for year in years):
        raise fields.refuse("years", "a list of whole numbers", years)
    shift = Shift(
        years=tuple(years),
        months=fields.number("months", None, least=1),
        counted_from=fields.text("counted_from", "priority", among=("priority",)),
        rule=fields.text("rule", None),
        descents=fields.texts("descents"),
    )
    fields.finish()
    return shift


def _step(fields: Fields) -> Step:
    step = Step(
        term=fields.text("term", None),
        year=fields.number("year", None, least=1),
        months=fields.number("months", None, least=1),
        rule=fields.text("rule"),
    )
    fields.finish()
    return step


def _fee_row(fields: Fields) -> FeeRow:
    amount = fields.amount("amount")
    assert amount is not None  # noqa: S101 - required above; for the type checker
    row = FeeRow(term=fields.text("term"), category=fields.text("category", "standard"), amount=amount)
    fields.finish()
    return row


def _place(fields: Fields) -> Holidays:
    place = Holidays(fields.text("country", None), fields.text("subdivision"), fields.texts("categories"))
    fields.finish()
    check_place(place)
    return place


def _weekend(fields: Fields) -> tuple[int, ...]:
    days = fields.data.pop("weekend", [5, 6])
    if not isinstance(days, list) or not all(type(day) is int and 0 <= day <= 6 for day in days) or len(days) > 6:
        raise fields.refuse("weekend", "a list of weekdays from 0 (Monday) to 6", days)
    return tuple(days)


def _month_days(fields: Fields, key: str) -> tuple[str, ...]:
    days = fields.texts(key)
    for day in days:
        try:
            fields._day(key, f"2024-{day}")
        except TableError as error:
            raise fields.refuse(key, "months and days such as 12-24", day) from error
    return days
