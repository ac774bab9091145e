"""A part of a record is changed where it stands; and on a page of its own where there is no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.sourcing.factories import World, need_of, world


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    with override("en"):
        return world()


def test_the_statement_of_a_need_is_corrected_in_its_place(open_page: Callable[..., Page], place: World):
    need = need_of(place)
    page = open_page(f"/desk/needs/{need.reference}/", user=place.contact, expect_errors=True)
    address = page.url
    section = page.locator("#problem")
    section.get_by_role("link", name="Edit").click()
    assert_accessible(page)

    section.locator("[name=problem]").fill("")
    section.locator("form").evaluate("form => { form.noValidate = true; }")
    section.locator("form button").click()
    expect(section.locator(".error-summary")).to_be_focused()

    section.locator("[name=problem]").fill("The joint opens at night.")
    section.locator("form button").click()
    expect(section.locator("form")).to_have_count(0)
    expect(section).to_contain_text("The joint opens at night.")
    expect(page.locator("#toasts")).to_contain_text("The statement was corrected.")
    expect(page.locator(".timeline").last).to_contain_text("correct")
    assert page.url == address


def test_escape_and_cancel_leave_the_section_as_it_was(open_page: Callable[..., Page], place: World):
    page = open_page(f"/directory/organisations/{place.company.reference}/", user=place.coordinator)
    section = page.locator("#about")
    for leave in (lambda: page.keyboard.press("Escape"), lambda: section.get_by_role("link", name="Cancel").click()):
        section.get_by_role("link", name="Edit").click()
        section.locator("[name=name]").fill("Somebody else")
        leave()
        expect(section.locator("form")).to_have_count(0)
        expect(section.get_by_role("link", name="Edit")).to_be_visible()
    expect(page.locator("h1")).to_have_text(place.company.name)


def test_a_section_is_changed_without_a_script(open_page: Callable[..., Page], place: World):
    need = need_of(place)
    page = open_page(f"/desk/needs/{need.reference}/", user=place.contact, has_script=False)
    page.locator("#problem").get_by_role("link", name="Edit").click()
    page.locator("[name=problem]").fill("The joint opens at night.")
    page.locator("form.form button").click()

    expect(page.locator("#problem")).to_contain_text("The joint opens at night.")
