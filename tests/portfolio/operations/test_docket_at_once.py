"""Several at once on one docket, and a clock that is stopped in the middle: nothing doubled, nothing missed."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from motrice.core import audit, catalogue
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.stopped import take_up_stopped
from motrice.portfolio import jobs, tasks
from motrice.portfolio.enums import EventKind, LandscapeStep, MailState, Route
from motrice.portfolio.models import (
    Deadline,
    DocketEvent,
    DocketMail,
    DocketReminder,
    FeePayment,
    KeepOrDrop,
    Landscape,
)
from motrice.portfolio.operations import docket, docket_clock, filings
from motrice.portfolio.operations.assets import Owner
from motrice.portfolio.operations.docket import choose, derive_docket, mark_done, record_payment, refresh_docket
from motrice.portfolio.operations.docket_clock import run_docket_clock
from motrice.portfolio.operations.filings import add_publication, correct_event, record_event, remove_event
from motrice.portfolio.operations.landscape import ask_landscape, mark_step
from motrice.portfolio.queries.fee_changes import dockets_behind, table_of
from motrice.portfolio.tables import docket as tables
from tests import mails
from tests.core.test_concurrency import at_once
from tests.meeting import meet
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


SEARCH = (EventKind.SEARCH_PUBLICATION, date(2022, 9, 14))
ANSWER = (EventKind.EXAMINATION_REQUEST, date(2023, 1, 20))


def test_two_events_recorded_at_once_are_both_in_the_docket(place, european, monkeypatch):
    def record(kind, day):
        filing = type(european).objects.get(pk=european.pk)
        return record_event(application=filing, kind=kind, occurred_on=day, actor=place.officer).pk

    meet(monkeypatch, (docket, "histories"))
    results = at_once(lambda: record(*SEARCH), lambda: record(*ANSWER))

    assert all(isinstance(result, int) for result in results), results
    found = rows()
    assert european.deadlines.get(rule="ep-search-report").state == "done"
    derive_docket([european.asset])
    assert (rows(), audit.differences()) == (found, [])


def test_an_event_is_corrected_while_another_of_the_family_is_removed(place, european, monkeypatch):
    search, answer = (
        record_event(application=european, kind=kind, occurred_on=day, actor=place.officer).pk
        for kind, day in (SEARCH, ANSWER)
    )

    def correct():
        event = DocketEvent.objects.select_related("application__asset").get(pk=search)
        return correct_event(event=event, occurred_on=date(2022, 9, 21), actor=place.officer, reason="Typing error").pk

    def remove():
        event = DocketEvent.objects.select_related("application__asset").get(pk=answer)
        return remove_event(event=event, actor=place.officer, reason="Of another filing")

    meet(monkeypatch, (docket, "histories"))
    results = at_once(correct, remove)

    assert results == [search, None]
    deadline = european.deadlines.get(rule="ep-search-report")
    assert (deadline.original_on, deadline.done_on) == (date(2023, 3, 21), None)
    found = rows()
    derive_docket([european.asset])
    assert (rows(), audit.differences()) == (found, [])


def test_what_is_recorded_while_its_event_is_removed_waits_for_no_lock_in_a_ring(place, european, monkeypatch):
    search = record_event(
        application=european, kind=EventKind.SEARCH_PUBLICATION, occurred_on=date(2022, 9, 14), actor=place.officer
    ).pk
    deadline = european.deadlines.get(rule="ep-search-report")
    mark_done(deadline=deadline, done_on=date(2023, 2, 1), actor=place.officer)
    done = DocketEvent.objects.get(kind=EventKind.DONE).pk

    def correct():
        event = DocketEvent.objects.select_related("application__asset").get(pk=search)
        return correct_event(event=event, occurred_on=date(2022, 9, 21), actor=place.officer, reason="Typing error").pk

    def remove():
        event = DocketEvent.objects.select_related("application__asset").get(pk=done)
        return remove_event(event=event, actor=place.officer, reason="Of another filing")

    meet(monkeypatch, (filings, "follow_events"), first=True)
    results = at_once(correct, remove)

    assert results == [search, None]
    assert european.deadlines.get(rule="ep-search-report").state != "done"
    assert audit.differences() == []


def test_two_publications_entered_at_once_make_one_event(place, european, monkeypatch):
    def publish(kind_code):
        filing = type(european).objects.select_related("asset").get(pk=european.pk)
        return add_publication(
            application=filing, number="4000001", kind_code=kind_code, published_on=PAID_ON, actor=place.officer
        ).kind_code

    meet(monkeypatch, (filings, "follow_events"), first=True)
    results = at_once(lambda: publish("A2"), lambda: publish("A3"))

    assert results == ["A2", "A3"]
    assert european.events.filter(kind=EventKind.PUBLICATION).count() == 1


def test_nothing_is_recorded_before_a_filing_whose_day_is_corrected_meanwhile(place, european, monkeypatch):
    filed = european.events.get(kind=EventKind.FILING)

    def correct():
        event = DocketEvent.objects.select_related("application__asset").get(pk=filed.pk)
        return correct_event(event=event, occurred_on=date(2021, 9, 10), actor=place.officer, reason="Typing error").pk

    def record():
        filing = type(european).objects.select_related("asset").get(pk=european.pk)
        corrected.wait(timeout=30)
        return record_event(
            application=filing, kind=EventKind.RESPONSE, occurred_on=date(2021, 5, 3), actor=place.officer
        )

    corrected = threading.Event()
    follow = filings.follow_events

    def followed(*args, **kwargs):
        follow(*args, **kwargs)
        corrected.set()

    monkeypatch.setattr(filings, "follow_events", followed)
    results = at_once(correct, record)

    assert results[0] == filed.pk
    assert isinstance(results[1], RuleViolation)
    assert "before it is filed" in str(results[1])


def pay(place, deadline):
    seen = Deadline.objects.select_related("asset", "application").get(pk=deadline.pk)
    return record_payment(
        deadline=seen, paid_on=PAID_ON, amount=Decimal("1155"), currency="EUR", actor=place.engineer
    ).pk


def test_of_two_who_press_paid_at_once_one_is_told_that_it_is_paid(place, european, monkeypatch):
    deadline = european.deadlines.get(rule="ep-annuity", term="6")

    meet(monkeypatch, (docket, "_hold_open"))
    results = at_once(lambda: pay(place, deadline), lambda: pay(place, deadline))

    assert sorted(type(result).__name__ for result in results) == ["RuleViolation", "int"]
    assert FeePayment.objects.count() == DocketEvent.objects.filter(kind=EventKind.ANNUITY_PAID).count() == 1
    assert audit.differences() == []


def test_of_two_who_mark_a_deadline_done_at_once_one_is_told(place, european, monkeypatch):
    record_event(
        application=european, kind=EventKind.SEARCH_PUBLICATION, occurred_on=date(2022, 9, 14), actor=place.officer
    )
    deadline = european.deadlines.get(rule="ep-search-report")

    def mark():
        seen = Deadline.objects.select_related("asset", "application").get(pk=deadline.pk)
        return mark_done(deadline=seen, done_on=date(2023, 2, 1), actor=place.engineer).pk

    meet(monkeypatch, (docket, "_hold_open"))
    results = at_once(mark, mark)

    assert sorted(type(result).__name__ for result in results) == ["RuleViolation", "int"]
    assert DocketEvent.objects.filter(kind=EventKind.DONE).count() == 1


def test_of_two_who_decide_on_a_title_at_once_the_second_is_told(place, european, monkeypatch):
    sole = asset_of(place, title="Alliage d'un seul", owners=(Owner(place.office, Fraction(1)),))
    application_of(place, sole, office="EP", route=Route.EUROPEAN, number="21700002", filed_on=date(2021, 3, 10))
    deadline = sole.deadlines.get(rule="ep-annuity", term="6")

    def decide(choice):
        seen = Deadline.objects.select_related("asset", "application").get(pk=deadline.pk)
        return choose(deadline=seen, choice=choice, actor=place.officer, reason="Sans preneur").choice

    meet(monkeypatch, (docket, "_hold_open"))
    results = at_once(lambda: decide("keep"), lambda: decide("drop"))

    assert [type(result) for result in results].count(StaleState) == 1
    winner = next(result for result in results if isinstance(result, str))
    deadline.refresh_from_db()
    assert KeepOrDrop.objects.get().choice == deadline.choice == winner


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


def test_fees_whose_worker_was_killed_are_worked_out_to_the_end(place, european, monkeypatch, queue):
    for number in range(3):
        application_of(place, asset_of(place, title=f"Titre {number}"), number=f"210251{number}")
    table = catalogue.entry(tables.FEES, "fr-renewal-2020")
    monkeypatch.setattr(docket, "BATCH", 1)
    with monkeypatch.context() as patched:
        _die(patched, "derive")
        entry = catalogue.edit(
            kind=tables.FEES, code=table.code, data=table.data, actor=place.coordinator, reason="Checked again"
        )
        with pytest.raises(Stopped):
            jobs.work_out_fees.call(entry.code)
    jobs.work_out_fees.enqueue(entry.code)
    DBTaskResult.objects.get().claim("killed")
    left = dockets_behind(table_of(entry)).count()

    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    take_up_stopped()
    mails.work()

    assert (left, dockets_behind(table_of(entry)).count()) == (2, 0)
    assert len(rows()) == len({row[:4] for row in rows()})


def test_a_landscape_whose_worker_was_killed_is_worked_out_by_the_next(place, european, queue):
    ask_landscape(organisation=place.office, reach="organisation", actor=place.officer)
    jobs.work_out_landscape.enqueue(place.office.pk, "organisation", place.officer.pk)
    DBTaskResult.objects.get().claim("killed")
    mark_step(Landscape.objects.get(), LandscapeStep.PLACING)

    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    take_up_stopped()
    mails.work()

    assert Landscape.objects.get().step == LandscapeStep.DONE
