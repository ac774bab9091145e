"""`motrice docket-clock`: bring the dockets to today and send the reminders that are due."""

from motrice.core.clocks import ClockCommand
from motrice.portfolio.operations.docket_clock import run_docket_clock


class Command(ClockCommand):
    """Run the docket's clock; safe to run twice, from two places, and after any stop."""

    help = "Work out the dockets of today, send their reminders, try failed mails again; `motrice clock` does it too."

    def run(self) -> None:
        """Bring the dockets to today and say what was sent."""
        report = run_docket_clock()
        self.stdout.write(
            f"dockets worked out again: {report.derived}, reminders: {report.reminders}, "
            f"to the second person: {report.seconds}, mails: {report.mails}, tried again: {report.tried_again}"
        )
