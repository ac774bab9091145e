"""Facts about the manual: generated pages are up to date, links lead somewhere, each dependency has its reason."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from packaging.utils import canonicalize_name

from motrice.accounts.enums import RoleKind
from scripts import lock, reference
from tests.sources import PACKAGE, ROOT, python_files, say, shown, tree

DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
# Packages that no module imports by name, and what uses them.
UNNAMED = {
    "argon2-cffi": "a password hasher of the settings",
    "granian": "a command",
    "psycopg": "a database of the settings",
    "whitenoise": "a middleware of the settings",
    "django-allauth": "an app of the settings",
    "django-tasks-db": "an app of the settings",
}


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *(path for path in sorted(DOCS.rglob("*.md")) if "_build" not in path.parts)]


def test_generated_pages_are_up_to_date():
    faults = [f"docs/reference/{name}" for name in reference.stale()]
    assert not faults, say(faults, "run `make reference` and commit what it wrote.")


def test_every_setting_command_and_role_is_in_the_manual():
    text = {name: (reference.FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in ("settings", "commands")}
    faults = [f"setting {name}" for name in reference.settings_read() if f"`{name}`" not in text["settings"]]
    faults += [f"command {name}" for name in reference.own_commands() if f"`motrice {name}`" not in text["commands"]]
    roles = (DOCS / "explanation" / "roles.md").read_text(encoding="utf-8")
    faults += [f"role {kind.value}" for kind in RoleKind if f"`{kind.value}`" not in roles]
    assert not faults, say(faults, "run `make reference`; roles are described in docs/explanation/roles.md.")


def test_every_page_says_its_reader_first():
    faults = []
    for path in pages():
        if DOCS in path.parents:
            lines = [
                line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("<!--")
            ]
            if not lines[0].startswith("# ") or not re.match(r"For\b", lines[1]):
                faults.append(shown(path))
    assert not faults, say(faults, "the first line under the title says whom the page is for: “For …”.")


def test_links_lead_somewhere():
    faults = []
    for path in pages():
        text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for match in LINK.finditer(text):
            target = match["target"].split("#")[0]
            if target and not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                faults.append(f"{shown(path)}: {match['target']}")
    assert not faults, say(faults, "correct the link, or write the page.")


def test_no_page_is_left_out_of_the_tree():
    named = {"index", "0*", "*"}
    for path in pages():
        for block in re.findall(r"```{toctree}(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL):
            named |= {line.strip().rsplit("/", 1)[-1] for line in block.splitlines() if line.strip()}
    faults = [
        shown(path)
        for path in DOCS.rglob("*.md")
        if "_build" not in path.parts
        and path.stem not in named
        and path.parent.name not in {"tutorials", "how-to", "explanation", "decisions"}
    ]
    assert not faults, say(faults, "name the page in the toctree of its folder's index.md.")


def declared_packages() -> dict[str, str]:
    """Each dependency with the file that declares it."""
    found = {}
    for name in ("base", "dev", "setup", "neural"):
        for requirement in lock.declared(name):
            found.setdefault(canonicalize_name(requirement.name), f"requirements/{name}.in")
    front = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name in {**front.get("dependencies", {}), **front.get("devDependencies", {})}:
        found[name] = "package.json"
    return found


def test_every_dependency_has_its_reason():
    text = (DOCS / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    reasons = set(
        re.findall(r"`([^`]+)`", "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `")))
    )
    declared = declared_packages()
    faults = [f"{name} ({place}) has no reason" for name, place in declared.items() if name not in reasons]
    faults += [f"{name} has a reason but is no dependency" for name in reasons - set(declared)]
    assert not faults, say(faults, "give it its line in docs/explanation/dependencies.md, or let it go.")


def test_every_dependency_is_used():
    from importlib.metadata import packages_distributions

    modules: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(canonicalize_name(name), set()).add(module)
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in (*python_files(PACKAGE), *python_files(ROOT / "scripts"))
    )
    faults = []
    for requirement in [*lock.declared("base"), *lock.declared("neural")]:
        name = canonicalize_name(requirement.name)
        words = "|".join(re.escape(module) for module in modules.get(name, {name.replace("-", "_")}))
        if name not in UNNAMED and not re.search(
            rf"^\s*(from|import) ({words})\b|[\"']({words})[.\"']", text, re.MULTILINE
        ):
            faults.append(f"{name}: nothing imports {words}")
    assert not faults, say(faults, "take it out of requirements/base.in and run `make lock`.")


def test_locks_answer_their_requirements():
    faults = [fault for name in lock.LOCKS for fault in lock.faults_of(name)]
    assert not faults, say(faults, "run `make lock`.")


def test_everything_imported_is_declared():
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    declared = {
        canonicalize_name(requirement.name) for name in ("base", "neural") for requirement in lock.declared(name)
    }
    faults = set()
    for path in python_files(PACKAGE):
        for name in imported(path):
            names = {canonicalize_name(owner) for owner in owners.get(name, ())} - {"motrice"}
            if names and not names & declared:
                faults.add(f"{shown(path)} imports {name}, of {', '.join(sorted(names))}")
    assert not faults, say(sorted(faults), "add it to requirements/base.in with its reason, then `make lock`.")


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
