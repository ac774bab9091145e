"""A result in a real browser, in both languages: written, signed from elsewhere, evaluated, decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from motrice.accounts.models import User
from motrice.core import search_index
from motrice.inventions.links import sign_token
from motrice.inventions.models import Disclosure, Evaluator, Inventor
from motrice.inventions.operations.drafting import add_divulgation
from tests.e2e.accessibility import assert_accessible
from tests.inventions import factories
from tests.inventions.factories import Lab, lab

WORDS = {
    "en": {
        "start": "Start", "title": "Title", "what": "What is it?", "continue": "Continue", "new": "What is new?",
        "when": "Date of invention", "mature": "How mature is it?", "save": "Save",
        "share": "Share", "employer": "Employer at the date of invention", "name": "Or the name of somebody else",
        "mail": "E-mail address", "add": "Add", "gap": "is missing", "whole": "The shares sum to exactly one.",
        "free": "Nothing binds it", "none": "None, past or planned", "send": "Send for signature",
        "sent": "It was sent for signature", "sign": "Sign", "confirm": "I confirm my share",
        "type": "Type your name to sign", "signed": "You have signed", "stands": "Where it stands",
        "begin": "Begin the evaluation", "evaluate": "Evaluate", "ask": "Ask for an opinion", "short": "In short",
        "give": "Give my opinion", "side": "Opinions side by side", "decide": "Decide", "decision": "Decision",
        "reasons": "Reasons", "approve": "Approve", "patent": "Protect by patent", "near": "Similar disclosures",
        "account": "E-mail address of the account", "alert": "before the decision", "why": ": why",
    },
    "fr": {
        "start": "Commencer", "title": "Titre", "what": "Qu'est-ce que c'est ?", "continue": "Continuer",
        "new": "Qu'y a-t-il de nouveau ?", "when": "Date de l'invention", "mature": "Quelle est sa maturité ?",
        "save": "Enregistrer", "share": "Part",
        "employer": "Employeur à la date de l'invention", "name": "Ou le nom de quelqu'un d'autre",
        "mail": "Adresse électronique", "add": "Ajouter", "gap": "il manque",
        "whole": "Les parts totalisent exactement un.", "free": "Rien ne le lie", "none": "Rien, ni passé ni prévu",
        "send": "Envoyer à la signature", "sent": "Elle est envoyée à la signature", "sign": "Signer",
        "confirm": "Je confirme ma part", "type": "Tapez votre nom pour signer", "signed": "Vous avez signé",
        "stands": "Où elle en est", "begin": "Commencer l'évaluation", "evaluate": "Évaluer",
        "ask": "Demander un avis", "short": "En bref", "give": "Donner mon avis", "side": "Avis côte à côte",
        "decide": "Décider", "decision": "Décision", "reasons": "Motifs", "approve": "Approuver",
        "patent": "Protéger par un brevet", "near": "Déclarations semblables",
        "account": "Adresse électronique du compte", "alert": "avant la décision", "why": " : pourquoi",
    },
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Any) -> Lab:
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    with override("en"):
        made = lab()
        factories.received(made, title="Older seal that heals in the cold")
        search_index.rebuild()
    return made


def write(open_page: Callable[..., Page], place: Lab, words: dict[str, str], language: str) -> Disclosure:
    """The researcher's part: seven sections, a share corrected, sent."""
    page = open_page("/disclosures/new/", user=place.researcher, language=language)
    page.get_by_role("button", name=words["start"]).click()
    page.get_by_label(words["title"], exact=True).fill("A seal that heals in the cold")
    page.get_by_label(words["what"]).fill("Below -20 °C the crack of the seal closes by itself.")
    assert_accessible(page)
    page.get_by_role("button", name=words["continue"]).click()
    page.get_by_label(words["new"]).fill("It needs neither heat nor light.")
    page.get_by_role("button", name=words["continue"]).click()
    page.get_by_label(words["when"]).fill("2026-06-01")
    page.get_by_label(words["mature"]).select_option("4")
    page.get_by_role("button", name=words["continue"]).click()
    page.locator('a[href*="/disclosures/inventors/"]').first.click()
    page.get_by_label(words["share"], exact=True).fill("1/3")
    page.get_by_label(words["employer"]).fill("School")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["gap"])).to_be_visible()
    page.get_by_label(words["name"]).fill("Chloé Dehors")
    page.get_by_label(words["mail"]).fill("chloe@example.org")
    page.get_by_label(words["employer"]).fill("Elsewhere")
    page.get_by_label(words["share"], exact=True).fill("2/3")
    page.get_by_role("button", name=words["add"], exact=True).click()
    expect(page.get_by_text(words["whole"])).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=words["continue"]).click()
    page.get_by_role("button", name=words["free"]).click()
    page.get_by_role("button", name=words["none"]).click()
    page.get_by_role("link", name=words["continue"]).click()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_text(words["sent"])).to_be_visible()
    return Disclosure.objects.get(title="A seal that heals in the cold")


def sign(
    open_page: Callable[..., Page], place: Lab, disclosure: Disclosure, words: dict[str, str], language: str
) -> None:
    """Both inventors sign: one under an account, one by the secret address on a telephone."""
    page = open_page(f"/disclosures/{disclosure.reference}/act/sign/", user=place.researcher, language=language)
    page.get_by_label(words["confirm"]).check()
    page.get_by_label(words["type"]).fill("Ada Inventée")
    page.get_by_role("button", name=words["sign"], exact=True).click()
    expect(page.get_by_text(words["signed"]).first).to_be_visible()
    token = sign_token(Inventor.objects.get(disclosure=disclosure, person=None))
    outside = open_page(f"/disclosures/sign/{token}/", language=language, width=390)
    assert_accessible(outside)
    outside.get_by_label(words["confirm"]).check()
    outside.get_by_label(words["type"]).fill("Chloé Dehors")
    outside.get_by_role("button", name=words["sign"], exact=True).click()
    expect(outside.get_by_text(words["signed"]).first).to_be_visible()


def judge(
    open_page: Callable[..., Page], place: Lab, disclosure: Disclosure, words: dict[str, str], language: str
) -> None:
    """The officer begins, asks an expert, reads the opinion and proposes."""
    owner = User.objects.get(pk=disclosure.owner_id)
    page = open_page(f"/disclosures/{disclosure.reference}/", user=owner, language=language)
    page.get_by_role("link", name=words["begin"]).click()
    page.get_by_role("button", name=words["begin"]).click()
    page.get_by_role("link", name=words["evaluate"], exact=True).click()
    expect(page.get_by_text("Older seal that heals in the cold").first).to_be_visible()
    page.get_by_role("link", name=words["ask"], exact=True).click()
    page.get_by_label(words["account"]).fill(place.expert.email)
    page.get_by_role("button", name=words["ask"], exact=True).click()
    asked = Evaluator.objects.get(disclosure=disclosure)
    expert = open_page(f"/disclosures/opinions/{asked.reference}/", user=place.expert, language=language)
    for select in expert.locator("select[name^=score_]").all():
        select.select_option("4")
    for reason in expert.locator("textarea[name^=reason_]").all():
        reason.fill("Seen.")
    expert.get_by_label(words["short"]).fill("New and wanted.")
    expert.locator("select[name=advice]").select_option("patent")
    assert_accessible(expert)
    with expert.expect_response(lambda answer: answer.request.method == "POST" and answer.status != 204):
        expert.get_by_role("button", name=words["give"]).click()
    page.goto(page.url.split("/disclosures/")[0] + f"/disclosures/{disclosure.reference}/evaluation/")
    expect(page.get_by_role("region", name=words["side"])).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=words["decide"], exact=True).click()
    page.get_by_label(words["decision"], exact=True).select_option("patent")
    page.get_by_label(words["reasons"]).fill("New, wanted, no prior art nearby.")
    page.get_by_role("button", name=words["decide"], exact=True).click()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_result_from_the_bench_to_the_decision(open_page: Callable[..., Page], place: Lab, language: str) -> None:
    words = WORDS[language]
    disclosure = write(open_page, place, words, language)
    sign(open_page, place, disclosure, words, language)
    disclosure.refresh_from_db()
    judge(open_page, place, disclosure, words, language)
    director = open_page(f"/disclosures/{disclosure.reference}/", user=place.director, language=language)
    director.get_by_role("button", name=words["approve"]).click()
    page = open_page(f"/disclosures/{disclosure.reference}/", user=place.researcher, language=language)
    expect(page.get_by_role("heading", name=words["stands"])).to_be_visible()
    expect(page.get_by_text(words["patent"]).first).to_be_visible()
    assert_accessible(page)


def test_a_planned_talk_is_told_on_a_telephone_too(open_page: Callable[..., Page], place: Lab) -> None:
    disclosure = Disclosure.objects.get()
    day = timezone.localdate() + timedelta(days=9)
    add_divulgation(disclosure=disclosure, kind="talk", title="Talk", dated_on=day, actor=place.researcher)
    address = f"/disclosures/{disclosure.reference}/"
    plain = open_page(address, user=place.researcher, width=390, has_script=False)
    page = open_page(address, user=place.researcher, width=390)

    for each in (plain, page):
        expect(each.get_by_text(WORDS["en"]["alert"]).first).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(
    ("language", "mine", "theirs", "both"),
    [
        ("en", "Keep mine", "Take theirs", "Two versions"),
        ("fr", "Garder les miens", "Prendre les siens", "Deux versions"),
    ],
)
def test_two_people_write_one_answer(
    open_page: Callable[..., Page], place: Lab, language: str, mine: str, theirs: str, both: str
) -> None:
    disclosure = factories.draft(place)
    url = f"/disclosures/{disclosure.reference}/write/new/"
    one = open_page(url, user=place.researcher, language=language, width=390)
    two = open_page(url, user=place.colleague, language=language)
    saved = "[data-autosave-state]"

    two.locator("#id_uses").fill("Windows of aircraft.")
    two.locator("#id_novelty").fill("Neither heat nor light nor pressure.")
    expect(two.locator(saved)).to_contain_text(":")
    one.locator("#id_novelty").fill("No heat at all.")
    expect(one.locator(saved)).to_contain_text(both)

    expect(one.locator("[data-clash]")).to_contain_text("Neither heat nor light nor pressure.")
    expect(one.locator("#id_uses")).to_have_value("Windows of aircraft.")
    assert_accessible(one)
    one.get_by_role("button", name=mine).click()
    expect(one.locator("#id_novelty")).to_have_value("No heat at all.")
    expect(one.locator("[data-clash]")).to_have_count(0)

    two.locator("#id_novelty").fill("Neither heat nor light.")
    expect(two.locator("[data-clash]")).to_contain_text("No heat at all.")
    two.get_by_role("button", name=theirs).click()
    expect(two.locator("#id_novelty")).to_have_value("No heat at all.")
    expect(two.locator("[data-clash]")).to_have_count(0)
