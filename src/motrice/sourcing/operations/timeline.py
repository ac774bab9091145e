"""Lines of the timeline and notices: what every operation of the desk leaves behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from motrice.accounts.models import User
from motrice.core.audit import Recorder
from motrice.sourcing.models import Need, NeedEvent, Referral
from motrice.sourcing.tasks import send_notice


def moment(at: datetime | None) -> datetime:
    """The time of an act: now, unless a generator of past history gives another."""
    return at or timezone.now()


def tell(
    op: Recorder,
    need: Need,
    kind: str,
    *,
    at: datetime,
    referral: Referral | None = None,
    company: bool = False,
    teams: bool = False,
    **data: Any,
) -> NeedEvent:
    """Add a line to the timeline: the desk reads all of them, company and teams those meant for them."""
    event = NeedEvent(
        need=need,
        referral=referral,
        kind=kind,
        at=at,
        actor_id=op.actor.pk,
        is_for_company=company,
        is_for_teams=teams,
        data=data,
    )
    op.create_many([event])
    return event


def notify(
    kind: str,
    readers: Iterable[User],
    need: Need,
    *,
    at: datetime | None,
    referral: Referral | None = None,
) -> None:
    """Send a notice to each reader in their language; nothing is sent for past history (`at` given)."""
    if at is not None:
        return
    for reader in readers:
        send_notice.enqueue(kind, reader.pk, need.pk, None if referral is None else referral.pk)
