"""Drawings of state machines as SVG: states in a column, moves as arcs, forward on the right and back on the left."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Move = tuple[str, Sequence[str], str]
WIDTH, BOX, HEIGHT, GAP, LANE, LETTER = 210, 34, 34, 30, 26, 6.4
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2937}.m{font-size:11.5px}.b{fill:#eef2f7;stroke:#64748b}"
    ".s{stroke-width:2.5}.a{fill:none;stroke:#475569;stroke-width:1.3}.h{fill:#475569}"
    "@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.b{fill:#1f2937}.a{stroke:#cbd5e1}.h{fill:#cbd5e1}}"
)


def order(states: dict[str, str], first: str, moves: Sequence[Move]) -> list[str]:
    """The states from the first one outwards; those that no move reaches come last."""
    reached = _walk(states, first, moves)
    return reached + [state for state in states if state not in reached]


def _walk(states: dict[str, str], first: str, moves: Sequence[Move]) -> list[str]:
    waiting, found = [first] if first in states else [], []
    while waiting:
        state = waiting.pop(0)
        if state in found:
            continue
        found.append(state)
        waiting += [target for _name, sources, target in moves if state in sources and target in states]
    return found


def arcs(rows: list[str], moves: Sequence[Move]) -> list[tuple[int, int, str]]:
    """Each arc as (from row, to row, names): moves between the same two states share one."""
    names: dict[tuple[int, int], list[str]] = {}
    for name, sources, target in moves:
        for source in sources:
            names.setdefault((rows.index(source), rows.index(target)), []).append(name)
    return [(start, end, ", ".join(texts)) for (start, end), texts in sorted(names.items())]


def lanes(spans: list[tuple[int, int, str]]) -> list[int]:
    """A lane for each arc, so that two in one lane never overlap; short ones are nearest to the boxes."""
    taken: list[list[tuple[int, int]]] = []
    found = {}
    for index in sorted(range(len(spans)), key=lambda each: abs(spans[each][0] - spans[each][1])):
        low, high = sorted(spans[index][:2])
        lane = next(
            (n for n, used in enumerate(taken) if all(high <= a or low >= b for a, b in used) and low != high),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found[index] = lane
    return [found[index] for index in range(len(spans))]


def state_diagram(states: dict[str, str], first: str, moves: Sequence[Move]) -> str:
    """The drawing of one machine, as a whole SVG file."""
    rows = order(states, first, moves)
    links = arcs(rows, moves)
    right = [link for link in links if link[1] >= link[0]]
    left = [link for link in links if link[1] < link[0]]
    right_lanes, left_lanes = lanes(right), lanes(left)
    left_space = _space(left, left_lanes)
    width = left_space + WIDTH + _space(right, right_lanes)
    height = len(rows) * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" role="img">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="h" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="h" d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for number, state in enumerate(rows):
        y = number * (HEIGHT + GAP) + GAP / 2
        parts.append(
            f'<rect class="b{" s" if state == first else ""}" x="{left_space:.0f}" y="{y:.0f}" width="{WIDTH}" '
            f'height="{HEIGHT}" rx="8"/><text x="{left_space + WIDTH / 2:.0f}" y="{y + 22:.0f}" '
            f'text-anchor="middle">{escape(states[state])}</text>'
        )
    parts += [_arc(link, lane, left_space + WIDTH, 1) for link, lane in zip(right, right_lanes, strict=True)]
    parts += [_arc(link, lane, left_space, -1) for link, lane in zip(left, left_lanes, strict=True)]
    return "\n".join([*parts, "</svg>", ""])


def _space(links: list[tuple[int, int, str]], used: list[int]) -> float:
    """The room beside the boxes for the lanes and their longest name."""
    reach = [(lane + 1) * LANE + len(link[2]) * LETTER for link, lane in zip(links, used, strict=True)]
    return max(reach, default=0) + 12


def _arc(link: tuple[int, int, str], lane: int, edge: float, side: int) -> str:
    start, end, name = link
    shift = 6 if start <= end else -6
    top = start * (HEIGHT + GAP) + GAP / 2 + HEIGHT / 2 + shift
    bottom = end * (HEIGHT + GAP) + GAP / 2 + HEIGHT / 2 - shift + (12 if start == end else 0)
    far = edge + side * (lane + 1) * LANE
    middle = (top + bottom) / 2
    anchor = "start" if side > 0 else "end"
    curve = f"M{edge:.0f} {top:.0f}C{far:.0f} {top:.0f} {far:.0f} {bottom:.0f} {edge:.0f} {bottom:.0f}"
    return (
        f'<path class="a" d="{curve}" '
        f'marker-end="url(#h)"/><text class="m" x="{edge + side * ((lane + 1) * LANE * 0.75 + 4):.0f}" '
        f'y="{middle + 4 + (lane % 3 - 1) * 3:.0f}" text-anchor="{anchor}">{escape(name)}</text>'
    )
