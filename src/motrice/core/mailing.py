"""Mails that are not lost: tried again while their way is closed, taken up after a stop, and told when given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from inspect import signature
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from motrice.core.stopped import resumed

DELAYS = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 360, 720, 1440, 1440, 1440))
"""How long to wait before each further try: four days in all (RFC 5321, section 4.5.4.1, read 2026-11-29)."""

SOON = tuple(timedelta(minutes=n) for n in (1, 5, 15, 30))
"""For a mail that is of use only while its reader waits for it: an hour in all."""

STOPPED = timedelta(minutes=15)
"""How long a worker may take for one mail: after that it was killed. One may go out twice, none is lost."""

REFUSED, UNREACHABLE = "refused", "unreachable"
REASONS = {
    REFUSED: _("the address was refused"),
    UNREACHABLE: _("every try to send the mail failed"),
}
FORGOTTEN: set[str] = set()
"""The jobs that are erased as soon as they are over, since what they were given is not to be kept."""
MAIL_TASKS: dict[str, str] = {}
"""Every job that sends a mail, with the operation that tells of its loss."""
Sender = Callable[..., None]


def mail_task(
    *, lost: str = "", delays: tuple[timedelta, ...] = DELAYS, is_forgotten: bool = False
) -> Callable[[Sender], Task]:
    """Declare a job that composes and sends one mail; `is_forgotten`, one that is erased once it is over.

    What fails is tried again after each of the `delays`. A mail that is refused for good, or after the last try, is
    handed to `lost`: the path of an operation that tells who can help. It takes the arguments of the job by name,
    `reason` and no actor.
    """

    def declare(send: Sender) -> Task:
        @wraps(send)
        def deliver(*args: Any, tried: int = 0, **kwargs: Any) -> None:
            try:
                send(*args, **kwargs)
            except (SMTPException, OSError) as error:
                is_last = tried >= len(delays) or not declared.get_backend().supports_defer
                if not is_last and not is_refused(error):
                    later = declared.using(run_after=timezone.now() + delays[tried])
                    later.enqueue(*args, tried=tried + 1, **kwargs)
                    return
                if lost:
                    told = signature(send).bind(*args, **kwargs).arguments
                    reason = REFUSED if is_refused(error) else UNREACHABLE
                    import_string(lost)(**told, reason=reason, actor=None)
                raise

        declared: Task = resumed(task()(deliver), after=STOPPED)
        MAIL_TASKS[declared.module_path] = lost
        if is_forgotten:
            FORGOTTEN.add(declared.module_path)
        return declared

    return declare


def forget_finished() -> int:
    """Erase the jobs that are over and not to be kept, sent or not; how many."""
    autodiscover_modules("tasks")  # else a job of an app that nothing has asked for yet would be unknown
    over = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    rows = DBTaskResult.objects.filter(task_path__in=FORGOTTEN, status__in=over)
    return rows.delete()[0]


def is_refused(error: Exception) -> bool:
    """Whether the server will never take this mail: a reply of 500 and above (RFC 5321, section 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500
