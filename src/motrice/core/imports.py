"""What an importer is: it reads a file into proposals and findings, and writes the proposals that were accepted.

The machinery around it (progress, decisions, resumption, undo) is in `imports_runs`. An app declares its importers in
its package `importers`, which is loaded at start.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.core import policies
from motrice.core.audit import Recorder
from motrice.core.errors import RuleViolation
from motrice.core.models import ImportFinding, ImportProposal, ImportRun
from motrice.core.policies import SITE, RoleGrant

Change = list[Any]  # [field, before, after]: a list because it is kept as JSON
Row = dict[str, Any]
ERROR, WARNING = ImportFinding.Severity.ERROR, ImportFinding.Severity.WARNING


class TryLater(RuleViolation):
    """What a run waits for is not there now: it tries again by itself, some minutes later."""

    def __init__(self, message: object, *, minutes: int) -> None:
        super().__init__(message)
        self.minutes = minutes


@dataclass
class Proposed:
    """What one batch of lines gives."""

    proposals: list[ImportProposal] = field(default_factory=list)
    findings: list[ImportFinding] = field(default_factory=list)
    unchanged: int = 0

    def find(
        self, line: int, name: str, code: str, value: object = "", detail: object = "", *, severity: str = WARNING
    ) -> None:
        """Note something wrong in the file."""
        self.findings.append(
            ImportFinding(
                line=line,
                field=name[:64],
                severity=severity,
                code=code,
                value=" ".join(str(value).split())[:300],
                detail=str(detail)[:300],
            )
        )


@dataclass(frozen=True)
class RegisterKeeper:
    """Whoever keeps registers, as far as `ceiling` sees: what all who read a run of a register may see."""

    ceiling: Any
    pk: None = None
    is_authenticated: bool = True
    is_network_member: bool = True
    is_system: bool = False
    active_roles: tuple[RoleGrant, ...] = (RoleGrant("coordinator", SITE, None), RoleGrant("officer", SITE, None))


MOST_BYTES = 512 * 2**20  # the largest public file read so far unpacks to 38 MB
LONGEST_FIELD = 131_072
HIDDEN = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)  # a null, or one half of a character outside the plane


class Importer:
    """One sort of file. `read` and `write` see batches, so that each can ask the database once per batch."""

    kind: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    explanation: ClassVar[Any] = ""
    example: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    companions: ClassVar[dict[str, tuple[str, ...]]] = {}
    batch: ClassVar[int] = 1000
    options: ClassVar[tuple[str, ...]] = ()
    is_private: ClassVar[bool] = False  # whether only who launched a run sees what it proposes
    target: ClassVar[str] = "directory.organisation"
    home: ClassVar[str] = "directory:imports"  # the page that lists its runs
    linked_phases: ClassVar[int] = 2  # proposals of later phases are about records of `linked_target`
    linked_target: ClassVar[str] = "directory.evidence"

    @classmethod
    def may_start(cls, actor: Any) -> bool:
        """Whether the actor may read files of this sort."""
        return policies.q_for(actor, ImportRun, "create") != policies.NOBODY

    @classmethod
    def checked_options(cls, options: dict[str, str], actor: Any) -> dict[str, str]:
        """The choices that go with a file, completed; refused when one is missing or not the actor's to make."""
        unknown = set(options) - set(cls.options)
        if unknown:
            raise RuleViolation(_("This sort of file has no choice “%(name)s”.") % {"name": min(unknown)})
        return options

    @classmethod
    def shown(cls, name: str, before: Any, after: Any) -> tuple[str, str, str] | None:
        """A difference as label, before and after in words; None when the field is one of the directory's."""
        return None

    @classmethod
    def asked(cls, name: str, after: Any) -> list[tuple[str, str]]:
        """What a person may write otherwise in a difference before accepting it: labels with what is supposed."""
        return []

    @classmethod
    def answered(cls, name: str, after: Any, answers: Sequence[str]) -> Any:
        """The difference with what the person wrote, one text for each that was asked."""
        raise RuleViolation(_("Nothing of this difference is asked."), field="answers")

    def __init__(self, run: ImportRun) -> None:
        self.run = run

    @property
    def sight(self) -> Any:
        """Who the file is compared for: what this reader may not see is neither shown nor counted in the run.

        A private run is for who launched it. Any other is read by all who keep registers, so that it compares only
        what every one of them may see.
        """
        launcher = self.run.launched_by
        return launcher if self.is_private else RegisterKeeper(launcher)

    def fetch(self) -> Path | None:
        """Bring the file of a run that began without one; called in no transaction, and `TryLater` is waited for."""
        return None

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The lines of the main file, numbered as an editor numbers them."""
        return read_rows(Path(self.run.files[0]["path"]), self.columns)

    def size(self) -> int:
        """How far the numbers of `rows` go, for whoever waits: about, where counting takes as long as reading."""
        return sum(1 for _row in self.rows())

    def companion(self, name: str) -> Iterator[tuple[int, Row]]:
        """The lines of a file given beside the main one; none when it was not given."""
        for item in self.run.files[1:]:
            path = Path(item["path"])
            if item.get("role") == name:
                yield from read_rows(path, self.companions[name])

    def prepare(self) -> None:
        """Read what every batch needs; called before reading and before writing."""

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """What these lines propose; called in the order of the file, again from its start after a kill."""
        raise NotImplementedError

    def write(self, op: Recorder, proposals: Sequence[ImportProposal]) -> list[ImportFinding]:
        """Write accepted proposals and set the state of each; gives what could not be written."""
        raise NotImplementedError

    def finished(self) -> None:
        """Called once all is written, or undone."""


_importers: dict[str, type[Importer]] = {}
FINDINGS: dict[str, Any] = {}


def register(importer: type[Importer]) -> type[Importer]:
    """Declare a sort of file, as a class decorator."""
    if importer.kind in _importers:
        raise ValueError(f"Two importers are called {importer.kind!r}.")
    _importers[importer.kind] = importer
    return importer


def register_findings(words: dict[str, Any]) -> None:
    """Declare what findings say: texts with `%(value)s`, `%(field)s`, `%(detail)s`."""
    FINDINGS.update(words)


def importers() -> dict[str, type[Importer]]:
    """The sorts of files that can be read, by name."""
    return dict(sorted(_importers.items()))


def importer_of(kind: str) -> type[Importer]:
    """The importer of a sort of file; says which exist when there is none."""
    found = _importers.get(kind)
    if found is None:
        raise RuleViolation(
            _("Nothing reads files of the sort “%(kind)s”. Choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(importers())},
            field="kind",
        )
    return found


def words_of(finding: ImportFinding) -> str:
    """A finding in the reader's language."""
    template = FINDINGS.get(finding.code)
    if template is None:
        return f"{finding.code}: {finding.value}"
    return str(template) % {"value": finding.value, "field": finding.field, "detail": finding.detail}


def open_text(path: Path) -> io.TextIOBase:
    """A file as text, unpacked if it is packed: UTF-8 or UTF-16, or Windows-1252 when it is neither throughout.

    A file that is no text, such as a spreadsheet or an archive, and one that unpacks without measure are refused.
    """
    raw = _unpacked(path)
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):  # how spreadsheets write "Unicode text"
        try:
            return io.StringIO(raw.decode("utf-16"), newline="")
        except UnicodeDecodeError as error:
            raise RuleViolation(_("The file is damaged: send it again."), field="file") from error
    if b"\0" in raw:
        raise RuleViolation(
            _("This is no text file, but perhaps a spreadsheet or an archive: save it as CSV and send that."),
            field="file",
        )
    try:
        return io.StringIO(raw.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        return io.StringIO(raw.decode("cp1252", errors="replace"), newline="")


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    if not is_packed:
        if path.stat().st_size > MOST_BYTES:
            raise RuleViolation(
                _("The file is larger than %(n)d MB: send it in parts.") % {"n": MOST_BYTES // 2**20}, field="file"
            )
        return path.read_bytes()
    try:
        with gzip.open(path) as packed:
            raw = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RuleViolation(_("The packed file is damaged: send it again."), field="file") from error
    if len(raw) > MOST_BYTES:
        raise RuleViolation(
            _("Unpacked, the file is larger than %(n)d MB: send it in parts.") % {"n": MOST_BYTES // 2**20},
            field="file",
        )
    return raw


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV or JSON-lines file with the line each starts on; refuses a file that lacks a column."""
    text = open_text(path)
    if ".jsonl" in path.name:
        yield from _json_rows(text)
        return
    sample = text.read(4096)
    text.seek(0)
    header = sample.splitlines()[0] if sample else ""
    reader = csv.DictReader(text, delimiter=";" if header.count(";") > header.count(",") else ",")
    _refuse_header(column_names(reader), columns, header)
    yield from table_rows(reader)


def column_names(reader: csv.DictReader) -> list[str]:
    """The names of the columns of a table; a first line that cannot be read is refused."""
    try:
        names = list(reader.fieldnames or [])
    except csv.Error as error:
        raise _unreadable(1, error) from error
    if any(len(name) > LONGEST_FIELD for name in names):
        raise _overlong(1)
    return names


def table_rows(reader: csv.DictReader) -> Iterator[tuple[int, Row]]:
    """The rows of a table, with the line each starts on; one that cannot be read is refused."""
    before = reader.line_num
    try:
        for read in reader:
            row = {name: value or "" for name, value in read.items() if name is not None}
            # The reader's own limit is one for the whole process, and others need a wider one.
            if any(len(value) > LONGEST_FIELD for value in row.values()):
                raise _overlong(before + 1)
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise _unreadable(before + 1, error) from error


def _refuse_header(names: list[str], columns: Sequence[str], header: str) -> None:
    """Refuse a file without a header, one that lacks a column, and one where two columns of one name contradict."""
    if not names:
        raise RuleViolation(_("The file is empty: its first line must name the columns."), field="file")
    missing = [name for name in columns if name not in names]
    if missing:
        raise RuleViolation(
            ngettext(
                "The file lacks the column %(missing)s. Its first line reads: %(header)s.",
                "The file lacks the columns %(missing)s. Its first line reads: %(header)s.",
                len(missing),
            )
            % {"missing": ", ".join(missing), "header": header[:200]},
            field="file",
        )
    twice = [name for name in dict.fromkeys(names) if name.strip() and names.count(name) > 1]
    if twice:
        raise RuleViolation(
            _("Two columns of the file are called %(name)s: remove or rename the one that does not count.")
            % {"name": twice[0]},
            field="file",
        )


def _overlong(line: int) -> RuleViolation:
    return RuleViolation(
        _("Line %(line)d holds a field of more than %(n)d characters: perhaps a quotation mark is never closed.")
        % {"line": line, "n": LONGEST_FIELD},
        field="file",
    )


def _unreadable(line: int, error: csv.Error) -> RuleViolation:
    if "field limit" in str(error):
        return _overlong(line)
    return RuleViolation(_("Line %(line)d cannot be read: %(error)s.") % {"line": line, "error": error}, field="file")


def _json_rows(text: io.TextIOBase) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if HIDDEN.search(line):
                _refuse_hidden(row)
        except (ValueError, RecursionError) as error:
            raise RuleViolation(
                _("Line %(line)d is not JSON: %(error)s.") % {"line": number, "error": error}, field="file"
            ) from error
        if not isinstance(row, dict):
            raise RuleViolation(_("Line %(line)d is not a JSON object.") % {"line": number}, field="file")
        yield number, row


def _refuse_hidden(row: Any) -> None:
    """Refuse what no database keeps: null characters and half characters, written as escapes."""
    text = json.dumps(row, ensure_ascii=False)
    text.encode()  # a half character raises a ValueError
    if "\\u0000" in text:
        raise ValueError("\\u0000")
