"""The pages of steering in a browser, on a desk and on a phone: accessible, and nothing wider than the screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from motrice.portfolio.enums import Reach
from motrice.portfolio.operations import domains
from motrice.portfolio.operations.landscape import compute_landscape
from motrice.portfolio.operations.rankings import load_ranking
from tests.e2e.accessibility import assert_accessible
from tests.portfolio.factories import asset_of, world
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
