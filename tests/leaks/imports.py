"""Imports in the leak test: a register read over every planted record, and patent files that one person launched."""

from __future__ import annotations

import csv
from pathlib import Path
from string import ascii_uppercase
from tempfile import TemporaryDirectory
from typing import Any

from motrice.accounts.operations.users import system_user
from motrice.core.identifiers import is_valid
from motrice.core.imports import importer_of
from motrice.core.imports_runs import start_run, work
from motrice.core.models import ImportProposal, ImportRun
from motrice.directory.models import Evidence, Identifier, Organisation
from motrice.portfolio.models import Asset
from tests.sourcing.factories import log

Action, Status = ImportProposal.Action, ImportRun.Status


def add(world: Any, *, probe: str) -> None:
    """A run read by Motrice itself, who sees all, then proposals as they stay when their record is hidden later."""
    bodies = [row for row in world.planted if isinstance(row, Organisation)]
    numbers = _numbers(bodies)
    run = _register_run(numbers, probe)
    for number, row in enumerate(row for row in world.planted if isinstance(row, Organisation | Evidence)):
        text = row.description if isinstance(row, Organisation) else row.text
        name = "description" if isinstance(row, Organisation) else "text"
        phase = 0 if isinstance(row, Organisation) else 2
        _propose(world, run, row, [[name, text, f"{probe} corrigé"]], phase=phase, number=number)
    own = ImportRun.objects.create(
        kind="patents", status=Status.READY, launched_by=world.place.patent_engineer, is_private=True,
        options={"office": world.place.institute.reference},
        files=[{"role": "", "name": f"{probe}.xml", "path": "", "sha256": ""}],
    )  # fmt: skip
    for number, row in enumerate(row for row in world.planted if isinstance(row, Asset)):
        _propose(
            world, own, row, [["filed_on", ["FR", row.title, row.pk, ""], ["FR", "1", row.pk, ""]]], number=number
        )


def _numbers(bodies: list[Organisation]) -> dict[str, Organisation]:
    """Each planted body gets a number of the register."""
    found = {}
    for position, row in enumerate(bodies):
        start = f"2011{20000 + position}"
        number = next(start + letter for letter in ascii_uppercase if is_valid("rnsr", start + letter))
        log(Identifier(organisation=row, scheme="rnsr", value=number))
        found[number] = row
    return found


def _register_run(numbers: dict[str, Organisation], probe: str) -> ImportRun:
    """The register says another name of every one; of those hidden, the run tells only that they stand there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, importer_of("rnsr").columns, restval="")
            writer.writeheader()
            for number in numbers:
                writer.writerow(
                    {"numero_national_de_structure": number, "libelle": f"{probe} {number}", "commune": "Brest"}
                )
        return work(start_run(kind="rnsr", files=[("", path)], actor=system_user()))


def _propose(world: Any, run: ImportRun, row: Any, changes: list[Any], *, phase: int = 0, number: int) -> None:
    slot: dict[str, Any] = {}
    word = world.plant(f"proposal about {row._meta.verbose_name} {row.level}", by=lambda: slot["row"])
    slot["row"] = ImportProposal.objects.create(
        run=run, line=9000 + number, phase=phase, key=f"leak:{row._meta.label}:{row.pk}", title=f"{row} {word}",
        action=Action.UPDATE, target_pk=row.pk, changes=changes,
    )  # fmt: skip


def proposals(world: Any) -> list[dict[str, Any]]:
    """Some proposals of each run, hidden ones among them."""
    rows = ImportProposal.objects.filter(line__gte=9000).select_related("run").order_by("pk")
    return [{"reference": row.run.reference, "pk": row.pk} for row in rows[::3]]
