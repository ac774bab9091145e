"""Translations without gettext's own tools: what is to translate is read from the source itself.

python scripts/messages.py compile   write the .mo files, for `make setup` and for the wheel
python scripts/messages.py report    name what lacks French; ends non-zero when something does
python scripts/messages.py update    add new words to each app's .po, without their French
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "motrice"
# What each function's arguments are, by its name in django.utils.translation.
SHAPES = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "_": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)|(?<!%)%[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Message:
    """One text to translate."""

    msgid: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.msgid)


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


def _aliases(module: ast.Module) -> dict[str, str]:
    """The local name of each translation function that a module imports."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def _calls(module: ast.Module, names: dict[str, str]) -> Iterator[tuple[int, Message]]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        shape = SHAPES.get(names.get(called, ""))
        if shape is None:
            continue
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if len(texts) >= len(shape):
            yield node.lineno, Message(**dict(zip(shape, texts, strict=False)))


def in_python(path: Path) -> Iterator[tuple[int, Message]]:
    """The texts that a Python file gives to gettext."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    yield from _calls(module, _aliases(module))


TEMPLATE_CALL = re.compile(r"\bu?(n?p?gettext|_)\((?=u?[\"'])")


def in_template(path: Path) -> Iterator[tuple[int, Message]]:
    """The texts of a template's translation tags, read by Django's own parser."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in TEMPLATE_CALL.finditer(text):
        if call := _call_at(text, match.start()):
            line = text.count("\n", 0, match.start()) + 1
            for _line, message in _calls(call, {name: name for name in SHAPES}):
                yield line, message


def _call_at(text: str, start: int) -> ast.Module | None:
    """The call that starts here: the shortest text up to a closing bracket that Python reads."""
    end = start
    while (end := text.find(")", end) + 1) > 0:
        try:
            return ast.parse(text[start:end].lstrip("u"))
        except SyntaxError:
            continue
    return None


def extract() -> dict[str, dict[Message, list[str]]]:
    """Every text of every app, with the places where it stands."""
    found: dict[str, dict[Message, list[str]]] = {}
    for path in sorted(SOURCE.rglob("*")):
        parts = path.relative_to(SOURCE).parts
        if path.suffix == ".py" and "migrations" not in parts:
            messages = in_python(path)
        elif "templates" in parts and path.suffix in {".html", ".txt", ".svg"}:
            messages = in_template(path)
        else:
            continue
        for line, message in messages:
            place = f"{path.relative_to(SOURCE.parent.parent).as_posix()}:{line}"
            found.setdefault(parts[0], {}).setdefault(message, []).append(place)
    return found


def catalogue_of(app: str, language: str = "fr") -> Path:
    """Where an app keeps its words in one language; what belongs to no app is kept by `web`."""
    folder = app if (SOURCE / app / "apps.py").is_file() else "web"
    return SOURCE / folder / "locale" / language / "LC_MESSAGES" / "django.po"


def known(language: str = "fr") -> dict[tuple[str, str], polib.POEntry]:
    """Every entry of every app's catalogue in one language."""
    return {
        (entry.msgctxt or "", entry.msgid): entry
        for path in catalogues()
        if path.parts[-3] == language and path.name == "django.po"
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def entry_faults(entry: polib.POEntry) -> list[str]:
    """What is wrong with one entry."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(text.strip() for text in texts):
        return ["has no French"]
    faults = ["is marked fuzzy"] if entry.fuzzy else []
    wanted = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural or "")
    for text in texts:
        if _placeholders(text) - wanted:
            faults.append(f"has {', '.join(sorted(_placeholders(text) - wanted))}, which the English has not")
        if not entry.msgid_plural and wanted - _placeholders(text):
            faults.append(f"lacks {', '.join(sorted(wanted - _placeholders(text)))}")
    return faults


def faults() -> list[str]:
    """Every text without proper French, and every entry that nothing uses."""
    entries, lines = known(), []
    used = set()
    for app, messages in extract().items():
        for message, places in messages.items():
            used.add(message.key)
            if message.key not in entries:
                lines.append(f"{app}: {message.msgid!r} is in no .po ({places[0]})")
    for path in catalogues():
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            name = path.relative_to(SOURCE.parent.parent).as_posix()
            lines += [f"{name}: {entry.msgid!r} {fault}" for fault in entry_faults(entry)]
            if path.name == "django.po" and (entry.msgctxt or "", entry.msgid) not in used:
                lines.append(f"{name}: {entry.msgid!r} is used nowhere")
    return lines


def update() -> int:
    """Add each new text to its app's catalogue, empty; how many were added."""
    entries, count = known(), 0
    for app, messages in extract().items():
        path = catalogue_of(app)
        missing = [message for message in messages if message.key not in entries]
        if not missing:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        book = polib.pofile(str(path)) if path.is_file() else polib.POFile()
        book.metadata.setdefault("Language", "fr")
        book.metadata.setdefault("Content-Type", "text/plain; charset=UTF-8")
        book.metadata.setdefault("Plural-Forms", "nplurals=2; plural=(n > 1);")
        for message in missing:
            entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
            if message.plural:
                entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
            book.append(entry)
            entries[message.key] = entry
        book.save(str(path))
        count += len(missing)
    return count


def main(act: str) -> int:
    """Compile, report or update."""
    if act == "compile":
        print(f"{compile_catalogues()} catalogues compiled")
    elif act == "update":
        print(f"{update()} texts added, to be put into French")
    elif act == "report":
        lines = faults()
        print(*lines, f"{len(lines)} faults", sep="\n")
        return 1 if lines else 0
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    sys.exit(main(" ".join(sys.argv[1:])))
