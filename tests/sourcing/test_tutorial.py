"""The tutorial names the buttons as the pages do, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = [ROOT / "docs" / "tutorials" / f"{name}.md" for name in ("a-need-answered", "a-result-disclosed")]


def french() -> dict[str, set[str]]:
    """Every text of the pages with its French."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "motrice").glob("*/locale/fr/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            found.setdefault(entry.msgid, set()).add(entry.msgstr)
    return found


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_every_word_in_bold_is_on_a_page_and_in_the_table_with_its_french(tutorial):
    text, known = tutorial.read_text(encoding="utf-8"), french()
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}
    table = dict(re.findall(r"^\| (?!English|-)(.+?) \| (.+?) \|$", text, re.MULTILINE))

    assert len(bold) >= 20
    assert bold - set(known) == set()
    assert set(table) == bold
    assert {words: told for words, told in table.items() if told not in known[words]} == {}
