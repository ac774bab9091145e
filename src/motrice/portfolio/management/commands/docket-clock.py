"""`motrice docket-clock`: bring the dockets to today and send the reminders that are due."""

from typing import Any

from django.core.management.base import BaseCommand

from motrice.portfolio.operations.docket_clock import run_docket_clock


class Command(BaseCommand):
    """Run the docket's clock; safe to run twice, from two places, and after any stop."""

    help = "Work out the dockets of today, send reminders of deadlines and try failed mails again; run it every hour."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the clock and say what it did."""
        report = run_docket_clock()
        self.stdout.write(
            f"dockets worked out again: {report.derived}, reminders: {report.reminders}, "
            f"to the second person: {report.seconds}, mails: {report.mails}, tried again: {report.tried_again}"
        )
