"""A mail server that fails as it is told to, and the worker that sends what waits in the queue."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

AWAY = SMTPServerDisconnected("Connection unexpectedly closed")
NOBODY = SMTPRecipientsRefused({"nobody@example.org": (550, b"no such user")})


def meets(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> list[Exception]:
    """The server meets each of these errors in turn, then works; what it has not met yet is in the list."""
    left, send = list(errors), EmailMessage.send

    def sends(message: EmailMessage, fail_silently: bool = False) -> int:
        if left:
            raise left.pop(0)
        return send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", sends)
    return left


def work(*, later: bool = False) -> None:
    """Run what is in the queue; `later`, what waits for a later time too."""
    if later:
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    while row := DBTaskResult.objects.ready().first():
        row.claim("test")
        worker.run_task(row)
