"""Which fees an applicant pays: said on the page and by programs, among those that the fee tables know."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from motrice.core.errors import RuleViolation
from motrice.engines.docketing import Application as Filed
from motrice.portfolio.enums import AssetKind, Descent, EventKind, FeeCategory, Route
from motrice.portfolio.operations.docket import mark_done, record_payment, set_fee_category
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.tables import docket as tables
from tests.open_page import left_open, told
from tests.portfolio.factories import MONDAY, application_of, asset_of
from tests.portfolio.test_owner_api import Caller
from tests.portfolio.test_pages import text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


@pytest.fixture
def desk(place):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(place.engineer)
    return client


def url_of(application):
    return reverse("portfolio:application_act", args=[application.reference, "fees"])


def amount_of(application, year):
    return application.deadlines.get(rule="fr-annuity", term=str(year)).amount


def american(place, asset=None):
    asset = asset or asset_of(place)
    return application_of(place, asset, office="US", number="17123456", filed_on=date(2021, 3, 1))


@pytest.mark.parametrize(
    ("office", "right", "descent", "known"),
    [
        ("FR", "patent", "", {"standard", "reduced"}),
        ("FR", "trademark", "", {"standard"}),
        ("US", "patent", "", {"standard", "small", "micro"}),
        ("CA", "patent", "", {"standard"}),
        ("EP", "patent", "unitary", {"standard"}),
    ],
)
def test_the_categories_are_those_that_the_tables_of_the_office_have_amounts_for(place, office, right, descent, known):
    filed = Filed("", office, None, right=right, descent=descent)

    assert tables.rulebook().payers(filed, TODAY) == known


def test_who_keeps_the_docket_changes_the_rate_on_the_page_of_the_title(desk, place):
    asset = asset_of(place)
    application = application_of(place, asset)
    page = desk.get(asset.get_absolute_url())
    assert "rate of fees: standard" in text_of(page)
    assert url_of(application) in page.content.decode()

    form = desk.get(url_of(application))
    assert "reduced (public research" in text_of(form)
    assert "small entity" not in text_of(form)
    answer = desk.post(url_of(application), left_open(form, "fee_category") | {"fee_category": "reduced"}, follow=True)

    assert "rate of fees: reduced (public research, small firm, person)" in text_of(answer)
    assert amount_of(application, 7) == Decimal("72.00")
    deadline = application.deadlines.get(rule="fr-annuity", term="7")
    facts = text_of(desk.get(reverse("portfolio:deadline", args=[deadline.reference])))
    assert re.search(r"Rate of fees(</?\w[^>]*>|\s)+reduced \(public research", facts)
    history = desk.get(reverse("accounts:history", args=["portfolio.asset", asset.reference]))
    assert "reduced (public research" in text_of(history)


def test_what_was_done_or_paid_keeps_its_cost_when_the_applicant_pays_other_fees_since(place):
    application = application_of(place, asset_of(place))
    third, fourth = (application.deadlines.get(rule="fr-annuity", term=term) for term in ("3", "4"))
    mark_done(deadline=third, done_on=date(2022, 3, 1), actor=place.engineer)
    record_payment(
        deadline=fourth, paid_on=date(2023, 3, 1), amount=Decimal("38"), currency="EUR", actor=place.engineer
    )

    set_fee_category(application=application, fee_category="reduced", actor=place.engineer)
    record_event(
        application=application, kind=EventKind.GRANT, occurred_on=date(2023, 5, 5), actor=place.engineer, at=MONDAY
    )

    assert [amount_of(application, year) for year in (3, 4, 5, 7)] == [38, 38, 19, 72]


def test_a_category_that_no_table_of_the_office_knows_is_refused_by_name(place, desk):
    application = application_of(place, asset_of(place))
    canadian = application_of(place, application.asset, office="CA", number="3000001", filed_on=date(2021, 3, 1))

    with pytest.raises(RuleViolation, match=r"No fee table of FR .* standard, reduced") as refused:
        set_fee_category(application=application, fee_category="micro", actor=place.engineer)

    assert refused.value.field == "fee_category"
    assert url_of(canadian) not in desk.get(application.asset.get_absolute_url()).content.decode()
    assert "No fee table has another rate" in text_of(desk.get(url_of(canadian)))


def test_what_another_said_meanwhile_of_the_fees_is_told(desk, place):
    application = american(place)
    page = left_open(desk.get(url_of(application)), "fee_category")
    set_fee_category(application=application, fee_category="small", actor=place.officer)

    clash = desk.post(url_of(application), page | {"fee_category": "micro"})

    told(clash, "small entity", str(place.officer), "What you typed is kept")
    application.refresh_from_db()
    assert application.fee_category == FeeCategory.SMALL


def test_a_program_reads_and_says_which_fees_are_paid(place):
    application, program = american(place), Caller(place.engineer)
    path = f"applications/{application.reference}"
    assert program("get", path)["fee_category"] == "standard"

    assert program("post", f"{path}/fees", fee_category="small", read={"fee_category": "standard"}) == program(
        "get", path
    )
    assert program("get", path)["fee_category"] == "small"
    program("post", f"{path}/fees", 409, fee_category="micro", read={"fee_category": "standard"})
    refused = program("post", f"{path}/fees", 422, fee_category="reduced")
    assert refused["fields"][0]["field"] == "fee_category"
    program("post", f"{path}/fees", 422, fee_category="cheap")


def test_only_who_keeps_the_docket_says_which_fees_are_paid(place):
    application = american(place)

    for actor in (place.contact, place.lab_director):
        Caller(actor)("post", f"applications/{application.reference}/fees", 404, fee_category="small")
    application.refresh_from_db()
    assert application.fee_category == FeeCategory.STANDARD


def test_an_application_is_added_with_the_fees_that_its_office_knows(desk, place):
    asset = asset_of(place)
    url = reverse("portfolio:asset_act", args=[asset.reference, "file"])
    filed = {"office": "fr", "route": "national", "number": "2002513", "filed_on": "2020-03-16"}

    refused = desk.post(url, filed | {"fee_category": "small"})
    assert "No fee table of FR has this rate" in text_of(refused, 422)
    assert not asset.applications.exists()

    desk.post(url, filed | {"fee_category": "reduced"})
    application = asset.applications.get()
    assert (application.fee_category, amount_of(application, 7)) == ("reduced", Decimal("72.00"))
    body = {"office": "US", "route": "national", "number": "17123456", "filed_on": "2021-03-01"}
    made = Caller(place.engineer)("post", f"assets/{asset.reference}/applications", 201, **body, fee_category="micro")
    assert made["fee_category"] == "micro"


def test_the_list_of_applications_shows_and_filters_the_rate_of_fees(desk, place):
    asset = asset_of(place)
    reduced = application_of(place, asset)
    american(place, asset)
    set_fee_category(application=reduced, fee_category="reduced", actor=place.engineer)

    words = text_of(
        desk.get(reverse("portfolio:filings"), {"fee_category": "reduced", "columns": "number,fee_category"})
    )
    found = Caller(place.engineer)("get", "applications?fee_category=reduced")["items"]

    assert "1 application" in words
    assert [row["number"] for row in found] == ["2002513"]


def test_a_validated_or_marked_title_pays_the_fees_of_its_own_kind(place):
    mark = asset_of(place, kind=AssetKind.MARK, title="Marque")
    application = application_of(place, mark, number="4700001")
    with pytest.raises(RuleViolation):
        set_fee_category(application=application, fee_category="reduced", actor=place.engineer)

    european = application_of(place, asset_of(place), office="EP", number="20900001", route=Route.EUROPEAN)
    national = application_of(
        place, european.asset, office="FR", number="20900001F", parent=european, descent=Descent.VALIDATION
    )
    set_fee_category(application=national, fee_category="reduced", actor=place.engineer)
    assert national.fee_category == "reduced"
