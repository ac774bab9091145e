"""Hold the share of code that tests run, by layer: a floor where a mistake costs most, no target elsewhere.

Reads what tests left that were run with `-p tests.measured` (`make cover`), prints the share of each layer and what is
missing in those under their floor, and leaves `.coverage` for `coverage html`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from coverage import Coverage
from coverage.results import Analysis

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from scripts import marks  # noqa: E402 - the path above must be set first

RECORDS = ROOT / ".coverage-records"
FLOORS = {
    "core": (["src/motrice/core/*"], 90),
    "engines": (["src/motrice/engines/*"], 100),
    "operations": (["src/motrice/*/operations/*", "src/motrice/*/operations.py"], 89),
    "policies": (["src/motrice/*/policies.py", "src/motrice/*/policies/*"], 100),
    "transitions": (["src/motrice/*/transitions.py"], 100),
}


def layers_of(path: Path | str, root: Path = ROOT) -> list[str]:
    """The layers of a file that have a floor: two for the policies of `core`, none for a page."""
    name = Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else ""
    if not name.endswith(".py") or "/migrations/" in name:
        return []
    return [layer for layer, (patterns, _) in FLOORS.items() if any(fnmatch(name, pattern) for pattern in patterns)]


def arcs(passed: Iterable[marks.Mark], possible: Iterable[tuple[int, int]], first: dict[int, int]) -> set[marks.Mark]:
    """The marks as steps from line to line, which is how coverage counts; `first` leads to the first line of many.

    Where a choice leads past its body is what coverage thinks possible: of two such ways none counts as run. A tracer
    differs twice: for it a choice in a `with` led on where an exception left the `with`, and it tells whether the last
    choice of a `finally` led on or away.
    """
    targets = defaultdict(set)
    for start, end in possible:
        targets[start].add(end)
    begun = {first.get(mark[0], mark[0]) for mark in passed if len(mark) == 1}
    steps = {(-1, line) for line in begun}
    for line, body, side in (mark for mark in passed if len(mark) == 3):
        start, inside = first.get(line, line), first.get(body, body)
        ways = {inside} if side else targets[start] - {inside}
        if len(ways) == 1:
            steps |= {(start, end) for end in ways if end < 0 or end in begun}
    return steps


def analyses(root: Path, records: Path) -> dict[Path, Analysis]:
    """What ran and what is missing in each file that has a floor; one that no test reads is missing whole."""
    passed = marks.read(sorted(records.glob("*.json")))
    cover = Coverage(data_file=str(root / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    cover.erase()
    data = cover.get_data()
    files = [path for path in sorted((root / "src" / "motrice").rglob("*.py")) if layers_of(path, root)]
    steps = {}
    for path in files:
        reporter = cover._get_file_reporter(str(path))
        possible = reporter.arcs()
        steps[str(path)] = arcs(passed.get(str(path), ()), possible, reporter.multiline_map())
    data.add_arcs(steps)
    data.write()
    return {path: cover._analyze(str(path)) for path in files}


def judge(root: Path, records: Path) -> int:
    """Print the share of each layer and what is missing under a floor; how many layers are under theirs."""
    counts = dict.fromkeys(FLOORS, (0, 0))
    missing = defaultdict(list)
    for path, analysis in analyses(root, records).items():
        name, (done, total) = path.relative_to(root).as_posix(), analysis.numbers.ratio_covered
        for layer in layers_of(path, root):
            counts[layer] = (counts[layer][0] + done, counts[layer][1] + total)
            if done < total:
                missing[layer].append(f"  {name}: {analysis.missing_formatted(branches=True)}")
    low = []
    for layer, (done, total) in counts.items():
        share, floor = 1000 * done // total / 10 if total else 100.0, FLOORS[layer][1]  # never rounded up
        print(f"{layer:12} {share:5.1f} % of {total} statements and branches (floor {floor} %)")
        if share < floor:
            low.append(layer)
    for layer in low:
        print(f"Under the floor: {layer}. No test runs", *missing[layer], sep="\n", file=sys.stderr)
    return len(low)


def main() -> int:
    """Judge what the last measured run left."""
    if not any(RECORDS.glob("*.json")):
        print("Nothing was measured: run `make cover`.", file=sys.stderr)
        return 1
    return 1 if judge(ROOT, RECORDS) else 0


if __name__ == "__main__":
    sys.exit(main())
