"""The docket's tables in the catalogue: versions, what is refused, the book that is kept until one changes."""

from datetime import date

import pytest

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.portfolio.tables import docket as tables
from tests.database import load_catalogue
from tests.directory.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    load_catalogue()


@pytest.fixture
def coordinator():
    return user_with("coordinator")


def test_every_table_is_loaded_and_fits_the_others(loaded):
    book = tables.rulebook()

    assert len(book.rules) == 64  # the 61 of the public table, an older term, and two for other offices
    assert len(book.schemes) == 65
    assert {"EP", "FR", "US"} == set(book.calendars)


def test_the_book_is_kept_until_a_table_changes(loaded, coordinator):
    before = tables.rulebook()
    assert tables.rulebook() is before

    entry = catalogue.entry(tables.FEES, "ep-renewal-2024")
    rows = [row | {"amount": "999"} for row in entry.data["rows"]]
    catalogue.edit(
        kind=tables.FEES, code=entry.code, data=entry.data | {"rows": rows}, actor=coordinator, reason="New amounts"
    )

    after = tables.rulebook()
    assert after.fees.find("EP", "renewal", date(2024, 5, 1), term="3").amount == 999
    assert after.fees.find("EP", "renewal", date(2024, 5, 1), term="3").version == 2
    assert before.fees.find("EP", "renewal", date(2024, 5, 1), term="3").amount == 690


def test_a_table_that_cannot_be_read_is_refused_with_its_field(loaded, coordinator):
    entry = catalogue.entry(tables.DEADLINES, "ep-opposition")

    with pytest.raises(RuleViolation, match="unit") as refused:
        catalogue.edit(
            kind=tables.DEADLINES,
            code=entry.code,
            data=entry.data | {"unit": "moons"},
            actor=coordinator,
            reason="A slip",
        )

    assert refused.value.field == "unit"
    assert catalogue.entry(tables.DEADLINES, "ep-opposition").version == 1


def test_every_rule_has_its_words_in_both_languages(loaded):
    for rule in tables.rulebook().rules.values():
        assert set(rule.names) in ({"en", "fr"}, {"en", "fr", "note", "note_fr"}), rule.code
