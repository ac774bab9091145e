"""Files that people send: what they may be, told by their content, and a name that is safe to give back."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from django.conf import settings
from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation

OFFICE = "application/vnd.openxmlformats-officedocument."
SIGNATURES = {".pdf": (b"%PDF-", "application/pdf"), ".png": (b"\x89PNG\r\n\x1a\n", "image/png")}
PICTURES = {".jpg", ".jpeg"}
ZIPPED = {
    ".docx": ("word/document.xml", OFFICE + "wordprocessingml.document"),
    ".xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet"),
    ".pptx": ("ppt/presentation.xml", OFFICE + "presentationml.presentation"),
    ".odt": ("content.xml", "application/vnd.oasis.opendocument.text"),
    ".ods": ("content.xml", "application/vnd.oasis.opendocument.spreadsheet"),
}
TEXTS = {".txt": "text/plain", ".csv": "text/csv"}
ACCEPTED = sorted({*SIGNATURES, *PICTURES, *ZIPPED, *TEXTS})


def safe_name(name: str) -> str:
    """A file name without path, control characters or anything a header or a shell could misread."""
    plain = PurePath(name.replace("\\", "/")).name
    plain = re.sub(r"[^\w.,()' +-]", "_", plain, flags=re.UNICODE).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{(stem or _('file'))[: 140 - len(suffix)]}{dot}{suffix}"


def content_type_of(name: str, content: bytes) -> str:
    """The type that the content shows and the name claims; refused when the two disagree or the type is not taken."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SIGNATURES and content.startswith(SIGNATURES[suffix][0]):
        return SIGNATURES[suffix][1]
    if suffix in PICTURES and content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if suffix in ZIPPED and ZIPPED[suffix][0] in _zip_names(content):
        return ZIPPED[suffix][1]
    if suffix in TEXTS and _is_text(content):
        return TEXTS[suffix]
    raise RuleViolation(
        _("“%(name)s” is not taken: send one of %(types)s, whose content is what its name says.")
        % {"name": name, "types": ", ".join(ACCEPTED)},
        field="file",
    )


def _zip_names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return set()


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check_size(name: str, size: int, *, field: str = "file") -> None:
    """Refuse a file of more bytes than may be sent, in words."""
    if size > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // 2**20
        words = _("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": limit}
        raise RuleViolation(words, field=field)


def check_file(name: str, content: bytes) -> str:
    """The type of a file that may be attached; refused when empty, too large, or of another type than it says."""
    if not content:
        raise RuleViolation(_("“%(name)s” is empty.") % {"name": name}, field="file")
    check_size(name, len(content))
    return content_type_of(safe_name(name), content)
