"""The desk's report by mail: asked for and stopped by its reader, sent when its day has come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.sourcing.enums import ReportRhythm
from motrice.sourcing.models import ReportMail
from motrice.sourcing.policies import reads_report

ARRIVED: dict[str, Any] = {"missed": "", "missed_from": None, "missed_to": None}


def next_day(rhythm: str, after: date) -> date:
    """The first Monday, or the first day of a month, after a day."""
    if rhythm == ReportRhythm.WEEKLY:
        return after + timedelta(days=7 - after.weekday())
    return (after.replace(day=1) + timedelta(days=32)).replace(day=1)


def period_before(rhythm: str, day: date) -> tuple[date, date]:
    """The first and last day of the week, or of the month, that ended before a day."""
    if rhythm == ReportRhythm.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def ask_for_report(*, rhythm: str, today: date, actor: Any) -> ReportMail:
    """Get the report by mail from now on, or in another rhythm; asked twice, it is one wish.

    Whoever asks again was told that one did not arrive: it is told no more.
    """
    if not reads_report(actor):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    if rhythm not in ReportRhythm.values:
        raise RuleViolation(_("Choose each week or each month."), field="rhythm")
    next_on = next_day(rhythm, today)
    with audit.operation(actor, "report_mail.ask", subject=actor) as op:
        # A button pressed twice: the second waits for the first here, and finds its wish.
        User.objects.select_for_update().get(pk=actor.pk)
        held = ReportMail.objects.filter(reader=actor).first()
        if held is None:
            return op.create(ReportMail(reader=actor, rhythm=rhythm, next_on=next_on))
        changed: dict[str, Any] = {"rhythm": rhythm, "next_on": next_on} if held.rhythm != rhythm else {}
        op.update(held, **ARRIVED, **changed)
        return held


def stop_report(*, actor: Any) -> None:
    """Get no report by mail any more; nothing happens to who gets none."""
    held = ReportMail.objects.filter(reader=actor).first()
    if held is None:
        return
    with audit.operation(actor, "report_mail.stop", subject=actor) as op:
        op.delete(held)


def take_due(*, mail: ReportMail, today: date, actor: Any) -> tuple[date, date] | None:
    """Put a wish that is due off to its next day and return the period to tell of; nothing when another run did.

    A wish whose reader left, or reads no report any more, ends.
    """
    with audit.operation(actor, "report_mail.send", subject=mail.reader) as op:
        held = ReportMail.objects.select_for_update().filter(pk=mail.pk, next_on__lte=today).first()
        if held is None:
            return None
        if not mail.reader.is_active or not reads_report(mail.reader):
            op.delete(held)
            return None
        op.update(held, next_on=next_day(held.rhythm, today), **ARRIVED)
    return period_before(held.rhythm, today)
