"""The shipped tables are whole, and a wrong table is refused with its field."""

import csv
import os
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from motrice.engines.docketing import (
    Application,
    Family,
    FeeRow,
    Fees,
    FeeTable,
    Holding,
    Rule,
    Rulebook,
    TableError,
    derive,
    forecast,
    read_calendar,
    read_fee_table,
    read_rule,
    read_scheme,
    totals,
)
from tests.engines.docketing.tables import entries, shipped_book

RULE = {"name": "A", "name_fr": "A", "trigger": "grant", "delay": 9, "source": "the law", "confidence": "confirmed"}
FEES = {
    "name": "A",
    "name_fr": "A",
    "office": "EP",
    "act": "renewal",
    "currency": "EUR",
    "valid_from": "2024-04-01",
    "source": "the law",
    "confidence": "confirmed",
    "rows": [{"term": "3", "amount": "690"}],
}
SCHEME = {"name": "A", "name_fr": "A", "rule": "x", "source": "the law", "confidence": "confirmed"}
CALENDAR = {"name": "A", "name_fr": "A", "legal_basis": "the law", "source": "it", "confidence": "confirmed"}


def reference(name):
    """The rows of a public table."""
    folder = os.environ.get("MOTRICE_SHARED_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
    path = Path(folder, "reference", name)
    if not path.exists():
        pytest.skip("needs the public data files: set MOTRICE_SHARED_DATA")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_every_rule_of_the_public_table_is_shipped_with_its_delay():
    shipped = {}
    for code, _version, data in entries("deadlines"):
        shipped.setdefault((data["source"], str(data.get("delay", "")), data.get("unit", "")), []).append(code)
    parts = {"annuity", "grace", "shift", "limit", "note"}
    forms = {code: data.get("form", "period") for code, _version, data in entries("deadlines")}

    for row in reference("deadline_rules.csv"):
        codes = shipped.get((row["source"], row["delay"], row["unit"]), [])
        codes += [code for code in shipped.get((row["source"], "", ""), []) if forms[code] in parts]
        assert codes, row["task"]


@pytest.mark.shared
def test_every_renewal_fee_of_the_public_table_is_found_on_its_first_day():
    categories = {"unitary patent": "standard", "undiscounted": "standard", "standard (historic)": "standard"}
    for row in reference("renewal_fees.csv"):
        is_surcharge = row["year"].startswith("surcharge")
        category = "reduced" if row["category"].startswith("reduced") else row["category"]
        fee = shipped_book().fees.find(
            row["jurisdiction"],
            "late_renewal" if is_surcharge else "renewal",
            date.fromisoformat(row["valid_from"]),
            term="" if is_surcharge else row["year"],
            category=categories.get(category, category),
        )
        assert (fee.amount, fee.currency) == (Decimal(row["amount"]), row["currency"]), row


@pytest.mark.shared
def test_every_office_of_the_public_table_has_its_scheme():
    for row in reference("renewal_parameters_by_country.csv"):
        scheme = shipped_book().schemes[row["code"]]
        assert scheme.first_year == int(row["first_year"])
        assert scheme.counted_from == row["counted_from"].split()[0]
        assert scheme.payable_from == row["payable_from_event"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"delay": "nine"}, "delay"),
        ({"delay": -1}, "delay"),
        ({"unit": "weeks"}, "unit"),
        ({"source": ""}, "source"),
        ({"confidence": "sure"}, "confidence"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"dealy": 9}, "dealy"),
        ({"grace": {"months": 6, "counted_from": "moon"}}, "grace.counted_from"),
        ({"fees": ["grant"]}, "fee_office"),
        ({"nature": "rumour"}, "nature"),
        ({"offices": "EP"}, "offices"),
        ({"offices": ["EP", 7]}, "offices"),
        ({"grace": "six months"}, "grace"),
        ({"end_of_month": "yes"}, "end_of_month"),
        ({"delay": 0, "repeats": 2}, "delay"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_field(change, field):
    read_rule("x", 1, RULE)

    with pytest.raises(TableError) as refused:
        read_rule("x", 1, RULE | change)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rows": []}, "rows"),
        ({"rows": [{"term": "3", "amount": "690"}, {"term": "3", "amount": "700"}]}, "rows"),
        ({"rows": [{"term": "3", "amount": "much"}]}, "rows[0].amount"),
        ({"rows": [{"term": "3", "amount": "-1"}]}, "rows[0].amount"),
        ({"rows": [{"term": "3", "amount": 690.5}]}, "rows[0].amount"),
        ({"rows": [{"term": "3", "amount": True}]}, "rows[0].amount"),
        ({"rows": {"term": "3"}}, "rows"),
        ({"rows": ["690"]}, "rows[0]"),
        ({"currency": "euro"}, "currency"),
        ({"valid_to": "2023-01-01"}, "valid_to"),
        ({"valid_from": None}, "valid_from"),
    ],
)
def test_a_wrong_fee_table_is_refused_with_its_field(change, field):
    read_fee_table("x", 1, FEES)

    with pytest.raises(TableError) as refused:
        read_fee_table("x", 1, FEES | change)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_year": 21}, "first_year"),
        ({"counted_from": "birth"}, "counted_from"),
        ({"steps": [{"term": "3.5", "year": 4}]}, "steps[0].months"),
        ({"shift": {"years": "3", "months": 31, "rule": "x"}}, "shift.years"),
    ],
)
def test_a_wrong_scheme_is_refused_with_its_field(change, field):
    read_scheme("EP", 1, SCHEME)

    with pytest.raises(TableError) as refused:
        read_scheme("EP", 1, SCHEME | change)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weekend": [7]}, "weekend"),
        ({"weekend": [0, 1, 2, 3, 4, 5, 6]}, "weekend"),
        ({"closed": [{"country": "XX"}]}, "closed"),
        ({"closed_days": ["13-01"]}, "closed_days"),
        ({"once": "2024-04-01"}, "once"),
        ({"once": ["2024-04-31"]}, "once"),
        ({"legal_basis": ""}, "legal_basis"),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_field(change, field):
    read_calendar("EP", 1, CALENDAR)

    with pytest.raises(TableError) as refused:
        read_calendar("EP", 1, CALENDAR | change)

    assert refused.value.field == field


def test_a_book_that_cites_what_it_does_not_hold_is_refused():
    with pytest.raises(TableError, match="unknown calendar"):
        Rulebook(rules=[Rule("x", calendar="EP")])
    with pytest.raises(TableError, match="scheme of EP cites an unknown calendar: moon"):
        Rulebook(schemes=[read_scheme("EP", 1, SCHEME | {"calendar": "moon"})])
    with pytest.raises(TableError, match="unknown rule"):
        Rulebook(schemes=[read_scheme("EP", 1, SCHEME)])
    with pytest.raises(TableError, match="twice"):
        Rulebook(rules=[Rule("x"), Rule("x")])


def test_a_new_table_leaves_the_days_before_it_alone():
    old = read_fee_table("old", 1, FEES)
    new = FeeTable("new", 1, "EP", "renewal", "EUR", date(2026, 4, 1), (FeeRow("3", "standard", Decimal(720)),))
    fees = Fees((new, old))

    assert fees.find("EP", "renewal", date(2026, 3, 31), term="3").amount == 690
    assert fees.find("EP", "renewal", date(2026, 4, 1), term="3").amount == 720
    assert fees.find("EP", "renewal", date(2024, 3, 31), term="3") is None


def test_forecast_splits_between_the_owners_of_the_due_date():
    family = Family("F", [Application("A", "EP", date(2023, 5, 11))])
    docket = derive(family, shipped_book(), date(2026, 1, 5))
    holdings = [
        Holding("one", Fraction(1, 3), date(2023, 5, 11)),
        Holding("two", Fraction(2, 3), date(2023, 5, 11), date(2026, 12, 31)),
    ]

    costs = list(
        forecast((("F", "EP", deadline) for deadline in docket.deadlines), lambda _asset: holdings, first_year=2026)
    )
    by_owner = totals(costs, "year", "owner")

    assert by_owner[2026, "one", "EUR"].amount == Decimal("281.67")
    assert by_owner[2026, "two", "EUR"].amount == Decimal("563.33")
    assert by_owner[2027, "", "EUR"].amount == Decimal("666.67")
    assert by_owner[2027, "one", "EUR"].estimated == Decimal("333.33")
    assert sum(total.amount for total in by_owner.values()) == sum(
        d.amount for d in docket.deadlines if d.amount and d.state == "open"
    )


def test_a_rate_that_a_newer_table_no_longer_knows_is_not_offered():
    old = FeeTable(
        "old", 1, "FR", "renewal", "EUR", date(2020, 1, 1),
        (FeeRow("3", "standard", Decimal(40)), FeeRow("3", "reduced", Decimal(20))),
    )  # fmt: skip
    new = FeeTable("new", 1, "FR", "renewal", "EUR", date(2024, 1, 1), (FeeRow("3", "standard", Decimal(50)),))
    fees = Fees([old, new])

    assert fees.payers("FR", "renewal", date(2021, 1, 1)) == {"standard", "reduced"}
    assert fees.payers("FR", "renewal", date(2025, 1, 1)) == {"standard"}
    assert fees.payers("FR", "filing", date(2025, 1, 1)) == set()
