"""Files of a need: checked by what they hold, kept under random names, removed without leaving a trace of content."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.core.uploads import check_file, safe_name
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Attachment, Need
from motrice.sourcing.operations.timeline import moment, tell

PER_NEED = 20


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
