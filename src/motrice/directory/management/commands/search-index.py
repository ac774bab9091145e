"""`motrice search-index`: build the search, bring it in step with the log, say where it stands."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motrice.core import search_index


class Command(BaseCommand):
    """Rebuild, follow, or show the state of the search."""

    help = "Build the search anew, bring it in step with the audit log, or say where it stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["rebuild", "follow", "status"])

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "rebuild":
            self._rebuild()
        elif act == "follow":
            self.stdout.write(_("%(count)d records looked at.") % {"count": search_index.follow()})
        state = search_index.status()
        if not state["built"]:
            raise CommandError(_("There is no search index yet: run `motrice search-index rebuild`."))
        self.stdout.write(
            _("%(names)d records by name, %(texts)d texts, %(behind)d entries of the log to follow.")
            % {"names": state["names"], "texts": state["texts"], "behind": state["entries_behind"]}
        )
        if not state["encoder_fits"]:
            self.stderr.write(
                _("The texts were indexed with another encoder than MOTRICE_SEARCH_ENCODER: run the rebuild.")
            )

    def _rebuild(self) -> None:
        start = time.monotonic()
        counts = search_index.rebuild()
        for label, count in counts.items():
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(_("Built in %(seconds).1f s.") % {"seconds": time.monotonic() - start})
