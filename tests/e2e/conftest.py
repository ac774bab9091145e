"""A real browser on a live server: Debian's Chromium driven by Playwright.

    def test_story(open_page, officer):
        page = open_page("/needs/", user=officer, language="fr", width=360, theme="dark")

Every page opened must end without an error in its console and without a breach of the content security policy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, Page, sync_playwright

from motrice.accounts.middleware import CHECKED
from tests.e2e import accessibility

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DIST = Path(__file__).resolve().parents[2] / "src" / "motrice" / "web" / "static" / "web" / "dist"

# Playwright's own loop runs in this thread; Django would refuse every query beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an `e2e` test."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; skipped, with the reason, where there is none."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first takes half the time of the others
    path = os.environ.get("MOTRICE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.skip("Chromium is not installed: apt-get install chromium, or set MOTRICE_CHROMIUM.")
    if not (DIST / "motrice.js").is_file():
        pytest.fail("The front end is not built: npm ci && npm run build.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="session", autouse=True)
def kept_files() -> Iterator[None]:
    """A window keeps the scripts, styles and fonts that it has loaded, as on a real site; and axe with them."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        is_axe = request.path == accessibility.ADDRESS
        answer = FileResponse(accessibility.AXE.open("rb")) if is_axe else serve(handler, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        yield


def session_of(user: Any) -> str:
    """A session in which this user has just signed in, second factor given."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[CHECKED] = {"roles": sorted({role.kind for role in user.active_roles}), "asked": False}
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.create()
    return session.session_key


@pytest.fixture
def open_page(browser: Browser, live_server: Any, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """Open an address as a user; `expect_errors=True` when the page is meant to meet a refusal."""
    opened = []

    def open_it(
        path: str,
        *,
        user: Any = None,
        width: int = 1280,
        theme: str = "light",
        language: str = "en",
        has_script: bool = True,
        expect_errors: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=has_script,
            reduced_motion="reduce",
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        context.add_cookies([{"name": key, "value": value, "url": live_server.url} for key, value in cookies.items()])
        context.set_default_timeout(8_000)
        context.set_default_navigation_timeout(30_000)  # the first page of a run makes every template
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        opened.append((context, faults, expect_errors))
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_it
    for context, _faults, _expected in opened:
        context.close()
    unexpected = [fault for _context, faults, expected in opened if not expected for fault in faults]
    assert unexpected == []
