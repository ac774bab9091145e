"""The content security policy, and pages that keep to it."""

import re

import pytest

from motrice.web.headers import POLICY

pytestmark = pytest.mark.django_db
PAGES = ["/_gallery/", "/_gallery/list/", "/_gallery/form/", "/_gallery/public/", "/nowhere/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_a_policy_that_allows_no_inline_code(signed_in, path):
    response = signed_in.get(path)

    assert response.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_what_the_policy_would_refuse(signed_in, path):
    content = signed_in.get(path).content.decode()

    assert "<main" in content
    assert re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", content) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", content) == []


@pytest.mark.parametrize("path", PAGES[:4])
def test_page_is_light(signed_in, path):
    assert len(signed_in.get(path).content) < 60_000


def test_theme_is_in_the_first_byte_and_cannot_be_forged(signed_in):
    signed_in.cookies["motrice_theme"] = "dark"
    assert b'data-bs-theme="dark"' in signed_in.get("/_gallery/").content

    signed_in.cookies["motrice_theme"] = '"><script>'
    assert b'data-bs-theme="auto"' in signed_in.get("/_gallery/").content


def test_choice_of_theme_is_kept_and_returns_to_this_site_only(signed_in):
    here = signed_in.post("/preferences/", {"theme": "dark", "next": "/_gallery/"})
    away = signed_in.post("/preferences/", {"density": "compact", "next": "https://elsewhere.example/"})

    assert (here.url, here.cookies["motrice_theme"].value) == ("/_gallery/", "dark")
    assert (away.url, away.cookies["motrice_density"].value) == ("/", "compact")


def test_language_changes_by_a_form(signed_in):
    assert "Ce qui s’est passé" not in signed_in.get("/_gallery/").content.decode()

    signed_in.post("/language/", {"language": "fr", "next": "/_gallery/"})

    assert b'<html lang="fr"' in signed_in.get("/_gallery/").content
