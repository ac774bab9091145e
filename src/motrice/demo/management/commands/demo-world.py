"""`motrice demo-world`: fill an empty database with an invented world, and print one sign-in per role."""

from argparse import ArgumentParser
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core.errors import MotriceError
from motrice.demo import PASSWORD
from motrice.demo.plan.model import SIZES
from motrice.demo.world import Made, make_world


class Command(BaseCommand):
    """Make a world from a size and a seed; refuses a database that holds anything else."""

    help = "Fill an empty database with an invented world, for trying and testing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small", help="how much of everything")
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same day gives the same world")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which its history ends (2026-11-20)")
        parser.add_argument("--force", action="store_true", help="write beside other records all the same")

    def handle(self, *args: Any, size: str, seed: int, today: date | None, force: bool, **options: Any) -> None:
        start = monotonic()
        try:
            made = make_world(
                SIZES[size],
                seed,
                today=today or timezone.localdate(),
                force=force,
                say=lambda line: self.stdout.write(f"  {line}"),
            )
        except MotriceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("made in %(seconds).1f s") % {"seconds": monotonic() - start})
        if options["verbosity"] > 0:
            self._show(made)

    def _show(self, made: Made) -> None:
        language = "en" if (get_language() or "fr").startswith("en") else "fr"
        self.stdout.write(_("Sign-ins, all with the password %(password)s:") % {"password": PASSWORD})
        for account in made.documented:
            self.stdout.write(f"  {account.titles[language]:34} {account.email}")
