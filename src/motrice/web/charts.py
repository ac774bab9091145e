"""A chart is declared once: live on the page, drawn without a script, the same in mail and PDF, and always a table.

The static drawing is our own small SVG rather than vl-convert's: it needs no second runtime (a second and 100 MB at
the first chart), its colours follow the page's theme through classes, and each point can be a link.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from motrice.web import formats, svg
from motrice.web.lists.export import safe_cell

KINDS = ("bar", "line", "stacked", "funnel")
WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 28, 44
LINE = 14
MAX_SERIES, MAX_LABELLED = 5, 16
DASHES = ("", "7 4", "2 4")

# The same colours as the page's light theme, for mail and PDF, where no style sheet of ours applies.
PRINT_STYLE = (
    "text{font:12px Inter,Helvetica,Arial,sans-serif;fill:#17252b}.d-quiet{fill:#4d5d64}"
    ".d-line{stroke:#dde4e6;fill:none}.d-axis{stroke:#8a9aa1;fill:none}.d-series{fill:none;stroke-width:2.25}"
    + "".join(
        f".d-fill-{place}{{fill:{colour}}}.d-stroke-{place}{{stroke:{colour}}}"
        for place, colour in enumerate(("#0b6374", "#c2703d", "#6d5fa8", "#7b8a34", "#8a9aa1"))
    )
)


@dataclass(frozen=True)
class Series:
    """One line or set of bars: a value (or None) for each category, and the list that each value opens."""

    name: Any
    values: Sequence[float | None]
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """A figure over categories. `unit` stands on the axis; `note` gives date, perimeter and source."""

    kind: str
    title: Any
    categories: Sequence[Any]
    series: Sequence[Series]
    unit: Any = ""
    note: Any = ""
    category_label: Any = ""
    element_id: str = "chart"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A chart is one of {', '.join(KINDS)}, not {self.kind!r}.")
        if not 0 < len(self.series) <= (1 if self.kind == "funnel" else MAX_SERIES):
            raise ValueError(f"A {self.kind} chart cannot show {len(self.series)} series.")
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(
                    f"The series {one.name} has {len(one.values)} values for {len(self.categories)} categories."
                )
            if one.links and len(one.links) != len(one.values):
                raise ValueError(f"The series {one.name} has {len(one.links)} links for {len(one.values)} values.")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)

    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The table: each category with (shown value, link) for each series."""
        return [
            (
                str(category),
                [(_shown(one.values[at]), one.links[at] if one.links else "") for one in self.series],
            )
            for at, category in enumerate(self.categories)
        ]

    def csv_text(self) -> str:
        """The data for a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([safe_cell(str(cell)) for cell in (self.category_label, *(one.name for one in self.series))])
        for at, category in enumerate(self.categories):
            writer.writerow(
                [safe_cell(str(category)), *("" if one.values[at] is None else one.values[at] for one in self.series)]
            )
        return out.getvalue()

    def data(self) -> dict[str, Any]:
        """What the live chart and the copy button read."""
        return {
            "kind": self.kind,
            "unit": str(self.unit),
            "categories": [str(category) for category in self.categories],
            "series": [
                {"name": str(one.name), "values": list(one.values), "links": list(one.links) or [""] * len(one.values)}
                for one in self.series
            ],
            "csv": self.csv_text(),
        }

    def drawing(self, *, is_standalone: bool = False) -> SafeString:
        """The drawing: inside a page it takes the page's colours; standalone, for mail and PDF, it brings its own."""
        drawn = _Drawing(self, has_links=not is_standalone)
        body = drawn.funnel() if self.kind == "funnel" else drawn.axes()
        style = [svg.element("style", mark_safe(PRINT_STYLE))] if is_standalone else []  # noqa: S308 - a constant
        # A drawing with links in it is a group: an image would hide them from assistive technology.
        role = "group" if drawn.has_links and any(one.links for one in self.series) else "img"
        return svg.drawing(WIDTH, HEIGHT, self.title, *style, *body, role=role)


def _shown(value: float | None) -> str:
    return "–" if value is None else formats.number_text(value)


def ticks(top: float) -> list[float]:
    """Four to six round steps from zero to at least `top`."""
    if top <= 0:
        return [0, 1]
    rough = top / 4
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough)
    if top >= 4:
        step = max(1, step) if step < 1 else step
    count = math.ceil(top / step)
    return [round(step * place, 10) for place in range(count + 1)]


class _Drawing:
    """Draws one chart."""

    def __init__(self, chart: Chart, *, has_links: bool) -> None:
        self.chart, self.has_links = chart, has_links
        self.right = 120 if chart.kind == "line" and len(chart.series) > 1 else RIGHT
        self.inner = WIDTH - LEFT - self.right
        self.step = self.inner / max(1, len(chart.categories))
        self.scale = ticks(self._top())

    def _top(self) -> float:
        chart = self.chart
        if chart.kind == "stacked":
            sums = (sum(one.values[at] or 0 for one in chart.series) for at in range(len(chart.categories)))
            return max(sums, default=0)
        return max((value or 0 for one in chart.series for value in one.values), default=0)

    def x(self, at: int) -> float:
        """The middle of a category."""
        return LEFT + self.step * (at + 0.5)

    def y(self, value: float) -> float:
        """The height of a value."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.scale[-1]

    def mark(self, name: str, one: Series, at: int, **attributes: Any) -> SafeString:
        """A shape that says its figure, and opens its list."""
        title = f"{self.chart.categories[at]}, {one.name}: {_shown(one.values[at])} {self.chart.unit}".strip()
        shape = svg.element(name, svg.element("title", title), **attributes)
        return svg.linked(shape, one.links[at] if one.links and self.has_links else "", title)

    def axes(self) -> list[SafeString]:
        """The scale, the categories and what is drawn over them."""
        chart, out = self.chart, []
        for tick in self.scale:
            y = self.y(tick)
            out.append(svg.element("path", cls="d-line", d=f"M{LEFT} {y:.1f}H{WIDTH - self.right}"))
            out.append(svg.text(LEFT - 8, y + 4, formats.number_text(tick), cls="d-quiet", anchor="end"))
        if chart.unit:
            out.append(svg.text(8, 14, chart.unit, cls="d-quiet"))
        every = max(1, math.ceil(len(chart.categories) / max(1, int(self.inner // 70))))
        room = max(6, int(self.step * every / 6.6))
        for at, category in enumerate(chart.categories):
            if at % every == 0:
                for place, words in enumerate(_lines(str(category), room)):
                    y = HEIGHT - BOTTOM + 18 + LINE * place
                    out.append(svg.text(self.x(at), y, words, cls="d-quiet", anchor="middle"))
        out += self.lines() if chart.kind == "line" else self.bars()
        out.append(svg.element("path", cls="d-axis", d=f"M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - self.right}"))
        return out

    def bars(self) -> list[SafeString]:
        """Bars beside or upon one another."""
        chart, out = self.chart, []
        is_stacked, many = chart.kind == "stacked", len(chart.series) > 1
        width = min(48.0, self.step * 0.72 / (1 if is_stacked else len(chart.series)))
        for at in range(len(chart.categories)):
            base, x = 0.0, self.x(at) - width * (1 if is_stacked else len(chart.series)) / 2
            for place, one in enumerate(chart.series):
                value = one.values[at]
                top = self.y(base + (value or 0))
                if value:
                    size = {"x": x, "y": top, "width": width - 1, "height": self.y(base) - top}
                    out.append(self.mark("rect", one, at, cls=f"d-fill-{place}", rx=2, **size))
                if value is not None and not many and len(chart.categories) <= MAX_LABELLED:
                    out.append(svg.text(x + width / 2, top - 6, _shown(value), anchor="middle"))
                base += (value or 0) if is_stacked else 0
                x += 0 if is_stacked else width
        return out + (self.names() if many else [])

    def names(self) -> list[SafeString]:
        """Each series named above the bars beside its own mark."""
        out, x = [], float(LEFT + 60)
        for place, one in enumerate(self.chart.series):
            out.append(svg.element("rect", cls=f"d-fill-{place}", x=x, y=5, width=10, height=10, rx=2))
            out.append(svg.text(x + 15, 14, one.name))
            x += 34 + 6.8 * len(str(one.name))
        return out

    def lines(self) -> list[SafeString]:
        """Lines named at their end, told apart by dashes as well as by colour."""
        out = []
        for place, one in enumerate(self.chart.series):
            points = [(at, self.x(at), self.y(value)) for at, value in enumerate(one.values) if value is not None]
            path, previous = "", None
            for at, x, y in points:
                path += f"{'L' if previous == at - 1 else 'M'}{x:.1f} {y:.1f}"
                previous = at
            dash = DASHES[place % len(DASHES)]
            out.append(svg.element("path", cls=f"d-series d-stroke-{place}", d=path, stroke_dasharray=dash))
            out += [self.mark("circle", one, at, cls=f"d-fill-{place}", cx=x, cy=y, r=3.5) for at, x, y in points]
            if points and len(self.chart.series) > 1:
                out.append(svg.text(points[-1][1] + 8, points[-1][2] + 4, _short(str(one.name), 16)))
        return out

    def funnel(self) -> list[SafeString]:
        """Steps from the widest, with the share that each keeps of the one before."""
        chart, one = self.chart, self.chart.series[0]
        top = max((value or 0 for value in one.values), default=0) or 1
        height = (HEIGHT - 16) / max(1, len(chart.categories))
        out = []
        for at, category in enumerate(chart.categories):
            value, y = one.values[at] or 0, 8 + height * at
            width = max(2.0, 360 * value / top)
            size = {"x": 500 - width / 2, "y": y + 3, "width": width, "height": height - 6}
            out.append(self.mark("rect", one, at, cls="d-fill-0", rx=3, **size))
            words = formats.labelled(_short(str(category), 34), _shown(one.values[at]))
            out.append(svg.text(300, y + height / 2 + 4, words, anchor="end"))
            if at and one.values[at - 1]:
                kept = formats.share_text(round(value / one.values[at - 1], 3))
                out.append(svg.text(WIDTH - 8, y + height / 2 + 4, kept, cls="d-quiet", anchor="end"))
        return out


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _lines(text: str, room: int) -> list[str]:
    """A name on one line, or on two where words allow it; what has no room ends with an ellipsis."""
    if len(text) <= room:
        return [text]
    cut = text.rfind(" ", 0, room + 1)
    return [_short(text, room)] if cut <= 0 else [text[:cut], _short(text[cut + 1 :], room)]
