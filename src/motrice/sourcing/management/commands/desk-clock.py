"""`motrice desk-clock`: send the reminders and escalations that are due, once or again and again."""

from motrice.core.clocks import ClockCommand
from motrice.sourcing.jobs import send_due_reports
from motrice.sourcing.operations.clock import run_clock


class Command(ClockCommand):
    """Run the desk's clock; safe to run twice, from two places, and after any stop."""

    help = "Send the reminders and escalations that are due at the need desk; `motrice clock` does it too."

    def run(self) -> None:
        """Send what is due and say how much that was."""
        report, mailed = run_clock(), send_due_reports()
        self.stdout.write(
            f"reminders: {report.reminders}, escalations: {report.escalations}, "
            f"team reminders: {report.team_reminders}, teams overdue: {report.team_overdue}, "
            f"given to another officer: {report.rerouted}, unconfirmed needs erased: {report.expired}, "
            f"reports mailed: {mailed}"
        )
