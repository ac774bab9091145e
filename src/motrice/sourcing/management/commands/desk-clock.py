"""`motrice desk-clock`: send the reminders and escalations that are due."""

from typing import Any

from django.core.management.base import BaseCommand

from motrice.sourcing.operations.clock import run_clock


class Command(BaseCommand):
    """Run the desk's clock once; safe to run twice, and after any stop."""

    help = "Send the reminders and escalations that are due at the need desk; run it every quarter of an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the clock and say what it did."""
        report = run_clock()
        self.stdout.write(
            f"reminders: {report.reminders}, escalations: {report.escalations}, "
            f"team reminders: {report.team_reminders}, teams overdue: {report.team_overdue}, "
            f"given to another officer: {report.rerouted}, unconfirmed needs erased: {report.expired}"
        )
