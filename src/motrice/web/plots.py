"""Many points on a plane and figures by country, drawn on the server: each opens what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from motrice.web import formats, svg

SIDE = 620
COLOURS = 8


@dataclass(frozen=True)
class Point:
    """One record: its place between 0 and 1000, the rank of its group, and what it opens (nothing when empty)."""

    x: float
    y: float
    label: str
    group: int = 0
    url: str = ""
    is_beside: bool = False


@dataclass(frozen=True)
class Scatter:
    """Points coloured by group; groups after the eighth share the last colour, as the legend says."""

    title: Any
    points: Sequence[Point]
    groups: Sequence[Any] = ()

    def legend(self) -> list[tuple[int, str, int]]:
        """The colour, the name and the number of points of each group that has any."""
        counts: dict[int, int] = {}
        for point in self.points:
            if not point.is_beside:
                counts[point.group] = counts.get(point.group, 0) + 1
        return [
            (min(place, COLOURS - 1), str(name), counts[place])
            for place, name in enumerate(self.groups)
            if counts.get(place)
        ]

    def beside_count(self) -> int:
        """How many points are of the public set put beside."""
        return sum(1 for point in self.points if point.is_beside)

    def drawing(self) -> SafeString:
        """The drawing; the list behind it is what a keyboard uses, six thousand stops would help nobody."""
        ordered = sorted(self.points, key=lambda point: not point.is_beside)
        return svg.drawing(SIDE + 20, SIDE + 20, self.title, *map(_dot, ordered), role="group", cls="drawing plot")


def _dot(point: Point) -> SafeString:
    x, y = 10 + point.x / 1000 * SIDE, 10 + (1000 - point.y) / 1000 * SIDE
    title = svg.element("title", point.label)
    if point.is_beside:
        return svg.element("path", title, cls="plot-beside", d=f"M{x - 3:.1f} {y:.1f}h6m-3 -3v6")
    dot = svg.element("circle", title, cls=f"plot-{min(point.group, COLOURS - 1)}", cx=x, cy=y, r=3.2)
    return svg.element("a", dot, href=point.url, tabindex="-1") if point.url else dot


# Where each country stands on a grid of tiles, column and row, set down by us: near its neighbours, never overlapping.
TILES = {
    "CA": (1, 1), "US": (1, 2), "MX": (1, 4), "BR": (3, 6), "AR": (3, 8), "CL": (2, 8), "CO": (2, 5), "PE": (2, 6),
    "IS": (6, 0), "NO": (9, 0), "SE": (10, 0), "FI": (11, 0), "IE": (6, 1), "GB": (7, 1), "DK": (9, 1), "EE": (11, 1),
    "NL": (8, 1), "BE": (7, 2), "DE": (9, 2), "PL": (10, 2), "LT": (11, 2), "LV": (12, 1), "LU": (8, 2), "FR": (7, 3),
    "CH": (8, 3), "AT": (9, 3), "CZ": (10, 3), "SK": (11, 3), "HU": (10, 4), "RO": (11, 4), "PT": (6, 4), "ES": (7, 4),
    "IT": (8, 4), "SI": (9, 4), "HR": (9, 5), "GR": (11, 5), "BG": (12, 4), "TR": (13, 5), "MC": (7, 5), "MT": (8, 5),
    "CY": (12, 6), "UA": (12, 3), "RU": (14, 1), "IL": (13, 6), "MA": (6, 6), "TN": (8, 6), "EG": (11, 6),
    "SA": (14, 6), "ZA": (10, 9), "IN": (16, 5), "CN": (18, 3), "KR": (20, 3), "JP": (21, 3), "TW": (20, 5),
    "HK": (19, 5),
    "VN": (19, 6), "TH": (18, 6), "MY": (18, 7), "SG": (19, 7), "ID": (20, 8), "AU": (20, 9), "NZ": (22, 9),
}  # fmt: skip
TILE, SHADES = 40, 4
STATE_MARKS = ("●", "○", "×")


@dataclass(frozen=True)
class Country:
    """What is told of one country, and what it opens: a figure, or the rank of a state among those of its map.

    `note` says more of it in words, in the table and where its tile is pointed at.
    """

    code: str
    name: str
    count: int = 0
    url: str = ""
    state: int | None = None
    note: Any = ""


@dataclass(frozen=True)
class TileMap:
    """The world as tiles, one a country: small countries are seen as well as large ones, no map server is asked.

    With `states`, at most three, a country shows its state by colour and mark; without them its figure, by shade too.
    """

    title: Any
    countries: Sequence[Country]
    states: Sequence[Any] = ()

    def elsewhere(self) -> list[tuple[Country, str]]:
        """What has no tile, told beside the drawing and in the table."""
        return [(country, told) for country, told in self.lines() if country.code not in TILES]

    def legend(self) -> list[tuple[int, str, str]]:
        """The rank, the mark and the words of each state that some country has."""
        held = {country.state for country in self.countries}
        return [(rank, STATE_MARKS[rank], str(words)) for rank, words in enumerate(self.states) if rank in held]

    def lines(self) -> list[tuple[Country, str]]:
        """The table: each country with its state or its figure."""
        return [(country, self.told(country)) for country in self.countries]

    def told(self, country: Country) -> str:
        """The state of a country in words, or its figure."""
        return str(self.states[country.state]) if country.state is not None else formats.number_text(country.count)

    def drawing(self) -> SafeString:
        """The tiles, darker where there is more."""
        held = {country.code: country for country in self.countries}
        parts = [self._tile(code, place, held.get(code)) for code, place in TILES.items()]
        width, height = 23 * TILE, 10 * TILE
        return svg.drawing(width, height, self.title, *parts, role="group", cls="drawing tiles")

    def _tile(self, code: str, place: tuple[int, int], country: Country | None) -> SafeString:
        x, y = place[0] * TILE, place[1] * TILE
        look, below = self._look(country)
        words = formats.labelled(country.name, self.told(country)) if country else code
        words = f"{words} ({country.note})" if country and country.note else words
        shape = svg.element(
            "g",
            svg.element("title", words),
            svg.element("rect", x=x + 1, y=y + 1, width=TILE - 2, height=TILE - 2, rx=4, cls=f"tile-{look}"),
            svg.text(x + TILE / 2, y + 17, code, cls=f"tile-text-{look}", anchor="middle"),
            *([svg.text(x + TILE / 2, y + 32, below, cls=f"tile-text-{look}", anchor="middle")] if below else []),
        )
        return svg.linked(shape, country.url if country else "")

    def _look(self, country: Country | None) -> tuple[str, str]:
        """The end of a tile's class, and what stands under its code."""
        if country is None:
            return "0", ""
        if country.state is not None:
            return f"state-{country.state}", STATE_MARKS[country.state]
        top = max(one.count for one in self.countries)
        if not country.count:
            return "0", ""
        return str(1 + min(SHADES - 1, int(SHADES * (country.count / top) ** 0.5 - 1e-9))), str(country.count)
