"""Hold the share of code that tests run, by layer: a floor where a mistake costs most, no target elsewhere.

Reads the `.coverage` file that `make cover` or `make test-postgres` left.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "core": (["src/motrice/core/*"], 90),
    "engines": (["src/motrice/engines/*"], 100),
    "operations": (["src/motrice/*/operations/*", "src/motrice/*/operations.py"], 89),
    "policies": (["src/motrice/*/policies.py", "src/motrice/*/policies/*"], 100),
    "transitions": (["src/motrice/*/transitions.py"], 100),
}


def shares() -> dict[str, tuple[int, int]]:
    """Statements and branches of each layer: how many were run, out of how many."""
    data = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    data.load()
    counts = dict.fromkeys(FLOORS, (0, 0))
    for path in sorted((ROOT / "src" / "motrice").rglob("*.py")):  # a file that no test reads counts too
        name = path.relative_to(ROOT).as_posix()
        for layer, (patterns, _floor) in FLOORS.items():
            if "/migrations/" not in name and any(fnmatch(name, pattern) for pattern in patterns):
                done, total = data._analyze(str(path)).numbers.ratio_covered
                counts[layer] = (counts[layer][0] + done, counts[layer][1] + total)
    return counts


def main() -> int:
    """Print the share of each layer, and fail when one is under its floor."""
    if not (ROOT / ".coverage").is_file():
        print("There is no .coverage file: run `make cover`.", file=sys.stderr)
        return 1
    low = []
    for layer, (done, total) in shares().items():
        share = 100 * done / total if total else 100.0
        floor = FLOORS[layer][1]
        print(f"{layer:12} {share:5.1f} % of {total} statements and branches (floor {floor} %)")
        if share < floor:
            low.append(layer)
    for layer in low:
        print(f"Under the floor: {layer}. Test what `coverage report -m` shows as missing.", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
