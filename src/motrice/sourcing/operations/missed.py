"""A mail that never reached its reader: told to the desk on the timeline of the need, or to its coordinator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Need, VisitorSubmission
from motrice.sourcing.operations.timeline import tell

TOLD_FOR = timedelta(days=14)


def reader_missed(
    *, kind: str, reader_pk: int, need_pk: int, reason: str, actor: Any, referral_pk: int | None = None
) -> None:
    """A notice to an account."""
    _tell(actor, Need.objects.get(pk=need_pk), str(User.objects.get(pk=reader_pk)), reason)


def company_missed(*, kind: str, need_pk: int, reason: str, actor: Any) -> None:
    """A notice to a contact without an account."""
    need = Need.objects.get(pk=need_pk)
    _tell(actor, need, need.contact_name or need.contact_email, reason)


def confirmation_missed(*, submission_pk: int, reason: str, actor: Any) -> None:
    """A visitor cannot confirm: what they sent is erased, and the coordinator reads for a fortnight who tried."""
    now = timezone.now()
    for submission in VisitorSubmission.objects.filter(pk=submission_pk, confirmed_at=None):
        kept = {name: submission.answers.get(name, "") for name in ("company_name", "name")}
        VisitorSubmission.objects.filter(pk=submission.pk, confirmed_at=None).update(
            answers=kept, missed=reason, missed_at=now, expires_at=now + TOLD_FOR
        )


def _tell(actor: Any, need: Need, name: str, reason: str) -> None:
    with audit.operation(actor or system_user(), "need.mail_missed", subject=need) as op:
        tell(op, need, EventKind.MISSED, at=timezone.now(), name=name, missed=reason)
