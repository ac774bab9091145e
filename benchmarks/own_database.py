"""A database of a benchmark's own, and the directory of the national network in it."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motrice.demo.world import _Making

TODAY = date(2026, 11, 20)


@contextlib.contextmanager
def opened(keep: Path | None) -> Iterator[None]:
    """Django over a temporary folder, over a kept one (made once, used again), or over `DATABASE_URL`, migrated."""
    with tempfile.TemporaryDirectory() as folder:
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
        os.environ |= {"MOTRICE_DEMO": "1", "MOTRICE_VAR": str(keep or folder)}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
        import django
        from django.conf import settings

        django.setup()
        os.makedirs(settings.STATIC_ROOT, exist_ok=True)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


@contextlib.contextmanager
def laid(*, families: int) -> Iterator[_Making]:
    """The catalogue, then the directory and the accounts of the network; what follows is of the same transaction."""
    from random import Random

    from django.core.management import call_command
    from django.db import transaction

    from motrice.core.references import references_from
    from motrice.demo.plan.building import build_world
    from motrice.demo.plan.model import SIZES
    from motrice.demo.world import _Making

    call_command("catalogue", "sync", verbosity=0)
    size = dataclasses.replace(SIZES["network"], name="bench", texts=10, needs=16, offers=4, families=families)
    start = perf_counter()
    plan = build_world(size, 1, today=TODAY)
    print(f"planned: {perf_counter() - start:.1f} s")
    start = perf_counter()
    with transaction.atomic(), references_from(Random(1)):
        making = _Making(plan, lambda line: None)
        making.lay()
        print(f"directory and accounts: {perf_counter() - start:.1f} s")
        yield making


def count_rows() -> None:
    """Let a server that was just filled count its rows, as it does by itself within minutes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
