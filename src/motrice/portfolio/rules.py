"""What follows from the events of a filing, and what a share or a level must respect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.portfolio.enums import AssetKind, EventKind, FilingStatus


class Happened(Protocol):
    """An event as the state of a filing reads it."""

    kind: str
    occurred_on: date


STATE_AFTER = {
    EventKind.FILING: FilingStatus.PENDING,
    EventKind.DIVISIONAL_FILING: FilingStatus.PENDING,
    EventKind.GRANT: FilingStatus.GRANTED,
    EventKind.GRANT_PUBLICATION: FilingStatus.GRANTED,
    EventKind.UNITARY_REGISTRATION: FilingStatus.GRANTED,
    EventKind.VALIDATION: FilingStatus.GRANTED,
    EventKind.OPPOSITION: FilingStatus.OPPOSED,
    EventKind.OPPOSITION_END: FilingStatus.GRANTED,
    EventKind.REVOCATION: FilingStatus.REVOKED,
    EventKind.REFUSAL: FilingStatus.REFUSED,
    EventKind.WITHDRAWAL: FilingStatus.WITHDRAWN,
    EventKind.LAPSE: FilingStatus.LAPSED,
    EventKind.EXPIRY: FilingStatus.EXPIRED,
}
FINAL = (FilingStatus.REVOKED, FilingStatus.REFUSED, FilingStatus.WITHDRAWN, FilingStatus.LAPSED, FilingStatus.EXPIRED)
# Events of one day are read in this order: what ends a filing is read last.
ORDER = {kind: rank for rank, kind in enumerate(STATE_AFTER)}


def filing_state(events: Iterable[Happened]) -> tuple[str, date | None, date | None]:
    """The state of a filing, the day since when it holds, and the day of the grant, from its events in any order.

    A filing that has ended stays ended until its rights are restored; it then has the state it had before.
    """
    state, since, granted = FilingStatus.PENDING, None, None
    before = FilingStatus.PENDING
    ordered = sorted(events, key=lambda event: (event.occurred_on, ORDER.get(EventKind(event.kind), len(ORDER))))
    for event in ordered:
        kind = EventKind(event.kind)
        if kind == EventKind.RESTORATION and state in FINAL:
            state, since = before, event.occurred_on
            continue
        after = STATE_AFTER.get(kind)
        if after is None or after == state or state in FINAL:
            since = since or (event.occurred_on if after is not None else None)
            continue
        if after in FINAL:
            before = state
        if after == FilingStatus.GRANTED and granted is None:
            granted = event.occurred_on
        state, since = after, event.occurred_on
    return state, since, granted


def require_whole(shares: Sequence[Fraction], *, field: str = "shares") -> None:
    """Refuse parts that do not sum to exactly one, saying what they sum to."""
    total = sum(shares, Fraction(0))
    if total != 1:
        raise RuleViolation(
            _("The shares sum to %(total)s and must sum to one.") % {"total": share_words(total)}, field=field
        )


SHARE = re.compile(r"^\s*(\d{1,9})(?:[.,](\d{1,6}))?\s*(?:/\s*(\d{1,9})|(%))?\s*$")
NO_SHARE = gettext_lazy("“%(text)s” is not a share: write 1/3, 50 %% or 1.")


def share_in(text: str, *, field: str = "share") -> Fraction:
    """The exact part that somebody typed: a fraction, a percentage or one."""
    found = SHARE.match(text)
    share = Fraction(0)
    if found is not None and found[3] != "0":
        whole, decimals, denominator, percent = found.groups()
        share = Fraction(f"{whole}.{decimals or 0}") / int(denominator or 1) / (100 if percent else 1)
    if share <= 0 or share.denominator > 2_000_000_000:
        raise RuleViolation(str(NO_SHARE) % {"text": text}, field=field)
    return share


def share_words(share: Fraction) -> str:
    """A share for people: as a percentage when that is exact to the hundredth, else as a fraction."""
    percent = share * 100
    if (percent * 100).denominator == 1:
        text = f"{float(percent):.2f}".rstrip("0").rstrip(".")
        return f"{text}\N{NO-BREAK SPACE}%"
    return f"{share.numerator}/{share.denominator}"


WIDTH = {Level.CIRCLE: 0, Level.ORGANISATION: 1, Level.NETWORK: 2, Level.PUBLIC: 3}


def require_level(kind: str, level: str, *, is_published: bool) -> None:
    """Refuse to open a patent family beyond its organisation before its first publication."""
    if kind == AssetKind.PATENT_FAMILY and WIDTH[Level(level)] > WIDTH[Level.ORGANISATION] and not is_published:
        raise RuleViolation(
            _("A family that no office has published yet cannot be opened beyond its organisation."), field="level"
        )
