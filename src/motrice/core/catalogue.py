"""What an institution chooses as data: TOML files of each app, loaded into immutable versioned rows."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit, policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.reading import Read, heed, in_own_words, require_unchanged

Validator = Callable[[dict[str, Any]], None]
Parts = Callable[[Mapping[str, Any]], dict[str, str]]
_validators: dict[str, Validator] = {}
_parts: dict[str, tuple[Any, Parts]] = {}


def register_kind(kind: str, validator: Validator) -> None:
    """Declare a kind of entry and the function that refuses a wrong content (by `RuleViolation`)."""
    _validators[kind] = validator


def register_words(kind: str, name: Any, parts: Parts) -> None:
    """Declare what an entry of a kind is called, and the function that tells its parts as its own form names them."""
    _parts[kind] = (name, parts)


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
    seen: dict[tuple[str, str, int], Path] = {}
    for config in apps.get_app_configs():
        for path in sorted((Path(config.path) / "catalogue").glob("*/*.toml")):
            for item in read_file(path, kind=f"{config.label}.{path.parent.name}"):
                key = (item.kind, item.code, item.version)
                if key in seen:
                    raise RuleViolation(f"{path}: {item.code} version {item.version} is in {seen[key]} already.")
                seen[key] = path
                yield item


def read_file(path: Path, *, kind: str) -> list[Declaration]:
    """The entries of one file; says which file and what to correct when it is not one."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleViolation(f"{path}: this is not TOML in UTF-8 ({error}).") from error
    entries = content.get("entry", [content])
    if not isinstance(entries, list) or not all(isinstance(data, dict) for data in entries):
        raise RuleViolation(f"{path}: write each entry as a table under [[entry]].")
    return [_declaration(kind, dict(data), path) for data in entries]


def _declaration(kind: str, data: dict[str, Any], path: Path) -> Declaration:
    code, version, is_retired = data.pop("code", None), data.pop("version", None), data.pop("retired", False)
    if not isinstance(code, str) or not code or len(code) > 64:
        raise RuleViolation(f"{path}: each entry needs a code, a text of at most 64 characters (found {code!r}).")
    if type(version) is not int or version < 1:
        raise RuleViolation(f"{path}: {code} needs a version, a whole number from 1 (found {version!r}).")
    if type(is_retired) is not bool:
        raise RuleViolation(f"{path}: {code}: retired is true or false (found {is_retired!r}).")
    return Declaration(kind, code, version, is_retired, json.loads(json.dumps(data, default=str)), path)


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
    """Load new versions from the files; a file that changes a loaded version is refused: versions are immutable.

    A version that was edited on the site is kept: the file's next change needs a higher number.
    """
    counts = {"created": 0, "unchanged": 0, "kept": 0}
    held = {(row.kind, row.code, row.version): row for row in CatalogueEntry.objects.all()}
    fresh = []
    for item in declarations():
        validate(item.kind, item.data, where=f"{item.path}: {item.code}")
        row = held.get((item.kind, item.code, item.version))
        if row is None:
            fresh.append(_row(item))
        elif row.checksum == item.checksum:
            counts["unchanged"] += 1
        elif row.is_edited:
            counts["kept"] += 1
        else:
            raise RuleViolation(
                f"{item.path}: {item.code} version {item.version} is loaded already: raise the version."
            )
    counts["created"] = len(fresh)
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
    *,
    kind: str,
    code: str,
    data: dict[str, Any],
    actor: Any,
    reason: str,
    is_retired: bool = False,
    read: Read = None,
) -> CatalogueEntry:
    """Add the next version of an entry from the site; refused to who may not edit it, or when its kind refuses it.

    `StaleState` when somebody else made a version of what was `read` of it.
    """
    last = CatalogueEntry.objects.filter(kind=kind, code=code).order_by("-version").first()
    if last is not None:
        policies.require(actor, "edit", last)
    elif policies.q_for(actor, CatalogueEntry, "edit") != policies.EVERYTHING:
        raise NotPermitted(_("You may not add to the catalogue."))
    if last is not None:
        kept = heed(last, {"data": data, "is_retired": is_retired}, read=read, actor=actor, say=_say)
        data, is_retired = kept.get("data", last.data), kept.get("is_retired", last.is_retired)
    validate(kind, data, where=code)
    item = Declaration(kind, code, (last.version if last else 0) + 1, is_retired, data, Path())
    row = _row(item)
    row.is_edited = True
    with audit.operation(actor, "catalogue.edit", subject=last, reason=reason) as op:
        op.create(row)
    return row


def _say(row: CatalogueEntry, name: str) -> tuple[str, str]:
    """A column of a version: of its content, the parts that it says otherwise than the version before."""
    if name != "data":
        return in_own_words(row, name)
    label, parts = _parts.get(row.kind, (row._meta.get_field("data").verbose_name, parts_of))  # type: ignore[union-attr]
    before = CatalogueEntry.objects.filter(kind=row.kind, code=row.code, version__lt=row.version)
    earlier = before.order_by("-version").first()
    was, now = parts(earlier.data) if earlier else {}, parts(row.data)
    said = {part: now.get(part, "–") for part in {**now, **was} if now.get(part) != was.get(part)}
    one = _("“%(name)s”: %(value)s")
    return str(label), " · ".join(one % {"name": part, "value": value} for part, value in said.items())


def parts_of(content: Any, path: str = "") -> dict[str, str]:
    """What JSON content says, part by part: `{"name": {"fr": "Colles"}}` is `{"name.fr": "Colles"}`."""
    if isinstance(content, Mapping) and content:
        parts: dict[str, str] = {}
        for name, value in content.items():
            parts |= parts_of(value, f"{path}.{name}" if path else str(name))
        return parts
    if isinstance(content, list) and all(not isinstance(value, Mapping | list) for value in content):
        return {path: ", ".join(map(_plain, content)) or "–"} if path else {}
    return {path: _plain(content)} if path else {}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def require_as_read(entry: CatalogueEntry, *, read: Read, actor: Any) -> None:
    """Refuse an act on an entry whose newest version no longer says what was `read`."""
    last = CatalogueEntry.objects.filter(kind=entry.kind, code=entry.code).order_by("-version")[0]
    require_unchanged(last, ("data",), read=read, actor=actor, say=_say)


def current(kind: str, code: str | None = None, *, seen: int | None = None) -> list[CatalogueEntry]:
    """The newest version of each entry of a kind that is not retired, by code; `seen` is the key of the last version
    that counts, for what was current earlier."""
    rows = CatalogueEntry.objects.filter(kind=kind)
    if seen is not None:
        rows = rows.filter(pk__lte=seen)
    if code is not None:
        rows = rows.filter(code=code)
    newest = {row.code: row for row in rows.order_by("version")}
    return sorted((row for row in newest.values() if not row.is_retired), key=lambda row: row.code)


def entry(kind: str, code: str) -> CatalogueEntry:
    """The newest version of one entry; says so when the catalogue does not know it."""
    found = current(kind, code)
    if not found:
        raise RuleViolation(f"The catalogue has no {kind} called {code!r}: run `motrice catalogue sync`.")
    return found[0]
