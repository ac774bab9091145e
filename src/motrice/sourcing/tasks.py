"""Mails of the desk: what is asked and until when comes first, in the reader's language, never a confidential text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.mailing import DELAYS, mail_task
from motrice.sourcing.enums import NeedLevel
from motrice.sourcing.links import confirmation_address, follow_address
from motrice.sourcing.models import Need, Referral, VisitorSubmission

LOST = "motrice.sourcing.operations.missed"


@dataclass(frozen=True)
class Notice:
    """One kind of mail: its subject, and the first line that says what is asked and until when."""

    subject: Any
    first_line: Any
    page: str = "need"


NOTICES = {
    "need_assigned": Notice(
        _("Need %(reference)s: you are in charge"),
        _("Please answer this company by %(due)s: you are in charge of its need."),
    ),
    "need_received": Notice(
        _("Your need %(reference)s was received"),
        _("Nothing is asked of you: a person will answer you by %(due)s."),
    ),
    "message_to_company": Notice(
        _("Need %(reference)s: the desk wrote to you"),
        _("Please read the desk's message on your need, and answer if it asks you something."),
    ),
    "company_replied": Notice(
        _("Need %(reference)s: the company wrote"),
        _("Please read the company's message."),
    ),
    "referral_sent": Notice(
        _("Need %(reference)s: can your team help?"),
        _("Please answer by %(team_due)s: accept, ask a question, or refuse with a reason."),
        page="referral",
    ),
    "question_asked": Notice(
        _("Need %(reference)s: %(team)s asks a question"),
        _("Please answer the team's question, or forward it to the company: the team answers by %(team_due)s."),
    ),
    "question_answered": Notice(
        _("Need %(reference)s: your question was answered"),
        _("Please read the answer to your question, then answer by %(team_due)s."),
        page="referral",
    ),
    "referral_answered": Notice(
        _("Need %(reference)s: %(team)s answered"),
        _("Please read the team's answer and decide what follows."),
    ),
    "called_back": Notice(
        _("Need %(reference)s: nothing more is asked of you"),
        _("Nothing is asked of you any more: the desk called this need back."),
        page="",
    ),
    "joint_to_confirm": Notice(
        _("Need %(reference)s: a joint answer to confirm"),
        _("Please confirm or decline by %(team_due)s: another team proposes to answer with yours."),
        page="referral",
    ),
    "joint_proposed": Notice(
        _("Need %(reference)s: a joint answer is proposed"),
        _("Please see whether the second team was asked: %(team)s proposes to answer with it."),
    ),
    "joint_declined": Notice(
        _("Need %(reference)s: the joint answer was given up"),
        _("Please answer alone by %(team_due)s: the joint answer was given up."),
        page="referral",
    ),
    "introduced": Notice(
        _("Need %(reference)s: a laboratory is introduced to you"),
        _("Please read who can answer you, and tell the desk how it goes."),
    ),
    "team_introduced": Notice(
        _("Need %(reference)s: you are introduced to the company"),
        _("Please get in touch with the company: the desk introduced you."),
        page="referral",
    ),
    "need_closed": Notice(_("Need %(reference)s was closed"), _("Nothing is asked of you: your need was closed.")),
    "need_declined": Notice(
        _("Need %(reference)s: the desk answered you"),
        _("Please read the desk's answer: the network cannot take this need."),
    ),
    "need_withdrawn": Notice(
        _("Need %(reference)s was withdrawn"), _("Nothing is asked of you: the company withdrew its need.")
    ),
    "need_reopened": Notice(
        _("Need %(reference)s was taken up again"), _("Nothing is asked of you: the desk took your need up again.")
    ),
    "reminder": Notice(
        _("Reminder: need %(reference)s waits for you"),
        _("Please answer this company by %(due)s: nobody has answered it yet."),
    ),
    "escalation": Notice(
        _("Escalation: need %(reference)s is late"),
        _("Please see that this company is answered: the promise was %(due)s and nobody has."),
    ),
    "team_reminder": Notice(
        _("Reminder: need %(reference)s waits for your team"),
        _("Please answer by %(team_due)s: accept, ask a question, or refuse with a reason."),
        page="referral",
    ),
    "team_overdue": Notice(
        _("Need %(reference)s: %(team)s has not answered"),
        _("Please decide what follows: the team should have answered by %(team_due)s."),
    ),
}


def _words(need: Need, referral: Referral | None) -> dict[str, str]:
    return {
        "reference": need.reference,
        "due": _when(need.due_at),
        "team_due": "" if referral is None else _when(referral.due_at),
        "team": "" if referral is None else referral.organisation.name,
    }


def _when(at: Any) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _address(page: str, need: Need, referral: Referral | None) -> str:
    if not page:
        return ""
    if page == "referral" and referral is not None:
        return f"{settings.SITE_URL}/desk/referrals/{referral.reference}/"
    return f"{settings.SITE_URL}/desk/needs/{need.reference}/"


def compose(kind: str, need: Need, referral: Referral | None, address: str) -> tuple[str, str]:
    """Subject and text of a notice in the language that is active."""
    notice, words = NOTICES[kind], _words(need, referral)
    lines = [str(notice.first_line) % words, ""]
    if need.level != NeedLevel.CIRCLE and notice.page:
        lines.append(f"{need.reference} · {need.title}")
    if address:
        lines.append(address)
    lines += ["", str(_("Why this mail: you take part in this need at %(site)s.")) % {"site": settings.SITE_NAME}]
    return str(notice.subject) % words, "\n".join(lines)


@mail_task(lost=f"{LOST}.reader_missed")
def send_notice(kind: str, reader_pk: int, need_pk: int, referral_pk: int | None = None) -> None:
    """Mail one notice to one account."""
    reader = User.objects.get(pk=reader_pk)
    need = Need.objects.get(pk=need_pk)
    referral = Referral.objects.select_related("organisation").get(pk=referral_pk) if referral_pk else None
    with translation.override(reader.language):
        subject, text = compose(kind, need, referral, _address(NOTICES[kind].page, need, referral))
    send_mail(subject, text, None, [reader.email])


@mail_task(lost=f"{LOST}.company_missed")
def send_outside_notice(kind: str, need_pk: int) -> None:
    """Mail one notice to a contact who has no account, with the secret address of their need."""
    need = Need.objects.get(pk=need_pk)
    with translation.override(need.language):
        subject, text = compose(kind, need, None, follow_address(need))
    send_mail(subject, text, None, [need.contact_email])


@mail_task(lost=f"{LOST}.confirmation_missed", delays=DELAYS[:6])  # given up while there is time to be told
def send_confirmation(submission_pk: int) -> None:
    """Mail a visitor the address that confirms what they sent."""
    submission = VisitorSubmission.objects.filter(pk=submission_pk).first()
    if submission is None:
        return
    with translation.override(submission.answers.get("language", "fr")):
        until = _when(submission.expires_at)
        subject = str(_("Confirm your need"))
        text = "\n".join(
            [
                str(_("Please confirm your need by %(until)s: without it, nobody reads it and it is erased."))
                % {"until": until},
                "",
                confirmation_address(submission),
                "",
                str(_("Why this mail: this address was given at %(site)s. If it was not you, ignore it."))
                % {"site": settings.SITE_NAME},
            ]
        )
    send_mail(subject, text, None, [submission.email])
