"""The pages and the API of the docket: what they show, to whom, and what they do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.operations.calendar_addresses import make_calendar_address
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import DeadlineState, EventKind, Route
from motrice.portfolio.models import Deadline, DocketMail, FeePayment, KeepOrDrop
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.docket import derive_docket
from motrice.portfolio.operations.docket_clock import run_docket_clock
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.queries.docket import cost_forecast
from tests.directory.factories import OrganisationFactory, user_with
from tests.portfolio.factories import HALF, MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def opened(place):
    """A family with an annuity in the coming months, opened to its organisation."""
    asset = asset_of(place)
    filed_on = timezone.localdate() - timedelta(days=365 * 3)
    application_of(place, asset, filed_on=filed_on, at=timezone.now())
    set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    return asset


@pytest.fixture
def annuity(opened):
    return Deadline.objects.filter(asset=opened, rule="fr-annuity", state="open").order_by("due_on").first()


def test_the_list_shows_what_is_to_do_and_costs_the_same_queries_for_three(place, opened):
    client = signed_in(place.engineer)
    assert "French annuity, year" in client.get(reverse("portfolio:docket")).content.decode()

    before = portfolio_queries(client)
    for number in (1, 2):
        other = asset_of(place, title=f"Autre alliage inventé {number}")
        application_of(place, other, number=f"230000{number}", filed_on=date(2023, 1, 5))
        set_level(asset=other, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)

    assert before
    assert portfolio_queries(client) == before


def test_what_waits_stands_before_what_was_done_earlier(place, opened, annuity):
    earlier = Deadline.objects.filter(asset=opened, due_on__lt=annuity.due_on, state="open")
    Deadline.objects.filter(asset=opened).exclude(pk__in=earlier).update(state=DeadlineState.OPEN)
    earlier.update(state=DeadlineState.DONE)

    rows = signed_in(place.engineer).get("/api/v1/portfolio/deadlines").json()["items"]

    done = [row for row in rows if row["state"] == "done"]
    assert done
    assert rows[-len(done) :] == done
    assert done[0]["due_on"] < rows[0]["due_on"]


def portfolio_queries(client):
    """How many queries of the list read the portfolio."""
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("portfolio:docket"))
    return sum("portfolio_" in query["sql"] for query in queries)


def test_a_moved_date_says_by_which_rule(place):
    application = application_of(place, asset_of(place))
    record_event(
        application=application, kind=EventKind.GRANT_PUBLICATION, occurred_on=date(2026, 2, 14), actor=place.officer
    )
    deadline = Deadline.objects.get(rule="fr-opposition")
    assert (deadline.original_on, deadline.due_on) == (date(2026, 11, 14), date(2026, 11, 16))

    page = signed_in(place.engineer).get(reverse("portfolio:deadline", args=[deadline.reference])).content.decode()

    assert "The office is closed (a Saturday): moved to the next open day" in page
    assert "Article R618-3 CPI" in page
    assert "This rule is not sure (not confirmed)" in page


def test_a_payment_is_recorded_on_its_page(place, annuity):
    client = signed_in(place.engineer)
    url = reverse("portfolio:deadline_act", args=[annuity.reference, "pay"])
    assert f'value="{annuity.amount}"' in client.get(url).content.decode()

    answer = client.post(
        url, {"paid_on": timezone.localdate().isoformat(), "amount": "38", "currency": "EUR", "receipt": "R-7"}
    )

    assert answer.status_code == 302
    annuity.refresh_from_db()
    assert (annuity.state, FeePayment.objects.get().receipt) == (DeadlineState.DONE, "R-7")


def test_a_day_to_come_is_refused_on_the_form(place, annuity):
    url = reverse("portfolio:deadline_act", args=[annuity.reference, "done"])

    answer = signed_in(place.engineer).post(url, {"done_on": "2100-01-01"})

    assert answer.status_code == 422
    annuity.refresh_from_db()
    assert annuity.state == DeadlineState.OPEN


def test_a_co_owner_sees_the_deadlines_of_its_titles_only(place, opened):
    shared = asset_of(
        place, title="Alliage inventé partagé", owners=(Owner(place.office, HALF), Owner(place.other_office, HALF))
    )
    application_of(place, shared, number="2300009", filed_on=date(2023, 1, 5))
    set_level(asset=shared, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    seen, hidden = (asset.deadlines.get(rule="fr-annuity", year=9) for asset in (shared, opened))
    client = signed_in(place.other_officer)

    assert client.get(reverse("portfolio:deadline", args=[seen.reference])).status_code == 200
    assert client.get(reverse("portfolio:deadline", args=[hidden.reference])).status_code == 404
    assert set(Deadline.objects.permitted(place.other_officer).values_list("asset", flat=True)) == {shared.pk}
    assert client.post(reverse("portfolio:deadline_act", args=[seen.reference, "done"]), {}).status_code == 403


def test_a_company_and_a_rival_see_no_deadline(place, opened):
    assert not Deadline.objects.permitted(place.contact).exists()
    assert not Deadline.objects.permitted(place.rival_contact).exists()
    assert Deadline.objects.permitted(place.engineer).exists()


def test_the_firm_keeps_the_docket_of_its_matters_only(place, opened, annuity):
    client = signed_in(place.attorney)
    assert client.get(reverse("portfolio:deadline", args=[annuity.reference])).status_code == 404

    type(opened).objects.filter(pk=opened.pk).update(firm=place.firm)

    assert client.get(reverse("portfolio:deadline", args=[annuity.reference])).status_code == 200
    assert client.get(reverse("portfolio:deadline_act", args=[annuity.reference, "done"])).status_code == 200


def test_the_asset_shows_every_annuity_to_the_last(place, opened):
    page = signed_in(place.engineer).get(reverse("portfolio:asset", args=[opened.reference])).content.decode()

    assert "French annuity, year 20" in page


def test_the_forecast_splits_between_the_owners_and_leaves_out_what_is_dropped(place, opened):
    today = timezone.localdate()
    rows = Deadline.objects.filter(asset=opened)
    before = cost_forecast(rows, today=today)

    total = sum(row.amount for row in rows.filter(state="open", amount__isnull=False))
    assert before.total["EUR"] == total
    assert {owner.name: amount for owner, amount in before.by_owner["EUR"].items()} == {
        place.office.name: total / 2,
        place.company.name: total / 2,
    }
    last = rows.get(year=20)
    rows.filter(pk=last.pk).update(choice="drop")
    assert cost_forecast(rows, today=today).total["EUR"] == total - last.amount

    page = signed_in(place.engineer).get(reverse("portfolio:forecast"))
    assert place.company.name in page.content.decode()


def test_the_review_records_several_decisions_and_keeps_a_refused_one(place, opened, annuity):
    client = signed_in(place.engineer)
    url = f"{reverse('portfolio:review')}?year={annuity.due_on.year}"
    assert annuity.reference in client.get(url).content.decode()

    refused = client.post(url, {f"choice-{annuity.reference}": "drop", f"reason-{annuity.reference}": "No market"})
    assert (refused.status_code, KeepOrDrop.objects.count()) == (422, 0)

    kept = client.post(url, {f"choice-{annuity.reference}": "keep"})
    annuity.refresh_from_db()
    assert (kept.status_code, annuity.choice) == (302, "keep")


def test_a_calendar_holds_ones_own_deadlines_until_it_is_revoked(place, opened, annuity):
    address, token = make_calendar_address(kind="docket", actor=place.engineer)
    url = reverse("accounts:calendar", args=[token])

    calendar = Client().get(url)
    assert f"deadline-{annuity.reference}" in calendar.content.decode()
    assert calendar["Content-Type"].startswith("text/calendar")

    signed_in(place.engineer).post(reverse("accounts:calendar_revoke", args=[address.reference]), {"confirmed": "1"})
    assert Client().get(url).status_code == 404


def test_a_mail_that_could_not_be_sent_is_listed_with_its_reason(place, annuity, settings):
    settings.EMAIL_BACKEND = "tests.portfolio.operations.test_docket_clock.BrokenBackend"
    run_docket_clock(now=timezone.now())
    mail = DocketMail.objects.filter(user=place.engineer).first()
    client = signed_in(place.engineer)

    assert "no route to the mail server" in client.get(reverse("portfolio:docket_mails")).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("portfolio:docket_mail_retry", args=[mail.reference]))

    mail.refresh_from_db()
    assert mail.state == "sent"
    assert "no route" not in client.get(reverse("portfolio:docket_mail", args=[mail.reference])).content.decode()


@pytest.mark.parametrize("kind", ["coordinator", "administrator"])
def test_a_role_on_one_laboratory_opens_no_mail_of_the_docket(place, annuity, kind):
    run_docket_clock(now=timezone.now())
    keeper = user_with(kind, on=OrganisationFactory(unit=True))

    assert DocketMail.objects.exists()
    assert not DocketMail.objects.permitted(keeper).exists()
    assert DocketMail.objects.permitted(user_with(kind)).count() == DocketMail.objects.count()


def test_the_api_lists_explains_and_pays(place, opened, annuity):
    client = signed_in(place.engineer)
    base = f"/api/v1/portfolio/deadlines/{annuity.reference}"

    listed = client.get("/api/v1/portfolio/deadlines?limit=200").json()
    explained = client.get(base).json()
    paid = client.post(
        f"{base}/payment",
        {"paid_on": timezone.localdate().isoformat(), "amount": "38.00", "currency": "EUR"},
        content_type="application/json",
    )

    assert annuity.reference in {row["reference"] for row in listed["items"]}
    assert explained["steps"][0]["words"] == "Counted from the filing"
    assert (paid.status_code, paid.json()["state"]) == (201, "done")
    assert Decimal(paid.json()["amount"]) == 38
    costs = client.get("/api/v1/portfolio/costs").json()
    assert {row["key"] for row in costs["by_owner"]} == {place.office.name, place.company.name}


def test_the_api_refuses_by_role(place, opened, annuity):
    url = f"/api/v1/portfolio/deadlines/{annuity.reference}/done"
    body = {"done_on": timezone.localdate().isoformat()}

    answers = [
        signed_in(user).post(url, body, content_type="application/json").status_code
        for user in (place.rival_contact, place.auditor, place.engineer)
    ]

    assert answers == [404, 403, 200]


def test_a_family_with_an_event_of_each_route_has_a_page_for_each_deadline(place, opened):
    application_of(place, opened, office="WO", route=Route.PCT, number="WO1", filed_on=timezone.localdate())
    derive_docket([opened])
    client = signed_in(place.engineer)

    for deadline in opened.deadlines.all():
        assert client.get(reverse("portfolio:deadline", args=[deadline.reference])).status_code == 200, deadline.rule
