"""Write the generated pages of the manual, or check that they are up to date.

python scripts/reference.py            write docs/reference/ again
python scripts/reference.py --check    fail, naming each page that would change
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from scripts.diagrams import state_diagram  # noqa: E402 - the path above must be set first

NOTE = "<!-- Made by `make reference`: do not edit. -->\n"


def page(title: str, reader: str, *parts: str) -> str:
    """A page: its title, its reader in the first line, its parts."""
    return NOTE + "\n\n".join([f"# {title}", reader, *parts]).rstrip() + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell would end it."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(list(head))]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines)


# --- settings --------------------------------------------------------------------------------------------------------


def settings_read() -> dict[str, tuple[str, str]]:
    """Each variable that the settings read: how it is read, and its default as written."""
    source = (ROOT / "src/motrice/config/settings.py").read_text(encoding="utf-8")
    found = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        called = ast.unparse(node.func)
        name = node.args[0].value
        if called.startswith("env.") or called == "secret":
            kind = {"str": "text", "int": "whole number", "bool": "yes or no", "list": "list, by commas"}.get(
                called.removeprefix("env."), "secret" if called == "secret" else called.removeprefix("env.")
            )
            kind = {"float": "number", "dj_db_url": "address", "dj_email_url": "address"}.get(kind, kind)
            default = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
            found[name] = (kind, default)
    return found


def settings_page() -> str:
    """Every variable, its kind, its default and what it does."""
    words = tomllib.loads((FOLDER / "settings.toml").read_text(encoding="utf-8"))
    known = settings_read()
    if unknown := sorted(set(words) ^ set(known)):
        raise SystemExit(f"docs/reference/settings.toml and config/settings.py differ: {', '.join(unknown)}.")
    rows = [
        (f"`{name}`", kind, f"`{default}`" if default else "none", words[name])
        for name, (kind, default) in sorted(known.items())
    ]
    return page(
        "Settings",
        "For whoever installs and runs Motrice.",
        "Settings are read from the environment at start; what does not fit is refused then. What an institution "
        "chooses about its *work* is not a setting but [catalogue data](catalogue.md). A secret may be in a file "
        "instead: `NAME_FILE` holds its path.",
        table(["Variable", "Kind", "Default", "What it does"], rows),
    )


# --- commands --------------------------------------------------------------------------------------------------------

BORROWED = ("check", "collectstatic", "migrate", "runserver", "db_worker")
DJANGO_OPTIONS = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
}


def own_commands() -> list[str]:
    """Motrice's own commands, by name."""
    from django.core.management import get_commands

    return sorted(name for name, app in get_commands().items() if str(app).startswith("motrice."))


def commands_page() -> str:
    """Every command of ours, with its arguments, then those of Django that one needs."""
    from django.core.management import get_commands, load_command_class

    parts = []
    for name in own_commands():
        command = load_command_class(get_commands()[name], name)
        parser = command.create_parser("motrice", name)
        parts.append(f"## `motrice {name}`\n\n{command.help}\n\n{arguments(parser, name)}".rstrip())
    borrowed = [
        (f"`motrice {name}`", " ".join(str(load_command_class(get_commands()[name], name).help).split()))
        for name in BORROWED
    ]
    return page(
        "Commands",
        "For whoever runs Motrice, or works on it from a terminal.",
        "`motrice COMMAND --help` says the same. Every command ends non-zero when it could not do all it was asked.",
        *parts,
        "## From Django and its packages",
        table(["Command", "What it does"], borrowed),
    )


def arguments(parser: Any, name: str) -> str:
    """The arguments of a command and of its acts."""
    rows, acts = [], []
    for action in parser._actions:
        if action.dest in DJANGO_OPTIONS:
            continue
        if isinstance(action.choices, dict):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            acts += [
                f"### `motrice {name} {act}`\n\n{helps.get(act) or ''}\n\n{arguments(sub, f'{name} {act}')}".rstrip()
                for act, sub in action.choices.items()
            ]
            continue
        shown = ", ".join(f"`{option}`" for option in action.option_strings) or f"`{action.metavar or action.dest}`"
        choices = f" One of {', '.join(map(str, action.choices))}." if action.choices else ""
        default = "" if action.default in (None, False, "", "==SUPPRESS==") else f" Default: {action.default}."
        rows.append((shown, f"{action.help or ''}{choices}{default}".strip()))
    return "\n\n".join(([table(["Argument", "What it is"], rows)] if rows else []) + acts)


# --- permissions -----------------------------------------------------------------------------------------------------


def actor_with(kind: str | None, labels: Iterable[str]) -> Any:
    """Somebody who holds a role on the site and on one record of each kind."""
    from motrice.accounts.models import User
    from motrice.core.policies import SITE, RoleGrant

    user = User(pk=1, email="somebody@example.org")
    grants = [RoleGrant(kind, SITE, None), *(RoleGrant(kind, label, 1) for label in labels)] if kind else []
    user.__dict__["active_roles"] = tuple(grants)
    return user


def permissions_page() -> str:
    """For each model, who may do what: a matrix of roles and actions, then the grounds in words."""
    from django.contrib.auth.models import AnonymousUser

    from motrice.accounts.enums import RoleKind
    from motrice.core import policies

    rules = {model: actions for model, actions in policies.registered().items() if not model._meta.proxy}
    labels = sorted(model._meta.label_lower for model in rules)
    signed_in = actor_with(None, labels)
    actors: dict[str, Any] = {str(kind.label): actor_with(kind, labels) for kind in RoleKind}
    parts = []
    for model in sorted(rules, key=lambda each: each._meta.label):
        actions = policies.actions_of(model)
        plain = [cell(signed_in, model, action) for action in actions]
        rows = [["*nobody signed in*", *(cell(AnonymousUser(), model, action) for action in actions)]]
        rows.append(["*anyone signed in*", *plain])
        for name, actor in actors.items():
            cells = [cell(actor, model, action) for action in actions]
            if cells != plain:
                rows.append([name, *cells])
        grounds = [
            f"- **{action}**: " + " ".join(str(ground.words) for ground in policies.clauses_of(model, action))
            for action in actions
        ]
        parts += [
            f"## {str(model._meta.verbose_name).capitalize()}\n\n`{model._meta.label}`",
            table(["", *actions], rows),
            "\n".join(grounds),
        ]
    return page(
        "Permissions",
        "For administrators, auditors, and whoever asks why somebody sees a record.",
        "Printed from the policies that decide. **all**: every record; **some**: the records on which one of the "
        "grounds listed below the table holds, such as holding the role on that record or on its organisation; empty: "
        "none. A role that sees no more than anyone signed in has no line. An action "
        "without a line here is refused to all.",
        *parts,
    )


def cell(actor: Any, model: Any, action: str) -> str:
    """What an actor may do, in a word."""
    from motrice.core import policies

    q = policies.q_for(actor, model, action)
    return "" if q == policies.NOBODY else "**all**" if not q else "some"


# --- states ----------------------------------------------------------------------------------------------------------


def load_all(name: str) -> None:
    """Import one module of each app that has it."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules(name)


def states_pages() -> dict[str, str]:
    """A page of all state machines, and the drawing of each."""
    from django.apps import apps

    from motrice.core.transitions import machines

    load_all("transitions")
    pages, parts = {}, []
    for machine in sorted(machines, key=lambda each: (each.model_label, each.field)):
        model = apps.get_model(machine.model_label)
        field = model._meta.get_field(machine.field)
        states = {str(value): str(label) for value, label in field.choices}
        name = f"states-{machine.model_label.replace('.', '-').lower()}-{machine.field}.svg"
        moves = [
            (move.name, sorted(str(source) for source in move.sources), str(move.target), move)
            for move in machine.transitions.values()
        ]
        pages[name] = state_diagram(states, str(field.default), [move[:3] for move in moves])
        rows = [
            (
                f"`{each}`",
                str(move.label) or each,
                ", ".join(states[source] for source in sources),
                states[target],
                f"`{move.action}`",
            )
            for each, sources, target, move in moves
        ]
        parts += [
            f"## {str(model._meta.verbose_name).capitalize()}: {field.verbose_name}",
            f"![The states of the {model._meta.verbose_name}, also in the table below]({name})",
            table(["Move", "In words", "From", "To", "Right asked"], rows),
        ]
    pages["states.md"] = page(
        "States and moves",
        "For whoever asks what can happen to a record next, and who may do it.",
        "Each table is the one that the program runs. The right asked is explained in [permissions](permissions.md).",
        *parts,
    )
    return pages


# --- catalogue -------------------------------------------------------------------------------------------------------


def catalogue_page() -> str:
    """Every kind of catalogue data, what its check asks, and the entries that come with Motrice."""
    from motrice.core import catalogue

    entries: dict[str, list[Any]] = {}
    for item in catalogue.declarations():
        entries.setdefault(item.kind, []).append(item)
    parts = []
    for kind in sorted({*entries, *catalogue.kinds()}):
        validator = catalogue.kinds().get(kind)
        words = " ".join((validator.__doc__ or "").split()) if validator else ""
        rows = [(f"`{item.code}`", item.version, item.path.name) for item in entries.get(kind, ())]
        shown = table(["Code", "Version", "File"], rows[:60]) if rows else "None comes with Motrice."
        more = f"\n\nand {len(rows) - 60} more." if len(rows) > 60 else ""
        parts.append(f"## `{kind}`\n\n{words}\n\n{shown}{more}")
    return page(
        "Catalogue",
        "For coordinators and administrators: what the institution may change without a programmer.",
        "Each entry is in a TOML file of `catalogue/`, loaded by `motrice catalogue sync` into an immutable version; "
        "a record points to the version under which it was made. See "
        "[how to change it](../how-to/change-the-catalogue.md).",
        *parts,
    )


# --- data model ------------------------------------------------------------------------------------------------------


def data_model_page() -> str:
    """Every model with its columns."""
    from django.apps import apps

    parts = []
    for config in sorted(apps.get_app_configs(), key=lambda each: each.label):
        if not config.name.startswith("motrice."):
            continue
        models = [model for model in config.get_models() if not model._meta.proxy]
        if models:
            parts.append(f"## {config.verbose_name}")
        for model in sorted(models, key=lambda each: each.__name__):
            rows = [field_row(field) for field in model._meta.concrete_fields if field.name != "id"]
            words = " ".join((model.__doc__ or "").split())
            exempt = getattr(model, "audit_exempt", "")
            note = f"\n\nOutside the audit log: {exempt}" if exempt else ""
            parts.append(
                f"### {model.__name__}\n\n{words}{note}\n\n"
                + table(["Field", "Kind", "Meaning", "May be empty"], rows)
            )
    return page(
        "Data model",
        "For developers, and for whoever reads the database with another tool.",
        "Every table also has `id`, which no address and no answer shows: records are known by their `reference`.",
        *parts,
    )


def field_row(field: Any) -> tuple[str, str, str, str]:
    """One column in words."""
    kind = field.get_internal_type().removesuffix("Field").lower()
    if field.is_relation:
        kind = f"link to {field.related_model._meta.label}"
    elif getattr(field, "max_length", None):
        kind = f"{kind}, at most {field.max_length}"
    return (f"`{field.name}`", kind, str(field.verbose_name), "yes" if field.null or field.blank else "")


# --- API -------------------------------------------------------------------------------------------------------------


def api_page() -> str:
    """Every operation of the REST API."""
    from motrice.config.api import api

    schema = api.get_openapi_schema()
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or [path.split("/")[3]])[0]
            words = operation.get("description") or operation.get("summary") or ""
            access = "token or session" if operation.get("security") else "everybody"
            groups.setdefault(group, []).append((f"`{method.upper()}`", f"`{path}`", access, " ".join(words.split())))
    parts = [
        f"## {group}\n\n" + table(["", "Path", "For", "What it does"], rows) for group, rows in sorted(groups.items())
    ]
    return page(
        "REST API",
        "For developers who connect Motrice to other systems.",
        "The machine-readable description is served at `/api/v1/openapi.json`. Every refusal has one shape: a code, a "
        "message, and the fields concerned. See [how to call it](../how-to/call-the-api.md).",
        *parts,
    )


def pages() -> dict[str, str]:
    """Every generated file of docs/reference/, by name."""
    from django.utils import translation

    makers: dict[str, Callable[[], str]] = {
        "settings.md": settings_page,
        "commands.md": commands_page,
        "permissions.md": permissions_page,
        "catalogue.md": catalogue_page,
        "data-model.md": data_model_page,
        "api.md": api_page,
    }
    with translation.override("en"):
        made = {name: maker() for name, maker in makers.items()} | states_pages()
    return {name: re.sub(r"\n{3,}", "\n\n", text) for name, text in made.items()}


def stale() -> list[str]:
    """The generated files that differ from what the program says now."""
    made = pages()
    old = [
        name
        for name, text in made.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    return old + [path.name for path in FOLDER.glob("states-*.svg") if path.name not in made]


def main() -> int:
    """Write or check."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "motrice.config.settings_test"
    import django

    django.setup()
    if "--check" in sys.argv[1:]:
        for name in stale():
            print(f"docs/reference/{name} is out of date: run `make reference`.", file=sys.stderr)
        return 1 if stale() else 0
    made = pages()
    for path in FOLDER.glob("states-*.svg"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(made)} files written to docs/reference/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
