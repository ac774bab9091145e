"""Note which statements and branches run, by marks put into the code as it is imported.

Tracing makes every line of every library pay for the few packages that are measured. Here those packages alone are
compiled with one assignment before each statement and on each side of each choice: nothing else pays, and they pay
little. The marks stand at the lines and columns of what they announce, so tracebacks tell what they told.

A mark is `(line,)` for a statement that began, or `(line, body, side)` for a choice: the line of the `if`, `for`,
`while` or `case`, the line where its body begins, and 1 when it went there, 0 when it went past.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

Mark = tuple[int, ...]
NAME = "__ran__"  # dunders are left as they are inside classes


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins: a decorated one at its first decorator."""
    return min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])


def lines_of(statement: ast.stmt) -> list[Mark]:
    """The statement's own line, and those of its decorators."""
    return [(node.lineno,) for node in (*getattr(statement, "decorator_list", []), statement)]


def stays_first(statement: ast.stmt, position: int) -> bool:
    """Whether nothing may stand before it: a docstring, or an import from the future."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return position == 0 and is_text and isinstance(statement.value.value, str)


def takes_all(case: ast.match_case) -> bool:
    """Whether nothing goes past a case."""
    pattern: ast.pattern | None = case.pattern
    while isinstance(pattern, ast.MatchOr | ast.MatchAs):
        pattern = pattern.patterns[-1] if isinstance(pattern, ast.MatchOr) else pattern.pattern
    return case.guard is None and pattern is None


class Marker:
    """Puts the marks into the syntax tree of one module, and keeps what each place stands for."""

    def __init__(self) -> None:
        self.places: list[list[Mark]] = []

    def _place(self, marks: list[Mark]) -> int:
        self.places.append(marks)
        return len(self.places) - 1

    def _mark(self, at: ast.stmt, marks: list[Mark]) -> ast.stmt:
        """A statement that notes the marks, at the place of the one it announces."""
        (note,) = ast.parse(f"{NAME}[{self._place(marks)}] = True").body
        for node in ast.walk(note):
            ast.copy_location(node, at)
        return note

    def _asked(self, marks: list[Mark]) -> ast.expr:
        """The same as an expression, which is false."""
        return ast.parse(f"{NAME}.__setitem__({self._place(marks)}, True)", mode="eval").body

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block, each announced."""
        marked: list[ast.stmt] = []
        late: list[ast.stmt] = []
        for position, statement in enumerate(body):
            mark = self._mark(statement, lines_of(statement))
            if stays_first(statement, position):
                marked.append(statement)
                late.append(mark)
            else:
                self.statement(statement)
                marked += [*late, mark, statement]
                late = []
        return marked + late

    def statement(self, node: ast.stmt) -> None:
        """Mark what a statement holds."""
        choice = isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While)
        taken = [self._choice(node, node.lineno, node.body, 1)] if choice else []
        past = [self._choice(node, node.lineno, node.body, 0)] if choice else []
        for field in ("body", "orelse", "finalbody"):
            if block := getattr(node, field, None):
                setattr(node, field, self.block(block))
        if choice:
            node.body, node.orelse = taken + node.body, past + node.orelse
        for handler in getattr(node, "handlers", []):
            self._handler(handler)
        if isinstance(node, ast.Match):
            node.cases = self._cases(node.cases)

    def _choice(self, at: ast.stmt, line: int, body: list[ast.stmt], side: int) -> ast.stmt:
        return self._mark(at, [(line, first_line(body[0]), side)])

    def _handler(self, handler: ast.ExceptHandler) -> None:
        """An `except` runs when it is asked whether it takes the exception."""
        if handler.type is None:
            handler.body = [self._mark(handler.body[0], [(handler.lineno,)]), *self.block(handler.body)]
        else:
            handler.body = self.block(handler.body)
            handler.type = ast.BoolOp(ast.Or(), [self._asked([(handler.lineno,)]), handler.type])

    def _cases(self, cases: list[ast.match_case]) -> list[ast.match_case]:
        """A case runs when it is asked: one that matches nothing stands before each and behind the last."""
        marked, past = [], []
        for case in cases:
            line, first = case.pattern.lineno, case.body[0]
            taken, body = self._choice(first, line, case.body, 1), case.body
            marked += [self._asking([*past, (line,)], first), case]
            past = [(line, first_line(first), 0)]
            case.body = [taken, *self.block(body)]
        return marked if takes_all(cases[-1]) else [*marked, self._asking(past, cases[-1].body[0])]

    def _asking(self, marks: list[Mark], at: ast.stmt) -> ast.match_case:
        return ast.match_case(ast.MatchAs(), self._asked(marks), [ast.copy_location(ast.Pass(), at)])


def marked(source: bytes | str, path: str) -> tuple[CodeType, list[list[Mark]]]:
    """The code of a module with its marks, and what each place of `__ran__` stands for."""
    tree, marker = ast.parse(source, path), Marker()
    tree.body = marker.block(tree.body)
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True), marker.places


class Record:
    """What ran in one process."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[list[list[Mark]], list[bool]]] = {}

    def code(self, source: bytes | str, path: str) -> tuple[CodeType, list[bool]]:
        """The marked code of a file, and the list in which it notes what ran: the same when it is imported again."""
        code, places = marked(source, path)
        _places, ran = self.files.setdefault(path, (places, [False] * len(places)))
        return code, ran

    def marks(self, path: str) -> set[Mark]:
        """The marks of a file that were passed."""
        return {mark for marks, has_run in zip(*self.files[path], strict=True) if has_run for mark in marks}

    def write(self, folder: Path) -> None:
        """Leave what ran for whoever judges it."""
        folder.mkdir(exist_ok=True)
        text = json.dumps({path: sorted(self.marks(path)) for path in sorted(self.files)})
        (folder / f"{os.getpid()}.json").write_text(text, encoding="utf-8")

    def watch(self, is_measured: Callable[[str], bool]) -> None:
        """Mark from now on the modules of Motrice whose file is measured."""
        sys.meta_path.insert(0, Finder(self, is_measured))


class Finder(MetaPathFinder):
    """Finds the modules that are measured; the others are found as ever."""

    def __init__(self, record: Record, is_measured: Callable[[str], bool]) -> None:
        self.record, self.is_measured = record, is_measured

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module with a loader that marks it."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname.startswith("motrice.") else None
        if spec is None or type(spec.loader) is not SourceFileLoader or not self.is_measured(str(spec.origin)):
            return None
        spec.loader = Loader(self.record, fullname, str(spec.origin))
        return spec


class Loader(SourceFileLoader):
    """Runs a module with its marks."""

    def __init__(self, record: Record, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self.record = record

    def exec_module(self, module: ModuleType) -> None:
        """Compile it from its source: what is kept beside it has no marks."""
        code, ran = self.record.code(self.get_data(self.path), self.path)
        module.__dict__[NAME] = ran
        exec(code, module.__dict__)


def read(files: Iterable[Path]) -> dict[str, set[Mark]]:
    """What ran in any of the processes that left their record."""
    merged: dict[str, set[Mark]] = defaultdict(set)
    for file in files:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        for path, marks in content.items():
            merged[path].update(tuple(mark) for mark in marks)
    return dict(merged)
