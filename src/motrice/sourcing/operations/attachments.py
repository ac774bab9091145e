"""Files of a need: checked by what they hold, kept under random names, removed without leaving a trace of content."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Attachment, Need
from motrice.sourcing.operations.timeline import moment, tell

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
PER_NEED = 20


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


def check_file(name: str, content: bytes) -> str:
    """The type of a file that may be attached; refused when empty, too large, or of another type than it says."""
    limit = settings.MAX_UPLOAD_BYTES
    if not content:
        raise RuleViolation(_("“%(name)s” is empty.") % {"name": name}, field="file")
    if len(content) > limit:
        raise RuleViolation(
            _("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": limit // 2**20}, field="file"
        )
    return content_type_of(safe_name(name), content)


def attach_file(
    *,
    need: Need,
    name: str,
    content: bytes,
    actor: Any,
    is_confidential: bool = True,
    at: datetime | None = None,
) -> Attachment:
    """Add a file to an open need; refused as `check_file` refuses, when it is there already, or one too many."""
    require(actor, "attach", need)
    if not need.is_open:
        raise InvalidTransition(_("This need has ended: reopen it first."))
    content_type = check_file(name, content)
    when, kept_name, sha256 = moment(at), safe_name(name), hashlib.sha256(content).hexdigest()
    held = Attachment.objects.filter(need=need, removed_at=None)
    if held.filter(name=kept_name, sha256=sha256).exists():
        raise RuleViolation(_("“%(name)s” is among the files of this need already.") % {"name": name}, field="file")
    if held.count() >= PER_NEED:
        raise RuleViolation(_("A need takes at most %(count)d files.") % {"count": PER_NEED}, field="file")
    attachment = Attachment(
        need=need,
        name=kept_name,
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        is_confidential=is_confidential,
        added_by_id=actor.pk,
        added_at=when,
    )
    attachment.file.save(kept_name, ContentFile(content), save=False)
    try:
        with audit.operation(actor, "need.attach", subject=need, at=at) as op:
            op.create(attachment)
            tell(op, need, EventKind.ATTACHED, at=when, company=True, teams=not is_confidential)
    except BaseException:
        attachment.file.storage.delete(str(attachment.file.name))
        raise
    return attachment


def remove_attachment(*, attachment: Attachment, actor: Any, at: datetime | None = None) -> None:
    """Remove a file: its row stays in the history, its content is erased once that is written."""
    require(actor, "edit", attachment)
    if attachment.removed_at is not None:
        raise InvalidTransition(_("This file was removed already."))
    when = moment(at)
    with audit.operation(actor, "need.detach", subject=attachment.need, at=at) as op:
        op.update(attachment, removed_at=when)
        tell(op, attachment.need, EventKind.DETACHED, at=when, company=True)
    storage, name = attachment.file.storage, str(attachment.file.name)
    transaction.on_commit(lambda: storage.delete(name))
