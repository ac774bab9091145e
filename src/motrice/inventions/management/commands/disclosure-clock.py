"""`motrice disclosure-clock`: send the reminders, escalations and alerts of disclosures that are due."""

import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from motrice.inventions.operations.clock import run_clock


def minutes(text: str) -> int:
    """A whole number of minutes, at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a whole number of minutes, at least 1.")
    return int(text)


class Command(BaseCommand):
    """Run the clock of disclosures; safe to run twice, from two places, and after any stop."""

    help = "Send the reminders, escalations and alerts of disclosures that are due; run it every quarter of an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument(
            "--every", type=minutes, metavar="MINUTES", help="keep running, and do it again after so many minutes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the clock and say what it did; with --every, until it is stopped."""
        self._run()
        while options["every"]:
            time.sleep(options["every"] * 60)
            close_old_connections()
            self._run()

    def _run(self) -> None:
        report = run_clock()
        sent = ", ".join(f"{kind}: {count}" for kind, count in sorted(report.sent.items())) or "nothing was due"
        self.stdout.write(
            f"{sent}; given to another officer: {report.rerouted}, without an office: {report.without_office}"
        )
