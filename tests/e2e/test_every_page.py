"""Every page of the site in a browser: accessible, whole on a phone, in the reader's language, without a fault.

Each page is seen by somebody who may read it, in light on a desk in English and in dark on a phone in French.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, Page

from motrice.core import search_index
from tests.e2e.accessibility import violations
from tests.e2e.conftest import session_of
from tests.e2e.pages import NOT_PAGES, PageWorld, VisitedPage, every_page, page_world
from tests.leaks import routes

LOOKS = {"desk": (1280, "light", "en"), "phone": (390, "dark", "fr")}


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> PageWorld:
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    settings.DEBUG = True  # the gallery of parts has its pages then
    with override("en"):
        made = page_world(tmp_path)
    search_index.rebuild()
    return made


def test_every_page_is_accessible_and_whole(browser: Browser, live_server: Any, place: PageWorld):
    pages, unread = every_page(place)
    assert not unread, "nobody opens these pages; give them a record or a reader in tests/e2e/pages.py:\n" + "\n".join(
        unread
    )
    assert len(pages) > 100
    faults = []
    for width, theme, language in LOOKS.values():
        contexts: dict[str, BrowserContext] = {}
        for page in pages:
            if page.who not in contexts:
                actor = place.leak.actors[page.who]
                contexts[page.who] = context_of(browser, live_server.url, actor, width, theme, language)
            faults += faults_of(contexts[page.who], live_server.url, page, language)
        for context in contexts.values():
            context.close()
    assert not faults, "\n".join(faults)


def context_of(browser: Browser, url: str, actor: Any, width: int, theme: Any, language: str) -> BrowserContext:
    """A browser in which somebody has signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    cookies = {site.LANGUAGE_COOKIE_NAME: language}
    if actor.is_authenticated:
        cookies[site.SESSION_COOKIE_NAME] = session_of(actor)
    context.add_cookies([{"name": key, "value": value, "url": url} for key, value in cookies.items()])
    return context


def faults_of(context: BrowserContext, base: str, visited: VisitedPage, language: str) -> list[str]:
    """What is wrong with one page as one reader sees it."""
    page = context.new_page()
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(f"{request.url} failed: {request.failure}"))
    answer = page.goto(base + visited.url)
    if answer is None or answer.status != 200:
        found.append(f"answers {answer and answer.status}")
    found += [*shape_faults(page, language), *violations(page)]
    where = (
        f"{visited.name} as {visited.who}, {page.viewport_size['width'] if page.viewport_size else ''} px, {language}"
    )
    page.close()
    return [f"{where}: {fault}" for fault in found]


def shape_faults(page: Page, language: str) -> list[str]:
    """The window's width, the title, the one heading and the language."""
    state = page.evaluate(
        """() => {
          const root = document.documentElement;
          const isOut = (part) => part.getBoundingClientRect().right > root.clientWidth + 1;
          const wide = [...document.querySelectorAll("body *")]
            .filter((part) => isOut(part) && !part.closest(".table-scroll, .table-wrap"))
            .map((part) => part.outerHTML.slice(0, 90));
          return {
            wide: root.scrollWidth > root.clientWidth ? wide[0] || "something" : "",
            title: document.title.split("·")[0].trim(),
            headings: document.querySelectorAll("h1").length,
            language: root.lang,
          };
        }"""
    )
    faults = [f"is wider than its window: {state['wide']}"] if state["wide"] else []
    faults += [] if state["title"] else ["has no title"]
    faults += [] if state["headings"] == 1 else [f"has {state['headings']} first headings"]
    return faults + ([] if state["language"] == language else [f"says that it is in {state['language']}"])


def test_what_is_left_out_is_in_the_url_map():
    names = {name for name, _path, _pattern in routes.walk()}

    assert set(NOT_PAGES) <= names
