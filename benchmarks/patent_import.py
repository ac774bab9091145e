"""A list of patents read into proposals, and written: `python -m benchmarks.patent_import FILE`.

On the configured database, filled before (`motrice demo-world --size network`). The file is read as Motrice itself for
the first office of the directory; `--write` accepts all that is sure and writes it, then takes it back.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")

import django

django.setup()

from motrice.accounts.operations.users import system_user  # noqa: E402 - Django must be set up first
from motrice.core.imports_runs import ask_undo, ask_write, decide, purge, start_run, tally, work  # noqa: E402 - same
from motrice.directory.models import Organisation  # noqa: E402 - same


def timed(label: str, act: object, *args: object) -> object:
    """Do something and say how long it took."""
    start, spent = time.perf_counter(), time.process_time()
    result = act(*args)  # type: ignore[operator]
    taken = time.perf_counter() - start
    print(f"{label:<24} {taken:>8.1f} s, of which {time.process_time() - spent:.1f} s of the processor")
    return result


def main() -> None:
    """Read, and perhaps write and undo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    actor, office = system_user(), Organisation.objects.live().order_by("pk")[0]
    print(f"{Organisation.objects.count()} organisations in the directory")
    choices = {"office": office.reference}
    run = start_run(kind="patents", files=[("", options.file)], actor=actor, options=choices)
    run = timed("read into proposals", work, run)
    print(tally(run, actor))  # type: ignore[arg-type]
    if options.write:
        decide(run=run, actor=actor, accept=True)  # type: ignore[arg-type]
        run = timed("written", work, ask_write(run=run, actor=actor))  # type: ignore[arg-type]
        run = timed("taken back", work, ask_undo(run=run, actor=actor))  # type: ignore[arg-type]
    else:
        purge(run)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
