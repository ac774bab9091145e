"""Every page of the site in a browser: accessible, whole on a phone, in the reader's language, without a fault.

Each page is seen by somebody who may read it, in light on a desk in English and in dark on a phone in French; each
reader keeps one window.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, Page

from motrice.core import search_index
from tests.e2e.accessibility import AXE, violations
from tests.e2e.pages import NOT_PAGES, PageWorld, every_page, page_world
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


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_whole(browser: Browser, live_server: Any, place: PageWorld, look: str):
    pages, unread = every_page(place)
    assert not unread, "\n".join(
        ["nobody opens these; give each a record or a reader in tests/e2e/pages.py:", *unread]
    )
    assert len(pages) > 100
    faults = []
    for who in dict.fromkeys(page.who for page in pages):
        context = window_of(browser, live_server.url, place.sessions[who], look)
        window, said = context.new_page(), []
        listen(window, said)
        for page in pages:
            if page.who == who:
                found = [*faults_of(window, live_server.url + page.url, LOOKS[look][2]), *said]
                said.clear()
                faults += [f"{page.name} as {who} ({page.url}), {look}: {fault}" for fault in found]
        context.close()
    assert not faults, "\n".join(faults)


def window_of(browser: Browser, url: str, session: str, look: str) -> BrowserContext:
    """A browser in which somebody has signed in, with the accessibility check at hand."""
    width, theme, language = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    cookies = {site.LANGUAGE_COOKIE_NAME: language, site.SESSION_COOKIE_NAME: session}
    context.add_cookies([{"name": key, "value": value, "url": url} for key, value in cookies.items() if value])
    context.add_init_script(path=AXE)
    return context


def listen(window: Page, said: list[str]) -> None:
    """Write down what the console and the network complain of."""
    window.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    window.on("requestfailed", lambda request: said.append(f"{request.url} failed: {request.failure}"))


def faults_of(window: Page, url: str, language: str) -> list[str]:
    """What is wrong with one page as one reader sees it."""
    answer = window.goto(url)
    faults = [] if answer is not None and answer.status == 200 else [f"answers {answer and answer.status}"]
    return [*faults, *shape_faults(window, language), *violations(window)]


def shape_faults(page: Page, language: str) -> list[str]:
    """The window's width, the title, the one heading and the language."""
    state = page.evaluate(
        """() => {
          const root = document.documentElement;
          const isOut = (part) => part.getBoundingClientRect().right > root.clientWidth + 1;
          const wide = () => [...document.querySelectorAll("body *")]
            .filter((part) => isOut(part) && !part.closest(".table-scroll, .table-wrap"))
            .map((part) => part.outerHTML.slice(0, 90));
          return {
            wide: root.scrollWidth > root.clientWidth ? wide()[0] || "something" : "",
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
