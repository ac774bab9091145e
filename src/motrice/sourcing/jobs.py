"""Scheduled work of the desk."""

from django_tasks import task

from motrice.sourcing.operations.clock import run_clock


@task()
def desk_clock() -> None:
    """Send what is due now: enqueue it every quarter of an hour."""
    run_clock()
