"""Mails tried again while the server is away, refused for good, and taken up after a worker was killed."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from motrice.accounts.lists import state_words
from motrice.accounts.models import Invitation
from motrice.accounts.operations.invitations import invite
from motrice.core import audit, mailing
from motrice.core.stopped import take_up_stopped
from tests.directory.factories import user_with
from tests.mails import AWAY, NOBODY, meets, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(queue: None) -> None:
    """Each mail waits in the queue until `work`."""


def an_invitation() -> Invitation:
    return invite(
        email="ada@example.org",
        display_name="Ada Quill",
        language="en",
        kind="officer",
        actor=user_with("administrator"),
    )


def states() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def test_a_mail_goes_out_once_the_server_is_back(monkeypatch):
    meets(monkeypatch, AWAY, ConnectionRefusedError())
    an_invitation()

    work()
    waits = DBTaskResult.objects.get(status=TaskResultStatus.READY).run_after - timezone.now()
    sent = [len(mail.outbox)]
    for _try in range(2):
        work(later=True)
        sent.append(len(mail.outbox))

    assert timedelta(seconds=50) < waits <= timedelta(minutes=1)
    assert sent == [0, 0, 1]
    assert mail.outbox[0].to == ["ada@example.org"]
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def test_an_address_that_is_refused_is_said_at_once(monkeypatch):
    meets(monkeypatch, NOBODY)
    invitation = an_invitation()

    work()

    invitation.refresh_from_db()
    assert (invitation.missed, state_words(invitation)) == ("refused", "not delivered: the address was refused")
    assert states() == [TaskResultStatus.FAILED]
    assert audit.differences() == []


def test_after_four_days_the_mail_is_given_up(monkeypatch):
    left = meets(monkeypatch, *[AWAY] * (len(mailing.DELAYS) + 1))
    invitation = an_invitation()

    work()
    for _try in mailing.DELAYS[:-1]:
        work(later=True)
    invitation.refresh_from_db()
    before = invitation.missed
    work(later=True)

    invitation.refresh_from_db()
    assert (before, invitation.missed, left) == ("", "unreachable", [])
    assert sum(mailing.DELAYS, timedelta()) > timedelta(days=3.5)
    assert states().count(TaskResultStatus.FAILED) == 1


def test_a_message_refused_for_good_is_told_from_one_put_off():
    assert mailing.is_refused(SMTPDataError(554, b"no"))
    assert not mailing.is_refused(SMTPDataError(451, b"later"))
    assert not mailing.is_refused(SMTPRecipientsRefused({"a@example.org": (450, b"greylisted")}))


def test_a_mail_whose_worker_was_killed_is_taken_up_by_the_clock():
    an_invitation()
    row = DBTaskResult.objects.get()
    row.claim("killed")
    call_command("clock")
    work()
    early = len(mail.outbox)

    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=16))
    call_command("clock")
    work()
    call_command("clock")
    work()

    assert (early, len(mail.outbox)) == (0, 1)


def test_other_jobs_that_run_long_are_left_alone():
    an_invitation()
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now() - timedelta(hours=1),
        task_path="motrice.core.tasks.follow_search",
    )

    assert take_up_stopped() == 0


def test_every_mail_names_an_operation_that_is_there():
    autodiscover_modules("tasks")
    told = [path for path in mailing.MAIL_TASKS.values() if path]

    assert len(told) >= 6
    assert all(callable(import_string(path)) for path in told)
