"""The clock of disclosures: each reminder, escalation and alert once, whenever it runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from motrice.inventions.enums import EventKind
from motrice.inventions.models import ClockNotice, Disclosure, Divulgation
from motrice.inventions.operations import clock
from motrice.inventions.operations.clock import run_clock
from motrice.inventions.operations.drafting import add_divulgation, remove_divulgation
from motrice.inventions.operations.evaluation import begin_evaluation
from motrice.inventions.operations.opinions import invite_evaluator
from motrice.inventions.queries import threats
from tests.inventions import factories
from tests.inventions.factories import MONDAY, PARIS, Lab

pytestmark = pytest.mark.django_db


def later(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def sent(disclosure: Disclosure) -> list[str]:
    return sorted(ClockNotice.objects.filter(disclosure=disclosure).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("state", "days", "kinds"),
    [
        ("submitted", 3, []),
        ("submitted", 8, ["sign"]),
        ("submitted", 15, ["unsigned"]),
        ("received", 3, []),
        ("received", 8, ["take"]),
        ("evaluated", 60, []),
        ("evaluated", 105, ["decide"]),
        ("evaluated", 130, ["overdue"]),
        ("decided", 10, ["next_step"]),
    ],
)
def test_the_clock_sends_what_is_due_once(place: Lab, state, days, kinds):
    made = factories.decided(place, "publish") if state == "decided" else getattr(factories, state)(place)

    run_clock(now=later(days))
    run_clock(now=later(days))

    assert sent(made) == kinds


def test_an_evaluator_is_reminded_before_the_opinion_is_due(place: Lab):
    disclosure = factories.evaluated(place)
    invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner, at=MONDAY)

    report = run_clock(now=later(16))

    assert report.sent == {"opinion": 1}


def test_a_planned_publication_before_the_decision_is_told_at_once_and_again_as_it_nears(place: Lab):
    disclosure = factories.received(place)
    add_divulgation(
        disclosure=disclosure, kind="talk", title="Congrès", dated_on=date(2027, 1, 15), actor=place.researcher,
        at=MONDAY,
    )  # fmt: skip
    assert sent(disclosure) == ["alert"]

    first = run_clock(now=later(7)).sent["alert"]
    near = run_clock(now=datetime(2027, 1, 12, 10, tzinfo=PARIS)).sent["alert"]
    again = run_clock(now=datetime(2027, 1, 13, 10, tzinfo=PARIS)).sent["alert"]

    assert (first, near, again) == (0, 1, 0)
    events = disclosure.events.filter(kind=EventKind.ALERT)
    assert [event.data for event in events] == [{"day": "2027-01-15"}] * 2


@pytest.mark.parametrize(
    ("dated_on", "secrecy", "threatens"),
    [
        (date(2026, 11, 22), False, False),
        (date(2026, 11, 23), False, True),
        (date(2027, 3, 17), False, True),
        (date(2027, 3, 18), False, False),
        (date(2027, 1, 15), True, False),
    ],
)
def test_what_threatens_is_to_come_public_and_before_the_promised_decision(place: Lab, dated_on, secrecy, threatens):
    disclosure = factories.received(place)
    assert disclosure.due_at.date() == date(2027, 3, 17)
    add_divulgation(
        disclosure=disclosure, kind="article", title="x", dated_on=dated_on, is_under_secrecy=secrecy,
        actor=place.researcher, at=MONDAY,
    )  # fmt: skip

    assert bool(threats([disclosure], on=MONDAY.date())) is threatens


def test_a_publication_after_a_promise_that_is_over_threatens_again(place: Lab):
    disclosure = factories.received(place)
    row = add_divulgation(
        disclosure=disclosure, kind="article", title="x", dated_on=date(2027, 4, 1), actor=place.researcher, at=MONDAY
    )
    assert not threats([disclosure], on=date(2027, 3, 1))

    assert threats([disclosure], on=date(2027, 3, 20))
    remove_divulgation(divulgation=row, actor=place.researcher, at=MONDAY)
    assert not Divulgation.objects.exists()


def test_a_disclosure_whose_officer_left_goes_to_another(place: Lab):
    disclosure = factories.received(place)
    left = disclosure.owner
    left.roles.update(ends_on=date(2021, 1, 1))

    report = run_clock(now=later(1))

    disclosure.refresh_from_db()
    assert report.rerouted == 1
    assert disclosure.owner in (place.officer, place.second)
    assert disclosure.owner != left


class Killed(BaseException):
    """What no code of ours catches: the process ends here."""


@pytest.mark.parametrize("turn", [1, 2])
def test_a_clock_killed_in_the_middle_is_completed_by_the_next(
    place: Lab, monkeypatch, django_capture_on_commit_callbacks, turn
):
    made = [factories.received(place, title=title) for title in ("One", "Two", "Three")]
    calls, real = [], clock.notify

    def dies(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == turn:
            raise Killed
        real(*args, **kwargs)

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "notify", dies)
            with pytest.raises(Killed):
                run_clock(now=later(8))
        run_clock(now=later(8))

    assert [sent(row) for row in made] == [["take"]] * 3
    assert [row.events.filter(kind=EventKind.REMINDED).count() for row in made] == [1, 1, 1]
    assert sorted(message.subject for message in mail.outbox) == sorted(
        f"Rappel : la déclaration {row.reference} vous attend" for row in made
    )


def test_what_is_taken_in_hand_while_the_clock_runs_is_not_pressed(place: Lab, monkeypatch):
    disclosure = factories.received(place)
    real = clock.rules.promise_from

    def taken_meanwhile(entry: Any) -> Any:
        monkeypatch.setattr(clock.rules, "promise_from", real)
        begin_evaluation(disclosure=Disclosure.objects.get(pk=disclosure.pk), actor=disclosure.owner, at=later(7))
        return real(entry)

    monkeypatch.setattr(clock.rules, "promise_from", taken_meanwhile)
    run_clock(now=later(8))

    assert sent(disclosure) == []
