"""Reminders once each, grouped by person; a second person near the end; nothing lost by a mail that fails."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import MailState
from motrice.portfolio.models import Asset, Deadline, DocketMail, DocketReminder
from motrice.portfolio.operations.docket import mark_done
from motrice.portfolio.operations.docket_clock import choose_leads, parse_leads, retry_mail, run_docket_clock
from motrice.portfolio.tasks import send_docket_mail
from tests.portfolio.factories import PARIS, application_of, asset_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def docketed(place):
    asset = asset_of(place)
    application_of(place, asset, filed_on=date(2022, 6, 15))
    return asset


def on(year, month, day):
    return datetime(year, month, day, 8, 0, tzinfo=PARIS)


def send_all():
    """The mails that wait, as the next round of the worker sends them; those of the clock go at once in tests."""
    for row in DocketMail.objects.exclude(state=MailState.SENT):
        send_docket_mail.call(row.pk)


def test_a_deadline_is_told_once_for_each_lead_time(docketed, place):
    report = run_docket_clock(now=on(2027, 4, 10))  # the annuity of 30 June 2027 is 81 days ahead

    assert (report.reminders, report.mails) == (1, 1)
    assert run_docket_clock(now=on(2027, 4, 11)).reminders == 0
    assert run_docket_clock(now=on(2027, 6, 5)).reminders == 1
    assert run_docket_clock(now=on(2027, 6, 6)).reminders == 0
    assert set(DocketMail.objects.values_list("user", flat=True)) == {place.engineer.pk}


def test_after_a_stop_only_the_latest_lead_time_is_told(docketed):
    report = run_docket_clock(now=on(2027, 6, 20))

    assert report.reminders == 1


def test_a_silent_run_writes_the_past_and_sends_nothing(docketed):
    run_docket_clock(now=on(2027, 4, 10), is_silent=True)

    assert list(DocketMail.objects.values_list("state", "sent_at")) == [(MailState.SENT, on(2027, 4, 10))]
    assert mail.outbox == []
    assert run_docket_clock(now=on(2027, 4, 11)).reminders == 0


def test_one_mail_tells_all_deadlines_of_a_person(docketed, place):
    other = asset_of(place, title="Autre alliage inventé")
    application_of(place, other, number="2207000", filed_on=date(2022, 6, 20))

    assert run_docket_clock(now=on(2027, 4, 10)).mails == 1

    [message] = mail.outbox
    assert message.to == [place.engineer.email]
    assert message.body.count("/portfolio/docket/") == 2


def test_a_mail_names_no_title_that_is_kept_to_its_circle(docketed):
    run_docket_clock(now=on(2027, 4, 10))

    assert docketed.reference in mail.outbox[0].body
    assert docketed.title not in mail.outbox[0].body


def test_the_second_person_is_told_when_a_deadline_nears_undone(docketed, place):
    report = run_docket_clock(now=on(2027, 6, 25))

    assert report.seconds == 1
    assert DocketMail.objects.get(kind="second").user == place.officer
    assert run_docket_clock(now=on(2027, 6, 26)).seconds == 0


def test_without_an_engineer_a_colleague_of_the_office_is_second(docketed, place):
    Asset.objects.filter(pk=docketed.pk).update(engineer=None)

    run_docket_clock(now=on(2027, 6, 25))

    assert DocketMail.objects.get(kind="reminder").user == place.officer
    assert DocketMail.objects.get(kind="second").user in (place.colleague, place.engineer)


def test_nobody_is_told_of_what_is_done(docketed, place):
    annuity = Deadline.objects.get(asset=docketed, rule="fr-annuity", year=6)
    mark_done(deadline=annuity, done_on=date(2026, 11, 20), actor=place.engineer)

    report = run_docket_clock(now=on(2027, 6, 25))

    assert (report.reminders, report.seconds, mail.outbox) == (0, 0, [])


def test_a_mail_that_waited_says_nothing_of_what_was_done_meanwhile(docketed, place, settings):
    settings.EMAIL_BACKEND = "tests.portfolio.operations.test_docket_clock.BrokenBackend"
    run_docket_clock(now=on(2027, 4, 10))
    annuity = Deadline.objects.get(asset=docketed, rule="fr-annuity", year=6)
    mark_done(deadline=annuity, done_on=date(2026, 11, 20), actor=place.engineer)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    send_all()

    assert (mail.outbox, DocketMail.objects.get().state) == ([], MailState.SENT)


def test_a_mail_that_fails_is_kept_and_tried_again(docketed, settings):
    settings.EMAIL_BACKEND = "tests.portfolio.operations.test_docket_clock.BrokenBackend"
    run_docket_clock(now=on(2027, 4, 10))

    row = DocketMail.objects.get()
    assert (row.state, row.attempt_count) == (MailState.FAILED, 1)
    assert "no route" in row.error

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_docket_clock(now=on(2027, 4, 11)).tried_again == 1
    row.refresh_from_db()
    assert (row.state, row.error, len(mail.outbox)) == (MailState.SENT, "", 1)


class BrokenBackend:
    """A server that cannot be reached."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("no route to the mail server")


def test_lead_times_are_chosen(docketed, place):
    choose_leads(actor=place.engineer, lead_days="200; 10")

    run_docket_clock(now=on(2026, 12, 20))

    assert DocketReminder.objects.get(due_on=date(2027, 6, 30)).lead_days == 200
    assert parse_leads("7, 30,90") == (90, 30, 7)


@pytest.mark.parametrize("text", ["", "soon", "0", "-3", "731", "1,2,3,4,5,6,7,8,9"])
def test_wrong_lead_times_are_refused(place, text):
    with pytest.raises(RuleViolation) as refused:
        choose_leads(actor=place.engineer, lead_days=text)

    assert refused.value.field == "lead_days"


def test_only_who_keeps_the_portfolio_tries_a_mail_again(docketed, place, settings):
    settings.EMAIL_BACKEND = "tests.portfolio.operations.test_docket_clock.BrokenBackend"
    run_docket_clock(now=on(2027, 4, 10))
    row = DocketMail.objects.get()

    with pytest.raises(NotPermitted):
        retry_mail(mail=row, actor=place.other_officer)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    retry_mail(mail=row, actor=place.officer)

    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) == (MailState.SENT, 1)
    with pytest.raises(RuleViolation, match="was sent"):
        retry_mail(mail=row, actor=place.officer)


def test_the_clock_outlives_a_long_stop(docketed):
    start = on(2027, 1, 1)
    for days in (0, 400):
        run_docket_clock(now=start + timedelta(days=days))

    assert Deadline.objects.get(asset=docketed, rule="fr-annuity", year=6).state == "lapsed"
