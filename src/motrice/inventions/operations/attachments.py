"""Files of a disclosure: checked by what they hold, kept under random names, removed without a trace of content."""

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
from motrice.inventions.enums import DisclosureStatus, EventKind
from motrice.inventions.models import Attachment, Disclosure
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.timeline import moment, tell

MOST = 30
CLOSED = (DisclosureStatus.SUBMITTED, DisclosureStatus.WITHDRAWN)


@one_at_a_time
def attach_file(
    *, disclosure: Disclosure, name: str, content: bytes, actor: Any, at: datetime | None = None
) -> Attachment:
    """Add a file; refused while inventors sign (what they sign would change), when it is there, or one too many."""
    require(actor, "attach", disclosure)
    if disclosure.status in CLOSED:
        raise InvalidTransition(_("Files cannot be added now: take the disclosure back first, to correct it."))
    content_type = check_file(name, content)
    kept_name, sha256 = safe_name(name), hashlib.sha256(content).hexdigest()
    held = Attachment.objects.filter(disclosure=disclosure, removed_at=None)
    if held.filter(name=kept_name, sha256=sha256).exists():
        raise RuleViolation(_("“%(name)s” is among its files already.") % {"name": name}, field="file")
    if held.count() >= MOST:
        raise RuleViolation(_("A disclosure takes at most %(count)d files.") % {"count": MOST}, field="file")
    attachment = Attachment(
        disclosure=disclosure,
        name=kept_name,
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        added_by_id=actor.pk,
        added_at=moment(at),
    )
    attachment.file.save(kept_name, ContentFile(content), save=False)
    try:
        with audit.operation(actor, "disclosure.attach", subject=disclosure, at=at) as op:
            op.create(attachment)
            tell(op, disclosure, EventKind.ATTACHED, at=moment(at))
    except BaseException:
        attachment.file.storage.delete(str(attachment.file.name))
        raise
    return attachment


@one_at_a_time
def remove_attachment(*, attachment: Attachment, actor: Any, at: datetime | None = None) -> None:
    """Remove a file: its row stays in the history, its content is erased once that is written."""
    require(actor, "edit", attachment)
    if attachment.removed_at is not None:
        raise InvalidTransition(_("This file was removed already."))
    if attachment.disclosure.status in CLOSED:
        raise InvalidTransition(_("Files cannot be removed now: take the disclosure back first, to correct it."))
    with audit.operation(actor, "disclosure.detach", subject=attachment.disclosure, at=at) as op:
        op.update(attachment, removed_at=moment(at))
        tell(op, attachment.disclosure, EventKind.DETACHED, at=moment(at))
    storage, name = attachment.file.storage, str(attachment.file.name)
    transaction.on_commit(lambda: storage.delete(name))
