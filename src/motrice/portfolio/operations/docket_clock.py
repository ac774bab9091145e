"""The clock of the docket: dockets of today, reminders by person, a second person told, failed mails tried again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.enums import Choice, MailKind, MailState
from motrice.portfolio.models import Asset, Deadline, DocketMail, DocketPreference, DocketReminder
from motrice.portfolio.operations.docket import refresh_docket
from motrice.portfolio.tasks import send_docket_mail

LEAD_DAYS = (90, 30, 7)
SECOND_DAYS = 7
DOCKET_ROLES = ("patent_engineer", "officer")


@dataclass
class ClockReport:
    """What one run of the clock did."""

    derived: int = 0
    reminders: int = 0
    seconds: int = 0
    mails: int = 0
    tried_again: int = 0


@dataclass
class _Round:
    """What is to be told in this run, by person and kind."""

    today: date
    leads: dict[int, tuple[int, ...]]
    told: set[tuple]
    lines: dict[tuple[int, str], list[DocketReminder]] = field(default_factory=dict)

    def add(self, user: User, kind: str, deadline: Deadline, lead: int) -> bool:
        key = (user.pk, kind, deadline.application_id, deadline.rule, deadline.trigger, deadline.term)
        if (*key, deadline.due_on, lead) in self.told:
            return False
        line = DocketReminder(
            user=user,
            kind=kind,
            application_id=deadline.application_id,
            rule=deadline.rule,
            trigger=deadline.trigger,
            term=deadline.term,
            due_on=deadline.due_on,
            lead_days=lead,
        )
        self.lines.setdefault((user.pk, kind), []).append(line)
        return True


def run_docket_clock(*, now: datetime | None = None, is_silent: bool = False) -> ClockReport:
    """Do what is due by now; safe to run twice, at once from two places, and after a stop of any length.

    After a stop only the latest lead time is told. Mails that failed are tried again at every run, without end.
    `is_silent` is for generators of past history: mails are written as sent then, and none is sent.
    """
    now = now or timezone.now()
    report = ClockReport(derived=refresh_docket(today=timezone.localdate(now)).assets)
    round_ = _round(timezone.localdate(now))
    for deadline in _near(round_):
        _tell(deadline, round_, report)
    sent = {"state": MailState.SENT, "sent_at": now, "attempt_count": 1} if is_silent else {}
    fresh = {_queue(user, kind, lines, now, sent) for (user, kind), lines in round_.lines.items()} - {None}
    report.mails = len(fresh)
    if is_silent:
        return report
    for mail in DocketMail.objects.exclude(state=MailState.SENT).order_by("pk"):
        report.tried_again += mail.pk not in fresh
        send_docket_mail.enqueue(mail.pk)
    return report


def _round(today: date) -> _Round:
    leads = {row.user_id: parse_leads(row.lead_days) for row in DocketPreference.objects.all()}
    names = ("user_id", "kind", "application_id", "rule", "trigger", "term", "due_on", "lead_days")
    return _Round(today, leads, set(DocketReminder.objects.values_list(*names)))


def _near(round_: _Round) -> Iterable[Deadline]:
    longest = max([*LEAD_DAYS, SECOND_DAYS, *(lead for leads in round_.leads.values() for lead in leads)])
    near = Deadline.objects.awaited().filter(due_on__lte=round_.today + timedelta(days=longest))
    return (
        near.exclude(choice=Choice.DROP).select_related("asset__officer", "asset__engineer").order_by("due_on", "pk")
    )


def _tell(deadline: Deadline, round_: _Round, report: ClockReport) -> None:
    first = deadline.asset.engineer or deadline.asset.officer
    left = (deadline.due_on - round_.today).days
    passed = [lead for lead in round_.leads.get(first.pk, LEAD_DAYS) if left <= lead]
    if passed:
        report.reminders += round_.add(first, MailKind.REMINDER, deadline, 0 if left <= 0 else min(passed))
    if left <= SECOND_DAYS:
        for second in _second(deadline.asset, first, round_.today):
            report.seconds += round_.add(second, MailKind.SECOND, deadline, SECOND_DAYS)


def _second(asset: Asset, first: User, today: date) -> list[User]:
    """The officer when the engineer is first; else whoever keeps the portfolio of the same office."""
    if asset.officer_id != first.pk and asset.officer.is_active:
        return [asset.officer]
    held = RoleAssignment.objects.current(today).filter(
        kind__in=DOCKET_ROLES, scope_label=ORGANISATION, scope_pk=asset.office_id, user__is_active=True
    )
    return list(User.objects.filter(pk__in=held.values("user_id")).exclude(pk=first.pk).order_by("pk")[:1])


def _queue(user: int, kind: str, lines: list[DocketReminder], now: datetime, sent: dict[str, Any]) -> int | None:
    try:
        with transaction.atomic():
            mail = DocketMail.objects.create(user_id=user, kind=kind, made_at=now, **sent)
            for line in lines:
                line.mail = mail
            DocketReminder.objects.bulk_create(lines)
    except IntegrityError:
        return None  # another run of the clock came first
    return mail.pk


def retry_mail(*, mail: DocketMail, actor: User) -> DocketMail:
    """Try a mail again now."""
    require(actor, "edit", mail)
    if mail.state == MailState.SENT:
        raise RuleViolation(_("This mail was sent."))
    send_docket_mail.enqueue(mail.pk)
    return mail


def parse_leads(text: str) -> tuple[int, ...]:
    """Lead times as somebody types them: "90, 30, 7"; refused when one is no number of days up to two years."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not parts or len(parts) > 8 or not all(part.isdecimal() and 1 <= int(part) <= 730 for part in parts):
        raise RuleViolation(
            _("Write one to eight numbers of days from 1 to 730, such as 90, 30, 7."), field="lead_days"
        )
    return tuple(sorted({int(part) for part in parts}, reverse=True))


def choose_leads(*, actor: User, lead_days: str) -> DocketPreference:
    """Keep how many days before a due date somebody wants to be reminded."""
    text = ", ".join(str(lead) for lead in parse_leads(lead_days))
    row = DocketPreference.objects.filter(user=actor).first()
    with audit.operation(actor, "docket.leads", subject=actor) as op:
        if row is None:
            return op.create(DocketPreference(user=actor, lead_days=text))
        op.update(row, lead_days=text)
    return row


def forget_leads(*, actor: User) -> None:
    """Go back to the days that hold for everybody; nothing changes for who chose none."""
    row = DocketPreference.objects.filter(user=actor).first()
    if row is not None:
        with audit.operation(actor, "docket.leads", subject=actor) as op:
            op.delete(row)
