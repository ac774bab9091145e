"""Dates, amounts and figures in the reader's form; remembered, since lists print the same ones again and again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, override

SIZES = 8192


def language() -> str:
    """The reader's language, `en` when none is active (in jobs)."""
    return (get_language() or "en").split("-")[0]


@lru_cache(maxsize=SIZES)
def _day(value: date, lang: str) -> str:
    with override(lang):
        text = date_format(value, "j M Y" if lang == "en" else "j N Y").replace(" ", "\u00a0")
    return f"1er{text[1:]}" if lang == "fr" and value.day == 1 else text


def colon_after(label: Any) -> str:
    """The colon of the reader's language, which French sets off; a question or a sentence is followed by none."""
    if str(label).endswith(("?", "!", ".", "…")):
        return ""
    return "\u00a0:" if language() == "fr" else ":"


def labelled(label: Any, value: Any) -> str:
    """A label and what it stands for: "Kind: unit", "Type : unité"."""
    return f"{label}{colon_after(label)} {value}"


def day_text(value: date | datetime) -> str:
    """A date as the reader writes it: "22 Nov 2026", "22 nov. 2026"."""
    return _day(_local_date(value), language())


def _local_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def moment_text(value: datetime) -> str:
    """A date and time of day in the site's time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    at = f"{local:%H:%M}" if language() == "en" else f"{local.hour}\u00a0h\u00a0{local:%M}"
    return f"{day_text(local)}, {at}"


def distance_text(value: date | datetime, today: date) -> str:
    """How far a date is, in words: "in 3 days", "tomorrow", "5 days late" is the caller's to say."""
    days = (_local_date(value) - today).days
    if days == 0:
        return gettext("today")
    if abs(days) == 1:
        return gettext("tomorrow") if days > 0 else gettext("yesterday")
    if abs(days) < 60:
        if days > 0:
            return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}
    months = round(abs(days) / 30.44)
    if months < 24:
        if days > 0:
            return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}
        return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}
    years = round(abs(days) / 365.25)
    if days > 0:
        return ngettext("in %(n)s year", "in %(n)s years", years) % {"n": years}
    return ngettext("%(n)s year ago", "%(n)s years ago", years) % {"n": years}


@lru_cache(maxsize=SIZES)
def _amount(value: Decimal, currency: str, lang: str) -> str:
    whole = value == value.to_integral_value()
    return format_currency(
        value,
        currency,
        locale=lang,
        decimal_quantization=True,
        format=_pattern(lang) if whole else None,
        currency_digits=not whole,
    )


def _pattern(lang: str) -> str:
    return "#,##0\u00a0¤" if lang == "fr" else "¤#,##0"


def amount_text(value: Any, currency: str = "EUR") -> str:
    """Money with its currency: "€12,500", "12 500 €"; a Money brings its own currency."""
    if hasattr(value, "amount"):
        value, currency = value.amount, str(value.currency)
    return _amount(Decimal(value), currency, language())


@lru_cache(maxsize=SIZES)
def _number(value: Decimal, lang: str) -> str:
    return format_decimal(value, locale=lang)


def number_text(value: Any) -> str:
    """A figure with the reader's separators."""
    return _number(Decimal(str(value)), language())


@lru_cache(maxsize=SIZES)
def _share(value: Decimal, lang: str) -> str:
    return format_percent(value, format="#,##0.#%" if lang == "en" else "#,##0.#\u00a0%", locale=lang)


def share_text(value: Any) -> str:
    """A part of one as a percentage: 0.347 gives "34.7%", "34,7 %"."""
    return _share(Decimal(str(value)), language())


def country_text(code: str) -> str:
    """A country by its name in the reader's language; a code that names none stays as it is."""
    return Locale(language()).territories.get(code.upper(), code)


def size_text(count: int) -> str:
    """The size of a file in the reader's words."""
    if count < 1024 * 1024:
        return gettext("%(n)s kB") % {"n": number_text(max(1, round(count / 1024)))}
    return gettext("%(n)s MB") % {"n": number_text(round(count / 1024 / 1024, 1))}
