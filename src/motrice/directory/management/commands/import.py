"""`motrice import`: read a file, show what it would change, write it when told."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core.errors import MotriceError
from motrice.core.imports import importers, words_of
from motrice.core.imports_runs import Status, ask_undo, ask_write, decide, purge, resume, start_run, tally, work
from motrice.core.models import ImportRun

SHOWN = 20


class Command(BaseCommand):
    """Preview by default; `--accept-all` writes; ends non-zero when rows were not taken or the import stopped."""

    help = "Import a file: preview by default, --accept-all to write, --resume to go on, --undo to take back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="sort of file: " + ", ".join(importers()))
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--with", dest="beside", nargs=2, action="append", default=[], metavar=("ROLE", "FILE"))
        parser.add_argument(
            "--set",
            dest="choices",
            nargs=2,
            action="append",
            default=[],
            metavar=("NAME", "VALUE"),
            help="a choice that goes with this sort of file, such as --set office REFERENCE",
        )
        parser.add_argument("--dry-run", action="store_true", help="show the report and keep nothing")
        parser.add_argument("--accept-all", action="store_true", help="accept every sure proposal and write it")
        parser.add_argument(
            "--join-above", type=float, default=1.0, help="with --accept-all: join records at least as like as this"
        )
        parser.add_argument("--resume", metavar="REFERENCE", help="go on with an import that was stopped")
        parser.add_argument("--undo", metavar="REFERENCE", help="take back what an import wrote")
        parser.add_argument("--as", dest="email", help="the account that imports; Motrice itself by default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._run(options)
        except MotriceError as error:
            raise CommandError(str(error)) from error
        self._report(run)
        if options["dry_run"]:
            purge(run)
            self.stdout.write(_("Nothing was kept: this was a dry run."))
        if run.status == Status.FAILED and options["dry_run"]:
            raise CommandError(_("The import stopped: %(why)s") % {"why": run.failure})
        if run.status == Status.FAILED:
            raise CommandError(
                _("The import stopped: %(why)s Resume it with --resume %(reference)s.")
                % {"why": run.failure, "reference": run.reference}
            )

    def _run(self, options: dict[str, Any]) -> ImportRun:
        actor = self._actor(options["email"])
        if options["resume"]:
            return work(resume(run=self._find(options["resume"]), actor=actor))
        if options["undo"]:
            return work(ask_undo(run=self._find(options["undo"]), actor=actor))
        if not options["kind"] or not options["file"]:
            raise CommandError(_("Name the sort of file and the file: motrice import KIND FILE."))
        beside = [(role, Path(path)) for role, path in options["beside"]]
        files = [("", options["file"]), *beside]
        run = work(start_run(kind=options["kind"], files=files, actor=actor, options=dict(options["choices"])))
        if not options["accept_all"] or run.status != Status.READY:
            return run
        if decide(run=run, actor=actor, accept=True, join_above=options["join_above"]):
            run = work(ask_write(run=run, actor=actor))
        return run

    def _actor(self, email: str | None) -> Any:
        if not email:
            return system_user()
        found = User.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise CommandError(_("There is no account %(email)s.") % {"email": email})
        return found

    def _find(self, reference: str) -> ImportRun:
        run = ImportRun.objects.filter(reference=reference.strip().upper()).first()
        if run is None:
            raise CommandError(_("There is no import %(reference)s.") % {"reference": reference})
        return run

    def _report(self, run: ImportRun) -> None:
        self.stdout.write(f"{run.kind} {run.reference}: {run.get_status_display()}")
        for name, counts in tally(run, system_user()).items():
            for detail, number in sorted(counts.items()):
                self.stdout.write(f"  {name} {detail}: {number}".replace(" :", ":"))
        for finding in run.findings.order_by("severity", "line")[:SHOWN]:
            words = _("line %(line)d, %(field)s: %(words)s") % {
                "line": finding.line,
                "field": finding.field,
                "words": words_of(finding),
            }
            self.stdout.write(f"    {words}")
