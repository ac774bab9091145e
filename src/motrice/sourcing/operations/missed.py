"""A mail that never reached its reader: told on the need's timeline, to the coordinator, or to who asked for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Need, ReportMail, VisitorSubmission
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
        # The log names nobody: it grows, so that what waits for the coordinator is counted anew.
        with audit.operation(actor or system_user(), "visitor.mail_missed"):
            VisitorSubmission.objects.filter(pk=submission.pk, confirmed_at=None).update(
                answers=kept, missed=reason, missed_at=now, expires_at=now + TOLD_FOR
            )


def report_missed(*, reader_pk: int, first: str, last: str, reason: str, actor: Any) -> None:
    """A report that its reader gets by mail: told to them on the site until they choose anew or the next one goes."""
    reader = User.objects.get(pk=reader_pk)
    with audit.operation(actor or system_user(), "report_mail.mail_missed", subject=reader) as op:
        for wish in ReportMail.objects.select_for_update().filter(reader=reader):
            op.update(wish, missed=reason, missed_from=date.fromisoformat(first), missed_to=date.fromisoformat(last))


def _tell(actor: Any, need: Need, name: str, reason: str) -> None:
    with audit.operation(actor or system_user(), "need.mail_missed", subject=need) as op:
        tell(op, need, EventKind.MISSED, at=timezone.now(), name=name, missed=reason)
