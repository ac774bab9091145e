"""Where one family is protected: in force, asked for or ended, by the filings that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from motrice.portfolio.enums import FilingStatus, Route
from motrice.portfolio.models import Application
from motrice.portfolio.words.offices import office_name
from motrice.web.plots import Country, TileMap

IN_FORCE, PENDING, ENDED = range(3)
STATES = {
    FilingStatus.GRANTED: IN_FORCE,
    FilingStatus.OPPOSED: IN_FORCE,
    FilingStatus.PENDING: PENDING,
}


def protection_map(applications: Sequence[Application]) -> TileMap | None:
    """Each country by the best of its filings, which it opens; None when no filing is of a country yet.

    A whole Europe and the international phase are of no country: they stand beside the map while they are pending and
    nothing has come of them. A unitary patent stands beside it too, for the states that take part in it.
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
    countries = [
        Country(code, name, url=f"#filing-{row.reference}", state=_state(row)) for (code, name), row in best.items()
    ]
    countries.sort(key=lambda country: (country.state, country.name))
    return TileMap(_("Protection by country"), countries, [_("in force"), _("pending"), _("ended")])


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
