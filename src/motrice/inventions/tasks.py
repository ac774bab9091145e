"""Mails about disclosures: what is asked and until when comes first; never the title, nor any word of the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.mailing import mail_task
from motrice.inventions.links import opinion_address, sign_address
from motrice.inventions.models import Disclosure, Evaluator, Inventor


@dataclass(frozen=True)
class Notice:
    """One kind of mail: its subject, and the first line that says what is asked and until when."""

    subject: Any
    first_line: Any


NOTICES = {
    "sign": Notice(
        _("Disclosure %(reference)s: please sign"),
        _("Please read the disclosure, confirm your share and sign by %(sign_due)s."),
    ),
    "assigned": Notice(
        _("Disclosure %(reference)s: you are in charge"),
        _("Nothing is asked yet: the disclosure comes to you once its inventors have signed."),
    ),
    "received": Notice(
        _("Disclosure %(reference)s was received"),
        _("Please begin its evaluation by %(take_due)s: all its inventors have signed."),
    ),
    "received_inventors": Notice(
        _("Disclosure %(reference)s was received"),
        _("Nothing is asked of you: everybody has signed, and a decision is promised by %(due)s."),
    ),
    "recalled": Notice(
        _("Disclosure %(reference)s was taken back"),
        _("Nothing is asked of you: it is being corrected, and you will be asked to sign it again."),
    ),
    "contested": Notice(
        _("Disclosure %(reference)s: a share is contested"),
        _("Please take the disclosure back and agree on the shares: an inventor contests theirs."),
    ),
    "returned": Notice(
        _("Disclosure %(reference)s: please correct it"),
        _("Please correct the disclosure and send it again: the office says what is missing."),
    ),
    "evaluation": Notice(
        _("Disclosure %(reference)s: the evaluation has begun"),
        _("Nothing is asked of you: a decision is promised by %(due)s."),
    ),
    "opinion": Notice(
        _("Disclosure %(reference)s: your opinion is asked"),
        _("Please give your opinion by %(opinion_due)s."),
    ),
    "opinion_outside": Notice(
        _("Disclosure %(reference)s: your opinion is asked"),
        _(
            "Please say by %(opinion_due)s what you think of a result that is not public: the address below is yours "
            "alone, asks you to promise secrecy first, and closes after %(open_until)s."
        ),
    ),
    "opinion_ended": Notice(
        _("Disclosure %(reference)s: your opinion is no longer asked"),
        _("Nothing is asked of you any more: your address is closed. The secrecy that you may have promised stays."),
    ),
    "opinion_declined": Notice(
        _("Disclosure %(reference)s: an opinion was declined"),
        _("Please read why, and ask somebody else if an opinion is still needed."),
    ),
    "opinion_given": Notice(
        _("Disclosure %(reference)s: an opinion was given"),
        _("Please read the opinion; a decision is promised by %(due)s."),
    ),
    "message": Notice(
        _("Disclosure %(reference)s: a message for you"),
        _("Please read the message, and answer if it asks you something."),
    ),
    "proposed": Notice(
        _("Disclosure %(reference)s: a decision to approve"),
        _("Please approve or refuse the proposed decision by %(due)s: who proposed it may not."),
    ),
    "refused": Notice(
        _("Disclosure %(reference)s: the decision was not approved"),
        _("Please read why, and propose a decision again by %(due)s."),
    ),
    "decided": Notice(
        _("Disclosure %(reference)s: a decision was taken"),
        _("Please read the decision, its reasons and what comes next."),
    ),
    "reopened": Notice(
        _("Disclosure %(reference)s was taken up again"),
        _("Nothing is asked of you: the office evaluates it again."),
    ),
    "withdrawn": Notice(_("Disclosure %(reference)s was withdrawn"), _("Nothing is asked of you any more.")),
    "alert": Notice(
        _("Disclosure %(reference)s: a publication is planned before the decision"),
        _("Please agree at once on what is told before %(day)s: a publication that comes first can forbid a patent."),
    ),
    "unsigned": Notice(
        _("Disclosure %(reference)s: signatures are missing"),
        _("Please see who has not signed: the signatures were awaited by %(sign_due)s."),
    ),
    "take": Notice(
        _("Reminder: disclosure %(reference)s waits for you"),
        _("Please begin the evaluation: it was promised by %(take_due)s."),
    ),
    "decide": Notice(
        _("Reminder: disclosure %(reference)s waits for a decision"),
        _("Please decide by %(due)s: that day was promised to the inventors."),
    ),
    "overdue": Notice(
        _("Escalation: disclosure %(reference)s is late"),
        _("Please see that it is decided: the promise was %(due)s."),
    ),
    "opinion_reminder": Notice(
        _("Reminder: your opinion on disclosure %(reference)s"),
        _("Please give your opinion by %(opinion_due)s."),
    ),
    "next_step": Notice(
        _("Disclosure %(reference)s: a promised step is due"),
        _("Please do what the decision promised for %(day)s, and tell the inventors."),
    ),
}


LOST = "motrice.inventions.operations.missed"
DAYS = ("day", "opinion_due", "open_until")


def _when(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT") if at is not None else "—"


def compose(
    kind: str, disclosure: Disclosure, address: str, facts: dict[str, str], *, why: str = ""
) -> tuple[str, str]:
    """Subject and text of a notice in the language that is active."""
    notice = NOTICES[kind]
    words = {
        "reference": disclosure.reference,
        "sign_due": _when(disclosure.sign_due_at),
        "take_due": _when(disclosure.take_due_at),
        "due": _when(disclosure.due_at),
        "opinion_due": "",
        "day": "",
        "open_until": "",
    }
    for name, value in facts.items():
        words[name] = date_format(date.fromisoformat(value), "DATE_FORMAT") if name in DAYS else value
    lines = [str(notice.first_line) % words, *(["", address] if address else [])]
    if facts.get("seal"):
        lines += ["", str(_("Keep this seal: it proves later what you signed, and when.")), facts["seal"]]
    why = why or str(_("Why this mail: you take part in this disclosure at %(site)s.")) % {"site": settings.SITE_NAME}
    lines += ["", why]
    return str(notice.subject) % words, "\n".join(lines)


@mail_task(lost=f"{LOST}.reader_missed")
def send_notice(kind: str, reader_pk: int, disclosure_pk: int, facts: dict[str, str]) -> None:
    """Mail one notice to one account."""
    reader = User.objects.get(pk=reader_pk)
    disclosure = Disclosure.objects.get(pk=disclosure_pk)
    address = f"{settings.SITE_URL}/disclosures/{disclosure.reference}/"
    with translation.override(reader.language):
        subject, text = compose(kind, disclosure, address, facts)
    send_mail(subject, text, None, [reader.email])


@mail_task(lost=f"{LOST}.inventor_missed")
def send_outside_notice(kind: str, inventor_pk: int, facts: dict[str, str]) -> None:
    """Mail one notice to an inventor without an account, with their secret address; it is made here, never queued."""
    inventor = Inventor.objects.select_related("disclosure", "person").get(pk=inventor_pk)
    with translation.override(inventor.disclosure.language):
        subject, text = compose(kind, inventor.disclosure, sign_address(inventor), facts)
    send_mail(subject, text, None, [inventor.address])


@mail_task(lost=f"{LOST}.evaluator_missed")
def send_evaluator_notice(kind: str, evaluator_pk: int) -> None:
    """Mail one notice to an evaluator from outside, with their secret address while it is open."""
    rows = Evaluator.objects.select_related("disclosure__office", "disclosure__owner")
    evaluator = rows.get(pk=evaluator_pk)
    disclosure = evaluator.disclosure
    is_open = evaluator.is_open(timezone.localdate())
    facts = {"opinion_due": timezone.localdate(evaluator.due_at).isoformat()}
    if evaluator.open_until is not None:
        facts["open_until"] = evaluator.open_until.isoformat()
    with translation.override(evaluator.language):
        office = disclosure.office.name if disclosure.office is not None else settings.SITE_NAME
        why = str(_("Why this mail: %(officer)s (%(email)s), of the transfer office of %(office)s, asks for it.")) % {
            "officer": disclosure.owner,
            "email": disclosure.owner.email,
            "office": office,
        }
        address = opinion_address(evaluator) if is_open else ""
        subject, text = compose(kind, disclosure, address, facts, why=why)
    send_mail(subject, text, None, [evaluator.email])
