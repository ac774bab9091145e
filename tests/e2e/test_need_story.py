"""The story of a need in a real browser, in both languages: stated, routed, ranked, referred, answered, reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from motrice.core import search_index
from motrice.sourcing.models import Need, Referral
from tests.directory.factories import EvidenceFactory
from tests.e2e.accessibility import assert_accessible
from tests.sourcing.factories import GLUE, SECRET, World, offer_of, world

WORDS = {
    "en": {
        "start": "Start",
        "continue": "Continue",
        "send": "Send to the desk",
        "sent": "Your need was sent",
        "take": "Take the need in charge",
        "stopped": "the clock has stopped",
        "who": "See who can answer",
        "without": "Without this piece",
        "shortlist": "Shortlist",
        "compare": "Compare the chosen",
        "side": "Side by side",
        "refer": "Refer",
        "asked": "1 team was asked.",
        "accept": "Accept",
        "accepted": "Your answer was sent.",
        "outcome": "Record an outcome",
        "recorded": "The outcome was recorded.",
        "introduced": "Introduced",
        "report": "Report of the desk",
        "funnel": "What became of the needs",
        "find": "These can help you",
    },
    "fr": {
        "start": "Commencer",
        "continue": "Continuer",
        "send": "Envoyer au guichet",
        "sent": "Votre besoin est envoyé",
        "take": "Prendre le besoin en charge",
        "stopped": "l'horloge est arrêtée",
        "who": "Voir qui peut répondre",
        "without": "Sans cette pièce",
        "shortlist": "Présélectionner",
        "compare": "Comparer les choix",
        "side": "Côte à côte",
        "refer": "Consulter",
        "asked": "1 équipe est consultée.",
        "accept": "Accepter",
        "accepted": "Votre réponse est envoyée.",
        "outcome": "Enregistrer une suite",
        "recorded": "La suite est enregistrée.",
        "introduced": "Mis en relation",
        "report": "Rapport du guichet",
        "funnel": "Ce que les besoins sont devenus",
        "find": "Voici qui peut vous aider",
    },
}


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    """A small network with evidence and an offer, its search built."""
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    with override("en"):
        made = world()
        for title, text, team in (
            ("Adhesives at low temperature", "Epoxy glue loses strength in the cold.", made.chemistry),
            ("Optical bonding", "Glass bonded with an optical glue.", made.optics),
        ):
            EvidenceFactory(title=title, text=text, language="en", of=[team])
        offer_of(made.chemistry, made.chemist)
    search_index.rebuild()
    return made


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def state(page: Page, words: dict[str, str]) -> None:
    """The company's part: five questions, then the button."""
    press(page, words["start"])
    page.locator("[name=title]").fill("Colle au froid")
    page.locator("[name=problem]").fill(GLUE)
    press(page, words["continue"])
    page.locator("[name=tried]").fill("Deux époxydes")
    press(page, words["continue"])
    press(page, words["continue"])
    page.locator("[name=secret]").fill(SECRET)
    assert_accessible(page)
    press(page, words["continue"])
    press(page, words["send"])
    expect(page.locator("body")).to_contain_text(words["sent"])


def refer(page: Page, place: World, words: dict[str, str]) -> None:
    """The officer's part: answer, rank, compare, choose, refer."""
    page.get_by_role("link", name=words["take"]).click()
    page.locator("[name=message]").fill("Nous cherchons qui peut vous aider.")
    press(page, words["take"])
    expect(page.locator("body")).to_contain_text(words["stopped"])
    page.get_by_role("link", name=words["who"]).first.click()
    first = page.locator("#team-1")
    expect(first).to_contain_text(place.chemistry.name)
    expect(first).to_contain_text(words["without"])
    assert_accessible(page)
    for box in page.locator("input[name=owner][type=checkbox]").all():
        box.check()
    press(page, words["compare"])
    expect(page.locator("h1")).to_have_text(words["side"])
    assert_accessible(page)
    page.go_back()
    page.locator("#team-1").get_by_role("button", name=words["shortlist"]).click()
    page.get_by_role("link", name=words["refer"], exact=True).click()
    page.locator("[name=candidates]").check()
    page.locator("[name=message]").fill("Pouvez-vous aider cette entreprise ?")
    press(page, page.locator("form.form button.btn-primary").inner_text())
    expect(page.locator("body")).to_contain_text(words["asked"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_need_from_the_company_to_the_report(open_page: Callable[..., Page], place: World, language: str):
    words = WORDS[language]
    state(open_page("/my-needs/new/", user=place.contact, language=language), words)
    need = Need.objects.get()
    desk = open_page(f"/desk/needs/{need.reference}/", user=place.officer, language=language)
    assert_accessible(desk)
    refer(desk, place, words)

    referral = Referral.objects.get()
    team = open_page(f"/desk/referrals/{referral.reference}/", user=place.chemist, language=language)
    expect(team.locator("body")).to_contain_text(GLUE)
    expect(team.locator("body")).not_to_contain_text(SECRET)
    assert_accessible(team)
    team.get_by_role("link", name=words["accept"], exact=True).click()
    team.locator("[name=answer]").fill("Nous mesurons la tenue des joints au froid.")
    press(team, words["accept"])
    expect(team.locator("body")).to_contain_text(words["accepted"])

    desk.goto(desk.url)
    desk.get_by_role("link", name=words["outcome"]).first.click()
    desk.locator("[name=referral]").select_option(str(referral.pk))
    desk.locator("[name=dated_on]").fill(timezone.localdate().isoformat())
    press(desk, words["outcome"])
    expect(desk.locator("body")).to_contain_text(words["recorded"])
    expect(desk.locator(".record-badges")).to_contain_text(words["introduced"])

    report = open_page("/desk/report/", user=place.officer, language=language)
    expect(report.locator("h1")).to_have_text(words["report"])
    expect(report.locator("#chart-funnel")).to_contain_text(words["funnel"])
    assert_accessible(report)


@pytest.mark.parametrize(("language", "question"), [("en", "my glue loses strength in cold"), ("fr", "colle froid")])
def test_a_visitor_finds_a_door_on_a_phone_without_a_script(
    open_page: Callable[..., Page], place: World, language: str, question: str
):
    page = open_page("/find/", language=language, width=360, has_script=False)
    page.locator("[name=q]").fill(question)
    page.locator("form.form button").first.click()

    expect(page.locator("#find-part")).to_contain_text(WORDS[language]["find"])
    expect(page.locator("#find-part > article")).to_have_count(1)


@pytest.mark.parametrize("path", ["/find/", "/needs/new/", "/my-needs/new/"])
def test_the_pages_of_companies_fit_a_phone(open_page: Callable[..., Page], place: World, path: str):
    user = place.contact if path.startswith("/my") else None

    assert_accessible(open_page(path, user=user, width=360, language="fr"))


@pytest.mark.parametrize("width", [390, 1280])
def test_a_question_of_one_endless_word_does_not_widen_the_list(open_page: Callable[..., Page], place: World, width):
    page = open_page("/desk/needs/?q=" + "x" * 400, user=place.officer, language="en", width=width)

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
