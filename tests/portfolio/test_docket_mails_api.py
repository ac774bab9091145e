"""Reminders, calendar addresses and mails of the docket through the API: the operations and rights of the pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.portfolio.models import DocketMail, DocketPreference
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.docket_clock import run_docket_clock
from tests.portfolio.factories import MONDAY, application_of, asset_of

pytestmark = pytest.mark.django_db
BASE = "/api/v1/portfolio/docket"


def calling(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def told(place, settings):
    """A mail to the engineer that could not be sent."""
    asset = asset_of(place)
    application_of(place, asset, filed_on=timezone.localdate() - timedelta(days=365 * 3 - 20), at=timezone.now())
    set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    settings.EMAIL_BACKEND = "tests.portfolio.operations.test_docket_clock.BrokenBackend"
    run_docket_clock(now=timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return DocketMail.objects.filter(user=place.engineer).get(kind="reminder")


def test_the_days_before_are_chosen_read_and_forgotten(place):
    client = calling(place.engineer)

    chosen = client.put(f"{BASE}/leads", {"lead_days": [5, 60]}, content_type="application/json").json()
    refused = client.put(f"{BASE}/leads", {"lead_days": [0]}, content_type="application/json")

    assert chosen == {"lead_days": [60, 5], "is_chosen": True}
    assert (refused.status_code, DocketPreference.objects.get().lead_days) == (422, "60, 5")
    assert calling(place.officer).get(f"{BASE}/leads").json() == {"lead_days": [90, 30, 7], "is_chosen": False}
    assert client.delete(f"{BASE}/leads").json() == {"lead_days": [90, 30, 7], "is_chosen": False}
    assert not DocketPreference.objects.exists()


def test_reminders_are_those_of_the_caller(place, told):
    mine = calling(place.engineer).get(f"{BASE}/reminders").json()["items"]

    assert {row["mail"] for row in mine} == {told.reference}
    assert calling(place.colleague).get(f"{BASE}/reminders").json()["items"] == []


def test_a_mail_that_failed_is_listed_with_its_reason_and_sent_again(place, told):
    client = calling(place.officer)

    failed = client.get(f"{BASE}/mails?state=failed").json()["items"]
    again = client.post(f"{BASE}/mails/{told.reference}/retry")

    assert told.reference in {row["reference"] for row in failed}
    assert "no route to the mail server" in failed[0]["error"]
    assert (again.status_code, again.json()["state"]) == (200, "sent")
    assert client.post(f"{BASE}/mails/{told.reference}/retry").status_code == 422
    assert calling(place.rival_contact).get(f"{BASE}/mails/{told.reference}").status_code == 404
    assert calling(place.engineer).get(f"{BASE}/mails/{told.reference}").json()["attempt_count"] == 2
