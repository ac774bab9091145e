"""`motrice audit`: prove the log, note its head, compare it with the database."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motrice.core import audit

SHOWN = 50


def head_hash(value: str) -> str:
    """The hash of an entry, as `motrice audit head` prints it."""
    text = value.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise CommandError(
            _("%(value)r is not the hash of an entry: give the 64 characters that `motrice audit head` printed.")
            % {"value": value}
        )
    return text


class Command(BaseCommand):
    """Verify the log, print its head, or replay it: each ends non-zero when something is wrong."""

    help = "Verify the audit log, print its head, or compare its replay with the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="name every tampered, removed or reordered entry")
        verify.add_argument(
            "--head", default="", help="a head noted elsewhere: finds entries cut off from the end too"
        )
        acts.add_parser("head", help="print the hash of the last entry, to be noted outside the database")
        acts.add_parser("replay", help="rebuild every row from the log and say where the database differs")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "verify":
            self._verify(options["head"])
        elif act == "head":
            self.stdout.write(audit.head())
        else:
            self._replay()

    def _verify(self, head: str) -> None:
        verdict = audit.verify(expected_head=head_hash(head) if head else "")
        self._report(list(verdict.faults))
        self.stdout.write(_("%(count)d entries, head %(head)s") % {"count": verdict.entry_count, "head": verdict.head})
        if verdict.faults:
            raise CommandError(_("The log is not whole: %(count)d faults.") % {"count": len(verdict.faults)})
        self.stdout.write(_("The log is whole."))

    def _replay(self) -> None:
        found = audit.differences()
        self._report(found)
        if found:
            raise CommandError(_("The database differs from its log in %(count)d places.") % {"count": len(found)})
        self.stdout.write(_("The log, replayed from nothing, gives the database."))

    def _report(self, lines: list[str]) -> None:
        for line in lines[:SHOWN]:
            self.stderr.write(line)
        if len(lines) > SHOWN:
            self.stderr.write(_("and %(count)d more") % {"count": len(lines) - SHOWN})
