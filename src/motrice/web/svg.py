"""Writes SVG: every text and attribute escaped, every number with a point whatever the reader's language."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe


def coordinate(value: float) -> str:
    """A number of a drawing, to a tenth."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def element(name: str, /, *children: SafeString | str, **attributes: Any) -> SafeString:
    """One element; `cls` is its class, `_` in a name stands for `-`, what is None or empty is left out."""
    written = []
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        attribute = "class" if key == "cls" else key.replace("_", "-")
        shown = coordinate(value) if isinstance(value, int | float) else str(value)
        written.append(f' {attribute}="{escape(shown)}"')
    inside = "".join(child if isinstance(child, SafeString) else escape(str(child)) for child in children)
    return mark_safe(f"<{name}{''.join(written)}>{inside}</{name}>")  # noqa: S308 - escaped just above


def drawing(width: float, height: float, title: Any, /, *children: SafeString, **attributes: Any) -> SafeString:
    """The root of a drawing that scales to its place."""
    return element(
        "svg",
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        aria_label=title,
        **{"cls": "drawing", "role": "img", **attributes},
    )


def text(x: float, y: float, content: Any, *, cls: str = "", anchor: str = "") -> SafeString:
    """One line of text."""
    return element("text", str(content), x=x, y=y, cls=cls, text_anchor=anchor)


def linked(shape: SafeString, url: str, name: Any = None) -> SafeString:
    """A shape that opens a page, when there is one to open."""
    return element("a", shape, href=url, aria_label=name) if url else shape
