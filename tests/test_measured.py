"""What is measured of the tests themselves: the marks see what a tracer sees, and the floors judge what was left."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pytest
from coverage import Coverage

from scripts import coverage_floor, marks
from scripts.marks import Record
from tests.sources import ROOT

KINDS = '''"""Statements of every kind, some of which do not run."""
from __future__ import annotations
from contextlib import suppress
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import decimal

def kept(function):
    return function

@kept
@kept
class Thing:
    """A thing."""
    size: int = 3

    @kept
    def many(
        self,
        of: int = 2,
    ):
        "Its doubles."
        if (
            of
            > 1
        ):
            return [one for one in range(of) if one]
        return None

    def silent(self):
        """Says nothing."""

def loops(number):
    for one in range(number):
        if one == 5:
            continue
        elif one == 7:
            break
        else:
            number += 1
    else:
        number = 0
    while number > 100:
        number -= 60
    while True:
        number += 1
        if number > 3:
            break
    return number

def tries(what):
    global SEEN
    try:
        with suppress(OSError), suppress(EOFError):
            if what == "os":
                raise OSError
        for one in what:
            if one == "x":
                raise KeyError(one)
        SEEN = int(what)
    except KeyError:
        return "key"
    except (ValueError,
            TypeError):
        if what:
            what = None
    except:
        raise
    else:
        if what:
            @kept
            def inner():
                yield from what
            return list(inner())
    finally:
        if not what:
            what = "none"
        SEEN = what
    return what

def matches(what):
    match what:
        case int() if what > 2:
            return "more"
        case 0 | 1:
            what = "few"
        case str():
            pass
    match what:
        case "few":
            return what
        case _:
            what = 5
    return what

def refused(what): # pragma: no cover
    return what

sort = lambda one: one
'''
RUNS = ("Thing().many()", "Thing().many(1)", "Thing().silent()", "loops(0)", "loops(4)", "loops(9)", "loops(200)")
RUNS += ("tries('os')", "tries('x')", "tries('a')", "tries('4')", "tries('')", "tries(None)", "tries(4)")
RUNS += ("matches(5)", "matches(1)", "matches('few')", "matches('more')", "matches(2.5)", "sort(1)")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository of one file that has a floor: `src/motrice/core/policies.py`, which counts in two layers."""
    (tmp_path / "src/motrice/core").mkdir(parents=True)
    (tmp_path / "src/motrice/core/policies.py").write_text(KINDS, encoding="utf-8")
    return tmp_path


def run(code: object, names: dict[str, object], runs: tuple[str, ...]) -> None:
    exec(code, names)
    for expression in runs:
        eval(expression, names)


def mark(tree: Path, name: str, *runs: str) -> None:
    """What a process that ran the file leaves."""
    record, path = Record(), tree / "src/motrice/core/policies.py"
    code, ran = record.code(path.read_bytes(), str(path))
    run(code, {"__name__": "kinds", marks.NAME: ran}, runs)
    record.write(tree / name)


def traced(tree: Path, *runs: str) -> object:
    """What coverage's own tracer sees of the same runs."""
    path = tree / "src/motrice/core/policies.py"
    cover = Coverage(data_file=None, config_file=str(ROOT / "pyproject.toml"), include=[str(path)])
    code = compile(KINDS, str(path), "exec", dont_inherit=True)
    before = sys.gettrace()
    cover.start()
    try:
        run(code, {"__name__": "kinds"}, runs)
    finally:
        cover.stop()
        sys.settrace(before)
    return cover._analyze(str(path))


@pytest.mark.parametrize("runs", [(), *((one,) for one in RUNS), RUNS[:4], RUNS[4:9], RUNS], ids="; ".join)
def test_marks_see_what_a_tracer_sees(tree, runs):
    mark(tree, "records", *runs)
    (seen,) = coverage_floor.analyses(tree, tree / "records").values()
    expected = traced(tree, *runs)
    assert seen.missing_formatted(branches=True) == expected.missing_formatted(branches=True)
    assert seen.executed_branch_arcs() == expected.executed_branch_arcs()
    assert seen.numbers.ratio_covered == expected.numbers.ratio_covered


CLOSES = """
class Closing:
    def __enter__(self):
        pass

    def __exit__(self, *caught):
        raise LookupError(caught)

def closes(what):
    with Closing():
        if what:
            what += 1
    return what

def is_refused(what):
    try:
        closes(what)
    except LookupError:
        return True
"""


def test_what_a_choice_leads_to_has_not_run_before_it_begins(tree):
    path = tree / "src/motrice/core/policies.py"
    path.write_text(CLOSES, encoding="utf-8")
    mark(tree, "records", "is_refused(0)", "is_refused(1)")
    (seen,) = coverage_floor.analyses(tree, tree / "records").values()
    assert seen.missing_formatted(branches=True) == "13"
    assert seen.missing_branch_arcs() == {11: [13]}


def test_marks_leave_tracebacks_as_they_are():
    told = []
    for code in (compile(KINDS, "kinds.py", "exec", dont_inherit=True), marks.marked(KINDS, "kinds.py")[0]):
        names = {"__name__": "kinds", marks.NAME: [False] * 200}
        exec(code, names)
        with pytest.raises(TypeError) as caught:
            names["loops"]("four")
        told.append([(one.lineno, one.colno, one.end_colno) for one in traceback.extract_tb(caught.tb)[1:]])
    assert told[0] == told[1] != []


def test_what_several_processes_ran_counts_once(tree, capsys):
    mark(tree, "first", *RUNS[:9])
    mark(tree, "second", *RUNS[9:])
    mark(tree, "all", *RUNS)
    both = tree / "both"
    both.mkdir()
    for name in ("first", "second"):
        (written,) = (tree / name).iterdir()
        written.rename(both / f"{name}.json")
    coverage_floor.judge(tree, both)
    of_two = capsys.readouterr()
    coverage_floor.judge(tree, tree / "all")
    assert of_two == capsys.readouterr()


def test_a_layer_under_its_floor_fails_and_says_what_no_test_runs(tree, capsys, monkeypatch):
    monkeypatch.setitem(coverage_floor.FLOORS, "core", (["src/motrice/core/*"], 50))
    path = tree / "src/motrice/core/policies.py"
    path.write_text("def sign(number):\n    if number < 0:\n        number = 0\n    return number\n", encoding="utf-8")
    mark(tree, "records", "sign(1)")
    assert coverage_floor.judge(tree, tree / "records") == 1
    told = capsys.readouterr()
    assert "policies      66.6 % of 6 statements and branches (floor 100 %)" in told.out
    monkeypatch.setitem(coverage_floor.FLOORS, "policies", (["src/motrice/*/policies.py"], 67))
    assert coverage_floor.judge(tree, tree / "records") == 1
    monkeypatch.setitem(coverage_floor.FLOORS, "policies", (["src/motrice/*/policies.py"], 66))
    assert coverage_floor.judge(tree, tree / "records") == 0
    monkeypatch.setitem(coverage_floor.FLOORS, "policies", (["src/motrice/*/policies.py"], 100))
    capsys.readouterr()
    assert told.err == "Under the floor: policies. No test runs\n  src/motrice/core/policies.py: 3\n"
    mark(tree, "records", "sign(-1)")
    assert coverage_floor.judge(tree, tree / "records") == 1
    assert "2->4" in capsys.readouterr().err
    mark(tree, "records", "sign(1)", "sign(-1)")
    assert coverage_floor.judge(tree, tree / "records") == 0


def test_a_file_that_no_test_reads_is_missing_whole(tree, capsys, monkeypatch):
    monkeypatch.setitem(coverage_floor.FLOORS, "core", (["src/motrice/core/*"], 100))
    mark(tree, "records", *RUNS)
    (tree / "src/motrice/core/unread.py").write_text("A = 1\nB = 2\n", encoding="utf-8")
    coverage_floor.judge(tree, tree / "records")
    assert "src/motrice/core/unread.py: 1-2\n" in capsys.readouterr().err


def test_only_the_layers_with_a_floor_are_marked():
    layers = {
        "src/motrice/core/policies.py": ["core", "policies"],
        "src/motrice/engines/search/index.py": ["engines"],
        "src/motrice/inventions/operations/signing.py": ["operations"],
        "src/motrice/inventions/views/pages.py": [],
        "src/motrice/core/migrations/0001_initial.py": [],
        "tests/test_measured.py": [],
    }
    assert {name: coverage_floor.layers_of(ROOT / name) for name in layers} == layers
