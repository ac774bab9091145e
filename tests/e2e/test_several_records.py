"""A field for several records offers those that are meant, and another box as the last one is typed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from motrice.directory.enums import RelationKind
from motrice.directory.models import Organisation, Relation
from tests.directory.factories import OrganisationFactory, user_with
from tests.e2e.accessibility import assert_accessible


@pytest.fixture
def bodies(transactional_db: None) -> list[Organisation]:
    """A laboratory that merges, the one it merges into, and four that merge with it."""
    with override("en"):
        return [OrganisationFactory(unit=True, name=f"Laboratoire inventé des métaux {n}") for n in range(6)]


def address(body: Organisation) -> str:
    return f"/directory/organisations/{body.reference}/close/"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_merger_of_five_is_stated_by_choosing_each(
    open_page: Callable[..., Page], bodies: list[Organisation], width: int
):
    closing, into, *others = bodies
    page = open_page(
        f"/directory/organisations/{closing.reference}/close/", user=user_with("coordinator"), width=width
    )
    page.get_by_label("Last day").fill("2020-12-31")
    page.get_by_label("What became of it").select_option("merged")
    page.get_by_label("The body that came after").fill(into.reference)
    group = page.get_by_role("group", name="The other bodies")

    expect(group.get_by_role("combobox")).to_have_count(3)
    for number, body in enumerate(others, 1):
        box = group.get_by_label(f"Record {number}")
        box.press_sequentially(body.name, delay=5)
        offered = group.locator(f"datalist#{box.get_attribute('list')} option")
        expect(offered.first).to_have_attribute("value", f"{body.name} · {body.reference}")
        box.fill(offered.first.get_attribute("value") or "")
    expect(group.get_by_role("combobox")).to_have_count(5)
    assert_accessible(page)
    page.get_by_label("Why").fill("By decree")
    page.locator("main .form-actions button").click()
    page.wait_for_url(f"**/{closing.reference}/")

    merged = Relation.objects.filter(kind=RelationKind.SUCCEEDED_BY, target=into)
    assert {row.source_id for row in merged} == {closing.pk, *(body.pk for body in others)}


def test_without_a_script_as_many_boxes_as_were_filled_and_one_more(
    open_page: Callable[..., Page], bodies: list[Organisation]
):
    closing, _into, *others = bodies
    page = open_page(address(closing), user=user_with("coordinator"), has_script=False, expect_errors=True)
    boxes = page.get_by_role("group", name="The other bodies").get_by_role("combobox")

    for number, body in enumerate(others[:3]):
        boxes.nth(number).fill(body.reference)
    page.get_by_label("Last day").fill("2020-12-31")
    page.locator("main .form-actions button").click()

    expect(boxes).to_have_count(4)
    assert [boxes.nth(number).input_value() for number in range(4)] == [*(body.reference for body in others[:3]), ""]
