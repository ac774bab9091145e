"""The repository as the house checks read it: its files, their syntax trees, and what they say of themselves."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "motrice"


def shown(path: Path) -> str:
    """A path as one types it from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def python_files(folder: Path) -> tuple[Path, ...]:
    """Every written Python file of a folder: migrations are generated."""
    return tuple(path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def apps() -> tuple[str, ...]:
    """The packages of Motrice that are Django apps."""
    return tuple(sorted(path.parent.name for path in PACKAGE.glob("*/apps.py")))


@cache
def templates() -> dict[str, Path]:
    """Every template by the name it is loaded with."""
    return {
        path.relative_to(root).as_posix(): path
        for root in sorted(PACKAGE.glob("*/templates"))
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@cache
def strings(path: Path) -> frozenset[str]:
    """Every string constant of a Python file."""
    return frozenset(
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, decorators not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def say(faults: list[str], advice: str) -> str:
    """The message of a failed fact: what is wrong, then what to do."""
    return "\n".join(["", *faults, "", f"What to do: {advice}"])
