"""A new table of fees is entered on a page or by API: previewed, saved from its day, and followed by the dockets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django_tasks import default_task_backend

from motrice.core.confidentiality import Level
from motrice.core.models import CatalogueEntry
from motrice.portfolio import jobs
from motrice.portfolio.importers.fee_lines import check_lines, plain_amount, read_lines
from motrice.portfolio.models import Asset, Deadline
from motrice.portfolio.operations.docket import record_payment
from motrice.portfolio.queries.docket import cost_forecast
from tests.portfolio.factories import application_of, asset_of

D = Decimal
BASE = "fr-renewal-2020"
API = f"/api/v1/portfolio/fee-tables/{BASE}"


def calling(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def annuities(place):
    """A French application of three years, opened to the network."""
    asset = asset_of(place)
    application_of(place, asset, filed_on=localdate() - timedelta(days=365 * 3))
    type(asset).objects.filter(pk=asset.pk).update(level=Level.NETWORK)
    return Deadline.objects.filter(rule="fr-annuity", state="open", due_on__gte=localdate())


def written(**changes):
    since = date(localdate().year + 2, 1, 1).isoformat()
    stated = {"valid_from": since, "currency": "EUR", "source": "Journal officiel, inventé", "read_on": "2026-11-01"}
    return stated | {"confidence": "confirmed", "known_until": ""} | changes


def rows_of(client):
    page = client.get(reverse("portfolio:fee_table_next", args=[BASE])).context["page"]
    return {
        "term": [row.term for row in page.rows],
        "category": [row.category for row in page.rows],
        "amount": [row.amount for row in page.rows],
    }


def told(client, **fields):
    return client.post(reverse("portfolio:fee_table_next", args=[BASE]), fields)


def test_the_preview_says_what_changes_and_writes_nothing(place, annuities):
    client = calling(place.coordinator)
    late = annuities.filter(due_on__year__gte=localdate().year + 2, term="10").get()
    before = cost_forecast(Deadline.objects.all(), today=localdate()).total["EUR"]

    page = told(client, act="preview", **rows_of(client), **written(pasted="10;standard;1000,50"))

    [changed] = [one for one in page.context["page"].changes.amounts if one.differs]
    assert (changed.term, changed.category, changed.after) == ("10", "standard", D("1000.50"))
    assert page.context["page"].changes.deadlines == 1
    [(currency, old, new)] = page.context["page"].changes.totals()
    assert (currency, old, new) == ("EUR", before, before - late.amount + D("1000.50"))
    assert not CatalogueEntry.objects.filter(code__startswith="fr-renewal-2", is_edited=True).exists()
    assert Deadline.objects.get(pk=late.pk).amount == late.amount


def test_what_was_previewed_is_saved_from_its_day_and_the_open_deadlines_follow(place, annuities):
    client = calling(place.coordinator)
    first = annuities.order_by("due_on").first()
    payment = record_payment(
        deadline=first, paid_on=localdate(), amount=D("99.00"), currency="EUR", actor=place.engineer
    )
    page = told(client, act="preview", **rows_of(client), **written(pasted="10;standard;1000,50"))
    expected = page.context["page"].changes.totals()[0][2]
    rows = {name: [getattr(row, name) for row in page.context["page"].rows] for name in ("term", "category", "amount")}

    saved = told(client, act="save", mark=page.context["page"].mark, **rows, **written())

    code = f"fr-renewal-{localdate().year + 2}-01-01"
    assert saved["Location"] == reverse("portfolio:fee_table", args=[code])
    entry = CatalogueEntry.objects.get(code=code)
    assert (entry.version, entry.data["read_on"], entry.data["name"][-10:]) == (1, "2026-11-01", code[-10:])
    assert annuities.get(term="10").fee_table == code
    assert cost_forecast(Deadline.objects.all(), today=localdate()).total["EUR"] == expected
    payment.refresh_from_db()
    assert (payment.amount, payment.fee_table) == (D("99.00"), BASE)
    assert not client.get(saved["Location"]).context["work"].is_running


def test_what_differs_from_the_preview_is_shown_again_before_it_is_saved(place, annuities):
    client = calling(place.coordinator)
    rows = rows_of(client)
    mark = told(client, act="preview", **rows, **written(pasted="10;standard;1000")).context["page"].mark

    again = told(client, act="save", mark=mark, **rows, **written())

    assert "differs from the one you looked at" in again.content.decode()
    assert not CatalogueEntry.objects.filter(kind="portfolio.fees", is_edited=True).exists()


def test_every_bad_line_is_told_with_its_field_and_what_to_write_and_nothing_is_kept(place, annuities):
    client = calling(place.coordinator)
    file = SimpleUploadedFile(
        "fees.csv", "terme;catégorie;montant\n5;standard;12,3x\nV;tiny;10\n6;standard\n".encode()
    )

    page = told(client, act="save", file=file, **rows_of(client), **written())

    assert page.status_code == 422
    words = [str(fault) for fault in page.context["page"].faults]
    assert [word.split(":")[0] for word in words] == [
        "Line 4 of the file, line",
        "Line 2 of the file, amount",
        "Line 3 of the file, term",
        "Line 3 of the file, category",
    ]  # fmt: skip
    assert "such as 925.00" in words[1]
    assert "standard, reduced, small, micro" in words[3]
    assert not CatalogueEntry.objects.filter(kind="portfolio.fees", is_edited=True).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("valid_from", "2020-01-01", "write a later day"),
        ("known_until", "2020-01-01", "cannot end before it begins"),
        ("read_on", "2999-01-01", "this day is to come"),
        ("currency", "EU1", "three capitals"),
    ],
)
def test_a_wrong_day_or_currency_is_refused_at_its_field(place, field, value, words):
    client = calling(place.coordinator)

    page = told(client, act="preview", **rows_of(client), **written(**{field: value}))

    assert page.status_code == 422
    assert words in str(page.context["page"].form.errors[field])


def test_what_is_kept_to_a_circle_is_priced_by_the_table_and_not_counted(place, annuities):
    Asset.objects.update(level=Level.CIRCLE)
    client = calling(place.coordinator)
    body = written(csv="10;standard;1000,50", rows=[]) | {"known_until": None}

    seen = client.post(f"{API}/preview", body, content_type="application/json").json()
    client.post(f"{API}/next", body, content_type="application/json")

    assert (seen["deadlines"], seen["forecast"]) == (0, [])
    assert annuities.get(term="10").amount == D("1000.50")


def test_only_who_keeps_the_catalogue_enters_a_table(place):
    body = written(rows=[{"term": "5", "amount": "10"}]) | {"known_until": None}
    for user in (place.officer, place.engineer, place.contact):
        client = calling(user)
        assert client.get(reverse("portfolio:fee_table", args=[BASE])).status_code == 200
        assert client.get(reverse("portfolio:fee_table_next", args=[BASE])).status_code == 403
        for act in ("preview", "next"):
            assert client.post(f"{API}/{act}", body, content_type="application/json").status_code == 403


def test_a_program_previews_and_saves_the_same_table(place, annuities):
    client = calling(place.coordinator)
    rows = [{"term": row["term"], "category": row["category"], "amount": row["amount"]}
            for row in client.get(API).json()["rows"]]  # fmt: skip
    body = written(rows=rows, csv="10;standard;1000,50") | {"known_until": None}

    seen = client.post(f"{API}/preview", body, content_type="application/json").json()
    saved = client.post(f"{API}/next", body, content_type="application/json")
    again = client.post(f"{API}/next", body, content_type="application/json")
    wrong = client.post(f"{API}/next", body | {"csv": "10;standard;x"}, content_type="application/json")

    assert seen["deadlines"] == 1
    assert saved.status_code == 201
    code = saved.json()["code"]
    assert client.get(f"/api/v1/portfolio/fee-tables/{code}/dockets").json() == {"percent": 100, "is_running": False}
    assert (again.status_code, again.json()["fields"][0]["field"]) == (422, "valid_from")
    assert "Pasted line 1, amount" in wrong.json()["message"]
    assert wrong.json()["fields"][0]["field"] == "csv"
    assert client.get("/api/v1/portfolio/fee-tables?office=FR").json()["items"][0]["office"] == "FR"


def test_many_dockets_are_left_to_the_queue_and_the_page_tells_how_far_it_is(place, annuities, monkeypatch, settings):
    monkeypatch.setattr(jobs, "FEW", 0)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = calling(place.coordinator)
    body = written(csv="10;standard;1000,50", rows=[]) | {"known_until": None}
    code = client.post(f"{API}/next", body, content_type="application/json").json()["code"]
    page = reverse("portfolio:fee_table", args=[code])

    waiting = client.get(page).context["work"]
    [asked] = default_task_backend.results
    jobs.work_out_fees.call(*asked.args)
    done = client.get(page).context["work"]

    assert (waiting.done, waiting.is_running) == (0, True)
    assert (done.done, done.is_running) == (100, False)
    assert annuities.get(term="10").amount == D("1000.50")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("925", "925"), ("1 234,50", "1234.50"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("12,5", "12.5"),
     ("1,234", "1,234"), ("-5", "-5")],
)  # fmt: skip
def test_an_amount_is_read_as_french_or_english_write_it_and_never_guessed(text, amount):
    assert plain_amount(text) == amount


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_lines_are_read_as_spreadsheets_copy_them(delimiter):
    lines, faults = read_lines(f"Term{delimiter}Category{delimiter}Amount\n3.5{delimiter}small{delimiter}860\n\n")

    assert not faults
    assert [row.amount for row in check_lines(lines, has_terms=True)[0]] == [D(860)]


def test_a_term_given_twice_names_the_other_line():
    lines, _unread = read_lines("5;;10\n5;standard;11")

    [fault] = check_lines(lines, has_terms=True)[1]

    assert (fault.line.number, fault.field) == (2, "term")
    assert "line 1" in fault.message
