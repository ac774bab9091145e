"""`motrice catalogue`: load what the institution chose as data, or list what is loaded."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry


class Command(BaseCommand):
    """Load new versions from the files (`sync`), or print those in force (`list`)."""

    help = "Load the catalogue's files into immutable versions, or list the versions in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("sync", help="load the new versions; a file that rewrites a loaded version is refused")
        listing = acts.add_parser("list", help="print the versions in force")
        listing.add_argument("kind", nargs="?", default="", help="only this kind, such as sourcing.routing")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "sync":
            self._sync()
        else:
            self._list(options["kind"])

    def _sync(self) -> None:
        # The actor is None: the catalogue is loaded at installation, before there is anybody.
        try:
            counts = catalogue.sync(actor=None)
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("catalogue: %(created)d versions loaded, %(unchanged)d there already") % counts)
        if counts["kept"]:
            self.stdout.write(
                _("%(kept)d versions edited on the site were kept: give the files a higher version to replace them.")
                % counts
            )

    def _list(self, kind: str) -> None:
        kinds = sorted(set(CatalogueEntry.objects.values_list("kind", flat=True)))
        if kind and kind not in kinds:
            raise CommandError(
                _("The catalogue has no kind %(kind)r: it has %(known)s.")
                % {"kind": kind, "known": ", ".join(kinds) or _("none, run `motrice catalogue sync`")}
            )
        for each in [kind] if kind else kinds:
            for row in catalogue.current(each):
                self.stdout.write(f"{row}{_(' (edited on the site)') if row.is_edited else ''}")
