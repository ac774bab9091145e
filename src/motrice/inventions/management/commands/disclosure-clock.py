"""`motrice disclosure-clock`: send the reminders, escalations and alerts of disclosures that are due."""

from motrice.core.clocks import ClockCommand
from motrice.inventions.operations.clock import run_clock


class Command(ClockCommand):
    """Run the clock of disclosures; safe to run twice, from two places, and after any stop."""

    help = "Send the reminders, escalations and alerts of disclosures that are due; `motrice clock` does it too."

    def run(self) -> None:
        """Send what is due and say what that was."""
        report = run_clock()
        sent = ", ".join(f"{kind}: {count}" for kind, count in sorted(report.sent.items())) or "nothing was due"
        self.stdout.write(
            f"{sent}; given to another officer: {report.rerouted}, without an office: {report.without_office}"
        )
