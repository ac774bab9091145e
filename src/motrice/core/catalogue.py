"""What an institution chooses as data: TOML files of each app, loaded into immutable versioned rows."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry

Validator = Callable[[dict[str, Any]], None]
_validators: dict[str, Validator] = {}


def register_kind(kind: str, validator: Validator) -> None:
    """Declare a kind of entry and the function that refuses a wrong content (by `RuleViolation`)."""
    _validators[kind] = validator


def kinds() -> dict[str, Validator]:
    """Every declared kind with the function that checks it: its docstring says in words what the kind is for."""
    return dict(_validators)


@dataclass(frozen=True)
class Declaration:
    """One entry as its file states it."""

    kind: str
    code: str
    version: int
    is_retired: bool
    data: dict[str, Any]
    path: Path

    @property
    def checksum(self) -> str:
        text = json.dumps([self.data, self.is_retired], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def declarations() -> Iterator[Declaration]:
    """Every entry of every app's `catalogue/KIND/*.toml`: the kind is `APP.KIND`; a file may hold many `[[entry]]`."""
    for config in apps.get_app_configs():
        root = Path(config.path) / "catalogue"
        for path in sorted(root.glob("*/*.toml")):
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            for data in content.get("entry", [content]):
                yield _declaration(f"{config.label}.{path.parent.name}", dict(data), path)


def _declaration(kind: str, data: dict[str, Any], path: Path) -> Declaration:
    try:
        code, version = str(data.pop("code")), int(data.pop("version"))
    except (KeyError, ValueError) as error:
        raise RuleViolation(f"{path}: each entry needs a code and a whole-number version ({error}).") from error
    return Declaration(
        kind, code, version, bool(data.pop("retired", False)), json.loads(json.dumps(data, default=str)), path
    )


def validate(kind: str, data: dict[str, Any], *, where: str) -> None:
    """Refuse a content that its kind does not accept."""
    validator = _validators.get(kind)
    if validator is None:
        raise RuleViolation(f"{where}: nothing reads the kind {kind!r}.")
    try:
        validator(data)
    except RuleViolation as error:
        raise RuleViolation(f"{where}: {error}", field=error.field) from error


def sync(*, actor: Any) -> dict[str, int]:
    """Load new versions from the files; a file that changes a loaded version is refused: versions are immutable."""
    counts = {"created": 0, "unchanged": 0}
    held = {(row.kind, row.code, row.version): row for row in CatalogueEntry.objects.all()}
    fresh = []
    for item in declarations():
        validate(item.kind, item.data, where=f"{item.path}: {item.code}")
        row = held.get((item.kind, item.code, item.version))
        if row is None:
            fresh.append(_row(item))
        elif row.checksum != item.checksum and not row.is_edited:
            raise RuleViolation(
                f"{item.path}: {item.code} version {item.version} is loaded already: raise the version."
            )
    counts["created"], counts["unchanged"] = len(fresh), len(held)
    if fresh:
        with audit.operation(actor, "catalogue.sync") as op:
            op.create_many(fresh)
    return counts


def _row(item: Declaration) -> CatalogueEntry:
    return CatalogueEntry(
        kind=item.kind,
        code=item.code,
        version=item.version,
        data=item.data,
        checksum=item.checksum,
        is_retired=item.is_retired,
        loaded_at=timezone.now(),
    )


def edit(
    *, kind: str, code: str, data: dict[str, Any], actor: Any, reason: str, is_retired: bool = False
) -> CatalogueEntry:
    """Add the next version of an entry from the site; the versions before it stay as they were."""
    validate(kind, data, where=code)
    last = CatalogueEntry.objects.filter(kind=kind, code=code).order_by("-version").first()
    item = Declaration(kind, code, (last.version if last else 0) + 1, is_retired, data, Path())
    row = _row(item)
    row.is_edited = True
    with audit.operation(actor, "catalogue.edit", subject=last, reason=reason) as op:
        op.create(row)
    return row


def current(kind: str, code: str | None = None) -> list[CatalogueEntry]:
    """The newest version of each entry of a kind that is not retired, by code."""
    rows = CatalogueEntry.objects.filter(kind=kind)
    if code is not None:
        rows = rows.filter(code=code)
    newest = rows.annotate(
        rank=Window(RowNumber(), partition_by=[F("kind"), F("code")], order_by=F("version").desc())
    ).filter(rank=1)
    return sorted((row for row in newest if not row.is_retired), key=lambda row: row.code)


def entry(kind: str, code: str) -> CatalogueEntry:
    """The newest version of one entry; says so when the catalogue does not know it."""
    found = current(kind, code)
    if not found:
        raise RuleViolation(f"The catalogue has no {kind} called {code!r}: run `motrice catalogue sync`.")
    return found[0]
