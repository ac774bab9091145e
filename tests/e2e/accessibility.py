"""The accessibility check: axe-core run in the page itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, *, but: str = "") -> list[str]:
    """What axe finds on the page as it stands: rule, how many, the first element, why; `but` selects what to skip."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_axe())
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
