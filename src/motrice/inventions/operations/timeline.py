"""Lines of the timeline and notices: what every operation on a disclosure leaves behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.core.audit import Recorder
from motrice.inventions.models import Disclosure, DisclosureEvent, Evaluator, Inventor
from motrice.inventions.tasks import send_evaluator_notice, send_notice, send_outside_notice


def moment(at: datetime | None) -> datetime:
    """The time of an act: now, unless a generator of past history gives another."""
    return at or timezone.now()


def tell(
    op: Recorder, disclosure: Disclosure, kind: str, *, at: datetime, inventors: bool = True, **data: Any
) -> DisclosureEvent:
    """Add a line to the timeline: the office reads all of them, the inventors those meant for them."""
    event = DisclosureEvent(
        disclosure=disclosure, kind=kind, at=at, actor_id=op.actor.pk, is_for_inventors=inventors, data=data
    )
    op.create_many([event])
    return event


def notify(
    kind: str, readers: Iterable[User | None], disclosure: Disclosure, *, at: datetime | None, **facts: str
) -> None:
    """Send a notice to each reader once, in their language; nothing is sent for past history (`at` given)."""
    if at is not None:
        return
    for pk in dict.fromkeys(reader.pk for reader in readers if reader is not None):
        send_notice.enqueue(kind, pk, disclosure.pk, facts)


def notify_inventors(
    kind: str, inventors: Iterable[Inventor], *, at: datetime | None, but: Any = None, **facts: str
) -> None:
    """Send a notice to inventors: to their account, or by their secret address."""
    if at is not None:
        return
    for inventor in inventors:
        user_id = None if inventor.person is None else inventor.person.user_id
        if user_id is not None and user_id != getattr(but, "pk", None):
            send_notice.enqueue(kind, user_id, inventor.disclosure_id, facts)
        elif user_id is None and inventor.address:
            send_outside_notice.enqueue(kind, inventor.pk, facts)


def notify_evaluator(kind: str, evaluator: Evaluator, *, at: datetime | None) -> None:
    """Send a notice to an evaluator: to their account, or by their secret address."""
    if at is not None:
        return
    if evaluator.is_outside:
        send_evaluator_notice.enqueue(kind, evaluator.pk)
    else:
        due = timezone.localdate(evaluator.due_at).isoformat()
        notify(kind, [evaluator.user], evaluator.disclosure, at=at, opinion_due=due)


def inventors_of(disclosure: Disclosure) -> list[Inventor]:
    """The inventors in their order, with the directory's record."""
    return list(Inventor.objects.filter(disclosure=disclosure).select_related("person", "unit", "employer_body"))
