"""The second factor in a browser: set up, its codes kept, asked at the next sign-in, taken away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse
from playwright.sync_api import Page

from tests.directory.factories import user_with
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import session_of

PASSWORD = "Sextant-inventé-2026"


@pytest.fixture
def account(transactional_db: None) -> Any:
    """Somebody who signs in with a password."""
    user = user_with()
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    assert session_of(user)
    return user


def submit(page: Page) -> None:
    """Send the page's own form."""
    page.locator("main form [type=submit]:visible").first.click()


def set_up(page: Page, root: str) -> list[str]:
    """Pair an application that shows codes, as its owner would, and read the recovery codes."""
    page.goto(root + reverse("mfa_activate_totp"))
    assert_accessible(page)
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content())
    assert secret is not None
    counter = next(iter(yield_hotp_counters_from_time()))
    page.locator("main [name=code]").fill(format_hotp_value(hotp_value(secret.group(), counter)))
    submit(page)
    page.goto(root + reverse("mfa_view_recovery_codes"))
    assert_accessible(page)
    return re.findall(r"\b[0-9a-f]{8}\b|\b[0-9]{8}\b", page.locator("main").inner_text())


def test_the_second_factor_is_set_up_and_asked(open_page, live_server, account):
    page = open_page("/", user=account)
    codes = set_up(page, live_server.url)
    assert len(codes) >= 8
    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        page.goto(live_server.url + reverse(name))
        assert_accessible(page)

    visitor = open_page(reverse("account_login"), width=390)
    visitor.locator("[name=login]").fill(account.email)
    visitor.locator("[name=password]").fill(PASSWORD)
    submit(visitor)
    visitor.wait_for_url("**" + reverse("mfa_authenticate") + "**")
    assert_accessible(visitor)
    visitor.locator("[name=code]").first.fill(codes[0])
    submit(visitor)
    visitor.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)

    assert visitor.locator(f"text={account.display_name}").count() > 0
