"""`motrice clock`: do what is due everywhere, the need desk, disclosures and the docket, in one process."""

from django.core.management import call_command

from motrice.core.clocks import ClockCommand
from motrice.core.mailing import forget_finished
from motrice.core.stopped import take_up_stopped

CLOCKS = ("desk-clock", "disclosure-clock", "docket-clock")


class Command(ClockCommand):
    """Run each clock in turn; safe to run twice, from two places, and after any stop."""

    help = "Send what is due at the need desk, for disclosures and in the docket; run it every quarter of an hour."

    def run(self) -> None:
        """One clock after another; each says what it did after its name."""
        if stopped := take_up_stopped():
            self.stdout.write(f"jobs taken up after a stop: {stopped}")
        forget_finished()
        for name in CLOCKS:
            self.stdout.write(f"{name}: ", ending="")
            call_command(name, every=None, stdout=self.stdout)
