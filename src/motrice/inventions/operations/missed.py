"""A mail that never reached its reader: told on the timeline, to those who can write otherwise or mend the address."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.inventions.enums import EventKind
from motrice.inventions.models import Disclosure, Evaluator, Inventor
from motrice.inventions.operations.timeline import tell


def reader_missed(
    *, kind: str, reader_pk: int, disclosure_pk: int, facts: dict[str, str], reason: str, actor: Any
) -> None:
    """A notice to an account: the inventors are told when it was for one of them."""
    disclosure, reader = Disclosure.objects.get(pk=disclosure_pk), User.objects.get(pk=reader_pk)
    is_inventor = disclosure.inventors.filter(person__user_id=reader_pk).exists()
    _tell(actor, disclosure, str(reader), reason, inventors=is_inventor or reader_pk == disclosure.author_id)


def inventor_missed(*, kind: str, inventor_pk: int, facts: dict[str, str], reason: str, actor: Any) -> None:
    """A notice to an inventor without an account."""
    inventor = Inventor.objects.select_related("disclosure").get(pk=inventor_pk)
    _tell(actor, inventor.disclosure, inventor.name, reason, inventors=True)


def evaluator_missed(*, kind: str, evaluator_pk: int, reason: str, actor: Any) -> None:
    """A notice to an evaluator from outside: the office's alone to know."""
    evaluator = Evaluator.objects.select_related("disclosure").get(pk=evaluator_pk)
    _tell(actor, evaluator.disclosure, evaluator.name, reason, inventors=False)


def _tell(actor: Any, disclosure: Disclosure, name: str, reason: str, *, inventors: bool) -> None:
    with audit.operation(actor or system_user(), "disclosure.mail_missed", subject=disclosure) as op:
        tell(op, disclosure, EventKind.MISSED, at=timezone.now(), inventors=inventors, name=name, missed=reason)
