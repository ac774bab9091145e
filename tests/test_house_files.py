"""Facts about the files of the repository: sizes, names, docstrings, what may be caught and imported."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.sources import PACKAGE, ROOT, apps, functions, length, python_files, say, shown, templates, tree

CODE_LINES, TEST_LINES, FUNCTION_LINES, VIEW_LINES = 500, 600, 60, 40
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "base", "managers", "services", "handlers"}
# `core` and `web` are what every app leans on: they must stay a small part of the whole, or they have become a drawer.
SHARED_SHARE = 0.40
# Where a broad `except` is the point: the loop that must survive any job.
BROAD_EXCEPT = {"src/motrice/core/worker.py"}
PRIVATE_LAYERS = {
    "views",
    "forms",
    "tasks",
    "jobs",
    "importers",
    "api",
    "urls",
    "panels",
    "management",
    "templatetags",
}


def folders() -> list[Path]:
    return [folder for folder in (PACKAGE, ROOT / "tests", ROOT / "benchmarks", ROOT / "scripts") if folder.is_dir()]


def test_files_are_short_enough():
    faults = []
    for folder in folders():
        limit = TEST_LINES if folder.name == "tests" else CODE_LINES
        for path in python_files(folder):
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count > limit:
                faults.append(f"{shown(path)} has {count} lines (at most {limit})")
    assert not faults, say(faults, "split the file along what it holds; tables of data belong in a data file.")


def test_functions_are_short_enough():
    faults = []
    for folder in (PACKAGE, ROOT / "scripts"):
        for path in python_files(folder):
            for function in functions(path):
                is_view = bool(function.args.args) and function.args.args[0].arg == "request"
                limit = VIEW_LINES if is_view else FUNCTION_LINES
                if length(function) > limit:
                    faults.append(
                        f"{shown(path)}:{function.lineno} {function.name}: {length(function)} of {limit} lines"
                    )
    assert not faults, say(faults, "extract steps with names; a view's rules belong in an operation or a query.")


def test_no_file_is_named_after_a_drawer():
    faults = [
        shown(path)
        for path in python_files(PACKAGE)
        if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES
    ]
    assert not faults, say(faults, "name the file after the thing it holds.")


def test_what_is_shared_stays_small():
    sizes = {
        path.name: sum(len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(path))
        for path in PACKAGE.iterdir()
        if path.is_dir()
    }
    share = (sizes["core"] + sizes["web"]) / sum(sizes.values())
    assert share <= SHARED_SHARE, say(
        [f"core and web hold {share:.0%} of the source (at most {SHARED_SHARE:.0%})"],
        "move to its app what only one app needs.",
    )


def is_restored_and_raised(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_nothing_catches_everything():
    faults = []
    for folder in (PACKAGE, ROOT / "scripts"):
        for path in python_files(folder):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ExceptHandler):
                    caught = ast.unparse(node.type) if node.type else "everything"
                    is_broad = bool(re.search(r"\b(everything|Exception|BaseException)\b", caught))
                    if is_broad and not is_restored_and_raised(node) and shown(path) not in BROAD_EXCEPT:
                        faults.append(f"{shown(path)}:{node.lineno} catches {caught}")
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                    faults += [
                        f"{shown(path)}:{node.lineno} suppresses {ast.unparse(argument)}"
                        for argument in node.args
                        if ast.unparse(argument) in {"Exception", "BaseException"}
                    ]
    assert not faults, say(faults, "catch the errors you expect, and let the others be seen.")


def public_definitions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def is_model(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any("models.Model" in ast.unparse(base) for base in node.bases)


def test_modules_models_and_operations_say_what_they_are():
    faults = []
    for path in python_files(PACKAGE):
        if not path.read_text(encoding="utf-8").strip():
            continue
        module = tree(path)
        if not ast.get_docstring(module):
            faults.append(f"{shown(path)} has no docstring")
        if "models" in path.with_suffix("").parts:
            faults += [
                f"{shown(path)}:{node.lineno} model {node.name} has no docstring"
                for node in module.body
                if is_model(node) and not ast.get_docstring(node)
            ]
        if "operations" in path.with_suffix("").parts:
            faults += [
                f"{shown(path)}:{node.lineno} operation {node.name} has no docstring"
                for node in public_definitions(path)
                if not ast.get_docstring(node)
            ]
    assert not faults, say(faults, "one sentence that says what the name cannot: when, why, what it refuses.")


def writes(function: ast.FunctionDef) -> bool:
    """Whether a function opens an operation of the log."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.operation", "audit.revert", "audit.trace"}
        for node in ast.walk(function)
    )


# Operations whose actor is in what they are given: nobody is signed in yet.
SELF_ACTING = {
    "accept_invitation": "the log names who invited; the account is opened by the invited person",
    "set_password": "its actor is the account itself",
}


def test_operations_name_their_actor_and_take_keywords_only():
    faults = []
    for path in python_files(PACKAGE):
        if "operations" not in path.with_suffix("").parts:
            continue
        for function in public_definitions(path):
            if not writes(function) or not (function.args.args or function.args.kwonlyargs):
                continue
            if function.args.args:
                faults.append(f"{shown(path)}:{function.lineno} {function.name} takes positional arguments")
            if function.name not in SELF_ACTING and "actor" not in {
                argument.arg for argument in function.args.kwonlyargs
            }:
                faults.append(f"{shown(path)}:{function.lineno} {function.name} has no actor")
    assert not faults, say(
        faults, "write def verb_noun(*, noun, actor, ...), as docs/explanation/architecture.md says."
    )


def imported_modules(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_apps_reach_one_another_through_their_open_modules():
    vertical = set(apps()) - {"core", "web"}
    faults = []
    for path in python_files(PACKAGE):
        here = path.relative_to(PACKAGE).parts[0]
        for line, name in imported_modules(path):
            parts = name.split(".")
            if parts[0] != "motrice" or len(parts) < 3 or parts[1] == here or parts[1] not in vertical:
                continue
            if here != "config" and parts[2] in PRIVATE_LAYERS:
                faults.append(f"{shown(path)}:{line} imports {name}")
    assert not faults, say(
        faults,
        "use the other app's models, enums, queries, operations, policies or marts; "
        "its views, forms, tasks and the like are its own.",
    )


def test_every_app_is_in_the_contract_of_layers():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    between = " ".join(contracts[0]["layers"])
    inside = contracts[1]["containers"]
    faults = []
    for app in apps():
        name = f"motrice.{app}"
        if name not in re.findall(r"[\w.]+", between):
            faults.append(f"{name} is missing from the layers between apps")
        if app not in {"core", "web"} and name not in inside:
            faults.append(f"{name} is missing from the containers of the layers inside apps")
    assert not faults, say(faults, "add its line to the import-linter contracts of pyproject.toml.")


NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)$")


def test_every_noqa_gives_its_reason():
    faults = []
    for folder in folders():
        for path in python_files(folder):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = NOQA.search(line)
                if match and not re.match(r":\s*[A-Z0-9, ]+\s+-\s+\S", match["rest"]) and "re.compile" not in line:
                    faults.append(f"{shown(path)}:{number} {line.strip()}")
    assert not faults, say(faults, "write `# noqa: CODE - the reason`.")


INLINE = [
    (
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>", re.I),
        "a script in the page",
    ),
    (re.compile(r"\sstyle=[\"']", re.I), "a style attribute"),
    (re.compile(r"<style[\s>]", re.I), "a style element"),
    (re.compile(r"\son[a-z]+=[\"']", re.I), "an event attribute"),
    (re.compile(r"\b(?:href|action)=[\"']javascript:", re.I), "a javascript: address"),
]


def test_pages_hold_no_inline_script_or_style():
    faults = []
    for name, path in templates().items():
        # A mail has no style sheet: only its own attributes reach the reader.
        if path.suffix not in {".html", ".svg"} or "/mail/" in f"/{name}" or "/email/" in f"/{name}":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            faults += [f"{shown(path)}:{number} {what}" for pattern, what in INLINE if pattern.search(line)]
    assert not faults, say(faults, "the content security policy refuses it: use a class, or src/motrice/web/frontend.")


def test_locks_name_no_registry():
    faults = [
        f"{shown(path)}: {line.strip()}"
        for path in sorted((ROOT / "requirements").iterdir())
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"https?://|file://|^-i |index-url|find-links", line)
    ]
    for name, pattern in (("package-lock.json", r'"resolved"\s*:'), (".npmrc", r"registry\s*=")):
        path = ROOT / name
        if path.is_file() and re.search(pattern, path.read_text(encoding="utf-8")):
            faults.append(f"{name} names where packages came from")
    assert not faults, say(faults, "run `make lock`; for npm, `npm install --omit-lockfile-registry-resolved`.")


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ".ci/run"])
def test_the_repository_says_how_it_is_used(name):
    assert (ROOT / name).stat().st_size > 300, f"{name} is empty"
