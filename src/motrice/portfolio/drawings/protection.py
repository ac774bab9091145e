"""Where one family is protected: in force, asked for or ended, by the filings that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from motrice.portfolio.enums import FilingStatus, Route
from motrice.portfolio.marts.protection import registration_days
from motrice.portfolio.models import Application
from motrice.portfolio.tables.unitary import states_on
from motrice.portfolio.words.offices import office_name
from motrice.web.plots import Country, TileMap

IN_FORCE, PENDING, ENDED = range(3)
STATES = {
    FilingStatus.GRANTED: IN_FORCE,
    FilingStatus.OPPOSED: IN_FORCE,
    FilingStatus.PENDING: PENDING,
}


def protection_map(applications: Sequence[Application], today: date) -> TileMap | None:
    """Each country by the best of its filings, which it opens; None when no filing is of a country yet.

    A whole Europe and the international phase are of no country: they stand beside the map while they are pending and
    nothing has come of them. A unitary patent stands beside it too, and in each state that it covers where no filing
    of the family is as good.
    """
    parents = {row.parent_id for row in applications}
    best: dict[tuple[str, str], Application] = {}
    for row in applications:
        place = _place(row)
        if place[0] != row.office and (_state(row) != PENDING or row.pk in parents):
            continue
        if place not in best or _rank(row) < _rank(best[place]):
            best[place] = row
    if not best:
        return None
    by_unitary = _unitary(applications, best, today)
    countries = [
        Country(
            code,
            name,
            url=f"#filing-{row.reference}",
            state=_state(row),
            note=_("by the unitary patent") if (code, name) in by_unitary else "",
        )
        for (code, name), row in (best | by_unitary).items()
    ]
    countries.sort(key=lambda country: (country.state, country.name))
    return TileMap(_("Protection by country"), countries, [_("in force"), _("pending"), _("ended")])


def _unitary(
    applications: Sequence[Application], best: Mapping[tuple[str, str], Application], today: date
) -> dict[tuple[str, str], Application]:
    """The states that a unitary patent covers by the day of its registration, unless a filing there is as good."""
    rows = [row for row in applications if row.route == Route.UNITARY]
    days = registration_days(rows) if rows else {}
    found: dict[tuple[str, str], Application] = {}
    for row in sorted(rows, key=_rank):
        for code in states_on(days.get(row.pk, today)):
            place = (code, office_name(code))
            if place not in found and (place not in best or _state(row) < _state(best[place])):
                found[place] = row
    return found


def _place(row: Application) -> tuple[str, str]:
    """The code of the tile, or one that has none, and the name."""
    if row.route == Route.PCT:
        return "pct", _("International application")
    if row.office == "EP" and row.route != Route.UNITARY:
        return "european", _("European application")
    return row.office, office_name(row.office)


def _state(row: Application) -> int:
    return STATES.get(FilingStatus(row.status), ENDED)


def _rank(row: Application) -> tuple[int, date, int]:
    return _state(row), row.filed_on or date.max, row.pk


__all__ = ["ENDED", "IN_FORCE", "PENDING", "protection_map"]
