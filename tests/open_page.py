"""A page that somebody left open: its form as the browser holds it, to be changed and sent later."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """The successful controls of the last form with a given field, as HTML defines them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name, kind = values.get("name") or "", values.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "input" and name and not (kind in ("checkbox", "radio") and "checked" not in values):
            self.forms[-1][name] = values.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self.area = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in values or self.select not in self.forms[-1]):
            self.forms[-1][self.select] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area] += data.removeprefix("\n") if not self.forms[-1][self.area] else data


def left_open(response: Any, having: str) -> dict[str, Any]:
    """What the form with this field would send now."""
    reader = _Fields()
    reader.feed(response.content.decode())
    (found,) = [form for form in reader.forms if having in form]
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def told(response: Any, *words: str) -> str:
    """The text of a page that refused what was sent, which must hold these words."""
    text = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 422, text[:3000]
    assert [word for word in words if word not in text] == []
    return text
