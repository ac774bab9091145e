"""A publication that would come before the decision: told at once to officer and inventors, and again as it nears."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from motrice.core.audit import Recorder
from motrice.inventions import rules
from motrice.inventions.enums import DisclosureStatus, EventKind, NoticeKind
from motrice.inventions.models import ClockNotice, Disclosure, Divulgation
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_inventors, tell
from motrice.inventions.queries import threats


def due_alerts(disclosure: Disclosure, *, when: datetime) -> dict[Divulgation, list[str]]:
    """The publications to warn of now, each with the marks of the warnings that it makes needless."""
    if disclosure.status == DisclosureStatus.DRAFT or disclosure.promise is None:
        return {}
    promise, found = rules.promise_from(disclosure.promise), {}
    sent = set(
        ClockNotice.objects.filter(disclosure=disclosure, kind=NoticeKind.ALERT).values_list("about", flat=True)
    )
    for threat in threats([disclosure], on=timezone.localdate(when)).get(disclosure.pk, []):
        row = threat.divulgation
        marks = [f"{row.reference}:{row.dated_on.isoformat()}"]
        morning = timezone.make_aware(datetime.combine(row.dated_on, time(9)))
        if promise.before(morning, "alert_days") <= when:
            marks.append(f"{marks[0]}:near")
        if fresh := [mark for mark in marks if mark not in sent]:
            found[row] = fresh
    return found


def raise_alerts(op: Recorder, disclosure: Disclosure, *, at: datetime | None, when: Any = None) -> int:
    """Tell officer and inventors of each planned publication that threatens the result; drafts warn on their page."""
    when = when or moment(at)
    due = due_alerts(disclosure, when=when)
    for row, marks in due.items():
        op.create_many(
            [ClockNotice(disclosure=disclosure, kind=NoticeKind.ALERT, about=mark, sent_at=when) for mark in marks]
        )
        day = row.dated_on.isoformat()
        tell(op, disclosure, EventKind.ALERT, at=when, day=day)
        notify("alert", [disclosure.owner], disclosure, at=at, day=day)
        notify_inventors("alert", inventors_of(disclosure), at=at, day=day)
    return len(due)
