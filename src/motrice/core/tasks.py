"""Jobs of the house."""

from __future__ import annotations

from django_tasks import task

from motrice.core.imports_runs import work
from motrice.core.models import ImportRun


@task()
def run_import(run_pk: int) -> str:
    """Read, write or undo an import, as its state asks; enqueued again, it goes on where it stopped."""
    return work(ImportRun.objects.get(pk=run_pk)).status
