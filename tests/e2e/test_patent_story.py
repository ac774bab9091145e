"""The story of a patent in a real browser, in both languages: entered from a decided disclosure, filed, granted, kept
by a paid annuity; the next one is let go as its co-owner is offered the title; and what the co-owner sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from motrice.portfolio.enums import DeadlineState, Nature
from motrice.portfolio.models import Abandonment, Asset, Deadline
from motrice.portfolio.queries.coownership import standing_of
from motrice.web.formats import day_text
from tests.directory.factories import OrganisationFactory, user_with
from tests.e2e.accessibility import assert_accessible
from tests.inventions import factories as inventions


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> Any:
    """A laboratory and its office, with a patent engineer, a company that will own a part, and its rival."""
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    with override("en"):
        made = inventions.lab()
        made.engineer = user_with("patent_engineer", on=made.school)
        made.company = OrganisationFactory(company=True, name="Société inventée des Vitrages")
        made.contact = user_with("company_contact", on=made.company)
        made.rival = user_with("company_contact", on=OrganisationFactory(company=True))
    return made


def submit(page: Page) -> None:
    """Press the main button of the form."""
    page.locator("form.form button.btn-primary").click()


def act(page: Page, asset: Asset, name: str, **fields: str) -> None:
    """Do one act on an asset from its page."""
    page.goto(page.url.split("/portfolio/")[0] + reverse("portfolio:asset_act", args=[asset.reference, name]))
    fill(page, fields)


def fill(page: Page, fields: dict[str, str]) -> None:
    """Fill a form by the names of its fields, then press its button."""
    for name, value in fields.items():
        box = page.locator(f"form.form [name={name}]")
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    submit(page)


def enter(page: Page, place: Any) -> Asset:
    """The officer's part: from the decided disclosure to an asset that the company co-owns, opened to the office."""
    page.locator("a[href*='/portfolio/new/?from=']").click()
    expect(page.locator("[name=makers-2-share]")).to_have_value("1/3")
    page.locator("[name=owners-1-organisation]").fill(place.company.name)
    assert_accessible(page)
    submit(page)
    asset = Asset.objects.get()
    expect(page.locator("h1")).to_have_text(asset.title)
    act(page, asset, "level", level="organisation", reason="Équipe brevets")
    return asset


def grant(page: Page, asset: Asset) -> None:
    """The engineer's part: filing, publication, grant."""
    today = timezone.localdate()
    filed = {"office": "FR", "route": "national", "number": "2600001", "filed_on": day(today - timedelta(days=300))}
    act(page, asset, "file", **filed)
    expect(page.locator("#filings")).to_contain_text("FR 2600001")
    page.locator("#filings a[href*='/publish/']").first.click()
    published = {"number": "3160001", "kind_code": "A1", "published_on": day(today - timedelta(days=20))}
    fill(page, published)
    page.locator("#filings a[href*='/event/']").first.click()
    fill(page, {"kind": "grant", "occurred_on": day(today - timedelta(days=5))})
    expect(page.locator("#filings")).to_contain_text("FR3160001A1")
    assert_accessible(page)


def day(value: Any) -> str:
    return value.isoformat()


def annuity(asset: Asset, year: int) -> Deadline:
    """The deadline of one annuity."""
    return Deadline.objects.get(asset=asset, nature=Nature.ACT, year=year)


def give_up(open_page: Callable[..., Page], place: Any, asset: Asset, language: str) -> None:
    """The next annuity is not simply let go: the co-owner is offered the title first, and the law's delay is told."""
    third = annuity(asset, 3)
    officer = open_page(asset.get_absolute_url(), user=place.officer, language=language, expect_errors=True)
    officer.goto(
        officer.url.split("/portfolio/")[0] + reverse("portfolio:deadline_act", args=[third.reference, "drop"])
    )
    fill(officer, {"reason": "Trop cher"})
    expect(officer.get_by_role("alert")).to_be_visible()
    act(officer, asset, "abandon", reason="Plus personne n'en veut")
    abandonment = Abandonment.objects.get()
    receipt = reverse("portfolio:notice_act", args=[abandonment.notices.get().reference, "receipt"])
    officer.goto(officer.url.split("/portfolio/")[0] + receipt)
    fill(officer, {"received_on": day(timezone.localdate())})
    officer.goto(officer.url.split("/portfolio/")[0] + asset.get_absolute_url())
    expect(officer.locator("#abandonment")).to_contain_text(day_text_in(language, abandonment))
    confirm = reverse("portfolio:abandonment_act", args=[abandonment.reference, "confirm"])
    officer.goto(officer.url.split("/portfolio/")[0] + confirm)
    fill(officer, {"reason": "Trop cher"})
    expect(officer.get_by_role("alert")).to_be_visible()
    asset.refresh_from_db()
    assert asset.is_live

    co_owner = open_page("/portfolio/my-titles/", user=place.contact, language=language)
    expect(co_owner.locator("#waiting-title")).to_be_visible()
    assert_accessible(co_owner)
    co_owner.locator("a[href*='/portfolio/notices/']").first.click()
    expect(co_owner.locator("#notice")).to_be_visible()


def day_text_in(language: str, abandonment: Abandonment) -> str:
    """The first day on which the title may be given up, as the page writes it."""
    with override(language):
        return day_text(standing_of(abandonment).earliest_on)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_decided_result_becomes_a_granted_patent_that_is_kept_and_steered(
    open_page: Callable[..., Page], place: Any, language: str
):
    begun = timezone.now() - timedelta(days=310)
    disclosure = inventions.decided(place, at=begun, invented_on=timezone.localdate(begun))
    asset = enter(open_page(disclosure.get_absolute_url(), user=place.officer, language=language), place)
    engineer = open_page(asset.get_absolute_url(), user=place.engineer, language=language)
    grant(engineer, asset)

    due = annuity(asset, 2)
    engineer.goto(engineer.url.split("/portfolio/")[0] + reverse("portfolio:deadline", args=[due.reference]))
    expect(engineer.locator("#facts")).to_contain_text("2")
    assert_accessible(engineer)
    engineer.locator("a[href$='/pay/']").click()
    fill(engineer, {"paid_on": day(timezone.localdate()), "receipt": "R-1"})
    due.refresh_from_db()
    assert due.state == DeadlineState.DONE
    expect(engineer.locator("#facts")).to_contain_text("R-1")

    give_up(open_page, place, asset, language)
    inventor = open_page(asset.get_absolute_url(), user=place.researcher, language=language)
    expect(inventor.locator(".record-badges").first).to_be_visible()
    co_owner = open_page(asset.get_absolute_url(), user=place.contact, language=language)
    expect(co_owner.locator("h1")).to_have_text(asset.title)
    assert_accessible(co_owner)
    stranger = open_page(asset.get_absolute_url(), user=place.rival, language=language, expect_errors=True)
    expect(stranger.locator("body")).not_to_contain_text(asset.title)
