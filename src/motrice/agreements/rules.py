"""What a licence must respect: where it can hold, who is in it, what it bundles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.agreements.enums import PartyRole
from motrice.core.errors import RuleViolation

# Groups of countries that have a code of their own in WIPO's standard ST.3 (annex A, read on 2026-11-20).
GROUPS = {
    "AP": gettext_lazy("member states of ARIPO"),
    "EA": gettext_lazy("member states of the Eurasian patent"),
    "EP": gettext_lazy("member states of the European Patent Convention"),
    "OA": gettext_lazy("member states of OAPI"),
}
NO_COUNTRY = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}  # codes of the library that name no territory


@cache
def known_codes() -> frozenset[str]:
    """The countries of ISO 3166 and the groups of ST.3."""
    countries = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
    return frozenset(countries - NO_COUNTRY | set(GROUPS))


def territories_in(text: str, *, field: str = "territories") -> tuple[str, ...]:
    """The codes that somebody typed, sorted, each once; refused by name when one is none."""
    return require_territories(re.split(r"[\s,;]+", text), field=field)


def require_territories(codes: Iterable[str], *, field: str = "territories") -> tuple[str, ...]:
    """The same codes in their usual form, sorted, each once; refused by name when one is none."""
    found = sorted({code.strip().upper() for code in codes if code.strip()})
    for code in found:
        if code not in known_codes():
            raise RuleViolation(
                _("“%(code)s” is no code of a country, such as FR, or of a group of countries, such as EP.")
                % {"code": code[:20]},
                field=field,
            )
    return tuple(found)


def require_place(codes: Sequence[str], *, is_worldwide: bool) -> None:
    """Refuse a licence that holds nowhere, or worldwide and in some countries at once."""
    if is_worldwide and codes:
        raise RuleViolation(_("It is worldwide or for some territories, not both."), field="territories")
    if not is_worldwide and not codes:
        raise RuleViolation(_("Say where it holds: worldwide, or in which territories."), field="territories")


def require_both_sides(roles: Iterable[str]) -> None:
    """Refuse a licence without somebody on each side."""
    named = set(roles)
    missing = [role for role in (PartyRole.LICENSOR, PartyRole.LICENSEE) if role not in named]
    if missing:
        words = {
            PartyRole.LICENSOR: _("Name who licenses."),
            PartyRole.LICENSEE: _("Name who is given the licence."),
        }
        raise RuleViolation(words[missing[0]], field="parties")


def require_dates(
    *, today: date, signed_on: date | None, starts_on: date | None, ends_on: date | None, is_signed: bool
) -> None:
    """Refuse days that do not hold together, or a signed agreement without its days."""
    if is_signed and signed_on is None:
        raise RuleViolation(_("Give the day of its signature."), field="signed_on")
    if is_signed and starts_on is None:
        raise RuleViolation(_("Give the day on which it takes effect."), field="starts_on")
    if signed_on is not None and signed_on > today:
        raise RuleViolation(_("It cannot have been signed on a day to come."), field="signed_on")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise RuleViolation(_("The term cannot precede the day it takes effect."), field="ends_on")
