"""The map under fingers: two bring it closer, one moves what is seen closer, a tap opens its list."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.e2e.test_steering import middle_of, view_of
from tests.portfolio.factories import application_of, asset_of, world


class Fingers:
    """Touches of the screen, through the protocol of the browser's own tools."""

    def __init__(self, page):
        self.tools = page.context.new_cdp_session(page)
        self.tools.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def _send(self, kind, points):
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def slide(self, starts, ends, *, steps=8):
        """Put fingers down one after the other, slide them together, and lift them."""
        for count in range(1, len(starts) + 1):
            self._send("touchStart", starts[:count])
        for step in range(1, steps + 1):
            self._send(
                "touchMove",
                [
                    (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps)
                    for (x, y), (to_x, to_y) in zip(starts, ends, strict=True)
                ],
            )
        self._send("touchEnd", [])


@pytest.fixture
def on_phone(open_page):
    """The page of figures on a phone, the map in sight."""
    with override("en"):
        place = world()
        application_of(place, asset_of(place))
    page = open_page(reverse("portfolio:figures"), user=place.officer, width=390)
    page.locator(".map-frame").scroll_into_view_if_needed()
    page.wait_for_selector(".map-frame.is-zoomable")
    return page


def place_under(page, x, y):
    """The point of the drawing that is shown at a place of the screen."""
    left, top, wide, high = view_of(page)
    box = page.locator("svg.tiles").bounding_box()
    return left + (x - box["x"]) / box["width"] * wide, top + (y - box["y"]) / box["height"] * high


def test_two_fingers_apart_bring_the_map_closer_around_them_and_together_show_all_of_it(on_phone):
    page = on_phone
    x, y = middle_of(page.locator("svg.tiles"))
    scrolled, before = page.evaluate("[scrollX, scrollY, visualViewport.scale]"), view_of(page)
    held = place_under(page, x, y)

    Fingers(page).slide([(x - 30, y), (x + 30, y)], [(x - 90, y), (x + 90, y)])

    assert view_of(page)[2] == pytest.approx(before[2] / 3, rel=0.1)
    assert place_under(page, x, y) == pytest.approx(held, abs=15)
    assert page.evaluate("[scrollX, scrollY, visualViewport.scale]") == scrolled

    Fingers(page).slide([(x - 90, y), (x + 90, y)], [(x - 20, y), (x + 20, y)])

    assert view_of(page) == pytest.approx(before, abs=0.5)


def test_one_finger_moves_what_is_seen_closer_and_opens_nothing(on_phone):
    page = on_phone
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Closer").click()
    x, y = middle_of(page.locator("svg.tiles"))
    address, scrolled, before = page.url, page.evaluate("scrollY"), view_of(page)
    held = place_under(page, x, y)

    Fingers(page).slide([(x, y)], [(x + 50, y + 25)])

    assert place_under(page, x + 50, y + 25) == pytest.approx(held, abs=10)
    assert view_of(page)[2:] == before[2:]
    assert (page.url, page.evaluate("scrollY")) == (address, scrolled)


def test_one_finger_over_the_whole_map_scrolls_the_page_and_a_tap_opens_its_list(on_phone):
    page = on_phone
    whole, (x, y) = view_of(page), middle_of(page.locator("svg.tiles"))
    scrolled = page.evaluate("scrollY")

    Fingers(page).slide([(x, y)], [(x, y - 120)])
    page.wait_for_function(f"scrollY > {scrolled}")
    assert view_of(page) == whole

    tile = page.locator("svg.tiles").get_by_role("link", name="France: 1")
    tile.scroll_into_view_if_needed()
    middle = middle_of(tile)
    Fingers(page).slide([middle], [middle], steps=0)
    page.wait_for_url("**country=FR**")
