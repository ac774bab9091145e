"""Several at once on one docket, and a clock that is stopped in the middle: nothing doubled, nothing missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from motrice.core import audit, catalogue
from motrice.core.errors import RuleViolation
from motrice.portfolio import tasks
from motrice.portfolio.enums import EventKind, MailState, Route
from motrice.portfolio.models import Deadline, DocketEvent, DocketMail, DocketReminder, FeePayment
from motrice.portfolio.operations import docket, docket_clock
from motrice.portfolio.operations.docket import choose, derive_docket, record_payment, refresh_docket
from motrice.portfolio.operations.docket_clock import run_docket_clock
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.tables import docket as tables
from tests.core.test_concurrency import at_once
from tests.portfolio.factories import PARIS, application_of, asset_of, world

pytestmark = pytest.mark.django_db(transaction=True)
PAID_ON = date(2026, 3, 2)


@pytest.fixture
def place(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path
    return world()


@pytest.fixture
def european(place):
    return application_of(
        place, asset_of(place), office="EP", route=Route.EUROPEAN, number="21700001", filed_on=date(2021, 3, 10)
    )


def on(year, month, day):
    return datetime(year, month, day, 8, 0, tzinfo=PARIS)


def rows(*names):
    found = Deadline.objects.order_by("application", "rule", "trigger", "term")
    return list(found.values_list("application", "rule", "trigger", "term", "due_on", "state", *names))


def test_two_events_recorded_at_once_are_both_in_the_docket(place, european):
    def record(kind, day):
        filing = type(european).objects.get(pk=european.pk)
        return record_event(application=filing, kind=kind, occurred_on=day, actor=place.officer).pk

    results = at_once(
        lambda: record(EventKind.SEARCH_PUBLICATION, date(2022, 9, 14)),
        lambda: record(EventKind.GRANT_PUBLICATION, date(2026, 5, 6)),
    )

    assert all(isinstance(result, int) for result in results), results
    found = rows()
    assert {"ep-search-report", "ep-opposition"} <= {row[1] for row in found}
    derive_docket([european.asset])
    assert rows() == found
    european.refresh_from_db()
    assert (european.status, audit.differences()) == ("granted", [])


def test_of_two_who_press_paid_at_once_one_is_told_that_it_is_paid(place, european):
    deadline = european.deadlines.get(rule="ep-annuity", term="6")

    def pay():
        seen = Deadline.objects.select_related("asset", "application").get(pk=deadline.pk)
        return record_payment(
            deadline=seen, paid_on=PAID_ON, amount=Decimal("1155"), currency="EUR", actor=place.engineer
        ).pk

    results = at_once(pay, pay)

    assert sorted(type(result).__name__ for result in results) == ["RuleViolation", "int"]
    assert FeePayment.objects.count() == DocketEvent.objects.filter(kind=EventKind.ANNUITY_PAID).count() == 1
    assert audit.differences() == []


def test_who_still_holds_the_page_of_a_paid_deadline_cannot_let_it_go(place, european):
    stale = european.deadlines.get(rule="ep-annuity", term="6")
    record_payment(
        deadline=european.deadlines.get(pk=stale.pk),
        paid_on=PAID_ON,
        amount=Decimal("1155"),
        currency="EUR",
        actor=place.engineer,
    )

    with pytest.raises(RuleViolation, match="met already"):
        choose(deadline=stale, choice="keep", actor=place.officer)


def test_two_clocks_at_once_tell_everything_once(place, european):
    now = on(2027, 3, 1)

    results = at_once(lambda: run_docket_clock(now=now), lambda: run_docket_clock(now=now))

    assert all(isinstance(result, docket_clock.ClockReport) for result in results), results
    assert DocketReminder.objects.count() == 1
    assert [message.to for message in mail.outbox] == [[place.engineer.email]]


class Stopped(Exception):
    """The process was killed here."""


@pytest.mark.parametrize("place_of_death", ["derive", "queue", "send"])
def test_a_clock_that_is_killed_goes_on_where_it_was(place, european, monkeypatch, place_of_death):
    other = asset_of(place, title="Autre alliage inventé")
    application_of(place, other, number="2102513", filed_on=date(2021, 3, 12))
    table = catalogue.entry(tables.FEES, "ep-renewal-2024")
    catalogue.edit(kind=tables.FEES, code=table.code, data=table.data, actor=place.coordinator, reason="Checked again")
    now = on(2027, 3, 1)
    monkeypatch.setattr(docket, "BATCH", 1)
    with monkeypatch.context() as patched:
        _die(patched, place_of_death)
        with pytest.raises(Stopped):
            run_docket_clock(now=now)

    run_docket_clock(now=now)
    run_docket_clock(now=now + timedelta(hours=1))

    assert refresh_docket(today=now.date()).assets == 0
    lines = list(DocketReminder.objects.values_list("rule", "term", "application", "lead_days"))
    assert len(lines) == len(set(lines)) == 2
    assert [message.body.count("/portfolio/docket/") for message in mail.outbox] == [2]
    assert set(DocketMail.objects.values_list("state", flat=True)) == {MailState.SENT}


def _die(patched, place_of_death):
    calls = []

    def once(function):
        def stopped(*args, **kwargs):
            calls.append(1)
            if place_of_death != "derive" or len(calls) == 2:
                raise Stopped
            return function(*args, **kwargs)

        return stopped

    if place_of_death == "derive":
        patched.setattr(docket, "_derive_batch", once(docket._derive_batch))
    elif place_of_death == "queue":
        patched.setattr(docket_clock, "_queue", once(docket_clock._queue))
    else:
        patched.setattr(docket_clock, "send_docket_mail", SimpleNamespace(enqueue=once(lambda pk: None)))


def test_a_mail_that_a_worker_is_sending_is_sent_by_no_other(place, european, monkeypatch):
    row = DocketMail.objects.create(user=place.engineer, kind="reminder", made_at=timezone.now())
    sent = []

    def slow(*args, **kwargs):
        sent.append(tasks.send_docket_mail.call(row.pk))

    monkeypatch.setattr(tasks, "still_due", lambda mail: list(european.deadlines.all()[:1]))
    monkeypatch.setattr(tasks, "send_mail", slow)

    assert tasks.send_docket_mail.call(row.pk) == MailState.SENT
    assert sent == [""]


def test_a_mail_whose_worker_was_killed_is_taken_over_later(place, european):
    before = timezone.now() - 2 * tasks.HELD
    row = DocketMail.objects.create(
        user=place.engineer, kind="reminder", made_at=before, tried_at=before, attempt_count=1
    )

    assert tasks.send_docket_mail.call(row.pk) == MailState.SENT
    row.refresh_from_db()
    assert row.attempt_count == 2
