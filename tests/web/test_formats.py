"""Dates, amounts and figures as the reader writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from motrice.web import formats
from motrice.web.parts import Fact, highlight, opening

DAY = date(2026, 11, 22)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("lang", "act", "expected"),
    [
        ("en", lambda: formats.day_text(DAY), "22 Nov 2026"),
        ("fr", lambda: formats.day_text(DAY), "22 nov. 2026"),
        ("en", lambda: formats.day_text(date(2026, 12, 1)), "1 Dec 2026"),
        ("fr", lambda: formats.day_text(date(2026, 12, 1)), "1er déc. 2026"),
        ("fr", lambda: formats.day_text(date(2026, 12, 11)), "11 déc. 2026"),
        ("en", lambda: formats.labelled("Kind", "unit"), "Kind: unit"),
        ("fr", lambda: formats.labelled("Type", "unité"), "Type : unité"),
        ("fr", lambda: formats.country_text("DE"), "Allemagne"),
        ("en", lambda: formats.country_text("??"), "??"),
        ("en", lambda: Fact("Filed", DAY).shown, "22 Nov 2026"),
        ("fr", lambda: Fact("Fait", datetime(2026, 11, 22, 8, 5, tzinfo=UTC)).shown, "22 nov. 2026, 9 h 05"),
        ("en", lambda: Fact("Classes", "H01M").shown, "H01M"),
        ("en", lambda: formats.moment_text(datetime(2026, 11, 22, 23, 5, tzinfo=UTC)), "23 Nov 2026, 00:05"),
        ("fr", lambda: formats.moment_text(datetime(2026, 11, 22, 8, 5, tzinfo=UTC)), "22 nov. 2026, 9 h 05"),
        ("en", lambda: formats.amount_text(Decimal("12500")), "€12,500"),
        ("fr", lambda: formats.amount_text(Decimal("12500.5")), "12 500,50 €"),
        ("fr", lambda: formats.number_text(1234567), "1 234 567"),
        ("en", lambda: formats.number_text(0.25), "0.25"),
        ("en", lambda: formats.share_text(0.347), "34.7%"),
        ("fr", lambda: formats.share_text(0.347), "34,7 %"),
        ("en", lambda: formats.size_text(2_600_000), "2.5 MB"),
        ("fr", lambda: formats.size_text(300), "1 ko"),
    ],
)
def test_values_are_written_in_the_readers_form(lang, act, expected):
    with translation.override(lang):
        assert plain(act()) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "in 3 days"),
        (-20, "20 days ago"),
        (90, "in 3 months"),
        (-800, "2 years ago"),
    ],
)
def test_distance_is_said_in_words(days, expected):
    with translation.override("en"):
        assert formats.distance_text(DAY + timedelta(days=days), DAY) == expected


def test_matched_words_are_found_whole_whatever_their_case():
    passages = highlight("Verre et verres, c++ et (verre).", ["verre", "c++"])

    assert [text for text, hit in passages if hit] == ["Verre", "c++", "verre"]
    assert "".join(text for text, _hit in passages) == "Verre et verres, c++ et (verre)."


def test_text_without_matches_is_one_passage():
    assert highlight("Verre", []) == [("Verre", False)]
    assert highlight("", ["x"]) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Glue holds", "Glue holds"),
        ("Glue holds in the cold", "Glue holds…"),
        ("Glue. Glass holds", "Glue. Glass…"),
        ("Glue holds. Yes", "Glue holds…"),
        ("Anticonstitutionnellement", "Anticonstitu…"),
    ],
)
def test_opening_of_a_text_ends_between_two_words(text, shown):
    assert opening(text, 12) == shown
