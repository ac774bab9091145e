"""Mails of the docket: what is due first, one mail for all of it, never the title of what is kept to its circle."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from motrice.core.confidentiality import Level
from motrice.portfolio.enums import DeadlineState, MailKind, MailState
from motrice.portfolio.models import Deadline, DocketMail
from motrice.portfolio.words.docket import rule_name
from motrice.web.formats import amount_text, day_text


def still_due(mail: DocketMail) -> list[Deadline]:
    """The deadlines of a mail that are still open and that its reader may see, soonest first."""
    found = []
    for line in mail.reminders.all():
        permitted = Deadline.objects.permitted(mail.user, "view").select_related("asset", "application")
        found += permitted.filter(
            application_id=line.application_id,
            rule=line.rule,
            trigger=line.trigger,
            term=line.term,
            state=DeadlineState.OPEN,
        )
    return sorted(found, key=lambda deadline: (deadline.due_on, deadline.pk))


def compose(mail: DocketMail, deadlines: list[Deadline]) -> tuple[str, str]:
    """Subject and text in the language that is active."""
    count, first = len(deadlines), day_text(deadlines[0].due_on)
    if mail.kind == MailKind.SECOND:
        words = ngettext("%(n)d deadline nears undone: %(day)s", "%(n)d deadlines near undone, from %(day)s", count)
        asked = _("Please see that these are done: whoever is in charge was told and nothing is recorded yet.")
    else:
        words = ngettext("%(n)d deadline to meet: %(day)s", "%(n)d deadlines to meet, from %(day)s", count)
        asked = _("Please meet these deadlines, or say that the title is let go.")
    lines = [asked, ""]
    for deadline in deadlines:
        lines += [_line(deadline), f"{settings.SITE_URL}/portfolio/docket/{deadline.reference}/", ""]
    lines.append(_("Why this mail: you answer for these titles at %(site)s.") % {"site": settings.SITE_NAME})
    return words % {"n": count, "day": first}, "\n".join(lines)


def _line(deadline: Deadline) -> str:
    asset = deadline.asset
    parts = [day_text(deadline.due_on), f"{rule_name(deadline)} ({deadline.application.office})"]
    if asset.level == Level.CIRCLE:
        parts.append(asset.docket_number or asset.reference)
    else:
        parts.append(str(asset))
    if deadline.amount is not None:
        parts.append(amount_text(deadline.amount, deadline.currency))
    return " · ".join(parts)


HELD = timedelta(minutes=10)
"""How long a worker has to send a mail before another takes it over: the first was stopped."""


def _claim(mail_pk: int) -> DocketMail | None:
    """The mail, for the one worker that may send it now; None when it was sent or another is at it."""
    free = Q(state=MailState.FAILED) | Q(tried_at=None) | Q(tried_at__lt=timezone.now() - HELD)
    waiting = DocketMail.objects.filter(free, pk=mail_pk).exclude(state=MailState.SENT)
    taken = waiting.update(state=MailState.WAITING, tried_at=timezone.now(), attempt_count=F("attempt_count") + 1)
    return DocketMail.objects.select_related("user").get(pk=mail_pk) if taken else None


@task()
def send_docket_mail(mail_pk: int) -> str:
    """Send one mail; what fails is kept with its reason, and the clock tries it again."""
    mail = _claim(mail_pk)
    if mail is None:
        return ""
    with translation.override(mail.user.language):
        deadlines = still_due(mail)
        subject, text = compose(mail, deadlines) if deadlines else ("", "")
    try:
        if deadlines:
            send_mail(subject, text, None, [mail.user.email])
    except (SMTPException, OSError) as error:
        mail.state, mail.error = MailState.FAILED, f"{type(error).__name__}: {error}"[:300]
    else:
        mail.state, mail.error, mail.sent_at = MailState.SENT, "", timezone.now()
    mail.save(update_fields=["state", "error", "sent_at"])
    return mail.state
