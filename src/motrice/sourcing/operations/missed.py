"""A mail that never reached its reader: told to the desk on the timeline of the need."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Need
from motrice.sourcing.operations.timeline import tell


def reader_missed(
    *, kind: str, reader_pk: int, need_pk: int, reason: str, actor: Any, referral_pk: int | None = None
) -> None:
    """A notice to an account."""
    _tell(actor, Need.objects.get(pk=need_pk), str(User.objects.get(pk=reader_pk)), reason)


def company_missed(*, kind: str, need_pk: int, reason: str, actor: Any) -> None:
    """A notice to a contact without an account."""
    need = Need.objects.get(pk=need_pk)
    _tell(actor, need, need.contact_name or need.contact_email, reason)


def _tell(actor: Any, need: Need, name: str, reason: str) -> None:
    with audit.operation(actor or system_user(), "need.mail_missed", subject=need) as op:
        tell(op, need, EventKind.MISSED, at=timezone.now(), name=name, missed=reason)
