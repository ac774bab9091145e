"""`motrice real-world`: fill an empty database from the public files, and tell what was taken and what was not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motrice.accounts.enums import RoleKind
from motrice.core.errors import MotriceError
from motrice.demo import PASSWORD
from motrice.demo.real import SOURCES, Read, counts, make_real_world


class Command(BaseCommand):
    """Read the public files one after another; what a person must decide stays as proposals in the imports.

    Stopped half-way, the same command goes on from there.
    """

    help = "Fill an empty database from the public files: bodies, mechanisms, start-ups, projects."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = ", ".join(source.kind for source in SOURCES)
        parser.add_argument(
            "--folder", type=Path, required=True, help="the folder that holds rnsr/, ror/, anr/, ilab/"
        )
        parser.add_argument("--without", action="append", default=[], metavar="KIND", help=f"leave out one of {kinds}")

    def handle(self, *args: Any, folder: Path, without: list[str], **options: Any) -> None:
        try:
            sign_ins = make_real_world(folder, without=without, tell=self._tell)
        except MotriceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{kind} {number}" for kind, number in counts().items()))
        if options["verbosity"] == 0:
            return
        self.stdout.write(_("Sign-ins, all with the password %(password)s:") % {"password": PASSWORD})
        for kind, email in sign_ins:
            self.stdout.write(f"  {RoleKind(kind).label!s:34} {email}")

    def _tell(self, read: Read) -> None:
        if read.is_old:
            self.stdout.write(_("%(kind)s: read before") % {"kind": read.source.kind})
            return
        self.stdout.write(
            _("%(kind)s: %(written)d written, %(unchanged)d unchanged, %(seconds).0f s")
            % {"kind": read.source.kind, "written": read.written, "unchanged": read.unchanged, "seconds": read.seconds}
        )
        for name, number in (*sorted(read.left.items()), *sorted(read.findings.items())):
            self.stdout.write(f"    {name}: {number}")
