"""The clock reminds and escalates once, whatever the number of runs and after any stop."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import mail

from motrice.sourcing.models import ClockNotice, Need
from motrice.sourcing.operations.clock import ClockReport, run_clock
from motrice.sourcing.operations.needs import qualify_need
from tests.sourcing.factories import MONDAY, PARIS, World, need_of, refer

DUE = datetime(2026, 11, 26, 10, 0, tzinfo=PARIS)


def test_a_reminder_comes_one_working_day_before_and_an_escalation_at_the_due_time(place: World):
    need_of(place)
    before, reminder = DUE - timedelta(days=1, minutes=1), DUE - timedelta(days=1)

    runs = [run_clock(now=now) for now in (before, reminder, reminder, DUE, DUE, DUE + timedelta(days=3))]

    assert [(run.reminders, run.escalations) for run in runs] == [(0, 0), (1, 0), (0, 0), (0, 1), (0, 0), (0, 0)]
    assert Need.objects.get().escalated_at == DUE
    assert [message.to for message in mail.outbox] == [[place.officer.email], [place.coordinator.email]]


def test_after_a_stop_only_the_escalation_is_sent(place: World):
    need_of(place)

    report = run_clock(now=DUE + timedelta(days=10))

    assert (report.reminders, report.escalations) == (0, 1)
    assert ClockNotice.objects.get().kind == "escalation"


def test_an_answered_need_is_left_alone(place: World):
    need = need_of(place)
    qualify_need(need=need, message="Bonjour", actor=place.officer, at=MONDAY)

    assert run_clock(now=DUE + timedelta(days=10)) == ClockReport()


def test_teams_are_reminded_then_their_officer_is_told(place: World):
    need = need_of(place)
    qualify_need(need=need, message="Bonjour", actor=place.officer, at=MONDAY)
    (referral,) = refer(place, need)
    assert referral.due_at == datetime(2026, 12, 7, 10, 0, tzinfo=PARIS)

    runs = [
        run_clock(now=now)
        for now in (referral.due_at - timedelta(days=4), referral.due_at - timedelta(hours=1), referral.due_at)
    ]

    assert [(run.team_reminders, run.team_overdue) for run in runs] == [(1, 0), (0, 0), (0, 1)]
    assert [message.to for message in mail.outbox] == [[place.chemist.email], [place.officer.email]]


def test_the_needs_of_an_officer_who_left_get_another(place: World):
    need = need_of(place)
    place.officer.roles.update(ends_on=MONDAY.date() - timedelta(days=1))

    assert run_clock(now=MONDAY).rerouted == 1

    need.refresh_from_db()
    assert need.owner == place.coordinator


def test_past_history_is_clocked_without_mail(place: World):
    need_of(place)

    assert run_clock(now=DUE, is_silent=True).escalations == 1

    assert mail.outbox == []
