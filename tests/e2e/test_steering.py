"""The pages of steering in a browser, on a desk and on a phone: accessible, and nothing wider than the screen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from motrice.portfolio.enums import Reach
from motrice.portfolio.operations import domains
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.operations.landscape import compute_landscape
from motrice.portfolio.operations.rankings import load_ranking
from tests.e2e.accessibility import assert_accessible
from tests.portfolio.factories import application_of, asset_of, world
from tests.portfolio.operations.test_domains import domain_of
from tests.portfolio.operations.test_rankings import filing


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_the_pages_of_steering_are_accessible_and_fit(open_page, width, theme):
    with override("en"):
        place = world()
        robots = domain_of(place, "robots")
        domain_of(place, "heritage", ends_on=date(2025, 12, 31))
        domains.add_class(domain=robots, prefix="B22F", actor=place.officer)
        filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))
        for rank in range(14):
            asset = asset_of(
                place, title=f"Alliage laser inventé {rank}", level="organisation", classes=[("ipc", "B22F 10/28")]
            )
            if rank % 2:
                domains.accept_assets(domain=robots, assets=[(asset, "B22F")], actor=place.officer)
        for office, number, ends in (("FR", "2002513", ""), ("DE", "102020", "withdrawal"), ("EP", "20123", "")):
            application = application_of(
                place, asset, office=office, number=number, route="european" if office == "EP" else "national"
            )
            if ends:
                record_event(application=application, kind=ends, occurred_on=date(2023, 5, 2), actor=place.officer)
        compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)
        loaded = load_ranking(
            organisation=place.office, title="Tableau inventé", year=2024, basis="published", source="Un bulletin",
            text="rank;name;value\n1;SOCIETE INVENTEE DES ACIERS SA;3\n", actor=place.officer,
        )  # fmt: skip
    pages = {
        "domains": reverse("portfolio:domains"),
        "domain": reverse("portfolio:domain", args=[robots.reference]),
        "ranking": f"{reverse('portfolio:ranking')}?year=2024",
        "landscape": reverse("portfolio:landscape"),
        "figures": reverse("portfolio:figures"),
        "names": reverse("portfolio:ranking_names", args=[loaded.reference]),
        "fees paid": reverse("portfolio:fees_paid"),
        "fees to come": reverse("portfolio:fees_ahead"),
        "family": asset.get_absolute_url(),
    }
    for name, address in pages.items():
        page = open_page(address, user=place.officer, width=width, theme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert_accessible(page)


def test_the_landscape_is_walked_by_keyboard_zoomed_and_thinned_and_a_point_opens_its_family(open_page):
    with override("en"):
        place = world()
        domain = domain_of(place, "robots")
        for rank in range(14):
            asset = asset_of(place, title=f"Alliage laser inventé {rank}", level="organisation")
            if rank % 2:
                domains.accept_assets(domain=domain, assets=[(asset, "")], actor=place.officer)
        asset_of(place, title="Kept to its circle")
        compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)
    page = open_page(reverse("portfolio:landscape"), user=place.officer)
    frame = page.locator(".plot-frame")
    frame.scroll_into_view_if_needed()
    page.wait_for_selector(".plot-frame.is-live canvas")
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Domain robots").click()
    assert page.get_by_role("button", name="Domain robots").get_attribute("aria-pressed") == "false"

    frame.focus()
    frame.press("ArrowRight")
    title = page.locator("[data-plot-told] a").text_content()
    frame.press("Enter")
    page.wait_for_url("**/portfolio/assets/**")

    assert title in page.locator("h1").text_content()
    assert int(title.rsplit(" ", 1)[1]) % 2 == 0


WHOLE = pytest.approx([0, 0, 920, 400], abs=0.5)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_column_of_the_lists_is_cut_on_a_desk(open_page, language):
    with override("en"):
        place = world()
        asset = asset_of(place, title="Procédé de réduction des surchauffes d'été pour les bâtiments anciens")
        filed_on = localdate() - timedelta(days=100)
        application_of(place, asset, office="EP", route="european", number="20123456", filed_on=filed_on)

    for name in ("assets", "docket", "filings"):
        page = open_page(reverse(f"portfolio:{name}"), user=place.officer, language=language)
        wide, room = page.locator(".list-card").evaluate("card => [card.scrollWidth, card.clientWidth]")
        assert wide <= room, name


def view_of(page):
    """What the map shows of its drawing: left, top, width, height."""
    return [float(part) for part in page.locator("svg.tiles").get_attribute("viewBox").split()]


def test_the_map_is_zoomed_and_moved_by_buttons_keys_and_wheel_and_a_country_opens_its_list(open_page):
    with override("en"):
        place = world()
        for rank in range(3):
            application_of(place, asset_of(place, title=f"Alliage {rank}"), number=f"200251{rank}")
    page = open_page(reverse("portfolio:figures"), user=place.officer)
    frame = page.locator(".map-frame")
    frame.scroll_into_view_if_needed()
    assert view_of(page) == WHOLE

    page.get_by_role("button", name="Closer").click()
    left, top, width, height = view_of(page)
    assert (width, height) == pytest.approx((920 / 1.5, 400 / 1.5), abs=0.1)
    assert left < 300 < left + width
    assert top < 140 < top + height

    frame.focus()
    frame.press("ArrowRight")
    assert view_of(page)[0] == pytest.approx(left + width / 5, abs=0.1)
    frame.press("+")
    assert view_of(page)[2] == pytest.approx(920 / 1.5**2, abs=0.1)
    frame.press("-")
    frame.press("0")
    assert view_of(page) == WHOLE
    scrolled = page.evaluate("scrollY")
    page.mouse.move(*middle_of(frame))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('svg.tiles').viewBox.baseVal.width < 900")
    assert page.evaluate("scrollY") == scrolled

    before, here = view_of(page), middle_of(frame)
    page.mouse.down()
    page.mouse.move(here[0] + 60, here[1] + 5, steps=3)
    page.mouse.up()
    assert view_of(page)[0] < before[0]
    page.get_by_role("button", name="All of it").click()
    page.locator("svg.tiles").get_by_role("link", name="France: 3").click()
    page.wait_for_url("**country=FR**")

    assert "3 assets" in page.locator("main").text_content()


def middle_of(frame):
    """The middle of a frame on the screen."""
    box = frame.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_without_a_script_all_of_the_map_is_shown_and_its_table_opens(open_page):
    with override("en"):
        place = world()
        application_of(place, asset_of(place))
    page = open_page(reverse("portfolio:figures"), user=place.officer, has_script=False)

    assert not page.get_by_role("button", name="Closer").is_visible()
    assert view_of(page) == [0, 0, 920, 400]
    page.locator("[data-zoom] summary").click()
    page.locator("[data-zoom] table a").click()
    page.wait_for_url("**country=FR**")
