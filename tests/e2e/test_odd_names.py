"""Names as long as a record takes them, or from right to left: the page keeps its width, the words their order."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from motrice.directory.operations.link import link_organisations
from tests.directory.factories import OrganisationFactory, user_with

LONG = "N" * 300
ARABIC = "مختبر الزجاج (LAB) الرباط"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_name_of_one_endless_word_widens_no_page(open_page, width):
    with override("en"):
        keeper = user_with("coordinator")
        unit, other = OrganisationFactory(unit=True, name=LONG), OrganisationFactory(name=LONG)
        link_organisations(source=other, target=unit, kind="supervises", actor=keeper)

    page = open_page(unit.get_absolute_url(), user=keeper, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_name_from_right_to_left_keeps_its_order(open_page):
    unit = OrganisationFactory(unit=True, name=ARABIC)

    page = open_page(unit.get_absolute_url(), width=1280)

    first, last = page.evaluate(
        """() => {
            const text = document.querySelector("h1 bdi").firstChild, all = text.length;
            return [[0, 1], [all - 1, all]].map(([start, end]) => {
                const range = document.createRange();
                range.setStart(text, start); range.setEnd(text, end);
                return range.getBoundingClientRect().left;
            });
        }"""
    )
    assert first > last
