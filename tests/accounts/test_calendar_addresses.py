"""The secret addresses of one's calendars: made once, shown once, open until they are revoked."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.migrations._moved import bring
from motrice.accounts.models import ApiAnswer, CalendarAddress, User
from motrice.accounts.operations.calendar_addresses import (
    PER_KIND,
    find_calendar_address,
    make_calendar_address,
    revoke_calendar_address,
)
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.secret_digest import digest
from tests.directory.factories import user_with

pytestmark = pytest.mark.django_db
API = "/api/v1/accounts/calendars"
PLACES = ["calendar", "calendar_of_docket", "calendar_of_desk"]


@pytest.fixture
def officer():
    return user_with("officer")


def browser(user):
    """A browser that bears the proof against forgery, as real ones do."""
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def proof(client, address):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode()).group(1)


def secret_on(page):
    return re.search(r"<code data-secret>([^<]*)</code>", page.content.decode())


MAKERS = {
    "docket": ("portfolio:my_docket", "accounts:calendar_make", ["docket"], {}),
    "desk": ("sourcing:my_desk", "accounts:calendar_make", ["desk"], {}),
    "token": ("accounts:token_create", "accounts:token_create", [], {"name": "script", "scopes": ["accounts:read"]}),
}


def made_by(user):
    return user.api_tokens.count() + user.calendar_addresses.count()


@pytest.mark.parametrize("what", MAKERS)
def test_a_button_pressed_twice_makes_one_secret_and_shows_it(officer, what):
    page, target, args, fields = MAKERS[what]
    client = browser(officer)
    fields = {**fields, "csrfmiddlewaretoken": proof(client, reverse(page))}
    if what == "token":
        fields["expires_on"] = timezone.localdate().isoformat()

    answers = [client.post(reverse(target, args=args), fields) for _ in range(2)]
    shown, again = (client.get(answers[1]["Location"]) for _ in range(2))

    assert made_by(officer) == 1
    assert secret_on(shown)
    assert not secret_on(again)
    assert "shown already" in again.content.decode()


@pytest.mark.parametrize("what", MAKERS)
@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_secret_and_show_it(officer, what):
    page, target, args, fields = MAKERS[what]
    client = browser(officer)
    fields = {**fields, "csrfmiddlewaretoken": proof(client, reverse(page))}
    if what == "token":
        fields["expires_on"] = timezone.localdate().isoformat()

    def press(_number):
        twin = Client(enforce_csrf_checks=True)
        twin.cookies.update(client.cookies)
        try:
            return twin.post(reverse(target, args=args), fields)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        pages = set(pool.map(press, range(3)))

    assert made_by(officer) == len(pages) == 1
    assert secret_on(client.get(pages.pop()))


def test_a_secret_waits_for_its_page_unreadable(officer):
    client = browser(officer)
    fields = {"csrfmiddlewaretoken": proof(client, reverse("portfolio:my_docket"))}
    page = client.post(reverse("accounts:calendar_make", args=["docket"]), fields)["Location"]

    waiting = json.dumps(dict(client.session.items()))
    address = secret_on(client.get(page)).group(1)

    assert CalendarAddress.objects.get().reference in waiting
    assert re.search(r"/([^/]+)\.ics$", address).group(1) not in waiting
    assert not [key for key in client.session.keys() if key.startswith("made:")]  # noqa: SIM118 - a session is no dict


@pytest.mark.parametrize("place", PLACES)
def test_an_address_answers_where_earlier_ones_did_and_tells_when_it_was_read(officer, place):
    _address, token = make_calendar_address(kind="docket", actor=officer)

    answer = Client().get(reverse(f"accounts:{place}", args=[token]))

    assert answer["Content-Type"].startswith("text/calendar")
    assert CalendarAddress.objects.get().last_used_at is not None


@pytest.mark.parametrize("ended", ["revoked", "closed", "forged"])
def test_an_address_that_is_revoked_closed_or_forged_answers_404(officer, ended):
    address, token = make_calendar_address(kind="desk", actor=officer)
    assert Client().get(reverse("accounts:calendar", args=[token])).status_code == 200

    if ended == "revoked":
        revoke_calendar_address(address=address, actor=officer)
    elif ended == "closed":
        User.objects.filter(pk=officer.pk).update(is_active=False)
    else:
        token = token[:-2] + "xx"

    assert Client().get(reverse("accounts:calendar", args=[token])).status_code == 404


def test_a_calendar_has_five_addresses_at_most(officer):
    for _ in range(PER_KIND):
        address, _token = make_calendar_address(kind="desk", actor=officer)

    with pytest.raises(RuleViolation, match="5"):
        make_calendar_address(kind="desk", actor=officer)
    make_calendar_address(kind="docket", actor=officer)
    revoke_calendar_address(address=address, actor=officer)
    make_calendar_address(kind="desk", actor=officer)


def test_a_program_makes_reads_and_closes_its_owners_addresses_only(officer):
    client, other = Client(), Client()
    client.force_login(officer)
    other.force_login(user_with("officer"))

    def make(kind):
        headers = {"Idempotency-Key": "key-0001"}
        return client.post(API, {"kind": kind}, content_type="application/json", headers=headers)

    made, again = make("docket").json(), make("docket").json()

    assert (again["reference"], again["address"]) == (made["reference"], None)
    assert made["address"] not in json.dumps(list(ApiAnswer.objects.values_list("body", flat=True)))
    assert [row["reference"] for row in client.get(f"{API}?kind=docket").json()["items"]] == [made["reference"]]
    assert client.get(f"{API}?kind=desk").json()["total"] == 0
    assert other.post(f"{API}/{made['reference']}/revoke").status_code == 404
    assert client.post(f"{API}/{made['reference']}/revoke").status_code == 204
    assert client.get(API).json()["total"] == 0


def test_an_unknown_calendar_is_refused_with_those_there_are(officer):
    client = Client()
    client.force_login(officer)

    refused = client.post(API, {"kind": "moon"}, content_type="application/json")

    assert refused.status_code == 422
    assert refused.json()["fields"][0]["field"] == "kind"
    assert "desk, docket" in refused.json()["message"]


@pytest.mark.django_db(transaction=True)
def test_addresses_made_before_they_were_one_list_still_open_and_are_in_the_log(officer):
    loader = MigrationLoader(connection)
    earlier = loader.project_state(
        [
            ("accounts", "0006_calendaraddress"),
            ("portfolio", "0011_ranking_line_is_settled"),
            ("sourcing", "0002_working_days_to_answer"),
        ]
    ).apps
    kinds = [("portfolio", "DocketFeed", "docket"), ("sourcing", "DeskFeed", "desk")]
    for app, model, kind in kinds:
        feed = earlier.get_model(app, model)
        with connection.schema_editor() as editor:
            editor.create_model(feed)
        now = timezone.now()
        feed.objects.create(user_id=officer.pk, reference="samesame", token_hash=digest(kind), made_at=now)
        bring(app, model, kind)(earlier, None)
        with connection.schema_editor() as editor:
            editor.delete_model(feed)

    found = [find_calendar_address(secret) for _app, _model, secret in kinds]

    assert [(row.kind, row.user) for row in found] == [("docket", officer), ("desk", officer)]
    assert not [fault for fault in audit.differences() if "calendaraddress" in fault]
    assert audit.verify().faults == ()
