"""Jobs of the house: imports, and the search that follows the log."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from motrice.core import search_index
from motrice.core.imports_runs import work
from motrice.core.models import ImportRun
from motrice.core.stopped import resumed


@task()
def run_import(run_pk: int) -> str:
    """Read, write or undo an import, as its state asks; enqueued again, it goes on where it stopped.

    A run that waits for an outside service is enqueued again for the time at which it tries again.
    """
    run = work(ImportRun.objects.get(pk=run_pk))
    if run.next_try_at is not None and run_import.get_backend().supports_defer:
        run_import.using(run_after=run.next_try_at).enqueue(run_pk)
    return run.status


resumed(run_import, after=timedelta(minutes=30))  # one that was only slow stops at its next piece: it lost its lease


@task()
def follow_search() -> int:
    """Bring the search in step with the log."""
    return search_index.follow()


@task()
def rebuild_search() -> dict[str, int]:
    """Build the search anew."""
    return search_index.rebuild()


def _ask_to_follow() -> None:
    """Enqueue the job unless one waits that has not begun: it will read what was just committed too."""
    waiting = DBTaskResult.objects.filter(task_path=follow_search.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        follow_search.enqueue()


def search_must_follow() -> None:
    """Ask that the search follow what this transaction writes; nothing is asked before the first build.

    The job is enqueued after the commit: it reads the log, and a job that ran before would find nothing there. One
    that is lost with its process is made good by the next.
    """
    if search_index.is_built():
        transaction.on_commit(_ask_to_follow)
