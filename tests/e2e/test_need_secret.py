"""The NDA of a team in a real browser, by keyboard alone: it opens the confidential part until it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from motrice.sourcing.models import Attachment, Need, Referral
from tests.sourcing.factories import GLUE, SECRET, World, need_of, refer, world

FORMULA = b"resin 7 parts, hardener 2 parts\n"


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    """A need with a secret, put to one team."""
    settings.MEDIA_ROOT = tmp_path / "files"
    made = world()
    refer(made, need_of(made, at=None), at=None)
    return made


def walk(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if target.evaluate("found => found === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}.")


def press(page: Page, target: Locator) -> None:
    """Walk to a link or a button and press Enter."""
    walk(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, name: str, text: str) -> None:
    """Walk to a field and type into it."""
    walk(page, page.locator(f"[name={name}]"))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, name: str, words: str) -> None:
    """Walk to a list and type the first letters of a choice."""
    walk(page, page.locator(f"select[name={name}]"))
    page.keyboard.type(words)


def send(page: Page) -> None:
    press(page, page.locator("form.form button.btn-primary"))


def test_the_confidential_part_is_open_from_the_nda_until_it_is_taken_back(
    open_page: Callable[..., Page], place: World, tmp_path: Any
):
    need, referral = Need.objects.get(), Referral.objects.get()
    formula = tmp_path / "formula.txt"
    formula.write_bytes(FORMULA)
    company = open_page(f"/desk/needs/{need.reference}/", user=place.contact, language="en")
    press(company, company.get_by_role("link", name="Add a file"))
    walk(company, company.locator("[name=file]"))
    company.locator("[name=file]").set_input_files(formula)
    send(company)
    expect(company.locator("main")).to_contain_text("formula.txt")
    file = f"/desk/files/{Attachment.objects.get().reference}/"

    team = open_page(f"/desk/referrals/{referral.reference}/", user=place.chemist, language="en")
    expect(team.locator("main")).to_contain_text(GLUE)
    expect(team.locator("main")).to_contain_text("it opens to your team once its NDA is recorded")
    expect(team.locator("body")).not_to_contain_text("formula.txt")
    assert SECRET not in team.content()
    assert team.request.get(team.url.partition("/desk/")[0] + file).status == 404

    desk = open_page(f"/desk/needs/{need.reference}/", user=place.officer, language="en")
    press(desk, desk.get_by_role("link", name="Record the NDA of a team"))
    choose(desk, "organisation", place.chemistry.name[:12])
    fill(desk, "agreement", "NDA-2026-7")
    send(desk)
    expect(desk.locator("main")).to_contain_text("NDA-2026-7")

    team.reload()
    expect(team.locator("#secret")).to_contain_text(SECRET)
    assert team.request.get(team.url.partition("/desk/")[0] + file).body() == FORMULA

    press(desk, desk.get_by_role("link", name="Take back an NDA recorded by mistake"))
    fill(desk, "reason", "Signed for another need")
    send(desk)

    team.reload()
    assert SECRET not in team.content()
    assert team.request.get(team.url.partition("/desk/")[0] + file).status == 404
