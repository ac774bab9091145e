"""Files of a list: what is shown, safe to open, and traced."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from motrice.core.errors import NotPermitted
from motrice.core.models import AuditEntry
from motrice.web.lists import Column
from motrice.web.lists.export import csv_lines, safe_cell
from tests.directory.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_could_be_a_formula_is_escaped(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["plain", "a=b", -5, 2.5, None, date(2026, 1, 2)])
def test_other_cells_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_csv_holds_exactly_the_rows_and_columns_shown(ask, coordinator):
    OrganisationFactory(
        unit=True, name='Laboratoire "des verres", Rennes', city="=HYPERLINK(1)", starts_on=date(2001, 5, 2)
    )
    OrganisationFactory(unit=True, name="Other", city="Lyon")

    response = ask(coordinator, "?q=verres&columns=name&columns=city&columns=starts_on&format=csv")

    assert list(csv.reader(io.StringIO(text_of(response)))) == [
        ["Name", "City", "Since"],
        ['Laboratoire "des verres", Rennes', "'=HYPERLINK(1)", "2001-05-02"],
    ]
    assert response.headers["Content-Disposition"] == 'attachment; filename="tests-organisations.csv"'


def test_xlsx_keeps_dates_as_dates_and_formulas_as_text(ask, coordinator):
    OrganisationFactory(unit=True, name="=1+1", starts_on=date(2001, 5, 2))

    response = ask(coordinator, "?columns=name&columns=starts_on&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    response.close()

    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=1)] == [["Name", "Since"]]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=1+1", "s")
    assert sheet["B2"].value.date() == date(2001, 5, 2)


@pytest.mark.parametrize("day", [date(999, 1, 1), date(1852, 1, 1), date(1899, 12, 31)])
def test_xlsx_says_a_day_that_spreadsheets_cannot_count_as_it_is(ask, coordinator, day):
    OrganisationFactory(unit=True, starts_on=day)

    response = ask(coordinator, "?columns=starts_on&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    assert sheet["A2"].value == day.isoformat()
    response.close()


def test_export_leaves_a_trace(ask, coordinator):
    OrganisationFactory.create_batch(2, unit=True)

    ask(coordinator, "?sort=name&format=csv")

    entry = AuditEntry.objects.get(verb="list.export")
    assert entry.actor_id == coordinator.pk
    assert entry.details == {"list": "tests.organisations", "format": "csv", "query": "sort=name", "row_count": 2}


def test_export_is_refused_to_those_who_may_only_see(ask, contact):
    OrganisationFactory(company=True, level="public")
    assert b"format=csv" not in ask(contact).content

    with pytest.raises(NotPermitted):
        ask(contact, "?format=csv")

    assert not AuditEntry.objects.filter(verb="list.export").exists()


def test_csv_lines_are_made_as_they_are_read():
    seen = []

    def rows():
        for number in range(3):
            seen.append(number)
            yield {"n": number}

    lines = csv_lines(rows(), [Column("n", "N", value=lambda row: row["n"])])
    next(lines)
    assert seen == []
    assert next(lines) == "0\r\n"
    assert seen == [0]
