"""What the commands that do what is due have in common: once, or again and again until they are stopped."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections


def minutes(text: str) -> int:
    """A whole number of minutes, at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a whole number of minutes, at least 1.")
    return int(text)


class ClockCommand(BaseCommand):
    """Says what each run did; a clock is safe to run twice, from two places, and after any stop."""

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument(
            "--every", type=minutes, metavar="MINUTES", help="keep running, and do it again after so many minutes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the clock and say what it did; with --every, until it is stopped."""
        self.run()
        while options["every"]:
            time.sleep(options["every"] * 60)
            close_old_connections()
            self.run()

    def run(self) -> None:
        """Do what is due now."""
        raise NotImplementedError
