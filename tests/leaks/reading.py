"""What came back: every text of a response, unpacked, and what is left of it once the chance parts are taken out."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

from pypdf import PdfReader

CHANCE = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r"X-CSRFToken[^}]+"), "csrf"),
    (re.compile(r'name="(token|page|read-page)" value="[^"]+"'), "token"),
    (re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"), "time"),
]


def text_of(body: bytes) -> str:
    """A body as text: of a PDF, its words."""
    return pages_of(body) if body[:5] == b"%PDF-" else body.decode("utf-8", "replace")


def texts(response: Any, body: bytes, text: str) -> str:
    """Body, headers and cookies as one text in lower case; archives and spreadsheets opened."""
    parts = [f"{name}: {value}" for name, value in response.items()]
    parts += [morsel.OutputString() for morsel in response.cookies.values()]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                parts += [name, archive.read(name).decode("utf-8", "replace")]
    parts.append(text if body[:5] == b"%PDF-" else unescape(text))
    return "\n".join(parts).lower()


def pages_of(body: bytes) -> str:
    """The words of a PDF: of its pages, of what it says of itself, and those that stand for its pictures."""
    found = PdfReader(io.BytesIO(body))
    told = [str(value) for value in (found.metadata or {}).values() if not str(value).startswith("D:")]
    parts = (found.get_object(number) for number in range(1, int(found.trailer["/Size"])))
    told += [str(part[key]) for part in parts if isinstance(part, dict) for key in ("/Alt", "/T") if key in part]
    return "\n".join([*(page.extract_text() for page in found.pages), *told])


def bare(text: str) -> str:
    """A body's text without what differs by chance: for comparing the same page in two worlds."""
    for pattern, replacement in CHANCE:
        text = pattern.sub(replacement, text)
    return text
