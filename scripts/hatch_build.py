"""Hooks of the wheel: dependencies from requirements/, translations compiled, the built front end present."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("neural",)


def requirements(name: str) -> list[str]:
    """The requirements of one `.in` file, without comments."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [text for line in lines if (text := line.split("#")[0].strip()) and not text.startswith("-")]


class RequirementsHook(MetadataHookInterface):
    """One list of dependencies for the lock and for the wheel: `requirements/base.in`."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = requirements("base")
        metadata["optional-dependencies"] = {
            extra: requirements(extra) for extra in EXTRAS if (ROOT / "requirements" / f"{extra}.in").is_file()
        }


class AssetsHook(BuildHookInterface):
    """Compile the translations, and refuse a wheel whose pages would have neither style nor script."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, str(ROOT / "scripts"))
        from messages import compile_catalogues

        compile_catalogues()
        if (ROOT / "package.json").is_file() and not any((ROOT / "src/motrice/web/static/web/dist").glob("*.css")):
            raise RuntimeError("The front end is not built: run `npm ci && npm run build`, or `make setup`.")
