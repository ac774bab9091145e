"""Work of the desk that takes time: its report by mail."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core.mailing import mail_task
from motrice.sourcing.models import ReportMail
from motrice.sourcing.operations.report_mails import take_due
from motrice.sourcing.policies import reads_report
from motrice.sourcing.report import paper_of, report_for
from motrice.sourcing.tasks import LOST
from motrice.web.mailed import Letter, message_of


@mail_task(lost=f"{LOST}.report_missed")
def send_report(reader_pk: int, first: str, last: str) -> None:
    """Mail one account the report of a period, as it may read it when the mail is written."""
    reader = User.objects.get(pk=reader_pk)
    if not reader.is_active or not reads_report(reader):
        return
    with translation.override(reader.language):
        found = report_for(reader, {"received_from": first, "received_to": last})
        letter = Letter(
            paper_of(found),
            url=f"{settings.SITE_URL}/desk/report/?received_from={first}&received_to={last}",
            why=_("Why this mail: you asked for the report of the desk at %(site)s. You stop it on its page.")
            % {"site": settings.SITE_NAME},
        )
        message = message_of(letter, to=reader.email, author=str(reader))
    message.send()


def send_due_reports(*, today: date | None = None) -> int:
    """Send the reports whose day has come, each once however many clocks run; after a stop, the last period alone."""
    today, sent = today or timezone.localdate(), 0
    for mail in ReportMail.objects.filter(next_on__lte=today).select_related("reader"):
        with transaction.atomic():
            period = take_due(mail=mail, today=today, actor=system_user())
            if period is not None:
                send_report.enqueue(mail.reader_id, *(day.isoformat() for day in period))
                sent += 1
    return sent
