"""The accessibility check: axe-core run in the page itself.

The server of the tests gives the script (`tests/e2e/conftest.py`), for the browser keeps what it compiled of a script
that it loads again, and of one that is put into each page it does not.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ADDRESS = f"{settings.STATIC_URL}axe.js"
LOAD = """address => new Promise((done, failed) => {
  if (window.axe) return done();
  const script = Object.assign(document.createElement("script"), {src: address, onload: done, onerror: failed});
  document.head.append(script);
})"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def violations(page: Page, *, but: str = "") -> list[str]:
    """What axe finds on the page as it stands: rule, how many, the first element, why; `but` selects what to skip."""
    page.evaluate(LOAD, ADDRESS)
    found = page.evaluate(
        """([rules, but]) => axe.run(but ? {exclude: [but]} : document, {
          runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], preload: false,
        }).then((found) => found.violations)""",
        [RULES, but],
    )
    return [_said(fault) for fault in found]


def _said(fault: dict) -> str:
    first = fault["nodes"][0]
    return f"{fault['id']} ({len(fault['nodes'])}): {first['html'][:160]} — {first['failureSummary']}"


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.1 AA nor of axe's best practice, and nothing wider than the window."""
    found = violations(page)
    assert not found, "\n".join([f"{page.url} at {page.viewport_size}:", *found])
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, f"{page.url} is wider than its window of {page.viewport_size}"
