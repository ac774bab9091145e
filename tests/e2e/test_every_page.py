"""Every page of the site in a browser: accessible, whole on a phone, in the reader's language, without a fault.

Each page is seen by somebody who may read it, in light on a desk in English and in dark on a phone in French; each
look has one browser, at which the readers sit down in turn. The pages are shared out in parts that may run at once.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, Page

from motrice.core import search_index
from tests.e2e.accessibility import violations
from tests.e2e.pages import NOT_PAGES, PageWorld, every_page, page_world
from tests.leaks import routes

LOOKS = {"desk": (1280, "light", "en"), "phone": (390, "dark", "fr")}
# What a page repeats hundreds of times in one shape, all but the first three of each section.
REPEATED = {"api_page": "details ~ details ~ details ~ details"}
PARTS = 2


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> PageWorld:
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    settings.DEBUG = True  # the gallery of parts has its pages then
    with override("en"):
        made = page_world(tmp_path)
    search_index.rebuild()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_whole(browser: Browser, live_server: Any, place: PageWorld, part: int):
    pages, unread = every_page(place, part, PARTS)
    assert not unread, "\n".join(
        ["nobody opens these; give each a record or a reader in tests/e2e/pages.py:", *unread]
    )
    assert len(pages) > 100 // PARTS
    faults = []
    for look, (_width, _theme, language) in LOOKS.items():
        context = window_of(browser, look)
        for who in dict.fromkeys(page.who for page in pages):
            sit_down(context, live_server.url, place.sessions[who], language)
            window, said = context.new_page(), []
            listen(window, said)
            for page in pages:
                if page.who == who:
                    repeated = REPEATED.get(page.name, "")
                    found = [*faults_of(window, live_server.url + page.url, language, repeated), *said]
                    said.clear()
                    faults += [f"{page.name} as {who} ({page.url}), {look}: {fault}" for fault in found]
            window.close()
        context.close()
    assert not faults, "\n".join(faults)


def window_of(browser: Browser, look: str) -> BrowserContext:
    """A browser of one look; a new one takes longer than a page, so the readers share it."""
    width, theme, _language = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    return context


def sit_down(context: BrowserContext, url: str, session: str, language: str) -> None:
    """The next reader takes the browser over, with a session of their own."""
    context.clear_cookies()
    cookies = {site.LANGUAGE_COOKIE_NAME: language, site.SESSION_COOKIE_NAME: session}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items() if value])


def listen(window: Page, said: list[str]) -> None:
    """Write down what the console and the network complain of."""
    window.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    window.on("requestfailed", lambda request: said.append(f"{request.url} failed: {request.failure}"))


def faults_of(window: Page, url: str, language: str, repeated: str = "") -> list[str]:
    """What is wrong with one page as one reader sees it."""
    answer = window.goto(url)
    faults = [] if answer is not None and answer.status == 200 else [f"answers {answer and answer.status}"]
    return [*faults, *shape_faults(window, language), *violations(window, but=repeated)]


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
