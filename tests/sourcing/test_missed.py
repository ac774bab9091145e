"""Mails about a need that never arrived are told to the desk alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.mailing import DELAYS
from motrice.sourcing.enums import EventKind
from motrice.sourcing.jobs import send_due_reports
from motrice.sourcing.links import confirmation_address
from motrice.sourcing.models import Need, NeedEvent, ReportMail, VisitorSubmission
from motrice.sourcing.operations.needs import write_to_company
from motrice.sourcing.operations.report_mails import ask_for_report
from motrice.sourcing.operations.visitors import KEPT_FOR, confirm_submission, expire_submissions
from motrice.sourcing.queries import unreached
from motrice.sourcing.words import COMPANY, DESK, timeline_items
from motrice.web.panels import count_for
from tests.mails import AWAY, NOBODY, meets, work
from tests.sourcing.factories import GLUE, MONDAY, World, need_of
from tests.sourcing.test_visitors import send
from tests.sourcing.views.test_story import client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]


def lines(need: Any, actor: Any, audience: str) -> list[str]:
    return [item.what for item in timeline_items(need, actor, audience) if "did not reach" in item.what]


def test_the_desk_learns_that_the_company_did_not_get_its_message(place: World, monkeypatch):
    need = need_of(place)
    meets(monkeypatch, AWAY, NOBODY)
    write_to_company(need=need, text="Bonjour, à quelle température ?", actor=need.owner)

    work()
    early = NeedEvent.objects.filter(kind=EventKind.MISSED).count()
    work(later=True)

    name = str(need.contact) if need.contact else need.contact_name
    assert early == 0
    assert lines(need, need.owner, DESK) == [
        f"A mail did not reach {name}: the address was refused. Write otherwise, or correct the address."
    ]
    assert lines(need, need.contact or place.contact, COMPANY) == []
    assert audit.differences() == []


@pytest.fixture
def sent(place: World, monkeypatch) -> VisitorSubmission:
    meets(monkeypatch, AWAY, NOBODY)
    send(email="aude@exmaple.org")
    work()
    assert unreached(place.coordinator).count() == 0
    work(later=True)
    return VisitorSubmission.objects.get()


def test_the_coordinator_learns_of_a_visitor_who_never_got_the_mail_that_confirms(place: World, sent):
    coordinator = Client(HTTP_ACCEPT_LANGUAGE="en")
    coordinator.force_login(place.coordinator)

    home, page = (text_of(coordinator.get(url)) for url in ("/", reverse("sourcing:overview")))

    assert "Reach a visitor by another way: Atelier inventé" in home
    assert all(
        words in page for words in ("Atelier inventé, Aude Vent", "aude@exmaple.org", "the address was refused")
    )
    assert GLUE not in page
    assert not unreached(place.officer).exists()


def test_the_coordinator_learns_it_who_had_looked_just_before(place: World, monkeypatch):
    meets(monkeypatch, AWAY, NOBODY)
    send(email="aude@exmaple.org")
    work()
    coordinator = Client(HTTP_ACCEPT_LANGUAGE="en")
    coordinator.force_login(place.coordinator)
    before = text_of(coordinator.get("/"))

    work(later=True)

    assert "Reach a visitor by another way" not in before
    assert "Reach a visitor by another way: Atelier inventé" in text_of(coordinator.get("/"))
    assert count_for(place.coordinator) == 1
    assert expire_submissions(actor=system_user(), now=timezone.now() + timedelta(days=15)) == 1
    assert count_for(place.coordinator) == 0
    assert not audit.differences()


def test_what_a_visitor_sent_in_vain_is_erased_and_confirms_nothing_later(place: World, sent):
    assert sent.answers == {"company_name": "Atelier inventé", "name": "Aude Vent"}
    with pytest.raises(RuleViolation, match="was erased"):
        confirm_submission(token=confirmation_address(sent).rstrip("/").rsplit("/", 1)[1])

    expire_submissions(actor=system_user(), now=timezone.now() + timedelta(days=13))
    kept = VisitorSubmission.objects.count()
    expire_submissions(actor=system_user(), now=timezone.now() + timedelta(days=15))

    assert (kept, VisitorSubmission.objects.count(), Need.objects.count()) == (1, 0, 0)


def test_the_mail_that_confirms_is_given_up_while_the_coordinator_can_still_be_told(place: World, monkeypatch):
    meets(monkeypatch, *[AWAY] * 20)
    send()

    work()
    tries = 0
    while not VisitorSubmission.objects.get().missed:
        work(later=True)
        tries += 1

    assert sum(DELAYS[:tries], timedelta()) < KEPT_FOR
    assert VisitorSubmission.objects.get().missed == "unreachable"


@pytest.fixture
def lost_report(place: World, monkeypatch) -> Client:
    """The browser of an officer whose weekly report was refused."""
    ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=place.officer)
    meets(monkeypatch, AWAY, NOBODY)
    send_due_reports(today=MONDAY.date() + timedelta(days=7))
    work()
    assert not ReportMail.objects.exclude(missed="").exists()
    work(later=True)
    return client_of(place.officer)


def test_who_asked_for_a_report_that_never_arrived_is_told(place: World, lost_report):
    home, page = (lost_report.get(url) for url in ("/", reverse("sourcing:report")))

    told = "the mail of the report from 23 Nov 2026 to 29 Nov 2026 did not arrive: the address was refused"
    assert told in text_of(home)
    assert told[1:] in text_of(page)
    url = f"{reverse('sourcing:report')}?received_from=2026-11-23&amp;received_to=2026-11-29"
    assert [url in answer.content.decode() for answer in (home, page)] == [True, True]
    mail = lost_report.get("/api/v1/desk/report/mail").json()
    assert (mail["missed"], mail["missed_from"], mail["missed_to"]) == ("refused", "2026-11-23", "2026-11-29")
    assert "did not arrive" not in text_of(client_of(place.coordinator).get("/"))
    assert audit.differences() == []


@pytest.mark.parametrize("then", ["chosen anew", "the next one goes", "stopped"])
def test_a_report_that_never_arrived_is_told_until(place: World, lost_report, then):
    if then == "the next one goes":
        send_due_reports(today=MONDAY.date() + timedelta(days=14))
    else:
        lost_report.post(reverse("sourcing:report_mail"), {"rhythm": "weekly" if then == "chosen anew" else ""})

    assert "did not arrive" not in text_of(lost_report.get("/"))
    assert "did not arrive" not in text_of(lost_report.get(reverse("sourcing:report")))
    assert ReportMail.objects.count() == (0 if then == "stopped" else 1)


def test_a_report_that_its_reader_stopped_meanwhile_is_told_to_nobody(place: World, monkeypatch):
    ask_for_report(rhythm="weekly", today=MONDAY.date(), actor=place.officer)
    send_due_reports(today=MONDAY.date() + timedelta(days=7))
    client = client_of(place.officer)
    client.post(reverse("sourcing:report_mail"), {"rhythm": ""})

    meets(monkeypatch, NOBODY)
    work()

    assert "did not arrive" not in text_of(client.get(reverse("sourcing:report")))
