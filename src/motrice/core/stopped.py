"""Jobs whose worker was killed go back into the queue: those that lose nothing and double nothing when done again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

RESUMED: dict[str, timedelta] = {}
"""How long each of these jobs may take: after that its worker was killed."""


def resumed(job: Task, *, after: timedelta) -> Task:
    """Declare a job that is put back into the queue when it runs longer than this."""
    RESUMED[job.module_path] = after
    return job


def take_up_stopped(now: datetime | None = None) -> int:
    """Put jobs whose worker was killed back into the queue; how many."""
    autodiscover_modules("tasks")  # else a job of an app that nothing has asked for yet would be unknown
    autodiscover_modules("jobs")
    count = 0
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, task_path__in=list(RESUMED))
    for row in running.order_by("started_at"):
        if row.started_at is None or row.started_at >= (now or timezone.now()) - RESUMED[row.task_path]:
            continue
        with transaction.atomic():
            still = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
            count += still.update(status=TaskResultStatus.READY, started_at=None)
    return count
