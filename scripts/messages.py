"""Translations without gettext's own tools: compile the `.po` files, for `make setup` and for the wheel.

python scripts/messages.py compile
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "motrice"


def catalogues() -> list[Path]:
    """Every app's translation files."""
    return sorted(SOURCE.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Write the `.mo` of each `.po` that is newer than it; how many were written."""
    count = 0
    for path in catalogues():
        target = path.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))
            count += 1
    return count


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        sys.exit(__doc__)
    print(f"{compile_catalogues()} catalogues compiled")
