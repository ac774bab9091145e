"""Pictures that earn their place, drawn on the server: the line of successors of a unit, a map of positions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from motrice.web import svg

ROW, BOX_HEIGHT, BOX_WIDTH, MAX_LABEL = 62, 44, 190, 26


@dataclass(frozen=True)
class LineageNode:
    """One unit of a line of successors: from when to when it existed."""

    key: str
    label: str
    starts: int | None = None
    ends: int | None = None
    url: str = ""
    is_here: bool = False

    @property
    def years(self) -> str:
        """Its years in words that need no language."""
        if self.starts is None and self.ends is None:
            return ""
        return f"{self.starts or '…'} – {self.ends or ''}".strip()


@dataclass(frozen=True)
class LineageEdge:
    """One succession: `kind` is its word (merger, split, renaming)."""

    source: str
    target: str
    kind: Any = ""
    year: int | None = None


@dataclass(frozen=True)
class Lineage:
    """A line of successors; the template writes the same in words beneath the drawing."""

    title: Any
    nodes: Sequence[LineageNode]
    edges: Sequence[LineageEdge]

    def generations(self) -> list[list[LineageNode]]:
        """Nodes by depth: each after all of its predecessors; a loop in the data stops at the number of nodes."""
        depth = {node.key: 0 for node in self.nodes}
        for _round in self.nodes:
            moved = False
            for edge in self.edges:
                if edge.source in depth and edge.target in depth and depth[edge.target] <= depth[edge.source]:
                    if depth[edge.source] + 1 >= len(self.nodes):
                        continue
                    depth[edge.target] = depth[edge.source] + 1
                    moved = True
            if not moved:
                break
        levels: list[list[LineageNode]] = [[] for _level in range(max(depth.values(), default=-1) + 1)]
        for node in self.nodes:
            levels[depth[node.key]].append(node)
        return [self._sorted(level) for level in levels if level]

    @staticmethod
    def _sorted(level: list[LineageNode]) -> list[LineageNode]:
        return sorted(level, key=lambda node: (node.starts or 0, node.label))

    def sentences(self) -> list[tuple[LineageNode, LineageNode, LineageEdge]]:
        """Each succession with its two units, oldest first."""
        by_key = {node.key: node for node in self.nodes}
        known = [edge for edge in self.edges if edge.source in by_key and edge.target in by_key]
        return [
            (by_key[edge.source], by_key[edge.target], edge) for edge in sorted(known, key=lambda edge: edge.year or 0)
        ]

    def drawing(self) -> SafeString:
        """The drawing, oldest on the left."""
        levels = self.generations()
        gap = 70
        width = len(levels) * BOX_WIDTH + max(0, len(levels) - 1) * gap + 4
        height = max((len(level) for level in levels), default=1) * ROW + 6
        place: dict[str, tuple[float, float]] = {}
        for column, level in enumerate(levels):
            offset = (height - len(level) * ROW) / 2
            for line, node in enumerate(level):
                place[node.key] = (2 + column * (BOX_WIDTH + gap), offset + line * ROW + (ROW - BOX_HEIGHT) / 2)
        parts = [self._edge(edge, place) for edge in self.edges if edge.source in place and edge.target in place]
        parts += [self._node(node, *place[node.key]) for level in levels for node in level]
        return svg.drawing(width, height, self.title, *parts, role="group", width=width, height=height)

    @staticmethod
    def _edge(edge: LineageEdge, place: dict[str, tuple[float, float]]) -> SafeString:
        (x1, y1), (x2, y2) = place[edge.source], place[edge.target]
        x1, y1, y2 = x1 + BOX_WIDTH, y1 + BOX_HEIGHT / 2, y2 + BOX_HEIGHT / 2
        middle = (x1 + x2) / 2
        bend = f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
        year = [svg.text(middle, (y1 + y2) / 2 - 6, edge.year, cls="d-quiet", anchor="middle")] if edge.year else []
        return svg.element(
            "g",
            svg.element("path", cls="d-edge", d=bend),
            svg.element("circle", cls="d-point", cx=x2, cy=y2, r=3.5),
            *year,
        )

    @staticmethod
    def _node(node: LineageNode, x: float, y: float) -> SafeString:
        label = node.label if len(node.label) <= MAX_LABEL else f"{node.label[: MAX_LABEL - 1].rstrip()}…"
        box = svg.element(
            "g",
            svg.element("title", node.label),
            svg.element("rect", x=x, y=y, width=BOX_WIDTH, height=BOX_HEIGHT, rx=8),
            svg.text(x + 12, y + 18, label),
            svg.text(x + 12, y + 35, node.years, cls="d-quiet"),
        )
        return svg.element("g", svg.linked(box, node.url), cls="d-node is-here" if node.is_here else "d-node")


# The outline of metropolitan France and Corsica, longitude and latitude to a tenth of a degree, set down by us.
MAINLAND = (
    (2.5, 51.1), (3.1, 50.8), (4.2, 50.3), (4.2, 49.95), (4.85, 50.15), (4.9, 49.8), (5.8, 49.55), (6.4, 49.45),
    (7.0, 49.15), (8.2, 48.97), (7.8, 48.5), (7.58, 47.6), (7.0, 47.35), (6.9, 47.0), (6.1, 46.4), (6.25, 46.2),
    (6.8, 46.4), (7.0, 45.95), (6.85, 45.65), (7.1, 45.3), (6.65, 45.1), (7.0, 44.7), (6.9, 44.3), (7.65, 44.15),
    (7.5, 43.78), (7.0, 43.5), (6.6, 43.2), (6.1, 43.05), (5.4, 43.25), (4.8, 43.4), (4.2, 43.48), (3.5, 43.28),
    (3.05, 43.0), (3.05, 42.45), (2.0, 42.4), (1.45, 42.6), (0.7, 42.8), (-0.3, 42.8), (-1.4, 43.1), (-1.75, 43.35),
    (-1.4, 43.7), (-1.2, 44.5), (-1.1, 45.5), (-1.15, 46.1), (-1.8, 46.5), (-2.1, 47.1), (-2.5, 47.3), (-3.1, 47.6),
    (-4.1, 47.85), (-4.7, 48.05), (-4.3, 48.2), (-4.75, 48.4), (-4.0, 48.7), (-3.2, 48.85), (-2.6, 48.55),
    (-2.0, 48.68), (-1.5, 48.65), (-1.6, 49.2), (-1.9, 49.7), (-1.3, 49.7), (-1.15, 49.38), (0.1, 49.3), (0.2, 49.7),
    (1.1, 49.95), (1.6, 50.35), (1.6, 50.85),
)  # fmt: skip
CORSICA = ((9.4, 43.0), (9.55, 42.1), (9.25, 41.4), (8.8, 41.6), (8.6, 42.2), (8.75, 42.55), (9.3, 42.7))
WEST, EAST, SOUTH, NORTH = -5.4, 10.0, 41.2, 51.4
MAP_WIDTH = 480


@dataclass(frozen=True)
class MapPoint:
    """One position; several of the same name are one point."""

    longitude: float
    latitude: float
    label: str
    url: str = ""


@dataclass(frozen=True)
class PositionMap:
    """Positions on an outline of France: no tiles, nothing asked of another site."""

    title: Any
    points: Sequence[MapPoint]

    def inside(self) -> list[MapPoint]:
        """The points that the outline shows."""
        return [point for point in self.points if WEST <= point.longitude <= EAST and SOUTH <= point.latitude <= NORTH]

    def elsewhere(self) -> list[MapPoint]:
        """The points outside: overseas and abroad, listed in words."""
        shown = set(map(id, self.inside()))
        return [point for point in self.points if id(point) not in shown]

    def drawing(self) -> SafeString:
        """The map, in a plate carrée squeezed at 46.5 degrees north."""
        height = _map_y(SOUTH)
        meridians = [f"M{_map_x(degree):.1f} 0V{height:.1f}" for degree in range(-4, 10, 2)]
        parallels = [f"M0 {_map_y(degree):.1f}H{MAP_WIDTH}" for degree in range(42, 52, 2)]
        parts = [svg.element("path", cls="d-line", d=line) for line in meridians + parallels]
        parts += [svg.element("path", cls="d-land", d=_outline(shape)) for shape in (MAINLAND, CORSICA)]
        parts += [_dot(point) for point in self.inside()]
        return svg.drawing(MAP_WIDTH, height, self.title, *parts, role="group", cls="drawing map")


def _map_x(longitude: float) -> float:
    return (longitude - WEST) / (EAST - WEST) * MAP_WIDTH


def _map_y(latitude: float) -> float:
    return (NORTH - latitude) / (EAST - WEST) * MAP_WIDTH / math.cos(math.radians(46.5))


def _outline(shape: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_map_x(x):.1f} {_map_y(y):.1f}" for x, y in shape) + "Z"


def _dot(point: MapPoint) -> SafeString:
    x, y = _map_x(point.longitude), _map_y(point.latitude)
    dot = svg.element("circle", svg.element("title", point.label), cls="d-point", cx=x, cy=y, r=5)
    return svg.linked(dot, point.url, point.label)
