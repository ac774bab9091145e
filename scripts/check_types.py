"""Types of the layers that promise them: core, engines, every app's operations and queries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("operations", "queries")


def targets() -> list[str]:
    """What is checked: modules and packages alike."""
    source = ROOT / "src" / "motrice"
    found = [source / "core", source / "engines"]
    for layer in LAYERS:
        found += sorted(source.glob(f"*/{layer}")) + sorted(source.glob(f"*/{layer}.py"))
    return [str(path.relative_to(ROOT)) for path in found]


if __name__ == "__main__":
    sys.exit(subprocess.run([sys.executable, "-m", "mypy", *targets()], cwd=ROOT, check=False).returncode)
