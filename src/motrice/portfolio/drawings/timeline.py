"""The life of a family drawn by date: priority, filings, publications, grants, ends, on one line a filing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motrice.portfolio.enums import LIVE_FILINGS
from motrice.portfolio.models import Application, Publication
from motrice.web import formats, svg

WIDTH, LEFT, RIGHT, ROW, TOP = 760, 180, 16, 26, 24
ROOM = 27  # letters that fit beside a strip


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day."""

    on: date
    what: str
    shape: str


@dataclass(frozen=True)
class Strip:
    """One filing: from its day to its end or its term, with what happened."""

    label: str
    starts: date
    ends: date | None
    is_live: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Timeline:
    """The strips of a family, oldest first."""

    title: Any
    strips: Sequence[Strip]
    today: date

    def drawing(self) -> SafeString:
        """The drawing; the same is told in words beneath it."""
        first = min(strip.starts for strip in self.strips).year
        ends = [strip.ends for strip in self.strips if strip.ends] + [self.today]
        last = max(ends).year + 1
        scale = (WIDTH - LEFT - RIGHT) / max(1, last - first)
        height = TOP + ROW * len(self.strips) + 8

        def x(day: date) -> float:
            return LEFT + (day.year - first + (day.timetuple().tm_yday - 1) / 366) * scale

        step = max(1, round((last - first) / 10))
        parts = []
        for year in range(first, last + 1, step):
            place = LEFT + (year - first) * scale
            parts.append(svg.element("path", cls="d-line", d=f"M{place:.1f} {TOP - 6}V{height:.0f}"))
            parts.append(svg.text(place, 12, str(year), cls="d-quiet", anchor="middle"))
        parts.append(svg.element("path", cls="d-axis", d=f"M{x(self.today):.1f} {TOP - 6}V{height:.0f}"))
        for rank, strip in enumerate(self.strips):
            parts += _strip(strip, TOP + ROW * rank + ROW / 2, x, self.today)
        return svg.drawing(WIDTH, height, self.title, *parts, role="group")


def _strip(strip: Strip, y: float, x: Any, today: date) -> list[SafeString]:
    out = [svg.text(LEFT - 10, y + 4, strip.label, anchor="end")]
    until = strip.ends or today
    past, colour = min(until, today), 0 if strip.is_live else 4
    out.append(svg.element("path", cls=f"d-series d-stroke-{colour}", d=f"M{x(strip.starts):.1f} {y}H{x(past):.1f}"))
    if strip.is_live and until > today:
        line = f"M{x(today):.1f} {y}H{x(until):.1f}"
        out.append(svg.element("path", cls=f"d-series d-stroke-{colour}", d=line, stroke_dasharray="3 4"))
    for mark in strip.marks:
        title = svg.element("title", f"{mark.what}, {formats.day_text(mark.on)}")
        place = x(mark.on)
        if mark.shape == "circle":
            out.append(svg.element("circle", title, cls=f"d-fill-{colour}", cx=place, cy=y, r=4.5))
        elif mark.shape == "square":
            out.append(svg.element("rect", title, cls="d-fill-1", x=place - 4, y=y - 4, width=8, height=8))
        else:
            diamond = f"M{place:.1f} {y - 6}l6 6l-6 6l-6 -6Z"
            out.append(svg.element("path", title, cls="d-fill-2", d=diamond))
    return out


def timeline_of(
    applications: Sequence[Application], published: Mapping[int, Sequence[Publication]], today: date
) -> Timeline | None:
    """The timeline of the filings given, which are those that the reader may see; None when none has a date."""
    dated = sorted((row for row in applications if row.filed_on), key=lambda row: (row.filed_on, row.pk))
    strips = [_strip_of(row, published.get(row.pk, ())) for row in dated]
    return Timeline(_("The family by date"), strips, today) if strips else None


def _strip_of(row: Application, published: Sequence[Publication]) -> Strip:
    is_live = row.status in LIVE_FILINGS
    marks = [Mark(row.filed_on, _("filed"), "circle")] if row.filed_on else []
    marks += [Mark(one.published_on, _("published as %(number)s") % {"number": one}, "square") for one in published]
    if row.granted_on:
        marks.append(Mark(row.granted_on, _("granted"), "diamond"))
    ends = row.expires_on if is_live else row.status_on
    label = f"{row.office} {row.get_route_display()}"
    label = label if len(label) <= ROOM else f"{label[: ROOM - 1].rstrip()}…"
    return Strip(label, row.filed_on, ends, is_live, tuple(marks))  # type: ignore[arg-type]
